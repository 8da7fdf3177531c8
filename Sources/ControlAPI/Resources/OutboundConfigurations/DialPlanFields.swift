// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

/// A dial plan as the API names its parts: as provisioning files do.
enum DialPlanFields {
    /// What a request does to a plan.
    enum Change: Sendable {
        case keep
        case remove
        case replace(DialPlan)

        func applied(to plan: DialPlan?) -> DialPlan? {
            switch self {
            case .keep: plan
            case .remove: nil
            case .replace(let other): other
            }
        }
    }

    /// Reads `dial_plan`; an empty object removes the plan.
    static func read(_ body: BodyReader) throws(APIError) -> Change {
        guard let fields = try body.object("dial_plan").value else { return .keep }
        if body.raw("dial_plan").value?.members?.members.isEmpty == true { return .remove }
        var plan = DialPlan()
        plan.country = try country(fields)
        plan.internationalPrefixes = try prefixes(fields, "international_prefixes") ?? []
        plan.nationalPrefix = try nationalPrefix(fields)
        plan.minimumNationalLength = try fields.integer("minimum_national_length", in: 2...15).value.map { Int($0) }
        plan.extensionPatterns = try patterns(fields) ?? []
        plan.hidingPrefixes = try prefixes(fields, "hiding_prefixes") ?? plan.hidingPrefixes
        plan.showingPrefixes = try prefixes(fields, "showing_prefixes") ?? plan.showingPrefixes
        if plan.country == nil, plan.nationalPrefix != nil || plan.minimumNationalLength != nil {
            let name = fields.name("country")
            throw .invalid(name, "`\(name)` is missing: a national prefix and length belong to a country")
        }
        try check(plan, fields)
        return .replace(plan)
    }

    private static func country(_ fields: BodyReader) throws(APIError) -> Country? {
        guard let text = try fields.string("country").value else { return nil }
        let name = fields.name("country")
        guard let country = Country(text) else {
            throw .invalid(name, "`\(name)` is no ISO 3166-1 alpha-2 code")
        }
        guard DialledRegion(country) != nil else {
            throw .invalid(name, "`\(name)` is `\(country)`, whose dialling rules are not known")
        }
        return country
    }

    private static func prefixes(_ fields: BodyReader, _ key: String) throws(APIError) -> [String]? {
        guard let texts = try fields.strings(key, maximumCount: 16).value else { return nil }
        for text in texts { try checkDialled(text, fields.name(key), 1...16) }
        return texts
    }

    private static func nationalPrefix(_ fields: BodyReader) throws(APIError) -> String? {
        guard let text = try fields.string("national_prefix").value else { return nil }
        try checkDialled(text, fields.name("national_prefix"), 0...16)
        return text
    }

    private static func checkDialled(
        _ text: String,
        _ name: String,
        _ lengths: ClosedRange<Int>
    ) throws(APIError) {
        let isDialled = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2A || $0 == 0x23 }
        guard isDialled, lengths.contains(text.utf8.count) else {
            throw .invalid(
                name,
                "`\(name)` takes \(lengths.lowerBound) to \(lengths.upperBound) digits, `*` and `#`"
            )
        }
    }

    private static func patterns(_ fields: BodyReader) throws(APIError) -> [ExtensionPattern]? {
        guard let texts = try fields.strings("extension_patterns", maximumCount: 64).value else { return nil }
        let name = fields.name("extension_patterns")
        var patterns: [ExtensionPattern] = []
        for text in texts {
            guard let pattern = ExtensionPattern(text) else {
                throw .invalid(name, "`\(name)` takes digits, `*`, `#`, and `x` for any digit, such as 1xxx")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    // Digits that begin with two prefixes would mean two things.
    private static func check(_ plan: DialPlan, _ fields: BodyReader) throws(APIError) {
        let lists = [
            ("international_prefixes", plan.internationalPrefixes), ("hiding_prefixes", plan.hidingPrefixes),
            ("showing_prefixes", plan.showingPrefixes),
        ]
        for (key, list) in lists {
            for (other, others) in lists where other != key {
                for prefix in list {
                    guard let clash = others.first(where: { $0.hasPrefix(prefix) }) else { continue }
                    let name = fields.name(key)
                    let words = "`\(name)` holds `\(prefix)`, and `\(other)` holds `\(clash)`: one begins the other"
                    throw .invalid(name, words)
                }
            }
        }
    }

    static func json(_ plan: DialPlan) -> JSONValue {
        [
            "country": plan.country.map { .string($0.description) } ?? .null,
            "international_prefixes": .array(plan.internationalPrefixes.map { .string($0) }),
            "national_prefix": plan.nationalPrefix.map { .string($0) } ?? .null,
            "minimum_national_length": plan.minimumNationalLength.map { .integer(Int64($0)) } ?? .null,
            "extension_patterns": .array(plan.extensionPatterns.map { .string($0.description) }),
            "hiding_prefixes": .array(plan.hidingPrefixes.map { .string($0) }),
            "showing_prefixes": .array(plan.showingPrefixes.map { .string($0) }),
        ]
    }

    static var answer: Schema {
        .answer([
            ("country", .nullable(.text)), ("international_prefixes", .array(.text)),
            ("national_prefix", .nullable(.text)), ("minimum_national_length", .nullable(.integer())),
            ("extension_patterns", .array(.text)), ("hiding_prefixes", .array(.text)),
            ("showing_prefixes", .array(.text)),
        ])
    }

    static var body: Schema {
        let prefixes = Schema.array(.string(maximumLength: 16), maximumCount: 16)
        return .object([
            .optional("country", .string(maximumLength: 2)), .optional("international_prefixes", prefixes),
            .optional("national_prefix", .string(maximumLength: 16)),
            .optional("minimum_national_length", .integer(2...15)),
            .optional("extension_patterns", .array(.string(maximumLength: 32), maximumCount: 64)),
            .optional("hiding_prefixes", prefixes), .optional("showing_prefixes", prefixes),
        ])
    }
}
