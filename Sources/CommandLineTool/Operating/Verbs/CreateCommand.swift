// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI

/// `tollgate KIND create`.
struct CreateCommand<Resource: OperatedResource>: AsyncReportingCommand {
    static var configuration: CommandConfiguration {
        let kind = Resource.kind
        return CommandConfiguration(
            commandName: "create",
            abstract: "Make \(kind.noun.first.map { "aeiou".contains($0) } == true ? "an" : "a") \(kind.noun).",
            discussion: """
                \(Resource.creationNote.isEmpty ? "The next call is judged by it." : Resource.creationNote)

                EXAMPLE
                  tollgate \(kind.command) create \(Resource.creationExample)
                """
        )
    }

    @OptionGroup var arguments: Resource.Creation
    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func result() async throws -> CommandResult {
        let fields = try arguments.fields()
        return try await APIClient.with(connection.connection()) { client in
            let body = try await ResourceLookup(client: client).body(fields)
            let answer = try await client.ask(.post, Resource.kind.path, body: .object(body))
            return try Change.report(answer, of: Resource.kind, "created", json: connection.json)
        }
    }
}

/// What is said of a change that the API has made.
enum Change {
    /// A line, or the API's JSON; a secret that the API shows once is on a line of its own.
    static func report(
        _ answer: JSONValue,
        of kind: ResourceKind,
        _ done: String,
        json: Bool
    ) throws -> CommandResult {
        if json { return CommandResult(output: try ResourceText.json(answer)) }
        let object = ResourceObject(answer)
        var output = "\(kind.noun) \(PlainText.harmless(kind.label(object))): \(done), id \(object.text("id"))\n"
        if let token = object["token"]?.text {
            output += "its token, shown this once: \(PlainText.harmless(token))\n"
        }
        return CommandResult(output: output)
    }
}
