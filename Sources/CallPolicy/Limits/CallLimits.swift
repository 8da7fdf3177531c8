// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// One limit at two levels; nil for none.
package struct LimitLevels: Hashable, Sendable {
    /// The level from which a call still passes, but is logged and counted.
    package var soft: Int?
    /// The level at which a call is refused.
    package var hard: Int?

    /// Makes a limit; by default none.
    package init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }

    /// Whether neither level is set.
    package var isEmpty: Bool { soft == nil && hard == nil }
}

/// How much a customer, or one of its endpoints, may do: the brakes on fraud.
///
/// A level says how much there may be: with a hard level of 3, the fourth is refused; with a soft level of 3, the fourth
/// is noted.
package struct CallLimits: Hashable, Sendable {
    /// Calls in progress at the same time.
    package var concurrentCalls: LimitLevels
    /// New calls a second, by a token bucket as deep as the level.
    package var callsPerSecond: LimitLevels
    /// New telephone calls to one country within a minute.
    package var callsPerMinuteToCountry: LimitLevels
    /// New telephone calls to one number within a minute.
    package var callsPerMinuteToNumber: LimitLevels
    /// Telephone calls to one country outside `homeCountries` within 24 hours.
    package var dailyCallsToCountry: LimitLevels
    /// Minutes of telephone calls to one country outside `homeCountries` within 24 hours, calls in progress included.
    package var dailyMinutesToCountry: LimitLevels
    /// Countries that the two daily limits do not count.
    package var homeCountries: Set<Country>
    /// How long one call may last, in seconds: soft is noted, hard ends the call.
    package var maximumDuration: LimitLevels

    /// Makes limits; by default none.
    package init(
        concurrentCalls: LimitLevels = LimitLevels(),
        callsPerSecond: LimitLevels = LimitLevels(),
        callsPerMinuteToCountry: LimitLevels = LimitLevels(),
        callsPerMinuteToNumber: LimitLevels = LimitLevels(),
        dailyCallsToCountry: LimitLevels = LimitLevels(),
        dailyMinutesToCountry: LimitLevels = LimitLevels(),
        homeCountries: Set<Country> = [],
        maximumDuration: LimitLevels = LimitLevels()
    ) {
        self.concurrentCalls = concurrentCalls
        self.callsPerSecond = callsPerSecond
        self.callsPerMinuteToCountry = callsPerMinuteToCountry
        self.callsPerMinuteToNumber = callsPerMinuteToNumber
        self.dailyCallsToCountry = dailyCallsToCountry
        self.dailyMinutesToCountry = dailyMinutesToCountry
        self.homeCountries = homeCountries
        self.maximumDuration = maximumDuration
    }

    /// No limits.
    package static let none = CallLimits()
}

/// What a limit counts.
package enum LimitKind: String, Hashable, Sendable, CaseIterable {
    case concurrentCalls = "concurrent_calls"
    case callsPerSecond = "calls_per_second"
    case callsPerMinuteToCountry = "calls_per_minute_to_country"
    case callsPerMinuteToNumber = "calls_per_minute_to_number"
    case dailyCallsToCountry = "daily_calls_to_country"
    case dailyMinutesToCountry = "daily_minutes_to_country"
    case maximumDuration = "maximum_duration"
}

/// Whose limit it is.
package enum LimitScope: String, Hashable, Sendable, CaseIterable {
    case customer
    case endpoint
}

/// A limit that an attempt ran into.
package struct LimitEvent: Hashable, Sendable {
    /// What the limit counts.
    package var kind: LimitKind
    /// Whose limit it is.
    package var scope: LimitScope
    /// What there is already, this attempt not counted; in the limit's own unit.
    package var used: Int
    /// The level that was reached.
    package var limit: Int
    /// Seconds after which trying again may help, 1 or more; nil when waiting alone does not help.
    package var retryAfter: Int?

    /// Makes an event.
    package init(kind: LimitKind, scope: LimitScope, used: Int, limit: Int, retryAfter: Int? = nil) {
        self.kind = kind
        self.scope = scope
        self.used = used
        self.limit = limit
        self.retryAfter = retryAfter
    }
}

/// What the limits make of an attempt.
package struct LimitReport: Hashable, Sendable {
    /// The hard level that refuses the attempt; nil lets it pass.
    package var refusal: LimitEvent?
    /// Soft levels that the attempt passed.
    package var warnings: [LimitEvent]

    /// Makes a report; by default nothing stands against the attempt.
    package init(refusal: LimitEvent? = nil, warnings: [LimitEvent] = []) {
        self.refusal = refusal
        self.warnings = warnings
    }
}
