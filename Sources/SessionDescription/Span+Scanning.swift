// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// The bytes of a range packed into one word; `unpackable` when the range is empty or longer than 16.
    @inline(__always)
    func packedWord(_ range: Range<Int>) -> PackedWord {
        guard range.count <= 16 else { return .unpackable }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in range {
            high = high &<< 8 | low &>> 56
            low = low &<< 8 | UInt64(Byte.folded(self[index]))
        }
        return PackedWord(value: UInt128(high) &<< 64 | UInt128(low))
    }

    /// The decimal number that fills the range, or nil when it is empty, holds another byte or exceeds `limit`.
    @inline(__always)
    func number(_ range: Range<Int>, limit: Int) -> Int? {
        guard !range.isEmpty, limit <= 1_000_000_000 else { return nil }
        var value = 0
        for index in range {
            let byte = self[index]
            guard Byte.isDigit(byte) else { return nil }
            value = value &* 10 &+ Int(byte &- Byte.zero)
            guard value <= limit else { return nil }
        }
        return value
    }

    /// The first place at or after `start` that is not a space or tab, at most `end`.
    @inline(__always)
    func afterBlanks(_ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, Byte.isBlank(self[index]) { index &+= 1 }
        return index
    }

    /// The first place at or after `start` that holds a space or tab, at most `end`.
    @inline(__always)
    func endOfToken(_ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, !Byte.isBlank(self[index]) { index &+= 1 }
        return index
    }

    /// The first place at or after `start` that holds `byte`, at most `end`.
    @inline(__always)
    func firstIndex(of byte: UInt8, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, self[index] != byte { index &+= 1 }
        return index
    }

    /// Whether the range holds this ASCII text, whatever the case of either.
    func equalsFolded(_ range: Range<Int>, _ text: String) -> Bool {
        guard range.count == text.utf8.count else { return false }
        for (index, byte) in zip(range, text.utf8) where Byte.folded(self[index]) != Byte.folded(byte) {
            return false
        }
        return true
    }

    /// The text of a range, for findings.
    func text(_ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        for index in range { bytes.append(self[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
