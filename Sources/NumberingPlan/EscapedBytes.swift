// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads bytes with their percent-escapes decoded, once.
struct EscapedBytes {
    enum Step {
        case byte(UInt8)
        case end
        case refused(NumberRefusal)
    }

    let bytes: [UInt8]
    var at: Int
    let end: Int

    /// The next byte; control characters and bytes above ASCII are refused here, however they are written.
    mutating func next() -> Step {
        guard at < end else { return .end }
        var byte = bytes[at]
        at += 1
        if byte == UInt8(ascii: "%") {
            guard end - at >= 2, let high = hexadecimal(bytes[at]), let low = hexadecimal(bytes[at + 1]) else {
                return .refused(.badEscape)
            }
            byte = high << 4 | low
            at += 2
        }
        if byte < 0x20 || byte == 0x7F { return .refused(.control) }
        if byte >= 0x80 { return .refused(.nonASCII) }
        return .byte(byte)
    }

    private func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        default: nil
        }
    }
}
