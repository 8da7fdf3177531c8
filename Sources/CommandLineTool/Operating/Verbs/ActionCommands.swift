// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI

/// A change of one thing that has a command of its own.
protocol ResourceAction {
    associatedtype Resource: OperatedResource

    /// The command, such as `disable`.
    static var command: String { get }
    /// What it does, as a sentence.
    static var abstract: String { get }
    /// What is said when it is done.
    static var done: String { get }
    /// What is asked of the API.
    static func request(_ id: String) -> (method: APIMethod, path: String, body: JSONValue?)
}

/// `tollgate KIND ACTION ONE`.
struct ActionCommand<Action: ResourceAction>: AsyncReportingCommand {
    static var configuration: CommandConfiguration {
        let command = Action.Resource.kind.command
        return CommandConfiguration(
            commandName: Action.command,
            abstract: Action.abstract,
            discussion: """
                EXAMPLE
                  tollgate \(command) \(Action.command) \(Action.Resource.exampleName)
                """
        )
    }

    @Argument(help: Action.Resource.nameHelp)
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func result() async throws -> CommandResult {
        try await APIClient.with(connection.connection()) { client in
            let kind = Action.Resource.kind
            let id = try await ResourceLookup(client: client).identifier(name, of: kind)
            let request = Action.request(id)
            let answer = try await client.ask(request.method, request.path, body: request.body)
            return try Change.report(answer, of: kind, Action.done, json: connection.json)
        }
    }
}

/// `enable`, for things that have a switch.
enum Enable<Resource: OperatedResource>: ResourceAction {
    static var command: String { "enable" }
    static var abstract: String { "Switch one \(Resource.kind.noun) on." }
    static var done: String { "enabled" }
    static func request(_ id: String) -> (method: APIMethod, path: String, body: JSONValue?) {
        (.put, "\(Resource.kind.path)/\(id)", ["enabled": true])
    }
}

/// `disable`, for things that have a switch.
enum Disable<Resource: OperatedResource>: ResourceAction {
    static var command: String { "disable" }
    static var abstract: String { "Switch one \(Resource.kind.noun) off: no new calls; those there are go on." }
    static var done: String { "disabled" }
    static func request(_ id: String) -> (method: APIMethod, path: String, body: JSONValue?) {
        (.put, "\(Resource.kind.path)/\(id)", ["enabled": false])
    }
}
