// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// One character of a URI, its escape decoded.
struct EscapedUnit: Hashable {
    /// The character.
    let byte: UInt8
    /// Whether it was written as an escape although it is reserved, which makes it another character (RFC 3261
    /// §19.1.4): `%40` is not the `@` that ends a user part.
    let isReservedEscape: Bool

    /// The same with a capital folded to its small letter.
    var folded: EscapedUnit {
        EscapedUnit(byte: ASCII.lowercased(byte), isReservedEscape: isReservedEscape)
    }
}

/// Walks over a part of a URI and decodes its escapes; a percent sign without two digits stands for itself.
struct EscapeCursor {
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    mutating func next(_ bytes: Span<UInt8>) -> EscapedUnit? {
        guard position < end else { return nil }
        let byte = bytes[position]
        if byte == UInt8(ascii: "%"), end - position > 2, let high = ASCII.hexValue(bytes[position + 1]),
            let low = ASCII.hexValue(bytes[position + 2])
        {
            position += 3
            let decoded = high << 4 | low
            return EscapedUnit(byte: decoded, isReservedEscape: Self.isReserved(decoded))
        }
        position += 1
        return EscapedUnit(byte: byte, isReservedEscape: false)
    }

    /// The reserved set of RFC 2396 §2.2, which RFC 3261 §19.1.4 names.
    private static func isReserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ";"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "@"),
            UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "$"), UInt8(ascii: ","):
            true
        default: false
        }
    }
}

/// Whether two parts of URIs are the same text once escapes are decoded.
func isSameText(
    _ left: Span<UInt8>,
    _ leftRange: Range<Int>,
    _ right: Span<UInt8>,
    _ rightRange: Range<Int>,
    ignoringCase: Bool
) -> Bool {
    var leftCursor = EscapeCursor(leftRange)
    var rightCursor = EscapeCursor(rightRange)
    while let unit = leftCursor.next(left) {
        guard let other = rightCursor.next(right) else { return false }
        guard ignoringCase ? unit.folded == other.folded : unit == other else { return false }
    }
    return rightCursor.next(right) == nil
}
