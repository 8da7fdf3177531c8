// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import GRDB
import NumberingPlan

extension ModelReader {
    /// Every dial plan, by the customer or endpoint it belongs to.
    func dialPlans() throws -> [ResourceIdentifier: DialPlan] {
        let rows = try BoundStatement(
            database,
            """
            SELECT owner, country, international_prefixes, national_prefix, minimum_national_length,
                   extension_patterns, hiding_prefixes, showing_prefixes
            FROM dial_plans
            """
        )
        var found: [ResourceIdentifier: DialPlan] = [:]
        // Thousands of telephones dial alike; equal plans are read once and share their arrays.
        var known: [[String?]: DialPlan] = [:]
        while try rows.step() {
            let columns = (1...7).map { rows.optionalText($0) }
            if known[columns] == nil { known[columns] = try Self.dialPlan(rows) }
            found[try rows.identifier(0)] = known[columns]
        }
        return found
    }

    static func dialPlan(_ rows: BoundStatement) throws -> DialPlan {
        DialPlan(
            country: try rows.optionalValue(1) { Country($0) },
            internationalPrefixes: StoredText.words(rows.text(2)),
            nationalPrefix: rows.optionalText(3),
            minimumNationalLength: rows.optionalInteger(4).map(Int.init),
            extensionPatterns: try rows.value(5, StoredText.extensionPatterns),
            hidingPrefixes: StoredText.words(rows.text(6)),
            showingPrefixes: StoredText.words(rows.text(7))
        )
    }

    /// Every set of limits, by the customer or endpoint it belongs to.
    func callLimits() throws -> [ResourceIdentifier: CallLimits] {
        let rows = try BoundStatement(
            database,
            "SELECT owner, home_countries, \(LimitColumns.names) FROM call_limits"
        )
        var found: [ResourceIdentifier: CallLimits] = [:]
        while try rows.step() {
            found[try rows.identifier(0)] = try Self.limits(rows)
        }
        return found
    }

    /// Reads limits from a row of an owner, its home countries, and `LimitColumns.names`.
    static func limits(_ rows: BoundStatement) throws -> CallLimits {
        CallLimits(
            concurrentCalls: levels(rows, 2),
            callsPerSecond: levels(rows, 4),
            callsPerMinuteToCountry: levels(rows, 6),
            callsPerMinuteToNumber: levels(rows, 8),
            dailyCallsToCountry: levels(rows, 10),
            dailyMinutesToCountry: levels(rows, 12),
            homeCountries: try rows.value(1, StoredText.countries),
            maximumDuration: levels(rows, 14)
        )
    }

    private static func levels(_ rows: BoundStatement, _ column: Int32) -> LimitLevels {
        LimitLevels(
            soft: rows.optionalInteger(column).map(Int.init),
            hard: rows.optionalInteger(column + 1).map(Int.init)
        )
    }
}
