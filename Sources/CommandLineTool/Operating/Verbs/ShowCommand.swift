// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `tollgate KIND show ONE`.
struct ShowCommand<Resource: OperatedResource>: AsyncReportingCommand {
    static var configuration: CommandConfiguration {
        let kind = Resource.kind
        return CommandConfiguration(
            commandName: "show",
            abstract: "Show everything about one \(kind.noun).",
            discussion: """
                Keys are the API's; those without a value are left out, --json has them all.

                EXAMPLE
                  tollgate \(kind.command) show \(Resource.exampleName)
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
            let answer = try await client.ask(.get, "\(kind.path)/\(id)")
            if connection.json { return CommandResult(output: try ResourceText.json(answer)) }
            return CommandResult(output: ResourceText.whole(ResourceObject(answer), of: kind))
        }
    }
}
