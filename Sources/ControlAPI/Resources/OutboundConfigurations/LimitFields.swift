// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

/// The limits of a customer as the API names them: as provisioning files do.
enum LimitFields {
    private struct Key: Sendable {
        let name: String
        let range: ClosedRange<Int64>
        let levels: any WritableKeyPath<CallLimits, LimitLevels> & Sendable
    }

    private static let keys: [Key] = [
        Key(name: "concurrent_calls", range: 1...1_000_000, levels: \.concurrentCalls),
        Key(name: "calls_per_second", range: 1...100_000, levels: \.callsPerSecond),
        Key(name: "calls_per_minute_to_country", range: 1...1_000_000, levels: \.callsPerMinuteToCountry),
        Key(name: "calls_per_minute_to_number", range: 1...1_000_000, levels: \.callsPerMinuteToNumber),
        Key(name: "daily_calls_to_country", range: 1...100_000_000, levels: \.dailyCallsToCountry),
        Key(name: "daily_minutes_to_country", range: 1...100_000_000, levels: \.dailyMinutesToCountry),
        Key(name: "max_call_duration_seconds", range: 1...604_800, levels: \.maximumDuration),
    ]

    /// What a request changes.
    struct Changes: Sendable {
        fileprivate var levels: [(any WritableKeyPath<CallLimits, LimitLevels> & Sendable, LimitLevels)] = []
        fileprivate var homeCountries: [Country]?

        func applied(to limits: CallLimits) -> CallLimits {
            var limits = limits
            for (key, value) in levels { limits[keyPath: key] = value }
            if let homeCountries { limits.homeCountries = Set(homeCountries) }
            return limits
        }
    }

    /// Reads `limits`: a level that is null or left out of its limit is none; a limit that is left out stays.
    static func read(_ body: BodyReader) throws(APIError) -> Changes {
        var changes = Changes()
        guard let fields = try body.object("limits").value else { return changes }
        for key in keys {
            guard let levels = try fields.object(key.name).value else { continue }
            let soft = try levels.integer("soft", in: key.range).value.map { Int($0) }
            let hard = try levels.integer("hard", in: key.range).value.map { Int($0) }
            if let soft, let hard, soft >= hard {
                let name = levels.name("soft")
                throw .invalid(name, "`\(name)` is \(soft), not below `hard`, \(hard)")
            }
            changes.levels.append((key.levels, LimitLevels(soft: soft, hard: hard)))
        }
        changes.homeCountries = try OutboundConfigurationDraft.countries(fields, "home_countries")
        return changes
    }

    static func json(_ limits: CallLimits) -> JSONValue {
        var object = JSONObject()
        for key in keys {
            let levels = limits[keyPath: key.levels]
            object[key.name] = ["soft": json(levels.soft), "hard": json(levels.hard)]
        }
        let countries = limits.homeCountries.map(\.description).sorted()
        object["home_countries"] = .array(countries.map { .string($0) })
        return .object(object)
    }

    private static func json(_ level: Int?) -> JSONValue {
        level.map { .integer(Int64($0)) } ?? .null
    }

    static var answer: Schema {
        .answer(
            keys.map { ($0.name, .answer([("soft", .nullable(.integer())), ("hard", .nullable(.integer()))])) }
                + [("home_countries", .array(.text))]
        )
    }

    static var body: Schema {
        .object(
            keys.map { key in
                .optional(
                    key.name,
                    .object([.optional("soft", .integer(key.range)), .optional("hard", .integer(key.range))])
                )
            } + [.optional("home_countries", .array(.string(maximumLength: 64), maximumCount: 251))]
        )
    }
}
