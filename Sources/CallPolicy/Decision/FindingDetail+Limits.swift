// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

extension FindingDetail {
    var limitReason: String? {
        switch self {
        case .noLimits: "no limits are set"
        case .withinLimits: "within the limits"
        case .limitWarnings(let events, let number, let country):
            events.map { "\(Self.state($0, number, country)), still allowed" }.joined(separator: "; ")
        case .limitReached(let event, let number, let country):
            Self.state(event, number, country)
                + (event.retryAfter.map { "; try again in \($0) \($0 == 1 ? "second" : "seconds")" } ?? "")
        default: nil
        }
    }

    private static func state(_ event: LimitEvent, _ number: E164Number?, _ country: Country?) -> String {
        "limit \(event.kind.rawValue) of the \(event.scope.rawValue) reached: \(event.used) of \(event.limit)"
            + subject(event.kind, number, country)
    }

    private static func subject(_ kind: LimitKind, _ number: E164Number?, _ country: Country?) -> String {
        switch kind {
        case .callsPerMinuteToNumber: number.map { " to \($0)" } ?? ""
        case .callsPerMinuteToCountry, .dailyCallsToCountry, .dailyMinutesToCountry:
            " to \(country?.description ?? "numbers of no country")"
        case .concurrentCalls, .callsPerSecond, .maximumDuration: ""
        }
    }

    var limitValues: [FindingValue]? {
        switch self {
        case .limitWarnings(let events, let number, let country):
            events.flatMap { Self.values(of: $0, number, country) }
        case .limitReached(let event, let number, let country): Self.values(of: event, number, country)
        default: nil
        }
    }

    private static func values(of event: LimitEvent, _ number: E164Number?, _ country: Country?) -> [FindingValue] {
        var values = [
            FindingValue("limit", event.kind.rawValue), FindingValue("scope", event.scope.rawValue),
            FindingValue("used", event.used), FindingValue("level", event.limit),
        ]
        if let number { values.append(FindingValue("destination", number)) }
        if let country { values.append(FindingValue("country", country)) }
        if let seconds = event.retryAfter { values.append(FindingValue("retry_after", seconds)) }
        return values
    }
}
