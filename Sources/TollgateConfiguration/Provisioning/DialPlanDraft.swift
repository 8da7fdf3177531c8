// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

/// A dial plan with the places of its parts.
struct DialPlanDraft {
    private(set) var plan = DialPlan()
    /// Patterns, hiding prefixes and showing prefixes as written in the file.
    private(set) var patterns: [Located<ExtensionPattern>] = []
    private(set) var prefixes: [(key: String, prefix: Located<String>)] = []

    init(_ fields: Fields) {
        let country = fields.located("country", .country)
        let international = fields.list("international_prefixes", .dialledPrefix)
        let national = fields.located("national_prefix", .nationalPrefix)
        let minimum = fields.located("minimum_national_length", .integer(2...15))
        patterns = fields.list("extension_patterns", .extensionPattern) ?? []
        let hiding = fields.list("hiding_prefixes", .dialledPrefix)
        let showing = fields.list("showing_prefixes", .dialledPrefix)
        plan.country = country?.value
        plan.internationalPrefixes = international?.map(\.value) ?? plan.internationalPrefixes
        plan.nationalPrefix = national?.value
        plan.minimumNationalLength = minimum?.value
        plan.extensionPatterns = patterns.map(\.value)
        plan.hidingPrefixes = hiding?.map(\.value) ?? plan.hidingPrefixes
        plan.showingPrefixes = showing?.map(\.value) ?? plan.showingPrefixes
        prefixes = (hiding ?? []).map { ("hiding_prefixes", $0) } + (showing ?? []).map { ("showing_prefixes", $0) }
        checkCountry(fields, country)
        checkPrefixes(fields.log, international ?? [])
    }

    // Prefixes and patterns mean something without a country; what describes national numbers does not.
    private func checkCountry(_ fields: Fields, _ country: Located<Country>?) {
        if let country, DialledRegion(country.value) == nil {
            let message = "`country` is `\(country.value)`, whose dialling rules are not known"
            let remedy = "name the country whose network it shares, or remove it to dial international numbers"
            fields.log.add(message, remedy, at: country.position)
        }
        guard !fields.has("country") else { return }
        let national = ["national_prefix", "minimum_national_length"].filter { fields.has($0) }
        let others = ["international_prefixes", "extension_patterns", "hiding_prefixes", "showing_prefixes"]
        guard !national.isEmpty || !others.contains(where: { fields.has($0) }) else { return }
        let reason = national.first.map { ", which `\($0)` belongs to" } ?? ""
        fields.log.add("missing key `country`\(reason)", "add for example `country: us`", at: fields.position)
    }

    // Digits that begin with two prefixes would mean two things. Of two written ones the shorter is named; of a written
    // one and a default one, the written one.
    private func checkPrefixes(_ log: ProblemLog, _ international: [Located<String>]) {
        let written = international.map { (key: "international_prefixes", prefix: $0) } + prefixes
        let lists = [
            ("international_prefixes", plan.internationalPrefixes), ("hiding_prefixes", plan.hidingPrefixes),
            ("showing_prefixes", plan.showingPrefixes),
        ]
        for (key, prefix) in written {
            for (other, list) in lists where other != key {
                let isDefault = !written.contains { $0.key == other }
                let clash = list.first { $0.hasPrefix(prefix.value) || (isDefault && prefix.value.hasPrefix($0)) }
                guard let clash else { continue }
                let message = "`\(key)` holds `\(prefix.value)`, and `\(other)` holds `\(clash)`: one begins the other"
                log.add(message, "choose prefixes that cannot be mistaken for each other", at: prefix.position)
            }
        }
    }
}

extension ScalarType where Value == String {
    /// What is dialled before a number: digits, `*` and `#`.
    fileprivate static var dialledPrefix: ScalarType {
        dialString("a prefix", 1...16)
    }

    /// What national numbers begin with; may be empty.
    fileprivate static var nationalPrefix: ScalarType {
        dialString("a prefix", 0...16)
    }

    private static func dialString(_ name: String, _ lengths: ClosedRange<Int>) -> ScalarType {
        ScalarType(name) { text throws(ScalarFault) in
            let isDialled = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2A || $0 == 0x23 }
            guard isDialled, lengths.contains(text.utf8.count) else {
                throw ScalarFault(
                    "cannot hold `\(clipped(text))`",
                    "give \(lengths.lowerBound) to \(lengths.upperBound) digits, `*` and `#`, in quotation marks"
                )
            }
            return text
        }
    }
}

extension ScalarType where Value == ExtensionPattern {
    /// Digits, `*`, `#`, and `x` for any digit.
    fileprivate static var extensionPattern: ScalarType {
        ScalarType("a pattern of extensions") { text throws(ScalarFault) in
            guard let pattern = ExtensionPattern(text) else {
                throw ScalarFault(
                    "cannot hold `\(clipped(text))`",
                    "give 1 to \(LocalNumber.maximumCount) digits, `*`, `#`, and `x` for any digit, for example 1xxx"
                )
            }
            return pattern
        }
    }
}
