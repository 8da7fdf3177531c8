// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallPolicy

/// Where the control API is, who asks, and how answers are printed.
struct ConnectionArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The control API; else TOLLGATE_URL, else where you logged in.", valueName: "url")
    )
    var url: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A token; better in TOLLGATE_TOKEN, where `ps` does not show it.", valueName: "token")
    )
    var token: String?

    @Option(
        name: .long,
        help: ArgumentHelp("An access key; better in TOLLGATE_ACCESSKEY.", valueName: "key")
    )
    var accesskey: String?

    @Flag(name: .long, help: "Print the API's JSON.")
    var json = false

    func validate() throws {
        guard token == nil || accesskey == nil else {
            throw ValidationError("Give either --token or --accesskey, not both.")
        }
    }

    /// The address and the credential that hold: options first, then the environment, then what `login` kept.
    func connection() throws -> (address: APIAddress, credential: APICredential?) {
        if let credential = try named() { return (try Self.address(url, kept: nil), credential) }
        let kept = try TokenFile.read()
        let address = try Self.address(url, kept: kept)
        // A token must not go to another place than the one that gave it.
        guard let kept, kept.url == address.text, APICredential.isWellFormed(kept.token) else { return (address, nil) }
        return (address, .token(Secret(kept.token)))
    }

    /// The address that options, environment or an earlier login name.
    static func address(_ url: String?, kept: TokenFile?) throws -> APIAddress {
        guard let text = url ?? OperatorEnvironment.value("TOLLGATE_URL") ?? kept?.url else { return .standard }
        guard let address = APIAddress(text) else {
            throw ValidationError("`\(text)` is no URL of a control API: write it like http://127.0.0.1:8080.")
        }
        return address
    }

    private func named() throws -> APICredential? {
        if let token { return .token(try Self.checked(token, "--token")) }
        if let accesskey { return .accessKey(try Self.checked(accesskey, "--accesskey")) }
        if let token = OperatorEnvironment.value("TOLLGATE_TOKEN") {
            return .token(try Self.checked(token, "TOLLGATE_TOKEN"))
        }
        if let key = OperatorEnvironment.value("TOLLGATE_ACCESSKEY") {
            return .accessKey(try Self.checked(key, "TOLLGATE_ACCESSKEY"))
        }
        return nil
    }

    private static func checked(_ text: String, _ name: String) throws -> Secret {
        guard APICredential.isWellFormed(text) else {
            throw ValidationError("What \(name) holds is no token: it is empty, or has blanks or other characters.")
        }
        return Secret(text)
    }
}
