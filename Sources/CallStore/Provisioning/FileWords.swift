// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

/// Values as a provisioning file would hold them, for telling what changed.
enum FileWords {
    /// A limit: a number for a hard level alone, else the levels there are; empty for none.
    static func text(of levels: LimitLevels) -> String {
        switch (levels.soft, levels.hard) {
        case (nil, nil): ""
        case (nil, let hard?): "\(hard)"
        case (let soft?, nil): "{soft: \(soft)}"
        case (let soft?, let hard?): "{soft: \(soft), hard: \(hard)}"
        }
    }

    /// Words of a set, in order.
    static func text(of values: Set<some Hashable & CustomStringConvertible>) -> String {
        values.map(\.description).sorted().joined(separator: ", ")
    }

    /// A dial plan as a mapping of the keys that differ from the default; empty for none.
    static func text(of plan: DialPlan?) -> String {
        guard let plan else { return "" }
        let standard = DialPlan()
        var keys: [String] = []
        if let country = plan.country { keys.append("country: \(country)") }
        if !plan.internationalPrefixes.isEmpty {
            keys.append("international_prefixes: \(list(plan.internationalPrefixes))")
        }
        if let prefix = plan.nationalPrefix { keys.append("national_prefix: \"\(prefix)\"") }
        if let length = plan.minimumNationalLength { keys.append("minimum_national_length: \(length)") }
        if !plan.extensionPatterns.isEmpty {
            keys.append("extension_patterns: \(list(plan.extensionPatterns.map(\.description)))")
        }
        if plan.hidingPrefixes != standard.hidingPrefixes {
            keys.append("hiding_prefixes: \(list(plan.hidingPrefixes))")
        }
        if plan.showingPrefixes != standard.showingPrefixes {
            keys.append("showing_prefixes: \(list(plan.showingPrefixes))")
        }
        return "{\(keys.joined(separator: ", "))}"
    }

    private static func list(_ texts: [String]) -> String {
        "[\(texts.map { "\"\($0)\"" }.joined(separator: ", "))]"
    }
}

extension ChangeWords {
    /// Notes every limit that differs, by its key.
    mutating func compare(_ stored: CallLimits, _ declared: CallLimits) {
        for column in LimitColumns.all {
            compare("limits.\(column.key)", stored[keyPath: column.levels], declared[keyPath: column.levels]) {
                FileWords.text(of: $0)
            }
        }
        compare("limits.home_countries", stored.homeCountries, declared.homeCountries) { FileWords.text(of: $0) }
    }
}
