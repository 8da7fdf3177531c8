// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallPolicy
import CallStore
import DigestAuthentication
import MonotonicTime
import TollgateConfiguration

/// `tollgate init`: makes the first person who may run the deployment by the control API.
package struct InitCommand: ReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the store, and the first super admin of the control API.",
        discussion: """
            The super admin logs in with POST /auth/login and makes customers, their agents and all the rest by the             control API. The password is asked for, twice and without echo; or it is the first line of             `--password-file`, or of standard input when that is no terminal. It is stored as a scrypt hash.

            EXAMPLES
              tollgate init --config gateway.yaml
              tollgate init --config gateway.yaml --username ops --password-file /run/secrets/ops
              pass show tollgate/ops | tollgate init --store /var/lib/tollgate/tollgate.db --username ops

            A gateway may be running. The exit status is 1 when there is a super admin already: `--force` makes             another one nevertheless.
            """
    )

    /// Where the store is.
    @OptionGroup var location: StoreArguments

    @Option(name: .long, help: ArgumentHelp("The name to log in with.", valueName: "name"))
    var username = "admin"

    @Option(name: .long, help: ArgumentHelp("The file whose first line is the password.", valueName: "file"))
    var passwordFile: String?

    @Flag(name: .long, help: "Make a super admin even if there is one.")
    var force = false

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Refuses what no agent may be called.
    package func validate() throws {
        let isPlain = username.unicodeScalars.allSatisfy { $0.value > 32 && $0.value != 127 }
        guard isPlain, (1...255).contains(username.count) else {
            throw ValidationError("A user name has 1 to 255 characters, and no blanks.")
        }
    }

    /// Makes the agent.
    package func result() throws -> CommandResult {
        let configuration = try location.configuration()
        let path = try location.path(configuration)
        let password = try PasswordPrompt.password(file: passwordFile, for: username)
        StoreDirectory.make(for: path)
        let store = try CallStore.open(path)
        defer { try? store.close() }
        let now = WallTime.current
        var randomness = SystemRandomNumberGenerator()
        let agent = StoredAgent(
            id: ResourceIdentifier(
                unixMilliseconds: now.milliseconds,
                random: (randomness.next(), randomness.next())
            ),
            customer: nil,
            username: username,
            passwordHash: Secret(try PasswordHash.make(of: password).text),
            permission: AgentRole.superAdmin.permission,
            created: now
        )
        return report(try store.makeAgent(agent, besides: force), configuration)
    }

    private func report(_ creation: AgentCreation, _ configuration: GatewayConfiguration?) -> CommandResult {
        let name = PlainText.harmless(username)
        switch creation {
        case .made:
            return CommandResult(output: "super admin \(name): created\n" + Self.nextSteps(configuration, name))
        case .notTheFirst:
            let words = "there is a super admin already; `--force` makes another one"
            return CommandResult(CommandFailure(words, status: .rejected))
        case .usernameTaken:
            let words = "there is an agent `\(name)` already; choose another `--username`"
            return CommandResult(CommandFailure(words, status: .rejected))
        }
    }

    private static func nextSteps(_ configuration: GatewayConfiguration?, _ name: String) -> String {
        guard let api = configuration?.controlAPI, api.isEnabled else {
            return """
                Next: give the gateway's configuration a section `control_api: {}`, and start it with
                  tollgate serve --config FILE

                """
        }
        let host = api.address.contains(":") ? "[\(api.address)]" : api.address
        return """
            Next: start the gateway with `tollgate serve`, and get a token with
              curl -d '{"username":"\(name)","password":"…"}' http://\(host):\(api.port)/auth/login
            GET /openapi.json there describes all operations; README.md has examples.

            """
    }
}
