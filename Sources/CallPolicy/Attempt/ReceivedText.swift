// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A piece of what the caller sent, as bytes of the message it stood in; making one copies nothing.
package struct ReceivedText: Hashable, Sendable {
    /// The buffer the text stands in.
    package let buffer: [UInt8]
    /// Where in the buffer; always inside it.
    package let range: Range<Int>

    /// The text with no bytes.
    package static let empty = ReceivedText(buffer: [], range: 0..<0)

    /// Marks a range of a buffer; what lies outside the buffer is cut off.
    package init(buffer: [UInt8], range: Range<Int>) {
        self.buffer = buffer
        self.range = range.clamped(to: 0..<buffer.count)
    }

    /// Takes a text's UTF-8 bytes.
    package init(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(buffer: bytes, range: 0..<bytes.count)
    }

    /// How many bytes.
    package var count: Int { range.count }
    /// Whether there are no bytes.
    package var isEmpty: Bool { range.isEmpty }

    /// Two texts are equal when their bytes are, wherever they stand.
    package static func == (left: ReceivedText, right: ReceivedText) -> Bool {
        left.buffer[left.range] == right.buffer[right.range]
    }

    /// Hashes the bytes, wherever they stand.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(buffer[range])
    }

    /// The text made safe to quote in a reason: printable ASCII without quotation marks and backslashes, at most 64.
    package var printable: String {
        var bytes: [UInt8] = []
        for byte in buffer[range].prefix(64) {
            bytes.append(byte.isQuotable ? byte : UInt8(ascii: "?"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The part before any parameter, percent-escapes decoded once (RFC 3261 §19.1.2); nil for a broken escape or a
    /// control character.
    func decodedName() -> String? {
        let end = partBeforeParameters.upperBound
        var isPlain = true
        for byte in buffer[range.lowerBound..<end] {
            if byte < 0x20 || byte == 0x7F { return nil }
            if byte == UInt8(ascii: "%") { isPlain = false }
        }
        if isPlain { return String(decoding: buffer[range.lowerBound..<end], as: UTF8.self) }
        return decodingEscapes(upTo: end)
    }

    private func decodingEscapes(upTo end: Int) -> String? {
        var decoded: [UInt8] = []
        var position = range.lowerBound
        while position < end {
            var byte = buffer[position]
            position += 1
            if byte == UInt8(ascii: "%") {
                guard end - position >= 2, let high = buffer[position].hexadecimalValue,
                    let low = buffer[position + 1].hexadecimalValue
                else { return nil }
                byte = high << 4 | low
                position += 2
            }
            guard byte >= 0x20, byte != 0x7F else { return nil }
            decoded.append(byte)
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Where the part before any parameter stands.
    var partBeforeParameters: Range<Int> {
        range.lowerBound..<(buffer[range].firstIndex(of: UInt8(ascii: ";")) ?? range.upperBound)
    }

    /// What follows these symbols, in its own spelling; nil when the text does not begin with them or ends there.
    ///
    /// The symbols may be written with escapes and visual separators (RFC 3966 §3), as a number may.
    func dropping(_ symbols: [UInt8]) -> ReceivedText? {
        let end = partBeforeParameters.upperBound
        var position = range.lowerBound
        var matched = 0
        while matched < symbols.count {
            guard position < end else { return nil }
            var byte = buffer[position]
            position += 1
            if byte == UInt8(ascii: "%") {
                guard end - position >= 2, let high = buffer[position].hexadecimalValue,
                    let low = buffer[position + 1].hexadecimalValue
                else { return nil }
                byte = high << 4 | low
                position += 2
            }
            if byte.isVisualSeparator { continue }
            guard byte == symbols[matched] else { return nil }
            matched += 1
        }
        return position < end ? ReceivedText(buffer: buffer, range: position..<range.upperBound) : nil
    }

    /// Whether the bytes are this lower-case ASCII word, in either case.
    func equalsIgnoringCase(_ word: StaticString) -> Bool {
        guard word.utf8CodeUnitCount == range.count else { return false }
        return word.withUTF8Buffer { expected in
            zip(expected, buffer[range]).allSatisfy { $0 == $1.foldedToLowerCase }
        }
    }

    /// Whether the bytes begin with this lower-case ASCII word, in either case.
    func hasPrefixIgnoringCase(_ word: StaticString) -> Bool {
        guard word.utf8CodeUnitCount <= range.count else { return false }
        return word.withUTF8Buffer { expected in
            zip(expected, buffer[range]).allSatisfy { $0 == $1.foldedToLowerCase }
        }
    }
}

extension UInt8 {
    /// Whether the byte may stand unescaped inside a quoted string.
    var isQuotable: Bool {
        self >= 0x20 && self < 0x7F && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
    }

    var foldedToLowerCase: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    /// RFC 3966 §3 `visual-separator`.
    var isVisualSeparator: Bool {
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): true
        default: false
        }
    }

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - 55
        default: nil
        }
    }
}
