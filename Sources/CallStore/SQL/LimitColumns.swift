// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// The limits in the order of their columns; each has one for its soft and one for its hard level.
enum LimitColumns {
    /// A limit, its name in provisioning files, and its column's name without the level.
    struct Column: Sendable {
        let key: String
        let name: String
        let levels: any WritableKeyPath<CallLimits, LimitLevels> & Sendable
    }

    static let all: [Column] = [
        Column("concurrent_calls", \.concurrentCalls),
        Column("calls_per_second", \.callsPerSecond),
        Column("calls_per_minute_to_country", \.callsPerMinuteToCountry),
        Column("calls_per_minute_to_number", \.callsPerMinuteToNumber),
        Column("daily_calls_to_country", \.dailyCallsToCountry),
        Column("daily_minutes_to_country", \.dailyMinutesToCountry),
        Column("max_call_duration_seconds", column: "maximum_duration", \.maximumDuration),
    ]

    /// The columns' names, soft before hard.
    static let names = all.flatMap { ["soft_\($0.name)", "hard_\($0.name)"] }.joined(separator: ", ")
}

extension LimitColumns.Column {
    fileprivate init(
        _ key: String,
        column: String? = nil,
        _ levels: any WritableKeyPath<CallLimits, LimitLevels> & Sendable
    ) {
        self.init(key: key, name: column ?? key, levels: levels)
    }
}
