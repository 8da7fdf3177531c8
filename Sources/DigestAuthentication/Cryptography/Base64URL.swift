// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The URL-safe base64 alphabet (RFC 4648 §5).
enum Base64URL {
    /// The character for the low six bits of `value`.
    @inline(__always)
    static func character(_ value: UInt8) -> UInt8 {
        let sextet = value & 63
        return switch sextet {
        case 0..<26: 0x41 &+ sextet
        case 26..<52: 0x47 &+ sextet
        case 52..<62: sextet &- 4
        case 62: 0x2D
        default: 0x5F
        }
    }

    /// For each byte the sextet it stands for, 255 where it stands for none.
    static func makeDecodingTable() -> [UInt8] {
        var table = [UInt8](repeating: 255, count: 256)
        for sextet in UInt8(0)..<64 {
            table[Int(character(sextet))] = sextet
        }
        return table
    }
}
