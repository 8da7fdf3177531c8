// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// Calls to one country, and their seconds, within the last 24 hours.
///
/// The seconds of a call, rounded up, all lie in the hour in which it ended.
struct DayCount: Sendable {
    private var calls: SlidingCount<25>
    private var seconds: SlidingCount<25>

    /// Makes an empty count.
    init(at now: Instant) {
        let hour = BucketWidth.hour.bucket(of: now)
        calls = SlidingCount(at: hour)
        seconds = SlidingCount(at: hour)
    }

    /// Whether nothing counted lies within the last 24 hours.
    func isEmpty(at now: Instant) -> Bool {
        totalCalls(at: now) == 0 && totalSeconds(at: now) == 0
    }

    /// Calls within the last 24 hours.
    func totalCalls(at now: Instant) -> Int {
        calls.total(at: BucketWidth.hour.bucket(of: now))
    }

    /// Seconds of the calls that ended within the last 24 hours.
    func totalSeconds(at now: Instant) -> Int {
        seconds.total(at: BucketWidth.hour.bucket(of: now))
    }

    /// Counts a call.
    mutating func addCall(at instant: Instant) {
        calls.add(1, in: BucketWidth.hour.bucket(of: instant))
    }

    /// Adds the time of a call that ended at `instant`; a negative one is none.
    mutating func add(_ duration: Interval, endedAt instant: Instant) {
        let whole = duration.milliseconds / 1000 + (duration.milliseconds % 1000 > 0 ? 1 : 0)
        seconds.add(UInt32(clamping: whole), in: BucketWidth.hour.bucket(of: instant))
    }

    /// Seconds until there are fewer than `level` calls; nil when waiting does not help.
    func wait(untilCalls level: Int, at now: Instant) -> Int? {
        calls.buckets(until: level, at: BucketWidth.hour.bucket(of: now))
            .map { BucketWidth.hour.seconds(until: $0, after: now) }
    }

    /// Seconds until there are fewer than `level` seconds of ended calls; nil when waiting does not help.
    func wait(untilSeconds level: Int, at now: Instant) -> Int? {
        seconds.buckets(until: level, at: BucketWidth.hour.bucket(of: now))
            .map { BucketWidth.hour.seconds(until: $0, after: now) }
    }
}

/// Answered calls to one country that have not ended.
///
/// Their number and the sum of their answers' instants tell their time so far without a list of them.
struct AnsweredCalls: Sendable {
    private var count: Int64 = 0
    private var sum: Int64 = 0

    /// Whether there are none.
    var isEmpty: Bool { count == 0 }

    /// Adds a call.
    mutating func add(answered: Instant) {
        count += 1
        sum &+= answered.milliseconds
    }

    /// Takes a call out that was added with the same instant.
    mutating func remove(answered: Instant) {
        guard count > 0 else { return }
        count -= 1
        sum &-= answered.milliseconds
    }

    /// Whole seconds that the calls have lasted so far, all together.
    func seconds(at now: Instant) -> Int {
        // Intermediate results may wrap; the difference is the true one.
        Int(max(0, count &* now.milliseconds &- sum) / 1000)
    }
}
