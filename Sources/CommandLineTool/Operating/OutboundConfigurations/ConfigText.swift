// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ControlAPI

/// Outbound configurations as text for people.
enum ConfigText {
    /// What holds for a customer, or the API's JSON.
    static func result(
        _ configuration: ResourceObject,
        of customer: String?,
        _ client: APIClient,
        json: Bool
    ) async throws -> CommandResult {
        if json { return CommandResult(output: try ResourceText.json(configuration.value)) }
        let number = try await number(configuration.text("default_outgoing_source_number_id"), client)
        return CommandResult(output: text(configuration, of: customer, defaultNumber: number))
    }

    /// The number that an identity stands for; itself when it cannot be asked for.
    private static func number(_ identifier: String, _ client: APIClient) async throws -> String {
        guard !identifier.isEmpty else { return "" }
        do {
            return ResourceObject(try await client.ask(.get, "\(Numbers.kind.path)/\(identifier)")).text("number")
        } catch let failure as CommandFailure where failure.status != .unavailable {
            return identifier
        }
    }

    /// A setting a line; what is empty is told in words, since it means something.
    static func text(_ configuration: ResourceObject, of customer: String?, defaultNumber: String) -> String {
        let name = configuration.text("name")
        let heading = customer ?? (name.isEmpty ? configuration.text("customer_id") : name)
        var table = TextTable([.init("outbound configuration"), .init(PlainText.harmless(heading))])
        func add(_ name: String, _ text: String, empty: String) { table.add([name, text.isEmpty ? empty : text]) }
        add("countries", configuration.text("destination_whitelist"), empty: "none: every telephone call is refused")
        add("codecs", configuration.text("codecs"), empty: "all")
        add("default number", defaultNumber, empty: "none")
        add("without a valid source", configuration.text("when_no_valid_source"), empty: "")
        add("anonymity not allowed", configuration.text("when_anonymity_disallowed"), empty: "")
        add("special numbers", configuration.text("allowed_special"), empty: "blocked")
        for (name, text) in settings(configuration, under: "dial_plan") { table.add(["dial plan: \(name)", text]) }
        for (name, text) in limits(configuration) { table.add(["limit: \(name)", text]) }
        return table.text(width: nil)
    }

    private static func settings(_ configuration: ResourceObject, under key: String) -> [(String, String)] {
        (configuration[key]?.members?.members ?? []).map { member in
            (member.key.replacing("_", with: " "), ResourceObject.text(member.value))
        }.filter { !$0.1.isEmpty }
    }

    /// The limits that are set, with both levels.
    private static func limits(_ configuration: ResourceObject) -> [(String, String)] {
        (configuration["limits"]?.members?.members ?? []).compactMap { member in
            let name = member.key.replacing("_", with: " ")
            guard let levels = member.value.members else {
                let text = ResourceObject.text(member.value)
                return text.isEmpty ? nil : (name, text)
            }
            let words = ["soft", "hard"].compactMap { level -> String? in
                guard case .integer(let number)? = levels[level] else { return nil }
                return "\(level) \(number)"
            }
            return words.isEmpty ? nil : (name, words.joined(separator: ", "))
        }
    }
}
