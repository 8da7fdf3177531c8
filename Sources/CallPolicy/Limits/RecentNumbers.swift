// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NumberingPlan

/// The attempts of the last minute.
typealias MinuteCount = SlidingCount<13>

/// The attempts of the last minute to each number.
///
/// A dialer brings a new number with each call. They are kept in two generations, and the older is dropped whole once
/// nothing in it can still lie within the minute, so that forgetting costs no search.
struct RecentNumbers: Sendable {
    private static let generation: Int64 = 13
    private var current: [E164Number: MinuteCount] = [:]
    private var previous: [E164Number: MinuteCount] = [:]
    /// The bucket in which `current` was begun.
    private var begun: Int64 = 0

    /// How many numbers are held; one may be held twice.
    var count: Int { current.count + previous.count }

    /// Whether no number is held.
    var isEmpty: Bool { current.isEmpty && previous.isEmpty }

    /// The number called most often within the last minute, the lowest of several; nil when none was called.
    func busiest(at now: Instant) -> (number: E164Number, calls: Int)? {
        let bucket = BucketWidth.fiveSeconds.bucket(of: now)
        return previous.merging(current) { $1 }
            .map { (number: $0.key, calls: $0.value.total(at: bucket)) }
            .filter { $0.calls > 0 }
            .max { ($0.calls, $1.number.value) < ($1.calls, $0.number.value) }
    }

    /// The attempts to `number`; nil when none is known.
    subscript(number: E164Number) -> MinuteCount? {
        if let count = current[number] { return count }
        return previous.isEmpty ? nil : previous[number]
    }

    /// Puts the attempts to `number`, as read at `now` and added to.
    mutating func put(_ count: MinuteCount, for number: E164Number, at now: Instant) {
        sweep(at: now)
        current[number] = count
    }

    /// Begins a new generation when the present one is a window old; drops the one before.
    mutating func sweep(at now: Instant) {
        let bucket = BucketWidth.fiveSeconds.bucket(of: now)
        if isEmpty { begun = bucket }
        let age = bucket - begun
        guard age >= Self.generation else { return }
        let isOver = age >= 2 * Self.generation
        previous = isOver ? [:] : current
        // Who dials many numbers will go on so: growing step by step would move them all several times.
        current = Dictionary(minimumCapacity: previous.count)
        begun = bucket
    }
}
