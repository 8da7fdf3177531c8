// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `tollgate KIND delete ONE`.
struct DeleteCommand<Resource: OperatedResource>: AsyncReportingCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete",
            abstract: "Delete one \(Resource.kind.noun), at once and for good.",
            discussion: """
                EXAMPLE
                  tollgate \(Resource.kind.command) delete \(Resource.exampleName)
                """
        )
    }

    @Argument(help: Resource.nameHelp)
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func result() async throws -> CommandResult {
        try await APIClient.with(connection.connection()) { client in
            let kind = Resource.kind
            let id = try await ResourceLookup(client: client).identifier(name, of: kind)
            let answer = try await client.ask(.delete, "\(kind.path)/\(id)")
            return try Change.report(answer, of: kind, "deleted", json: connection.json)
        }
    }
}
