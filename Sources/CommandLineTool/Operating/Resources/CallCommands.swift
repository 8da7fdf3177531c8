// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallPolicy
import ControlAPI

/// `tollgate calls hangup ID`.
struct HangUpCommand: AsyncReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "hangup",
        abstract: "End calls, over the control API.",
        discussion: """
            A call that has ended is left as it is.

            EXAMPLE
              tollgate calls hangup 01890a5d-ac96-774b-bcce-b302099a8057
            """
    )

    @Argument(help: ArgumentHelp("The calls' identities, as `calls` shows them.", valueName: "id"))
    var ids: [String]

    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    func validate() throws {
        for id in ids where ResourceIdentifier(id) == nil {
            throw ValidationError("`\(id)` is not a call's identity; those have 36 characters, as `calls` shows.")
        }
    }

    func result() async throws -> CommandResult {
        try await APIClient.with(connection.connection()) { client in
            var result = CommandResult()
            for id in ids {
                do {
                    let answer = try await client.ask(.post, "/v1.0/calls/\(id)/hangup")
                    let line = "call \(id): \(PlainText.harmless(ResourceObject(answer).text("status")))\n"
                    result.output += try connection.json ? ResourceText.json(answer) : line
                } catch let failure as CommandFailure where failure.status == .unanswerable {
                    // One that is not there must not keep the others up.
                    result.diagnostics += failure.message + "\n"
                    result.status = .unanswerable
                }
            }
            return result
        }
    }
}

/// `tollgate calls place`.
struct PlaceCallCommand: AsyncReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "place",
        abstract: "Place calls, over the control API, in the name of your own customer.",
        discussion: """
            Policy judges them as any other call. What --to means is read off it: `+` and digits are a telephone \
            number, a text with @ is a SIP address, anything else an extension.

            EXAMPLES
              tollgate calls place --to +442071838750 --from +15551234567
              tollgate calls place --to alice --to bob --anonymous yes

            The exit status is 1 when policy refuses every one.
            """
    )

    @Option(name: .customLong("to"), help: "Where to; may be repeated.")
    var destinations: [String]

    @Option(name: .customLong("from"), help: "The number to be shown: one of the customer's own.")
    var source: String?

    @Option(help: "Whether the caller is hidden: yes, no or auto.")
    var anonymous: String?

    @OptionGroup(title: "Connection") var connection: ConnectionArguments

    /// What is asked of the API.
    var body: JSONValue {
        var body = JSONObject([
            ("destinations", .array(destinations.map { ["target": .string($0)] }))
        ])
        body["source"] = source.map { ["target": .string($0)] }
        body["anonymous"] = anonymous.map { .string($0) }
        return .object(body)
    }

    func result() async throws -> CommandResult {
        try await APIClient.with(connection.connection()) { client in
            let answer = try await client.ask(.post, "/v1.0/calls", body: body)
            if connection.json { return CommandResult(output: try ResourceText.json(answer)) }
            var output = ""
            for call in (answer.elements ?? []).map({ ResourceObject($0) }) {
                let target = call["destination"].map { ResourceObject($0).text("target") } ?? ""
                let line = "call \(call.text("id")) to \(target): \(call.text("status"))"
                output += PlainText.harmless(line) + "\n"
            }
            return CommandResult(output: output)
        }
    }
}
