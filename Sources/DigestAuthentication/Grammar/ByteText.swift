// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// Whether the bytes are `text` with ASCII letters of either case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in 0..<count where self[index].asciiLowercased != expected[index].asciiLowercased {
                return false
            }
            return true
        }
    }

    /// Whether both hold the same bytes; not for secrets.
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] {
            return false
        }
        return true
    }
}

extension UInt8 {
    /// The lower-case form of an ASCII letter, every other byte unchanged.
    @inline(__always)
    var asciiLowercased: UInt8 {
        self >= 0x41 && self <= 0x5A ? self | 0x20 : self
    }

    /// Whether the byte is a `token` character (RFC 3261 §25.1).
    @inline(__always)
    var isTokenCharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        // - . ! % * _ + ` ' ~
        case 0x2D, 0x2E, 0x21, 0x25, 0x2A, 0x5F, 0x2B, 0x60, 0x27, 0x7E: true
        default: false
        }
    }
}
