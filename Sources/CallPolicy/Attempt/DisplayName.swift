// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A name fit to stand between quotation marks in a From header field.
///
/// It holds no control character, quotation mark, backslash or angle bracket, nor a character that turns the direction
/// of the text, so that no spelling can end the quoted string or disguise what follows it.
package struct DisplayName: Hashable, Sendable {
    /// The longest name kept, in Unicode scalars.
    package static let maximumLength = 64

    /// The name, without quotation marks.
    package let text: String

    /// Cleans a name that the caller sent, quoted or not; nil when nothing readable is left or it is not UTF-8.
    package init?(_ received: ReceivedText) {
        var range = received.range
        let quotationMark = UInt8(ascii: "\"")
        if range.count >= 2, received.buffer[range.lowerBound] == quotationMark,
            received.buffer[range.upperBound - 1] == quotationMark
        {
            range = range.lowerBound + 1..<range.upperBound - 1
        }
        let bytes = received.buffer[range]
        guard bytes.count > Self.maximumLength || !bytes.allSatisfy(\.isHarmlessInName) else {
            self.init(trimmed: String(decoding: bytes, as: UTF8.self))
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self.init(text)
    }

    /// Cleans a configured name; nil when nothing readable is left.
    package init?(_ text: String) {
        guard text.utf8.count > Self.maximumLength || !text.utf8.allSatisfy(\.isHarmlessInName) else {
            self.init(trimmed: text)
            return
        }
        var kept = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars where Self.isHarmless(scalar) {
            guard length < Self.maximumLength else { break }
            kept.append(scalar)
            length += 1
        }
        self.init(trimmed: String(kept))
    }

    private init?(trimmed text: String) {
        let isSpace = { (byte: UInt8) in byte == 0x20 }
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return nil }
        self.text =
            first == bytes.startIndex && bytes.index(after: last) == bytes.endIndex ? text : String(text[first...last])
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x80: UInt8(truncatingIfNeeded: scalar.value).isHarmlessInName
        case 0x80..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFF: false
        default: true
        }
    }
}

extension UInt8 {
    fileprivate var isHarmlessInName: Bool {
        isQuotable && self != UInt8(ascii: "<") && self != UInt8(ascii: ">")
    }
}
