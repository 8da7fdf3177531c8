// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime
package import NumberingPlan

/// What one customer and its endpoints are doing, counted for the limits: a pure value.
///
/// Only what a limit asks for is counted, with two exceptions: the calls in progress, and what `restore` brings.
/// Instants should not decrease from one use to the next. An earlier one is taken for the latest there was, so that a
/// step backward forgets nothing.
package struct CustomerUsage: Sendable {
    /// How far back a record of a call may count: what `restore` should be given.
    package static let history = Interval.seconds(25 * 3600)

    var customer = ScopeUsage()
    var endpoints: [ResourceIdentifier: ScopeUsage] = [:]
    private var latest = Instant(milliseconds: .min)

    /// Makes counts of a customer that has done nothing.
    package init() {}

    /// Calls in progress.
    package var concurrentCalls: Int { customer.concurrentCalls }

    /// Counters held, those in progress and of all windows: for a watch over memory.
    package var counterCount: Int {
        ([customer] + endpoints.values).reduce(endpoints.count) { count, scope in
            count + scope.countries.count + scope.numbers.count + scope.days.count + scope.answered.count
        }
    }

    /// The latest instant there was, `now` included.
    func clamped(_ now: Instant) -> Instant { max(latest, now) }

    /// Takes note of the time; returns the latest instant there was.
    mutating func advance(to now: Instant) -> Instant {
        latest = max(latest, now)
        return latest
    }

    /// Rule `customer.limits`: judges calls at once and calls a second, of the customer and of the endpoint; if none
    /// refuses, takes one token from each bucket.
    ///
    /// A call at once is counted by `callBegan` only: call it before another attempt is judged.
    package mutating func admitCall(
        by endpoint: ResourceIdentifier?,
        customer limits: CallLimits,
        endpoint endpointLimits: CallLimits,
        at now: Instant
    ) -> LimitReport {
        let now = advance(to: now)
        let limited = endpointLimits.limitsRate ? endpoint : nil
        guard limits.limitsRate || limited != nil else { return LimitReport() }
        var judgement = LimitJudgement()
        customer.weigh(limits, of: .customer, at: now, into: &judgement)
        if let limited, !judgement.isRefused {
            endpoints[limited, default: ScopeUsage()].admit(endpointLimits, at: now, into: &judgement)
        }
        if !judgement.isRefused { customer.count(limits, at: now) }
        return judgement.report
    }

    /// Rule `destination.limits`: judges the limits of the minute and of the day, of the customer and of the endpoint;
    /// if none refuses, counts the attempt.
    ///
    /// Home to the customer's daily limits are the customer's countries; to the endpoint's, the endpoint's own, or the
    /// customer's when it has none.
    package mutating func admitCall(
        to number: E164Number,
        in country: Country?,
        by endpoint: ResourceIdentifier?,
        customer limits: CallLimits,
        endpoint endpointLimits: CallLimits,
        at now: Instant
    ) -> LimitReport {
        let call = DialledCall(number: number, country: country, now: advance(to: now))
        let limited = endpointLimits.limitsDestinations ? endpoint : nil
        guard limits.limitsDestinations || limited != nil else { return LimitReport() }
        let home = limits.homeCountries
        let endpointHome = endpointLimits.homeCountries.isEmpty ? home : endpointLimits.homeCountries
        var judgement = LimitJudgement()
        let counted = customer.weigh(call, limits, of: .customer, home: home, into: &judgement)
        if let limited {
            endpoints[limited, default: ScopeUsage()].admit(call, endpointLimits, home: endpointHome, into: &judgement)
        }
        if judgement.isRefused {
            customer.prepareDay(call, limits, home: home)
        } else {
            customer.count(call, limits, home: home, number: counted)
        }
        return judgement.report
    }

    /// Drops what no window holds any more; once a minute is often enough.
    ///
    /// The counts of the last minute are dropped within 130 seconds.
    package mutating func sweep(at now: Instant) {
        let now = advance(to: now)
        customer.sweep(at: now)
        var index = endpoints.values.startIndex
        while index != endpoints.values.endIndex {
            endpoints.values[index].sweep(at: now)
            endpoints.values.formIndex(after: &index)
        }
        if endpoints.values.contains(where: { $0.isEmpty(at: now) }) {
            endpoints = endpoints.filter { !$0.value.isEmpty(at: now) }
        }
    }
}

extension ScopeUsage {
    /// Judges an endpoint's calls at once and a second; if nothing refuses, takes one token from each bucket.
    fileprivate mutating func admit(_ limits: CallLimits, at now: Instant, into judgement: inout LimitJudgement) {
        weigh(limits, of: .endpoint, at: now, into: &judgement)
        if !judgement.isRefused { count(limits, at: now) }
    }

    /// Judges an endpoint's call to a number, unless it is refused already; if nothing refuses, counts it.
    fileprivate mutating func admit(
        _ call: DialledCall,
        _ limits: CallLimits,
        home: Set<Country>,
        into judgement: inout LimitJudgement
    ) {
        let counted = judgement.isRefused ? nil : weigh(call, limits, of: .endpoint, home: home, into: &judgement)
        if judgement.isRefused {
            prepareDay(call, limits, home: home)
        } else {
            count(call, limits, home: home, number: counted)
        }
    }
}
