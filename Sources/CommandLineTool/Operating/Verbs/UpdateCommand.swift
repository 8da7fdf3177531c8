// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI

/// `tollgate KIND update ONE`.
struct UpdateCommand<Resource: OperatedResource>: AsyncReportingCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "update",
            abstract: "Change one \(Resource.kind.noun).",
            discussion: """
                What is left out stays as it is.

                EXAMPLE
                  tollgate \(Resource.kind.command) update \(Resource.changeExample)
                """
        )
    }

    @Argument(help: Resource.nameHelp)
    var name: String

    @OptionGroup var arguments: Resource.Changes
    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func result() async throws -> CommandResult {
        let fields = try arguments.fields().compactMap { $0 }
        guard !fields.isEmpty else {
            let help = "`tollgate help \(Resource.kind.command) update`"
            throw ValidationError("Say what to change; \(help) lists what can be.")
        }
        return try await APIClient.with(connection.connection()) { client in
            let lookup = ResourceLookup(client: client)
            let id = try await lookup.identifier(name, of: Resource.kind)
            let body = try await lookup.body(fields)
            let answer = try await client.ask(.put, "\(Resource.kind.path)/\(id)", body: .object(body))
            return try Change.report(answer, of: Resource.kind, "changed", json: connection.json)
        }
    }
}
