// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import ControlAPI

/// `tollgate config`: what customers may call, and how.
package struct ConfigCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show and set the countries, codecs and limits of customers' calls, over the control API.",
        discussion: """
            A customer's admin works on the own customer; a super admin names one with --customer. The next call is \
            judged by what was set.

            EXAMPLES
              tollgate config show
              tollgate config set --add-country de --remove-country us
              tollgate config set --customer acme --whitelist us,gb \\
                  --codecs PCMU,PCMA --default-number +15551234567
              tollgate config list
            """,
        subcommands: [ConfigListCommand.self, ConfigShowCommand.self, ConfigSetCommand.self]
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

/// `tollgate config list`.
struct ConfigListCommand: AsyncReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the outbound configurations of all customers; for a super admin.",
        discussion: """
            EXAMPLE
              tollgate config list
            """
    )

    static let kind = ResourceKind(
        command: "config",
        noun: "outbound configuration",
        path: "/v1.0/outbound_configs",
        nameKeys: [],
        columns: [
            .customer, .init("COUNTRIES", "destination_whitelist", least: 9), .init("CODECS", "codecs", least: 6),
            .init("DEFAULT NUMBER", .reference("default_outgoing_source_number_id", .number)),
            .init("UPDATED (UTC)", "tm_update"),
        ]
    )

    @Option(name: .shortAndLong, help: "How many at most.")
    var limit = 100

    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit counts from 1.") }
    }

    func result() async throws -> CommandResult {
        try await APIClient.with(connection.connection()) { client in
            try await ListOutput.result(
                of: Self.kind,
                query: [],
                limit: limit,
                json: connection.json,
                ResourceLookup(client: client)
            )
        }
    }
}

/// `tollgate config show`.
struct ConfigShowCommand: AsyncReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show which countries may be called, by which codecs and within which limits.",
        discussion: """
            EXAMPLES
              tollgate config show
              tollgate config show --customer acme
            """
    )

    @OptionGroup var whose: ConfigOwner
    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func result() async throws -> CommandResult {
        try await APIClient.with(connection.connection()) { client in
            let place = try await ConfigPlace.find(whose.customer, client)
            guard let current = place.current else {
                let words = "the customer has no outbound configuration and may call no country"
                let advice = "`tollgate config set --customer` makes one"
                throw CommandFailure("\(words); \(advice)", status: .unanswerable)
            }
            return try await ConfigText.result(current, of: whose.customer, client, json: connection.json)
        }
    }
}

/// `tollgate config set`.
struct ConfigSetCommand: AsyncReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set which countries may be called, by which codecs and within which limits.",
        discussion: """
            What is left out stays as it is; what is printed is what holds from the next call on.

            EXAMPLES
              tollgate config set --whitelist us,gb --codecs PCMU,PCMA
              tollgate config set --add-country de --default-number +15551234567
              tollgate config set --customer acme --limit concurrent_calls=8/10

            LIMITS, for a super admin: NAME=HARD, NAME=SOFT/HARD, NAME=SOFT/ or NAME=none with the names
              concurrent_calls, calls_per_second, calls_per_minute_to_country,
              calls_per_minute_to_number, daily_calls_to_country,
              daily_minutes_to_country, max_call_duration_seconds
            """
    )

    @OptionGroup var whose: ConfigOwner
    @OptionGroup var changes: ConfigChanges
    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func result() async throws -> CommandResult {
        guard !changes.isEmpty else {
            throw ValidationError("Say what to set; `tollgate help config set` lists what can be.")
        }
        return try await APIClient.with(connection.connection()) { client in
            let place = try await ConfigPlace.find(whose.customer, client)
            let fields = try changes.fields(over: place.current ?? ResourceObject(.object(JSONObject())))
            let scope = place.customer.map { [("customer_id", $0)] } ?? []
            var body = try await ResourceLookup(client: client).body(fields, scope: scope)
            if place.current == nil { body["customer_id"] = place.customer.map { .string($0) } }
            let method = place.current == nil ? APIMethod.post : .put
            let answer = try await client.ask(method, place.path, body: .object(body))
            return try await ConfigText.result(
                ResourceObject(answer),
                of: whose.customer,
                client,
                json: connection.json
            )
        }
    }
}
