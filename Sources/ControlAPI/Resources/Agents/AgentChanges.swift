// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import GRDB
import MonotonicTime

/// What a request makes of an agent, checked before anything is written.
enum AgentChanges {
    static func create(_ call: APICall) async throws -> APIAnswer {
        let body = call.body
        let username = try username(body)
        guard let password = try password(body) else {
            throw APIError.invalid("password", "`password` is missing: give 8 characters or more")
        }
        guard let permission = try permission(body) else {
            throw APIError.invalid("permission", "`permission` is missing: give 1, 16, 32, 64, or a sum of them")
        }
        let named = try body.identifier("customer_id").value ?? .zero
        var agent = StoredAgent(
            id: call.services.newIdentifier(),
            customer: named == .zero ? nil : named,
            username: username,
            passwordHash: Secret(""),
            permission: permission.rawValue,
            created: call.services.now()
        )
        agent.name.take(try body.string("name"))
        agent.detail.take(try body.string("detail", maximum: 1024))
        try check(agent)
        agent.passwordHash = Secret(try await call.services.passwords.hash(password).text)
        let made = agent
        try await call.services.store.write { database in
            if let customer = made.customer, try StoredCustomer.find(database, customer) == nil {
                throw APIError.customerNotFound
            }
            guard try StoredAgent.find(database, username: made.username) == nil else {
                throw APIError.conflict("another agent has the user name; choose another", reason: "USERNAME_TAKEN")
            }
            try made.write(database)
        }
        return APIAnswer(AgentAnswer.json(made))
    }

    static func update(_ call: APICall) async throws -> APIAnswer {
        let id = try call.identifier()
        let body = call.body
        let name = try body.string("name")
        let detail = try body.string("detail", maximum: 1024)
        let permission = try permission(body)
        let password = try password(body)
        let now = call.services.now()
        guard try await call.services.store.read({ try StoredAgent.find($0, id) }) != nil else {
            throw APIError.agentNotFound
        }
        var hash: Secret?
        if let password { hash = Secret(try await call.services.passwords.hash(password).text) }
        let changed = try await call.services.store.write { [hash] database in
            guard var agent = try StoredAgent.find(database, id) else { throw APIError.agentNotFound }
            agent.name.take(name)
            agent.detail.take(detail)
            if let permission {
                if !permission.contains(.projectSuperAdmin) { try requireAnother(database, than: agent) }
                agent.permission = permission.rawValue
            }
            if let hash { agent.passwordHash = hash }
            agent.updated = now
            try check(agent)
            try agent.write(database)
            return agent
        }
        return APIAnswer(AgentAnswer.json(changed))
    }

    static func delete(_ call: APICall) async throws -> APIAnswer {
        let id = try call.identifier()
        let now = call.services.now()
        let deleted = try await call.services.store.write { database in
            guard var agent = try StoredAgent.find(database, id) else { throw APIError.agentNotFound }
            try requireAnother(database, than: agent)
            agent.updated = now
            agent.deleted = now
            try agent.write(database)
            return agent
        }
        return APIAnswer(AgentAnswer.json(deleted))
    }

    // Without a super admin nobody could make one.
    private static func requireAnother(_ database: Database, than agent: StoredAgent) throws {
        let bit = Permission.projectSuperAdmin.rawValue
        guard agent.permission & bit != 0, try StoredAgent.count(database, withPermission: bit) < 2 else { return }
        throw APIError.conflict("this is the last super admin; make another one first")
    }

    private static func check(_ agent: StoredAgent) throws(APIError) {
        let isSuperAdmin = Permission(rawValue: agent.permission).contains(.projectSuperAdmin)
        guard agent.customer != nil || isSuperAdmin else {
            throw .invalid("customer_id", "`customer_id` is missing: only a super admin belongs to no customer")
        }
    }

    private static func username(_ body: BodyReader) throws(APIError) -> String {
        let username = try body.requiredString("username")
        guard username.unicodeScalars.allSatisfy({ $0.value > 32 }) else {
            throw .invalid("username", "`username` has a blank in it")
        }
        return username
    }

    private static func password(_ body: BodyReader) throws(APIError) -> String? {
        guard let password = try body.string("password").value else { return nil }
        guard password.count >= 8 else { throw .invalid("password", "`password` must have 8 characters or more") }
        return password
    }

    private static func permission(_ body: BodyReader) throws(APIError) -> Permission? {
        let known: Permission = [.projectSuperAdmin, .customerAgent, .customerAdmin, .customerManager]
        guard let number = try body.integer("permission", in: 1...known.rawValue).value else { return nil }
        let permission = Permission(rawValue: number)
        guard permission.isSubset(of: known) else {
            throw .invalid("permission", "`permission` must be 1, 16, 32, 64, or a sum of them")
        }
        return permission
    }
}
