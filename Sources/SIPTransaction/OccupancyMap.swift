// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Which of up to 4096 buckets hold something, searchable in two steps.
struct OccupancyMap: Sendable {
    private var words: [UInt64]
    /// One bit per word that is not zero.
    private var summary: UInt64 = 0

    /// Makes a map of `count` empty buckets; a power of two from 64 to 4096.
    init(count: Int) {
        words = Array(repeating: 0, count: count / 64)
    }

    mutating func insert(_ bucket: Int) {
        words[bucket >> 6] |= 1 << UInt64(bucket & 63)
        summary |= 1 << UInt64(bucket >> 6)
    }

    mutating func remove(_ bucket: Int) {
        let word = bucket >> 6
        words[word] &= ~(1 << UInt64(bucket & 63))
        if words[word] == 0 { summary &= ~(1 << UInt64(word)) }
    }

    /// How many buckets lie between `bucket` and the first occupied one at or after it, going round; nil when none is.
    func distance(from bucket: Int) -> Int? {
        guard summary != 0 else { return nil }
        let count = words.count &* 64
        let word = bucket >> 6
        let here = words[word] >> UInt64(bucket & 63)
        if here != 0 { return here.trailingZeroBitCount }
        // Words after this one first, then from the beginning up to and including this one. Shifted out altogether,
        // the bit is zero, and no word comes after the last.
        let after = summary & ~((1 << UInt64(word &+ 1)) &- 1)
        let found = (after != 0 ? after : summary).trailingZeroBitCount
        let position = found &* 64 &+ words[found].trailingZeroBitCount
        return (position &- bucket) & (count &- 1)
    }
}
