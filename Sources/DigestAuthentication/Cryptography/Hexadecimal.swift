// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Hexadecimal digits in ASCII.
enum Hexadecimal {
    /// The lower-case digit for the low four bits of `value`.
    @inline(__always)
    static func digit(_ value: UInt8) -> UInt8 {
        let nibble = value & 15
        return nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
    }

    /// The value of a digit of either case; 255 when `byte` is none.
    @inline(__always)
    static func value(of byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x61...0x66: byte &- 0x57
        case 0x41...0x46: byte &- 0x37
        default: 255
        }
    }
}
