// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads bytes with their percent-escapes decoded, once.
struct EscapedBytes {
    enum Step {
        case byte(UInt8)
        case end
        case refused(NumberRefusal)
    }

    /// Where the next byte is read.
    private(set) var at: Int
    /// Where reading ends.
    let end: Int

    init(at: Int, end: Int) {
        self.at = at
        self.end = end
    }

    /// The next byte; control characters and bytes above ASCII are refused here, however they are written.
    mutating func next(in bytes: Span<UInt8>) -> Step {
        guard at < end else { return .end }
        var byte = bytes[at]
        at += 1
        if byte == UInt8(ascii: "%") {
            guard let escaped = escape(in: bytes) else { return .refused(.badEscape) }
            byte = escaped
        }
        if byte &- 0x20 < 0x5F { return .byte(byte) }
        if byte < 0x80 { return .refused(.control) }
        return .refused(isFullWidth(byte, in: bytes) ? .fullWidth : .nonASCII)
    }

    /// Reads to the end; nil when every byte is a printable ASCII character or a space.
    func fault(in bytes: Span<UInt8>) -> NumberRefusal? {
        var rest = self
        while true {
            switch rest.next(in: bytes) {
            case .byte: continue
            case .end: return nil
            case .refused(let refusal): return refusal
            }
        }
    }

    private mutating func escape(in bytes: Span<UInt8>) -> UInt8? {
        guard end - at >= 2, let high = hexadecimal(bytes[at]), let low = hexadecimal(bytes[at + 1]) else { return nil }
        at += 2
        return high << 4 | low
    }

    /// U+FF01 to U+FF5E in UTF-8: the signs and digits of East Asian keyboards, which look like the ASCII ones.
    private func isFullWidth(_ first: UInt8, in bytes: Span<UInt8>) -> Bool {
        var rest = self
        guard first == 0xEF, let second = rest.raw(in: bytes), let third = rest.raw(in: bytes) else { return false }
        switch second {
        case 0xBC: return (0x81...0xBF).contains(third)
        case 0xBD: return (0x80...0x9E).contains(third)
        default: return false
        }
    }

    private mutating func raw(in bytes: Span<UInt8>) -> UInt8? {
        guard at < end else { return nil }
        let byte = bytes[at]
        at += 1
        return byte == UInt8(ascii: "%") ? escape(in: bytes) : byte
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
