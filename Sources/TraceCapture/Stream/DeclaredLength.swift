// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import SIPMessage

/// What a header section says about its body's length (RFC 3261 §18.3, §20.14; compact form `l`).
enum DeclaredLength: Equatable {
    case absent
    case octets(Int)
    /// Not a number, too large for one, or several that differ.
    case unreadable

    /// Reads the header section in a range, from its first line on.
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> DeclaredLength {
        var result = DeclaredLength.absent
        var line = range.lowerBound
        while line < range.upperBound {
            let end = bytes.nextLineFeed(line..<range.upperBound) ?? range.upperBound
            if let value = valueOfLine(bytes, line..<end) {
                guard let number = bytes.decimal(value, maximum: 1 << 40) else { return .unreadable }
                if case .octets(let earlier) = result, earlier != Int(number) { return .unreadable }
                result = .octets(Int(number))
            }
            line = end + 1
        }
        return result
    }

    /// The value's place, when the line is a Content-Length.
    private static func valueOfLine(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Range<Int>? {
        guard let first = line.first, [UInt8(ascii: "c"), UInt8(ascii: "l")].contains(bytes[first] | 0x20) else {
            return nil
        }
        let nameEnd = bytes.endOfRun(of: ASCII.token, in: line)
        let name = line.lowerBound..<nameEnd
        guard bytes.equals(name, ignoringCase: "l") || bytes.equals(name, ignoringCase: "Content-Length") else {
            return nil
        }
        var colon = nameEnd
        while colon < line.upperBound, bytes[colon] == 32 || bytes[colon] == 9 { colon += 1 }
        guard colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else { return nil }
        return bytes.trimmed(colon + 1..<line.upperBound)
    }
}

extension Span<UInt8> {
    /// The index of the first LF of a range; nil when there is none.
    func nextLineFeed(_ range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if self[index] == 10 { return index }
            index += 1
        }
        return nil
    }
}
