// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import HTTPTypes
import Logging
import MonotonicTime

/// Tokens, and who they belong to.
enum AuthenticationResource: APIResource {
    static var operations: [Operation] {
        [
            Operation(
                .post,
                "/auth/login",
                name: "login",
                tag: "authentication",
                summary: "A token for a user name and a password; also as a cookie.",
                access: .open,
                body: .object([
                    .init("username", .string(maximumLength: 255), required: true),
                    .init("password", .string(maximumLength: 255), required: true),
                ]),
                answer: .answer([("username", .text), ("token", .text)]),
                errors: [503],
                bareErrors: [400],
                handler: login
            ),
            Operation(
                .get,
                "/v1.0/me",
                name: "getMe",
                tag: "authentication",
                summary: "Who is asking. An access key is shown in an agent's form.",
                access: .known,
                answer: .reference("Agent"),
                handler: me
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] { [] }

    // Unknown names take as long as wrong passwords, and are answered alike.
    private static func login(_ call: APICall) async throws -> APIAnswer {
        let services = call.services
        let username = try call.body.requiredString("username")
        let password = try call.body.requiredString("password")
        let now = services.now()
        try services.limits.admit(username: username, services.settings, at: now)
        let agent = try await services.store.read { database -> StoredAgent? in
            guard let agent = try StoredAgent.find(database, username: username) else { return nil }
            guard let customer = agent.customer else { return agent }
            return try StoredCustomer.find(database, customer) == nil ? nil : agent
        }
        let hash = agent.flatMap { PasswordHash(text: $0.passwordHash.revealed) }
        guard try await services.passwords.check(password, hash), let agent else {
            services.logger.notice(
                "login refused",
                metadata: ["address": "\(call.remoteHost)", "request": "\(call.requestID)"]
            )
            throw APIError.invalid("password", "there is no such user name with this password")
        }
        services.limits.succeeded(username: username, services.settings)
        let lifetime = services.settings.tokenLifetime
        let token = try await Authenticator(services: services).authority()
            .token(for: agent, from: now, lasting: lifetime)
        var answer = APIAnswer(["username": .string(agent.username), "token": .string(token)])
        let attributes = "Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=\(lifetime.milliseconds / 1000)"
        answer.headers.append(("Set-Cookie", "token=\(token); \(attributes)"))
        return answer
    }

    private static func me(_ call: APICall) async throws -> APIAnswer {
        let identity = try call.identity
        switch identity.kind {
        case .agent(let id):
            guard let agent = try await call.services.store.read({ try StoredAgent.find($0, id) }) else {
                throw APIError.invalidCredentials
            }
            return APIAnswer(AgentAnswer.json(agent))
        case .accessKey(let id):
            let customer = try call.customer
            let found = try await call.services.store.read { try StoredAccessKey.find($0, id, of: customer) }
            guard let key = found else { throw APIError.invalidCredentials }
            return APIAnswer(AgentAnswer.json(key))
        }
    }
}
