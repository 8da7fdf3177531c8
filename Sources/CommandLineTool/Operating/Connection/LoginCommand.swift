// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import ControlAPI

/// `tollgate login`: gets a token of the control API and keeps it.
package struct LoginCommand: AsyncReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Log in to the control API, for the commands that run a deployment.",
        discussion: """
            The password is asked for without echo; or it is the first line of --password-file, or of standard \
            input when that is no terminal. The token that the API gives holds for a week and is kept, readable \
            for you alone, in ~/.config/tollgate/token.json (XDG_CONFIG_HOME moves it). It is sent to the URL that \
            gave it and nowhere else.

            EXAMPLES
              tollgate login --username ops
              tollgate login --url https://gateway.example.com --username ops
              pass show tollgate/ops | tollgate login --username ops
              tollgate login --forget

            Programs do better with an access key: `tollgate accesskey create`, and TOLLGATE_ACCESSKEY.

            The exit status is 1 when user name and password do not go together, and 69 when the API does not answer.
            """
    )

    @Option(
        name: .long,
        help: ArgumentHelp("The control API; else TOLLGATE_URL, else \(APIAddress.standard.text).", valueName: "url")
    )
    var url: String?

    @Option(name: .long, help: ArgumentHelp("The name to log in with.", valueName: "name"))
    var username = "admin"

    @Option(name: .long, help: ArgumentHelp("The file whose first line is the password.", valueName: "file"))
    var passwordFile: String?

    @Flag(name: .long, help: "Remove the token that is kept; the API forgets it when it expires.")
    var forget = false

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Gets the token.
    package func result() async throws -> CommandResult {
        if forget {
            let wasThere = try TokenFile.remove()
            return CommandResult(output: wasThere ? "the token is removed\n" : "there is no token\n")
        }
        let address = try ConnectionArguments.address(url, kept: nil)
        let password = try PasswordPrompt.password(file: passwordFile, for: username, isNew: false)
        let token = try await token(address, password)
        let path = try TokenFile(url: address.text, username: username, token: token).write()
        let name = PlainText.harmless(username)
        var result = CommandResult(output: "logged in to \(address.text) as \(name); the token is in \(path)\n")
        if !address.isPrivate {
            result.diagnostics = "tollgate: the password went there unencrypted; put TLS before the API and use https\n"
        }
        return result
    }

    private func token(_ address: APIAddress, _ password: String) async throws -> String {
        let body: JSONValue = ["username": .string(username), "password": .string(password)]
        let answer = try await APIClient.with((address, nil)) { client in
            let refusal = "there is no such user name with this password"
            return try await client.ask(.post, "/auth/login", body: body, bareRefusal: refusal)
        }
        guard let token = answer.members?["token"]?.text, APICredential.isWellFormed(token) else {
            throw CommandFailure("what answers at \(address.text) is no control API; check --url", status: .unavailable)
        }
        return token
    }
}
