// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI

/// `tollgate KIND list`.
struct ListCommand<Resource: OperatedResource>: AsyncReportingCommand {
    static var configuration: CommandConfiguration {
        let kind = Resource.kind
        return CommandConfiguration(
            commandName: "list",
            abstract: "List the \(kind.plural), newest first.",
            discussion: """
                On a terminal the table is fitted to its width; the id always stands whole. Into a pipe nothing is cut.

                EXAMPLES
                  tollgate \(kind.command) list
                  tollgate \(kind.command) list --limit 1000 --json
                """
        )
    }

    @OptionGroup var filter: Resource.Filter

    @Option(name: .shortAndLong, help: "How many at most.")
    var limit = 100

    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit counts from 1.") }
    }

    func result() async throws -> CommandResult {
        try await APIClient.with(connection.connection()) { client in
            let lookup = ResourceLookup(client: client)
            let query = try await filter.query(lookup)
            return try await ListOutput.result(
                of: Resource.kind,
                query: query,
                limit: limit,
                json: connection.json,
                lookup
            )
        }
    }
}

/// What a list says.
enum ListOutput {
    /// The rows as a table, or as the API's JSON.
    static func result(
        of kind: ResourceKind,
        query: [(String, String)],
        limit: Int,
        json: Bool,
        _ lookup: ResourceLookup
    ) async throws -> CommandResult {
        let found = try await lookup.client.list(kind.path, query: query, limit: limit)
        let more = found.hasMore ? "tollgate: there are more; give a larger --limit\n" : ""
        if json { return CommandResult(output: try ResourceText.json(.array(found.rows)), diagnostics: more) }
        let rows = found.rows.map { ResourceObject($0) }
        let names = try await lookup.names(for: rows, in: kind.columns)
        let table = ResourceText.table(rows, of: kind, names: names, width: Terminal.width)
        return CommandResult(output: table, diagnostics: more)
    }
}
