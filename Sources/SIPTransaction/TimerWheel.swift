// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// A hierarchical hashed timing wheel: arming and cancelling are O(1), whatever the number of live timers.
///
/// Three levels of 4096, 256 and 64 buckets count ticks (10 ms unless told otherwise: 41 s, 2.9 h, 7.8 days); longer
/// waits go round the last level again. A timer fires never early and, if the wheel is asked in time, less than one
/// tick late. Timers of different ticks fire in deadline order. Nothing is allocated once the slab has grown to the
/// greatest number of timers that are live together.
///
/// The wheel reads no clock: the owner asks `nextDeadline`, sleeps, and calls `popExpired(at:)` until it answers nil.
/// The token is a fixed value, not a generic parameter: a generic wheel of `package` access is not specialised in other
/// modules and measured twenty times slower there.
package struct TimerWheel: ~Copyable {
    /// A timer in the slab, or a free place of it.
    struct Entry {
        var token: TimerToken
        var tick: Int64
        var generation: UInt32 = 1
        /// The next entry of the bucket, or of the free list.
        var next: Int32 = -1
        var previous: Int32 = -1
        /// The bucket, counted over all levels; negative in a free place.
        var bucket: Int32 = -1
    }

    /// The ends of a bucket's list.
    struct Bucket {
        var head: Int32 = -1
        var tail: Int32 = -1
    }

    var entries: [Entry] = []
    var buckets: [Bucket]
    var near = OccupancyMap(count: 4096)
    var middle = OccupancyMap(count: 256)
    var far = OccupancyMap(count: 64)
    var freeHead: Int32 = -1
    /// INVARIANT: every live timer's tick is at or after the cursor, and the cursor only grows.
    var cursor: Int64 = 0
    /// Whether timers of the cursor's own tick are being handed out, so that a new one must wait for the next tick.
    var isDraining = false
    let origin: Int64
    let tickLength: Int64

    /// How many timers are live.
    package internal(set) var count = 0

    /// Makes an empty wheel whose time begins at `origin`; a tick is 1 ms to 1 h.
    package init(startingAt origin: Instant, tick: Interval = .milliseconds(10)) {
        self.origin = origin.milliseconds
        tickLength = min(max(tick.milliseconds, 1), 3_600_000)
        buckets = Array(repeating: Bucket(), count: 4096 + 256 + 64)
    }

    /// Makes room for so many live timers at once.
    package mutating func reserveCapacity(_ capacity: Int) {
        entries.reserveCapacity(capacity)
    }

    /// Starts a timer that fires at the first tick at or after `deadline`; a deadline that has passed fires at the next.
    ///
    /// Once 2^31 timers are live the wheel is full, and `TimerHandle.none` is the answer.
    package mutating func arm(at deadline: Instant, _ token: TimerToken) -> TimerHandle {
        let earliest = isDraining ? cursor &+ 1 : cursor
        let tick = max(roundedUp(deadline.milliseconds), earliest)
        let index: Int
        if freeHead >= 0 {
            index = Int(freeHead)
            freeHead = entries[index].next
            entries[index].token = token
            entries[index].tick = tick
        } else {
            guard entries.count < Int(Int32.max) else { return .none }
            index = entries.count
            entries.append(Entry(token: token, tick: tick))
        }
        count &+= 1
        place(index)
        return TimerHandle(index: UInt32(truncatingIfNeeded: index), generation: entries[index].generation)
    }

    /// Stops a timer; answers whether it was still live.
    @discardableResult
    package mutating func cancel(_ handle: TimerHandle) -> Bool {
        let index = Int(handle.index)
        guard index < entries.count, entries[index].generation == handle.generation else { return false }
        guard entries[index].bucket >= 0 else { return false }
        unlink(index)
        release(index)
        return true
    }

    /// Takes the next timer that is due at `now`, or answers nil when there is none left.
    ///
    /// Between two calls timers may be armed and cancelled freely. A timer armed meanwhile never fires in the tick that
    /// is being handed out, so a loop over this method ends.
    package mutating func popExpired(at now: Instant) -> TimerToken? {
        let last = roundedDown(now.milliseconds)
        while cursor <= last {
            let head = buckets[Int(cursor & 4095)].head
            if head >= 0 {
                isDraining = true
                let index = Int(head)
                let token = entries[index].token
                unlink(index)
                release(index)
                return token
            }
            isDraining = false
            move(to: count == 0 ? last &+ 1 : min(nextEvent(after: cursor), last &+ 1))
        }
        return nil
    }

    /// When the wheel next needs `popExpired(at:)`, or nil when no timer is live.
    ///
    /// Rounded up to the tick. It may be earlier than any deadline, when long timers have to be sorted anew.
    package var nextDeadline: Instant? {
        guard count > 0 else { return nil }
        let due = buckets[Int(cursor & 4095)].head >= 0
        let tick = due ? cursor : nextEvent(after: cursor)
        return Instant(milliseconds: origin &+ tick &* tickLength)
    }
}
