// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

extension ModelWriter {
    /// Writes the dial plan of a customer or an endpoint; nil removes it.
    func write(_ plan: DialPlan?, of owner: ResourceIdentifier) throws {
        guard let plan else { return try delete("dial_plans", "owner", owner) }
        let row = try statement("REPLACE INTO dial_plans VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        row.bind(1, owner)
        row.bind(2, plan.country?.description)
        row.bind(3, StoredText.text(of: plan.internationalPrefixes))
        row.bind(4, plan.nationalPrefix)
        row.bind(5, plan.minimumNationalLength.map(Int64.init))
        row.bind(6, StoredText.text(of: plan.extensionPatterns.map(\.description)))
        row.bind(7, StoredText.text(of: plan.hidingPrefixes))
        row.bind(8, StoredText.text(of: plan.showingPrefixes))
        try row.run()
    }

    /// Writes the limits of a customer or an endpoint; a row that limits nothing is not kept.
    func write(_ limits: CallLimits, of owner: ResourceIdentifier) throws {
        guard limits != .none else { return try delete("call_limits", "owner", owner) }
        let parameters = (1...2 * LimitColumns.all.count + 2).map { "?\($0)" }.joined(separator: ", ")
        let row = try statement(
            "REPLACE INTO call_limits (owner, \(LimitColumns.names), home_countries) VALUES (\(parameters))"
        )
        row.bind(1, owner)
        var index: Int32 = 2
        for column in LimitColumns.all {
            let levels = limits[keyPath: column.levels]
            row.bind(index, levels.soft.map(Int64.init))
            row.bind(index + 1, levels.hard.map(Int64.init))
            index += 2
        }
        row.bind(index, StoredText.text(of: limits.homeCountries))
        try row.run()
    }
}
