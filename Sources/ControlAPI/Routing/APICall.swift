// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallAPI
package import CallPolicy
package import CallStore
package import HTTPTypes
package import Logging
package import MonotonicTime

/// What every operation works with.
package struct APIServices: Sendable {
    /// Customers, resources and calls.
    package var store: CallStore
    /// The running gateway.
    package var commands: any CallCommands
    /// How the API behaves.
    package var settings: ControlAPISettings
    /// The present.
    package var now: @Sendable () -> WallTime
    /// The log.
    package var logger: Logger
    /// How often anybody has asked of late.
    let limits = RequestLimits()
    /// Where passwords are hashed.
    let passwords = PasswordWorker()

    /// Makes the services.
    package init(
        store: CallStore,
        commands: any CallCommands,
        settings: ControlAPISettings,
        now: @escaping @Sendable () -> WallTime,
        logger: Logger
    ) {
        self.store = store
        self.commands = commands
        self.settings = settings
        self.now = now
        self.logger = logger
    }

    /// A new identity, ordered by time (RFC 9562 version 7).
    package func newIdentifier() -> ResourceIdentifier {
        var randomness = SystemRandomNumberGenerator()
        return ResourceIdentifier(unixMilliseconds: now().milliseconds, random: (randomness.next(), randomness.next()))
    }

    /// Has the gateway judge its next call by what was just written; a failure is logged, what is stored stays.
    package func policyChanged() async {
        do {
            try await commands.reloadPolicy()
        } catch {
            logger.error("policy not reloaded after a change by the API", metadata: ["reason": "\(error)"])
        }
    }
}

/// A request as an operation sees it: known, allowed, its body read.
package struct APICall: Sendable {
    /// What operations work with.
    package var services: APIServices
    /// Who asks; nil for operations that are open.
    package var caller: APIIdentity?
    /// The request's id, as it is answered and logged.
    package var requestID: String
    /// The parameters of the path, by name.
    package var parameters: [String: String]
    /// The parameters of the query, by name; of several the first.
    package var query: [String: String]
    /// The header fields.
    package var headers: HTTPFields
    /// The body; empty when the request has none.
    package var body: BodyReader
    /// The address the request came from, without port.
    package var remoteHost: String

    /// Who asks.
    package var identity: APIIdentity {
        get throws(APIError) {
            guard let caller else { throw .authenticationRequired }
            return caller
        }
    }

    /// The customer on whose behalf the request is made.
    ///
    /// - Throws: 403 for an operator who belongs to no customer: such a one names the customer by other operations.
    package var customer: ResourceIdentifier {
        get throws(APIError) {
            guard let customer = try identity.customer else {
                throw .forbidden("this operation is for a customer's own things; you belong to no customer")
            }
            return customer
        }
    }

    /// A UUID of the path.
    package func identifier(_ name: String = "id") throws(APIError) -> ResourceIdentifier {
        let text = parameters[name] ?? ""
        guard let id = ResourceIdentifier(text) else { throw .invalidIdentifier(text) }
        return id
    }

    /// A UUID of the query; nil without one.
    package func queryIdentifier(_ name: String) throws(APIError) -> ResourceIdentifier? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let id = ResourceIdentifier(text) else {
            throw .invalid(name, "`\(name)` is not a UUID", reason: "INVALID_REQUEST_PARAMETER")
        }
        return id
    }

    /// The page asked for.
    package var page: PageRequest {
        get throws(APIError) { try PageRequest(query) }
    }
}
