// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import MonotonicTime

/// Who asks, and where their customer stands.
struct AuthenticatedCaller: Sendable {
    let identity: APIIdentity
    /// The customer; nil for who belongs to none.
    let customer: StoredCustomer?
}

/// Finds out who asks. Agents, keys and customers are read from the store each time: what was taken away is gone.
struct Authenticator: Sendable {
    let services: APIServices

    /// Who the credentials belong to.
    func caller(_ credentials: RequestCredentials, at now: WallTime) async throws -> AuthenticatedCaller {
        switch credentials {
        case .token(let token): try await agent(token, at: now)
        case .accessKey(let key): try await accessKey(key, at: now)
        }
    }

    /// Who signs tokens: with the stored key, which is made when there is none.
    func authority() async throws -> TokenAuthority {
        let name = StoredSecret.tokenKey
        if let secret = try await services.store.read({ try StoredSecret.find($0, name) }) {
            return await TokenAuthority(secret: secret)
        }
        let fresh = try SecureRandom.bytes(32)
        return await TokenAuthority(secret: try await services.store.write { try StoredSecret.keep($0, name, fresh) })
    }

    private func agent(_ token: String, at now: WallTime) async throws -> AuthenticatedCaller {
        let authority = try await authority()
        let claims = try await authority.claims(token, at: now)
        guard let id = ResourceIdentifier(claims.sub) else { throw APIError.invalidCredentials }
        let found = try await services.store.read { database -> (StoredAgent, StoredCustomer?)? in
            guard let agent = try StoredAgent.find(database, id) else { return nil }
            return (agent, try agent.customer.flatMap { try StoredCustomer.find(database, $0) })
        }
        // A customer that is gone takes its agents along.
        guard let (agent, customer) = found, agent.customer == customer?.id,
            try authority.fingerprint(of: agent) == claims.fingerprint
        else { throw APIError.invalidCredentials }
        let identity = APIIdentity(
            kind: .agent(agent.id),
            customer: agent.customer,
            permission: Permission(rawValue: agent.permission)
        )
        return AuthenticatedCaller(identity: identity, customer: customer)
    }

    private func accessKey(_ token: String, at now: WallTime) async throws -> AuthenticatedCaller {
        guard let token = AccessToken(token) else { throw APIError.invalidCredentials }
        let found = try await services.store.read { database -> (StoredAccessKey, StoredCustomer)? in
            let keys = try StoredAccessKey.find(database, tokenPrefix: token.prefix)
            guard let key = keys.first(where: { token.matches($0.tokenHash) }), now < key.expires,
                let customer = try StoredCustomer.find(database, key.customer)
            else { return nil }
            return (key, customer)
        }
        guard let (key, customer) = found else { throw APIError.invalidCredentials }
        let identity = APIIdentity(kind: .accessKey(key.id), customer: key.customer, permission: .customerAdmin)
        return AuthenticatedCaller(identity: identity, customer: customer)
    }
}
