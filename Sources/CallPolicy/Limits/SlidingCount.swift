// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// How wide the buckets of a sliding window are.
struct BucketWidth: Sendable {
    /// The width, in milliseconds; more than 0.
    let milliseconds: Int64

    /// Five seconds: 13 of them always cover a minute.
    static let fiveSeconds = BucketWidth(milliseconds: 5000)
    /// An hour: 25 of them always cover 24 hours.
    static let hour = BucketWidth(milliseconds: 3_600_000)

    /// The number of the bucket that `instant` lies in.
    func bucket(of instant: Instant) -> Int64 {
        // Restored history lies before the clock's origin: the division must not round toward zero there.
        let (quotient, remainder) = instant.milliseconds.quotientAndRemainder(dividingBy: milliseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Whole seconds from `now` until `buckets` more buckets have begun, rounded up; 1 or more.
    func seconds(until buckets: Int, after now: Instant) -> Int {
        let begun = now.milliseconds &- bucket(of: now) &* milliseconds
        let wait = Int64(buckets) &* milliseconds &- begun
        return max(1, Int((wait &+ 999) / 1000))
    }
}

/// What was counted in the bucket of now and the `size - 1` buckets before it.
///
/// The bucket of now is only partly over, so the window spans between `size - 1` and `size` buckets: it forgets late,
/// never early.
struct SlidingCount<let size: Int>: Sendable {
    /// The latest bucket there is a count for.
    private var head: Int64
    /// By age: first the count of `head`, last that of the bucket `size - 1` before it.
    private var counts = InlineArray<size, UInt32>(repeating: 0)

    /// Makes an empty window that ends with `bucket`.
    init(at bucket: Int64) {
        head = bucket
    }

    /// Counts `amount` in `bucket`; one that has left the window already is ignored.
    mutating func add(_ amount: UInt32, in bucket: Int64) {
        advance(to: bucket)
        let age = head - bucket
        guard age < size else { return }
        let (sum, overflow) = counts[Int(age)].addingReportingOverflow(amount)
        counts[Int(age)] = overflow ? .max : sum
    }

    /// What the window that ends with `bucket` holds.
    func total(at bucket: Int64) -> Int {
        var total = 0
        for age in 0..<remaining(at: bucket) { total += Int(counts[age]) }
        return total
    }

    /// How many buckets must go by after `bucket` until the window holds less than `level`, if nothing is added.
    ///
    /// Nil when it holds less already, or never will.
    func buckets(until level: Int, at bucket: Int64) -> Int? {
        var total = total(at: bucket)
        guard level > 0, total >= level else { return nil }
        let remaining = remaining(at: bucket)
        for age in (0..<remaining).reversed() {
            total -= Int(counts[age])
            if total < level { return remaining - age }
        }
        return nil
    }

    /// How many of the counts, the youngest first, have not left the window that ends with `bucket`.
    private func remaining(at bucket: Int64) -> Int {
        guard bucket > head else { return size }
        let passed = bucket - head
        return passed < size ? size - Int(passed) : 0
    }

    private mutating func advance(to bucket: Int64) {
        guard bucket > head else { return }
        let passed = size - remaining(at: bucket)
        for age in (0..<size).reversed() { counts[age] = age >= passed ? counts[age - passed] : 0 }
        head = bucket
    }
}
