// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Foundation
import GRDB
import HTTPTypes
import MonotonicTime

@testable import ControlAPI

/// Somebody with a token, and the customer they belong to.
struct TestCaller {
    let agent: ResourceIdentifier
    let customer: ResourceIdentifier?
    let token: String

    var headers: HTTPFields { [.authorization: "Bearer \(token)"] }
}

extension APIHarness {
    /// Makes an agent with a token, without the time a password takes; in a customer of its own unless one is given.
    func caller(
        _ permission: Permission = .customerAdmin,
        username: String = "someone",
        of customer: ResourceIdentifier? = nil
    ) async throws -> TestCaller {
        let owner =
            permission == .projectSuperAdmin && customer == nil
            ? nil : try await useCustomer(customer, name: "customer of \(username)")
        let agent = StoredAgent(
            id: services.newIdentifier(),
            customer: owner,
            username: username,
            passwordHash: Secret("none"),
            permission: permission.rawValue,
            created: time.now
        )
        try await services.store.write { try agent.write($0) }
        let authority = try await Authenticator(services: services).authority()
        let token = try await authority.token(for: agent, from: time.now, lasting: services.settings.tokenLifetime)
        return TestCaller(agent: agent.id, customer: owner, token: token)
    }

    /// Asks in somebody's name.
    func ask(
        by caller: TestCaller,
        _ method: HTTPRequest.Method,
        _ path: String,
        body: JSONValue? = nil
    ) async throws -> Answer {
        try await ask(method, path, headers: caller.headers, body: body)
    }

    private func useCustomer(_ known: ResourceIdentifier?, name: String) async throws -> ResourceIdentifier {
        if let known { return known }
        let customer = StoredCustomer(id: services.newIdentifier(), name: name, created: time.now)
        let rules = StoredOutboundConfiguration(
            id: services.newIdentifier(),
            customer: customer.id,
            created: time.now
        )
        try await services.store.write { database in
            try customer.write(database)
            try rules.write(database)
        }
        return customer.id
    }

    /// Makes a number of a customer.
    func number(
        _ text: String,
        of customer: ResourceIdentifier,
        type: OwnedNumberType = .normal,
        status: OwnedNumberStatus = .active
    ) async throws -> ResourceIdentifier {
        let id = services.newIdentifier()
        try await services.store.write { database in
            try database.execute(
                sql: "INSERT INTO numbers (id, customer, number, type, status) VALUES (?, ?, ?, ?, ?)",
                arguments: [id.octets, customer.octets, text, type.rawValue, status.rawValue]
            )
        }
        return id
    }
}

extension ResourceIdentifier {
    /// The 16 octets as the store keeps them.
    var octets: Data {
        Data(
            [high, low].flatMap { half in
                stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
            }
        )
    }
}
