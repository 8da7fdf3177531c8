// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The levels, their lists and the sorting of long timers into shorter levels.
extension TimerWheel {
    /// Milliseconds since the origin, kept within a range in which no later sum can overflow.
    func elapsed(_ milliseconds: Int64) -> Int64 {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(origin)
        let longest = Int64.max / 4
        if overflow { return milliseconds < origin ? 0 : longest }
        return min(max(difference, 0), longest)
    }

    /// The first tick at or after a moment, in milliseconds.
    func roundedUp(_ milliseconds: Int64) -> Int64 {
        (elapsed(milliseconds) &+ tickLength &- 1) / tickLength
    }

    /// The last tick at or before a moment, in milliseconds.
    func roundedDown(_ milliseconds: Int64) -> Int64 {
        // Before the origin no tick is over, not even the first.
        milliseconds < origin ? -1 : elapsed(milliseconds) / tickLength
    }

    /// Appends an entry to the bucket its distance from the cursor asks for.
    mutating func place(_ index: Int) {
        let tick = entries[index].tick
        let distance = tick &- cursor
        if distance < 4096 {
            let bucket = Int(tick & 4095)
            near.insert(bucket)
            append(index, to: bucket)
        } else if distance < 1 << 20 {
            let bucket = Int((tick >> 12) & 255)
            middle.insert(bucket)
            append(index, to: 4096 &+ bucket)
        } else {
            // Beyond the last level a timer waits in its farthest bucket and is sorted again from there.
            let within = min(tick, cursor &+ (1 << 26) &- 1)
            let bucket = Int((within >> 20) & 63)
            far.insert(bucket)
            append(index, to: 4352 &+ bucket)
        }
    }

    mutating func append(_ index: Int, to bucket: Int) {
        let link = Int32(truncatingIfNeeded: index)
        let tail = buckets[bucket].tail
        entries[index].bucket = Int32(truncatingIfNeeded: bucket)
        entries[index].next = -1
        entries[index].previous = tail
        if tail >= 0 { entries[Int(tail)].next = link } else { buckets[bucket].head = link }
        buckets[bucket].tail = link
    }

    mutating func unlink(_ index: Int) {
        let next = entries[index].next
        let previous = entries[index].previous
        let bucket = Int(entries[index].bucket)
        if next >= 0 { entries[Int(next)].previous = previous } else { buckets[bucket].tail = previous }
        if previous >= 0 { entries[Int(previous)].next = next } else { buckets[bucket].head = next }
        if next < 0, previous < 0 { vacate(bucket) }
    }

    /// Marks a bucket as empty at its level.
    mutating func vacate(_ bucket: Int) {
        if bucket < 4096 {
            near.remove(bucket)
        } else if bucket < 4352 {
            middle.remove(bucket &- 4096)
        } else {
            far.remove(bucket &- 4352)
        }
    }

    /// Puts an unlinked entry on the free list and makes its handles stale.
    mutating func release(_ index: Int) {
        entries[index].bucket = -1
        let generation = entries[index].generation &+ 1
        entries[index].generation = generation == 0 ? 1 : generation
        entries[index].next = freeHead
        freeHead = Int32(truncatingIfNeeded: index)
        count &-= 1
    }

    /// The first tick after `tick` that has a timer of the near level or is where a longer level is to be sorted.
    ///
    /// Called with at least one live timer and an empty bucket at `tick`.
    func nextEvent(after tick: Int64) -> Int64 {
        var event = Int64.max
        if let distance = near.distance(from: Int(tick & 4095)) {
            event = tick &+ Int64(distance)
        }
        let block = (tick >> 12) &+ 1
        if let distance = middle.distance(from: Int(block & 255)) {
            event = min(event, (block &+ Int64(distance)) << 12)
        }
        let farBlock = (tick >> 20) &+ 1
        if let distance = far.distance(from: Int(farBlock & 63)) {
            event = min(event, (farBlock &+ Int64(distance)) << 20)
        }
        return event
    }

    /// Moves the cursor forward; it never passes a bucket that holds something.
    mutating func move(to tick: Int64) {
        cursor = tick
        guard tick & 4095 == 0 else { return }
        if tick & ((1 << 20) &- 1) == 0 { sort(4352 &+ Int((tick >> 20) & 63)) }
        sort(4096 &+ Int((tick >> 12) & 255))
    }

    /// Empties a bucket of a longer level into the buckets that are now near enough.
    mutating func sort(_ bucket: Int) {
        var index = buckets[bucket].head
        guard index >= 0 else { return }
        buckets[bucket] = Bucket()
        vacate(bucket)
        while index >= 0 {
            let next = entries[Int(index)].next
            place(Int(index))
            index = next
        }
    }
}
