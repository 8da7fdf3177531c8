// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Walks over the comma-separated elements of a header field value, respecting quotes and angle brackets
/// (RFC 3261 §7.3.1).
package struct ListCursor: Sendable {
    private var position: Int
    private let end: Int
    private var isFinished = false

    /// Starts at the beginning of a value.
    package init(_ range: Range<Int>) {
        self.position = range.lowerBound
        self.end = range.upperBound
    }

    /// The next element without surrounding blanks, which may be empty; nil at the end.
    package mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard !isFinished else { return nil }
        let start = position
        var isBracketed = false
        while position < end {
            position = bytes.endOfRun(of: Self.plain, in: position..<end)
            guard position < end else { break }
            switch bytes[position] {
            case UInt8(ascii: "\""): position = Self.endOfQuoted(bytes, (position + 1)..<end)
            case UInt8(ascii: "<"): isBracketed = true
            case UInt8(ascii: ">"): isBracketed = false
            case UInt8(ascii: ",") where !isBracketed:
                defer { position += 1 }
                return bytes.trimmed(start..<position)
            default: break
            }
            position += 1
        }
        isFinished = true
        return bytes.trimmed(start..<min(position, end))
    }

    /// ASCII without the quotation mark, the comma and the angle brackets.
    private static var plain: CharacterClass {
        CharacterClass(low: 0xAFFF_EFFB_FFFF_FFFF, high: 0xFFFF_FFFF_FFFF_FFFF)
    }

    /// The index of the quotation mark that closes a string; the range's end when none does.
    private static func endOfQuoted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var cursor = range.lowerBound
        while cursor < range.upperBound, bytes[cursor] != UInt8(ascii: "\"") {
            cursor += bytes[cursor] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(cursor, range.upperBound)
    }
}
