// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The name that an outside call API gives a call: a UUID, or any other text that is harmless in a header field and as
/// one segment of a path.
package struct CallAPIIdentifier: Hashable, Sendable, LosslessStringConvertible {
    /// The longest name, in octets.
    package static let longest = 128

    /// The name.
    package let description: String

    /// Takes a name of 1 to 128 letters, digits and the marks `-._~:@+=`, among them one that is not a dot; anything
    /// else could end a header field or lead to another path, and is nil.
    package init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isHarmless),
            text.utf8.contains(where: { $0 != UInt8(ascii: ".") })
        else { return nil }
        description = text
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~:@+=".utf8.contains(byte)
        }
    }
}
