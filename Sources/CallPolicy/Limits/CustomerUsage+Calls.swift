// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime
package import NumberingPlan

// MARK: - Calls in progress

extension CustomerUsage {
    /// A call was approved, or taken over from before a restart: it is in progress from now on.
    package mutating func callBegan(by endpoint: ResourceIdentifier?) {
        customer.concurrentCalls += 1
        if let endpoint { endpoints[endpoint, default: ScopeUsage()].concurrentCalls += 1 }
    }

    /// A telephone call was answered, which starts its minutes.
    package mutating func callAnswered(
        by endpoint: ResourceIdentifier?,
        to country: Country?,
        at answered: Instant
    ) {
        _ = advance(to: answered)
        customer.answer(to: country, at: answered)
        if let endpoint { endpoints[endpoint, default: ScopeUsage()].answer(to: country, at: answered) }
    }

    /// A call ended that had begun; one that had not is ignored.
    ///
    /// `answered` is the instant that `callAnswered` was given; nil when the call was never answered, or no telephone
    /// call.
    package mutating func callEnded(
        by endpoint: ResourceIdentifier?,
        to country: Country?,
        answered: Instant?,
        at ended: Instant
    ) {
        let now = advance(to: ended)
        if let endpoint {
            guard let index = endpoints.index(forKey: endpoint) else { return }
            guard endpoints.values[index].end(to: country, answered: answered, at: now) else { return }
        }
        _ = customer.end(to: country, answered: answered, at: now)
    }
}

extension ScopeUsage {
    fileprivate mutating func answer(to country: Country?, at instant: Instant) {
        answered.update(country, initial: AnsweredCalls()) { $0.add(answered: instant) }
    }

    /// Returns whether there was a call that could end.
    fileprivate mutating func end(to country: Country?, answered instant: Instant?, at now: Instant) -> Bool {
        guard concurrentCalls > 0 else { return false }
        concurrentCalls -= 1
        guard let instant else { return true }
        answered.update(country) { $0.remove(answered: instant) }
        if answered[country]?.isEmpty ?? false { answered.remove(country) }
        days.update(country) { $0.add(instant.duration(to: now), endedAt: now) }
        return true
    }
}

extension Instant {
    /// The time to a later instant; the longest there is when it does not fit, none when the other is earlier.
    fileprivate func duration(to end: Instant) -> Interval {
        let (difference, overflow) = end.milliseconds.subtractingReportingOverflow(milliseconds)
        guard end > self else { return Interval(milliseconds: 0) }
        return Interval(milliseconds: overflow ? .max : difference)
    }
}

// MARK: - History

extension CustomerUsage {
    /// Counts an attempt of before the start, in any order: one that the limits let pass, and the minutes of a call that
    /// has ended.
    ///
    /// All that began or ended within `history` belongs here, calls in progress included; those also take `callBegan`
    /// and `callAnswered`. It is counted whether or not a limit asks, because limits are not known here.
    package mutating func restore(
        attemptTo number: E164Number,
        in country: Country?,
        by endpoint: ResourceIdentifier?,
        at instant: Instant,
        answered: Instant?,
        ended: Instant?,
        now: Instant
    ) {
        let now = advance(to: now)
        let past = RestoredCall(
            call: DialledCall(number: number, country: country, now: now),
            attempted: min(instant, now),
            answered: answered,
            ended: ended.map { min($0, now) }
        )
        guard past.counts else { return }
        customer.restore(past)
        if let endpoint { endpoints[endpoint, default: ScopeUsage()].restore(past) }
    }
}

/// A call as its record tells it.
private struct RestoredCall {
    let call: DialledCall
    let attempted: Instant
    let answered: Instant?
    let ended: Instant?

    /// Whether any window still holds something of it, or will when it ends.
    var counts: Bool {
        let oldest = BucketWidth.hour.bucket(of: call.now) - 24
        return answered != nil && ended == nil
            || BucketWidth.hour.bucket(of: ended ?? attempted) >= oldest
            || BucketWidth.hour.bucket(of: attempted) >= oldest
    }

    /// Whether the attempt lies within the last minute.
    var isRecent: Bool {
        BucketWidth.fiveSeconds.bucket(of: attempted) >= BucketWidth.fiveSeconds.bucket(of: call.now) - 12
    }
}

extension ScopeUsage {
    fileprivate mutating func restore(_ past: RestoredCall) {
        let call = past.call
        if past.isRecent {
            let now = BucketWidth.fiveSeconds.bucket(of: call.now)
            let bucket = BucketWidth.fiveSeconds.bucket(of: past.attempted)
            countries.update(call.country, initial: MinuteCount(at: now)) { $0.add(1, in: bucket) }
            var count = numbers[call.number] ?? MinuteCount(at: now)
            count.add(1, in: bucket)
            numbers.put(count, for: call.number, at: call.now)
        }
        days.update(call.country, initial: DayCount(at: call.now)) { day in
            day.addCall(at: past.attempted)
            guard let answered = past.answered, let ended = past.ended else { return }
            day.add(answered.duration(to: ended), endedAt: ended)
        }
    }
}
