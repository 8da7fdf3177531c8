// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Yams

extension CallLimits {
    /// Takes the limits of a customer or an endpoint.
    init(_ fields: Fields) {
        self.init()
        concurrentCalls = fields.levels("concurrent_calls", 1...1_000_000)
        callsPerSecond = fields.levels("calls_per_second", 1...100_000)
        callsPerMinuteToCountry = fields.levels("calls_per_minute_to_country", 1...1_000_000)
        callsPerMinuteToNumber = fields.levels("calls_per_minute_to_number", 1...1_000_000)
        dailyCallsToCountry = fields.levels("daily_calls_to_country", 1...100_000_000)
        dailyMinutesToCountry = fields.levels("daily_minutes_to_country", 1...100_000_000)
        maximumDuration = fields.levels("max_call_duration_seconds", 1...604_800)
        homeCountries = Set(fields.list("home_countries", .country)?.map(\.value) ?? [])
    }
}

extension Fields {
    /// A limit: a number, which is the hard level, or a mapping of the levels; empty when absent or wrong.
    fileprivate func levels(_ key: String, _ range: ClosedRange<Int>) -> LimitLevels {
        guard let node = take(key) else { return LimitLevels() }
        switch node {
        case .mapping:
            let levels = Fields.decode(node, name: key, log: log) { $0.levels(of: key, range, at: node.position) }
            return levels ?? LimitLevels()
        default:
            return LimitLevels(hard: ScalarType.level(range).read(node, name: key, log: log)?.value)
        }
    }

    private func levels(of key: String, _ range: ClosedRange<Int>, at position: SourcePosition) -> LimitLevels {
        let soft = located("soft", .integer(range))
        let hard = located("hard", .integer(range))
        if !has("soft"), !has("hard") {
            log.add("`\(key)` names no level", "write for example `\(key): {soft: 8, hard: 10}`", at: position)
        }
        if let soft, let hard, soft.value >= hard.value {
            let message = "`soft` of `\(key)` is \(soft.value), not below `hard`, \(hard.value)"
            log.add(message, "lower it, or remove it", at: soft.position)
        }
        return LimitLevels(soft: soft?.value, hard: hard?.value)
    }
}

extension ScalarType where Value == Int {
    /// A whole number that may also be given as a mapping of levels.
    fileprivate static func level(_ range: ClosedRange<Int>) -> ScalarType {
        ScalarType("a whole number, or `{soft: …, hard: …}`", integer(range).convert)
    }
}
