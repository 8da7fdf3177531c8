// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime
package import NumberingPlan

/// Where one limit stands, for people to read.
package struct LimitReading: Hashable, Sendable {
    /// What the limit is counted for.
    package enum Subject: Hashable, Sendable {
        /// All calls.
        case all
        /// The calls to one country; nil for all numbers without one.
        case country(Country?)
        /// The calls to one number.
        case number(E164Number)
    }

    /// What the limit counts.
    package var kind: LimitKind
    /// Whose limit it is.
    package var scope: LimitScope
    /// What the limit is counted for.
    package var subject: Subject
    /// What there is, in the limit's own unit.
    package var used: Int
    /// The levels.
    package var levels: LimitLevels
}

extension CustomerUsage {
    /// Where each limit that is set stands: the customer's, and the endpoint's if one is given.
    ///
    /// Countries come in alphabetical order and only where something was counted; of the numbers only the one most
    /// called is named.
    package func usage(
        of endpoint: ResourceIdentifier?,
        customer limits: CallLimits,
        endpoint endpointLimits: CallLimits,
        at now: Instant
    ) -> [LimitReading] {
        let now = clamped(now)
        var readings = customer.readings(limits, of: .customer, home: limits.homeCountries, at: now)
        guard let endpoint else { return readings }
        let home = endpointLimits.homeCountries.isEmpty ? limits.homeCountries : endpointLimits.homeCountries
        let usage = endpoints[endpoint] ?? ScopeUsage()
        readings += usage.readings(endpointLimits, of: .endpoint, home: home, at: now)
        return readings
    }
}

extension ScopeUsage {
    fileprivate func readings(
        _ limits: CallLimits,
        of scope: LimitScope,
        home: Set<Country>,
        at now: Instant
    ) -> [LimitReading] {
        var readings: [LimitReading] = []
        func read(_ kind: LimitKind, _ subject: LimitReading.Subject, _ used: Int, _ levels: LimitLevels) {
            guard !levels.isEmpty else { return }
            readings.append(LimitReading(kind: kind, scope: scope, subject: subject, used: used, levels: levels))
        }
        read(.concurrentCalls, .all, concurrentCalls, limits.concurrentCalls)
        read(.callsPerSecond, .all, rate(limits.callsPerSecond, at: now), limits.callsPerSecond)
        let bucket = BucketWidth.fiveSeconds.bucket(of: now)
        for country in countries.countries {
            guard let used = countries[country]?.total(at: bucket), used > 0 else { continue }
            read(.callsPerMinuteToCountry, .country(country), used, limits.callsPerMinuteToCountry)
        }
        if let busiest = numbers.busiest(at: now) {
            read(.callsPerMinuteToNumber, .number(busiest.number), busiest.calls, limits.callsPerMinuteToNumber)
        }
        for country in days.countries where !home.holds(country) {
            guard let day = days[country] else { continue }
            read(.dailyCallsToCountry, .country(country), day.totalCalls(at: now), limits.dailyCallsToCountry)
            let minutes = daySeconds(to: country, at: now) / 60
            read(.dailyMinutesToCountry, .country(country), minutes, limits.dailyMinutesToCountry)
        }
        return readings
    }

    private func rate(_ levels: LimitLevels, at now: Instant) -> Int {
        max(
            levels.hard.map { hardRate.used(of: $0, at: now) } ?? 0,
            levels.soft.map { softRate.used(of: $0, at: now) } ?? 0
        )
    }
}
