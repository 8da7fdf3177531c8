// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI

/// What may change of an outbound configuration.
struct ConfigChanges: ParsableArguments {
    @Option(help: ArgumentHelp("All countries that may be called, by ISO 3166-1 code, or `none`.", valueName: "list"))
    var whitelist: String?
    @Option(
        name: .customLong("add-country"),
        help: ArgumentHelp("Countries that may be called besides; may be repeated.", valueName: "list")
    )
    var added: [String] = []
    @Option(
        name: .customLong("remove-country"),
        help: ArgumentHelp("Countries that may no longer be called; may be repeated.", valueName: "list")
    )
    var removed: [String] = []
    @Option(
        help: ArgumentHelp("Encoding names with commas between, or `all`; for SIP destinations.", valueName: "list")
    )
    var codecs: String?
    @Option(help: ArgumentHelp("The number shown when a caller's own is not valid, or `none`.", valueName: "number"))
    var defaultNumber: String?
    @Option(help: ArgumentHelp("Without either: `anonymous`, or `reject` the call.", valueName: "word"))
    var whenNoValidSource: String?
    @Option(
        help: ArgumentHelp("When the far end takes no hidden caller: `refuse` or `retry_shown`.", valueName: "word")
    )
    var whenAnonymityDisallowed: String?
    @Option(help: ArgumentHelp("Classes of numbers that are not to be blocked, or `none`.", valueName: "list"))
    var allowedSpecial: String?
    @Option(help: ArgumentHelp("The country whose national numbers may be dialled.", valueName: "country"))
    var dialCountry: String?
    @Option(name: .customLong("limit"), help: ArgumentHelp("A limit, as below; may be repeated.", valueName: "limit"))
    var limits: [String] = []
    @Option(help: ArgumentHelp("Countries that the daily limits leave out, or `none`.", valueName: "list"))
    var homeCountries: String?
    @Option(help: "What it is called.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?

    func validate() throws {
        guard whitelist == nil || (added.isEmpty && removed.isEmpty) else {
            throw ValidationError("--whitelist is the whole list: give it, or --add-country and --remove-country.")
        }
        for limit in limits { _ = try Self.limit(limit) }
    }

    /// Whether nothing is to change.
    var isEmpty: Bool {
        let texts = [
            whitelist, codecs, defaultNumber, whenNoValidSource, whenAnonymityDisallowed, allowedSpecial, dialCountry,
            homeCountries, name, detail,
        ]
        return texts.allSatisfy { $0 == nil } && added.isEmpty && removed.isEmpty && limits.isEmpty
    }

    /// What is to be written over what holds now.
    ///
    /// - Throws: `CommandFailure` for a country that is to be removed and is not there.
    func fields(over current: ResourceObject) throws -> [BodyField?] {
        [
            .text("name", name), .text("detail", detail), try countries(over: current),
            .text("codecs", codecs == "all" ? "" : codecs),
            .reference("default_outgoing_source_number_id", defaultNumber, .number),
            .text("when_no_valid_source", whenNoValidSource),
            .text("when_anonymity_disallowed", whenAnonymityDisallowed), .list("allowed_special", allowedSpecial),
            dialPlan(over: current), try limitField(),
        ]
    }

    private func countries(over current: ResourceObject) throws -> BodyField? {
        if let whitelist { return .list("destination_whitelist", whitelist) }
        guard !added.isEmpty || !removed.isEmpty else { return nil }
        var countries = (current["destination_whitelist"]?.elements ?? []).compactMap(\.text)
        // A mistyped code would leave a country open that was meant to be closed.
        for country in removed.flatMap({ CommaList.parts($0.lowercased()) }) {
            guard let place = countries.firstIndex(of: country) else {
                let shown = PlainText.harmless(country)
                let list = countries.isEmpty ? "it is empty" : "it has \(countries.joined(separator: ", "))"
                let words = "`\(shown)` is not in the whitelist: \(list); nothing was changed"
                throw CommandFailure(words, status: .unanswerable)
            }
            countries.remove(at: place)
        }
        for country in added.flatMap({ CommaList.parts($0.lowercased()) }) where !countries.contains(country) {
            countries.append(country)
        }
        return BodyField(key: "destination_whitelist", value: .json(.array(countries.map { .string($0) })))
    }

    /// The API replaces a dial plan as a whole; what else it says is kept, but for what belongs to a country.
    private func dialPlan(over current: ResourceObject) -> BodyField? {
        guard let dialCountry else { return nil }
        var plan = JSONObject((current["dial_plan"]?.members?.members ?? []).map { ($0.key, $0.value) })
        for key in ["country", "national_prefix", "minimum_national_length"] { plan[key] = nil }
        if dialCountry != "none" { plan["country"] = .string(dialCountry) }
        return BodyField(key: "dial_plan", value: .json(.object(plan)))
    }

    private func limitField() throws -> BodyField? {
        var members: [(String, JSONValue)] = []
        for limit in limits { members.append(try Self.limit(limit)) }
        if let homeCountries {
            members.append(("home_countries", .array(CommaList.parts(homeCountries).map { .string($0) })))
        }
        guard !members.isEmpty else { return nil }
        return BodyField(key: "limits", value: .json(.object(JSONObject(members))))
    }

    /// `NAME=HARD`, `NAME=SOFT/HARD`, `NAME=SOFT/` or `NAME=none`.
    static func limit(_ text: String) throws -> (String, JSONValue) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let wrong = ValidationError("`\(text)` is no limit: write it like concurrent_calls=10, =8/10 or =none.")
        guard halves.count == 2, let name = halves.first, let value = halves.last, !name.isEmpty else { throw wrong }
        if value == "none" { return (String(name), .object(JSONObject())) }
        let parts = value.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let last = parts.last, let first = parts.first else { throw wrong }
        var levels = JSONObject()
        if parts.count == 2 {
            guard let soft = Int64(first) else { throw wrong }
            levels["soft"] = .integer(soft)
        }
        if !last.isEmpty || parts.count == 1 {
            guard let hard = Int64(last) else { throw wrong }
            levels["hard"] = .integer(hard)
        }
        return (String(name), .object(levels))
    }
}
