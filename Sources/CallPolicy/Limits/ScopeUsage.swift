// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NumberingPlan

/// An attempt to call a number, as the limits see it.
struct DialledCall {
    /// The number dialled.
    let number: E164Number
    /// The number's country; numbers without one are counted together.
    let country: Country?
    /// When the attempt is made.
    let now: Instant
}

/// The running counts of one customer, or of one endpoint.
struct ScopeUsage: Sendable {
    /// Calls in progress.
    var concurrentCalls = 0
    /// Begun calls against the soft level of calls a second.
    var softRate = TokenBucket()
    /// Begun calls against the hard level of calls a second.
    var hardRate = TokenBucket()
    /// Attempts to each country within the last minute.
    var countries = CountryTable<MinuteCount>()
    /// Attempts to each number within the last minute.
    var numbers = RecentNumbers()
    /// What the daily limits count, from the first attempt on that one of them was asked about.
    var days = CountryTable<DayCount>()
    /// Answered calls that have not ended, whether or not a limit asks: one may be set while they last.
    var answered = CountryTable<AnsweredCalls>()

    /// Whether nothing would be lost by forgetting these counts.
    func isEmpty(at now: Instant) -> Bool {
        concurrentCalls == 0 && countries.isEmpty && numbers.isEmpty && days.isEmpty && answered.isEmpty
            && softRate.isFull(at: now) && hardRate.isFull(at: now)
    }

    /// Drops what no window holds any more.
    mutating func sweep(at now: Instant) {
        numbers.sweep(at: now)
        let bucket = BucketWidth.fiveSeconds.bucket(of: now)
        countries.removeAll { $1.total(at: bucket) == 0 }
        // The time of a call that lasts longer than the window must still find its count when the call ends.
        days.removeAll { [answered] country, day in day.isEmpty(at: now) && answered[country] == nil }
        answered.removeAll { $1.isEmpty }
    }

    /// Seconds of calls to `country` within the last 24 hours, those of calls in progress included.
    func daySeconds(to country: Country?, at now: Instant) -> Int {
        (days[country]?.totalSeconds(at: now) ?? 0) + (answered[country]?.seconds(at: now) ?? 0)
    }
}

// MARK: - Calls at once and a second

extension ScopeUsage {
    /// Judges calls at once and calls a second, and counts nothing.
    func weigh(_ limits: CallLimits, of scope: LimitScope, at now: Instant, into judgement: inout LimitJudgement) {
        let atOnce = limits.concurrentCalls
        judgement.weigh(.concurrentCalls, of: scope, used: concurrentCalls, against: atOnce) { _ in nil }
        // As deep as a second's tokens, a bucket never takes longer than that to fill.
        if let hard = limits.callsPerSecond.hard {
            let used = hardRate.used(of: hard, at: now)
            judgement.weigh(.callsPerSecond, of: scope, used: used, against: LimitLevels(hard: hard)) {
                $0 > 0 ? 1 : nil
            }
        }
        if let soft = limits.callsPerSecond.soft {
            let used = softRate.used(of: soft, at: now)
            judgement.weigh(.callsPerSecond, of: scope, used: used, against: LimitLevels(soft: soft)) { _ in nil }
        }
    }

    /// Takes a token from each bucket.
    mutating func count(_ limits: CallLimits, at now: Instant) {
        if let hard = limits.callsPerSecond.hard { hardRate.take(of: hard, at: now) }
        if let soft = limits.callsPerSecond.soft { softRate.take(of: soft, at: now) }
    }
}

// MARK: - Calls to numbers and countries

extension ScopeUsage {
    /// Judges the limits of the minute and of the day, and counts nothing.
    ///
    /// Returns the attempts to the number, if they are limited, for `count`.
    func weigh(
        _ call: DialledCall,
        _ limits: CallLimits,
        of scope: LimitScope,
        home: Set<Country>,
        into judgement: inout LimitJudgement
    ) -> MinuteCount? {
        let bucket = BucketWidth.fiveSeconds.bucket(of: call.now)
        if !limits.callsPerMinuteToCountry.isEmpty {
            let count = countries[call.country] ?? MinuteCount(at: bucket)
            judgement.weigh(count, .callsPerMinuteToCountry, of: scope, limits.callsPerMinuteToCountry, at: call.now)
        }
        var number: MinuteCount?
        if !limits.callsPerMinuteToNumber.isEmpty, !judgement.isRefused {
            let count = numbers[call.number] ?? MinuteCount(at: bucket)
            judgement.weigh(count, .callsPerMinuteToNumber, of: scope, limits.callsPerMinuteToNumber, at: call.now)
            number = count
        }
        if limits.countsDays, !home.holds(call.country), !judgement.isRefused {
            weighDay(call, limits, of: scope, into: &judgement)
        }
        return number
    }

    private func weighDay(
        _ call: DialledCall,
        _ limits: CallLimits,
        of scope: LimitScope,
        into judgement: inout LimitJudgement
    ) {
        let now = call.now
        let day = days[call.country]
        let used = day?.totalCalls(at: now) ?? 0
        judgement.weigh(.dailyCallsToCountry, of: scope, used: used, against: limits.dailyCallsToCountry) {
            day?.wait(untilCalls: $0, at: now)
        }
        guard !limits.dailyMinutesToCountry.isEmpty else { return }
        let running = answered[call.country]?.seconds(at: now) ?? 0
        let minutes = daySeconds(to: call.country, at: now) / 60
        judgement.weigh(.dailyMinutesToCountry, of: scope, used: minutes, against: limits.dailyMinutesToCountry) {
            let (seconds, overflow) = max(0, $0).multipliedReportingOverflow(by: 60)
            return overflow ? nil : day?.wait(untilSeconds: seconds - running, at: now)
        }
    }

    /// Counts an attempt wherever a limit asks; `number` is what `weigh` returned.
    mutating func count(_ call: DialledCall, _ limits: CallLimits, home: Set<Country>, number: MinuteCount?) {
        let bucket = BucketWidth.fiveSeconds.bucket(of: call.now)
        if !limits.callsPerMinuteToCountry.isEmpty {
            countries.update(call.country, initial: MinuteCount(at: bucket)) { $0.add(1, in: bucket) }
        }
        if var number {
            number.add(1, in: bucket)
            numbers.put(number, for: call.number, at: call.now)
        }
        guard limits.countsDays, !home.holds(call.country) else { return }
        days.update(call.country, initial: DayCount(at: call.now)) { $0.addCall(at: call.now) }
    }

    /// Makes room for what the daily limits ask about when the attempt is refused: the time of the calls in progress
    /// must count when they end.
    mutating func prepareDay(_ call: DialledCall, _ limits: CallLimits, home: Set<Country>) {
        guard limits.countsDays, !home.holds(call.country) else { return }
        days.update(call.country, initial: DayCount(at: call.now)) { _ in }
    }
}

extension CallLimits {
    /// Whether calls at once or calls a second are limited.
    var limitsRate: Bool { !concurrentCalls.isEmpty || !callsPerSecond.isEmpty }

    /// Whether calls to a number or a country are limited.
    var limitsDestinations: Bool {
        !callsPerMinuteToCountry.isEmpty || !callsPerMinuteToNumber.isEmpty || countsDays
    }

    /// Whether a daily limit is set.
    var countsDays: Bool { !dailyCallsToCountry.isEmpty || !dailyMinutesToCountry.isEmpty }
}

extension Set<Country> {
    /// Whether the set names `country`; no set names the lack of one.
    func holds(_ country: Country?) -> Bool {
        guard !isEmpty, let country else { return false }
        return contains(country)
    }
}
