// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// The index of the first control character, DEL, comma or semicolon at or after `start`; `count` when there is
    /// none.
    func nextWatched(from start: Int) -> Int {
        var cursor = start
        while cursor < count {
            let found = watchedBytes(from: cursor)
            if found != 0 { return cursor + found.trailingZeroBitCount / 8 }
            cursor += 8
        }
        return count
    }

    /// The high bit of each of the eight bytes from `cursor` on that is a control character, DEL, comma or semicolon;
    /// bytes behind the end count as none. Looking at eight together is what makes a scan fast.
    @inline(__always)
    func watchedBytes(from cursor: Int) -> UInt64 {
        if cursor + 8 <= count {
            return Self.watched(
                UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: cursor, as: UInt64.self))
            )
        }
        var word: UInt64 = 0x2020_2020_2020_2020
        for position in stride(from: count - 1, through: cursor, by: -1) {
            word = word << 8 | UInt64(self[position])
        }
        return Self.watched(word)
    }

    @inline(__always)
    private static func watched(_ word: UInt64) -> UInt64 {
        let low7: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let high: UInt64 = 0x8080_8080_8080_8080
        // No sum below carries into the next byte, because every addend's high bit is clear first.
        let atLeast32 = (word & low7) &+ 0x6060_6060_6060_6060
        let notDelete = ((word ^ 0x7F7F_7F7F_7F7F_7F7F) & low7) &+ low7
        let notComma = ((word ^ 0x2C2C_2C2C_2C2C_2C2C) & low7) &+ low7
        let notSemicolon = ((word ^ 0x3B3B_3B3B_3B3B_3B3B) & low7) &+ low7
        return ~((atLeast32 & notDelete & notComma & notSemicolon) | word) & high
    }
}
