// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import NumberingPlan
import SessionDescription

/// What a request says of an outbound configuration, checked; nothing is written yet.
struct OutboundConfigurationDraft: Sendable {
    private let name: Field<String>
    private let detail: Field<String>
    private let destinationWhitelist: [Country]?
    private let codecs: CodecList?
    private let whenNoValidSource: SourceFallback?
    private let whenAnonymityDisallowed: AnonymityFallback?
    private let allowedSpecial: Set<SpecialDestination>?
    private let dialPlan: DialPlanFields.Change
    private let limits: LimitFields.Changes
    /// The number to show when a caller's own is not valid; zero for none, nil to leave it.
    let defaultNumber: ResourceIdentifier?

    init(_ body: BodyReader) throws(APIError) {
        name = try body.string("name")
        detail = try body.string("detail", maximum: 1024)
        destinationWhitelist = try Self.countries(body, "destination_whitelist")
        codecs = try Self.codecs(body)
        whenNoValidSource = try body.word("when_no_valid_source", SourceFallback.self).value
        whenAnonymityDisallowed = try body.word("when_anonymity_disallowed", AnonymityFallback.self).value
        allowedSpecial = try Self.special(body)
        dialPlan = try DialPlanFields.read(body)
        limits = try LimitFields.read(body)
        defaultNumber = try body.identifier("default_outgoing_source_number_id").value
    }

    static let properties: [Schema.Property] = [
        .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 1024)),
        .optional(
            "destination_whitelist",
            .array(.string(maximumLength: 64), maximumCount: 251),
            "Countries by ISO 3166-1 alpha-2, each once; empty denies every telephone call."
        ),
        .optional(
            "codecs",
            .string(maximumLength: 255),
            "Encoding names joined by commas, for SIP destinations; empty for all."
        ),
        .optional(
            "default_outgoing_source_number_id",
            .string(maximumLength: 36),
            "A normal, active number of the customer; the zero UUID for none."
        ),
        .optional("when_no_valid_source", .string(values: SourceFallback.allCases.map(\.rawValue))),
        .optional("when_anonymity_disallowed", .string(values: AnonymityFallback.allCases.map(\.rawValue))),
        .optional(
            "allowed_special",
            .array(.string(maximumLength: 64), maximumCount: 64),
            "Classes of numbers, and services without a country, that are not to be blocked."
        ),
        .optional("dial_plan", DialPlanFields.body, "Replaces the whole plan; an empty object removes it."),
        .optional("limits", LimitFields.body, "Set by the operator. Levels that are left out stay."),
    ]

    /// Changes a configuration as the request says, the default number aside.
    ///
    /// - Throws: 403 when somebody else than the operator would change the brakes on fraud.
    func apply(to rules: inout StoredOutboundConfiguration, byOperator: Bool) throws(APIError) {
        rules.name.take(name)
        rules.detail.take(detail)
        rules.destinationWhitelist = destinationWhitelist ?? rules.destinationWhitelist
        rules.codecs = codecs ?? rules.codecs
        rules.whenNoValidSource = whenNoValidSource ?? rules.whenNoValidSource
        rules.whenAnonymityDisallowed = whenAnonymityDisallowed ?? rules.whenAnonymityDisallowed
        rules.allowedSpecial = allowedSpecial ?? rules.allowedSpecial
        rules.dialPlan = dialPlan.applied(to: rules.dialPlan)
        let changed = limits.applied(to: rules.limits)
        guard byOperator || changed == rules.limits else {
            throw .forbidden("`limits` are set by whoever runs the deployment; leave them out")
        }
        rules.limits = changed
    }

    /// Countries of a list, trimmed and in lower case, each once.
    static func countries(_ body: BodyReader, _ key: String) throws(APIError) -> [Country]? {
        guard let texts = try body.strings(key, maximumCount: 300).value else { return nil }
        let name = body.name(key)
        var countries: [Country] = []
        for text in texts {
            let blanks: Set<Character> = [" ", "\t"]
            var trimmed = Substring(text)
            while let first = trimmed.first, blanks.contains(first) { trimmed.removeFirst() }
            while let last = trimmed.last, blanks.contains(last) { trimmed.removeLast() }
            guard let country = Country(String(trimmed)) else {
                throw .invalid(name, "`\(name)` holds `\(text.prefix(16))`, which is no ISO 3166-1 alpha-2 code")
            }
            guard !countries.contains(country) else {
                throw .invalid(name, "`\(name)` holds `\(country)` twice")
            }
            countries.append(country)
        }
        return countries
    }

    private static func codecs(_ body: BodyReader) throws(APIError) -> CodecList? {
        guard let text = try body.string("codecs").value else { return nil }
        do throws(CodecListError) {
            return try CodecList(text)
        } catch {
            let words =
                switch error {
                case .tooLong: "may have 255 characters at most"
                case .lineBreak: "has a line break in it"
                case .emptyName: "has an empty name in it"
                case .misplacedHyphen: "has a misplaced hyphen in it"
                case .forbiddenCharacter: "has a character in it that no codec name has, such as a blank"
                }
            throw .invalid("codecs", "`codecs` \(words); give names joined by commas", reason: "INVALID_CODECS")
        }
    }

    private static func special(_ body: BodyReader) throws(APIError) -> Set<SpecialDestination>? {
        guard let words = try body.strings("allowed_special", maximumCount: 64).value else { return nil }
        var found: Set<SpecialDestination> = []
        for word in words {
            guard let opened = SpecialDestination.opened(by: word) else {
                let known = SpecialDestination.words.joined(separator: ", ")
                throw .invalid(
                    "allowed_special",
                    "`allowed_special` holds `\(word.prefix(32))`; give some of \(known)"
                )
            }
            found.formUnion(opened)
        }
        return found
    }
}
