// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A server nonce in its wire form: 36 characters of URL-safe base64 over 27 bytes.
///
/// 27 bytes fill 36 characters exactly, so a nonce has one spelling only and cannot come back under another.
package struct Nonce: Sendable {
    /// The length on the wire, in bytes.
    package static let length = 36

    /// The characters, fit for a quoted string as they are; `characters.span` is a view of them.
    package private(set) var characters: InlineArray<36, UInt8>

    init(_ content: borrowing NonceContent) {
        characters = InlineArray(repeating: 0)
        var output = 0
        var input = 0
        while input < NonceContent.byteCount {
            let group =
                UInt32(content.bytes[input]) << 16 | UInt32(content.bytes[input &+ 1]) << 8
                | UInt32(content.bytes[input &+ 2])
            for shift in 0..<4 {
                let sextet = UInt8(truncatingIfNeeded: group >> UInt32(18 &- 6 &* shift))
                characters[output &+ shift] = Base64URL.character(sextet)
            }
            input &+= 3
            output &+= 4
        }
    }

    /// Appends the characters.
    package func append(to output: inout [UInt8]) {
        for index in characters.indices {
            output.append(characters[index])
        }
    }
}

/// What a nonce says: when (8 bytes), on which shard (1), which one (4), and a truncated HMAC over these (14).
struct NonceContent {
    static let byteCount = 27
    static let authenticatedCount = 13
    static let codeCount = 14

    var bytes: InlineArray<27, UInt8> = InlineArray(repeating: 0)

    init(milliseconds: Int64, shard: UInt8, serial: UInt32) {
        let time = UInt64(bitPattern: milliseconds)
        for index in 0..<8 {
            bytes[index] = UInt8(truncatingIfNeeded: time >> UInt64(56 &- 8 &* index))
        }
        bytes[8] = shard
        for index in 0..<4 {
            bytes[9 &+ index] = UInt8(truncatingIfNeeded: serial >> UInt32(24 &- 8 &* index))
        }
    }

    /// Decodes the wire form; nil when the length or a character is wrong.
    init?(_ characters: Span<UInt8>, table: [UInt8]) {
        guard characters.count == Nonce.length else { return nil }
        var output = 0
        var input = 0
        var seen: UInt8 = 0
        while input < Nonce.length {
            var group: UInt32 = 0
            for index in 0..<4 {
                let sextet = table[Int(characters[input &+ index])]
                seen |= sextet
                group = group << 6 | UInt32(sextet & 63)
            }
            bytes[output] = UInt8(truncatingIfNeeded: group >> 16)
            bytes[output &+ 1] = UInt8(truncatingIfNeeded: group >> 8)
            bytes[output &+ 2] = UInt8(truncatingIfNeeded: group)
            input &+= 4
            output &+= 3
        }
        guard seen < 64 else { return nil }
    }

    var milliseconds: Int64 {
        var time: UInt64 = 0
        for index in 0..<8 {
            time = time << 8 | UInt64(bytes[index])
        }
        return Int64(bitPattern: time)
    }

    var shard: UInt8 { bytes[8] }

    var serial: UInt32 {
        var serial: UInt32 = 0
        for index in 9..<13 {
            serial = serial << 8 | UInt32(bytes[index])
        }
        return serial
    }
}
