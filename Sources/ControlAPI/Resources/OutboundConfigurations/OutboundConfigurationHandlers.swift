// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import MonotonicTime
import NumberingPlan

extension APIError {
    static let outboundConfigurationNotFound = APIError.notFound(
        "OUTBOUND_CONFIG_NOT_FOUND",
        "there is no such outbound configuration, or it is deleted"
    )
    static let noOwnOutboundConfiguration = APIError.notFound(
        "RESOURCE_NOT_FOUND",
        "your customer has no outbound configuration; ask the operator for one"
    )
}

enum OutboundConfigurationHandlers {
    static func getOwn(_ call: APICall) async throws -> APIAnswer {
        let customer = try call.customer
        let found = try await call.services.store.read { try StoredOutboundConfiguration.find($0, of: customer) }
        guard let rules = found else { throw APIError.noOwnOutboundConfiguration }
        return APIAnswer(OutboundConfigurationAnswer.json(rules))
    }

    static func updateOwn(_ call: APICall) async throws -> APIAnswer {
        let customer = try call.customer
        let byOperator = try call.identity.isSuperAdmin
        let draft = try OutboundConfigurationDraft(call.body)
        return try await change(call, draft, byOperator: byOperator) { database in
            guard let rules = try StoredOutboundConfiguration.find(database, of: customer) else {
                throw APIError.noOwnOutboundConfiguration
            }
            return rules
        }
    }

    static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let customer = try call.queryIdentifier("customer_id")
        let found = try await call.services.store.read {
            try StoredOutboundConfiguration.page($0, customer: customer, page.position)
        }
        return PageAnswer.make(found, page) {
            PageToken(time: $0.created, identifier: $0.id)
        } json: {
            OutboundConfigurationAnswer.json($0)
        }
    }

    static func create(_ call: APICall) async throws -> APIAnswer {
        guard let customer = try call.body.identifier("customer_id").value, customer != .zero else {
            throw APIError.invalid("customer_id", "`customer_id` is missing: say whose configuration it is")
        }
        let draft = try OutboundConfigurationDraft(call.body)
        let fresh = StoredOutboundConfiguration(
            id: call.services.newIdentifier(),
            customer: customer,
            created: call.services.now()
        )
        let made = try await call.services.store.write { database in
            guard try StoredCustomer.find(database, customer) != nil else { throw APIError.customerNotFound }
            guard try StoredOutboundConfiguration.find(database, of: customer) == nil else {
                throw APIError.conflict("the customer has an outbound configuration; change that one")
            }
            var rules = fresh
            try rules.readCustomersOwn(database)
            try draft.apply(to: &rules, byOperator: true)
            try setDefaultNumber(draft.defaultNumber, in: &rules, database)
            return try write(rules, database)
        }
        await call.services.policyChanged()
        return APIAnswer(OutboundConfigurationAnswer.json(made))
    }

    static func get(_ call: APICall) async throws -> APIAnswer {
        let id = try identifier(call)
        let found = try await call.services.store.read { try StoredOutboundConfiguration.find($0, id) }
        guard let rules = found else { throw APIError.outboundConfigurationNotFound }
        return APIAnswer(OutboundConfigurationAnswer.json(rules))
    }

    static func update(_ call: APICall) async throws -> APIAnswer {
        let id = try identifier(call)
        let draft = try OutboundConfigurationDraft(call.body)
        return try await change(call, draft, byOperator: true) { database in
            guard let rules = try StoredOutboundConfiguration.find(database, id) else {
                throw APIError.outboundConfigurationNotFound
            }
            return rules
        }
    }

    static func delete(_ call: APICall) async throws -> APIAnswer {
        let id = try identifier(call)
        let now = call.services.now()
        let deleted = try await call.services.store.write { database in
            guard var rules = try StoredOutboundConfiguration.find(database, id) else {
                throw APIError.outboundConfigurationNotFound
            }
            rules.updated = now
            rules.deleted = now
            try rules.write(database)
            return rules
        }
        await call.services.policyChanged()
        return APIAnswer(OutboundConfigurationAnswer.json(deleted))
    }

    private static func change(
        _ call: APICall,
        _ draft: OutboundConfigurationDraft,
        byOperator: Bool,
        _ find: @escaping @Sendable (Database) throws -> StoredOutboundConfiguration
    ) async throws -> APIAnswer {
        let now = call.services.now()
        let changed = try await call.services.store.write { database in
            var rules = try find(database)
            try draft.apply(to: &rules, byOperator: byOperator)
            try setDefaultNumber(draft.defaultNumber, in: &rules, database)
            rules.updated = now
            return try write(rules, database)
        }
        await call.services.policyChanged()
        return APIAnswer(OutboundConfigurationAnswer.json(changed))
    }

    private static func write(
        _ rules: StoredOutboundConfiguration,
        _ database: Database
    ) throws -> StoredOutboundConfiguration {
        try rules.write(database)
        return try StoredOutboundConfiguration.find(database, rules.id) ?? rules
    }

    // The reference service's form of this one path's mistake.
    private static func identifier(_ call: APICall) throws(APIError) -> ResourceIdentifier {
        guard let id = ResourceIdentifier(call.parameters["id"] ?? "") else {
            throw .invalid("id", "the identity in the path is not a UUID", reason: "INVALID_REQUEST_PARAMETER")
        }
        return id
    }
}

extension OutboundConfigurationHandlers {
    /// Changes a customer's default number, which stands in its active configuration; zero for none.
    static func setDefaultNumber(
        _ number: ResourceIdentifier,
        of customer: ResourceIdentifier,
        _ database: Database,
        at now: WallTime
    ) throws {
        guard var rules = try StoredOutboundConfiguration.find(database, of: customer) else {
            if number == .zero { return }
            throw APIError.conflict("the customer has no outbound configuration, which the default number is part of")
        }
        try setDefaultNumber(number, in: &rules, database)
        rules.updated = now
        try rules.write(database)
    }

    // Policy looks again at every call; here the mistake can still be told to whoever makes it.
    private static func setDefaultNumber(
        _ id: ResourceIdentifier?,
        in rules: inout StoredOutboundConfiguration,
        _ database: Database
    ) throws {
        guard let id else { return }
        guard id != .zero else {
            rules.defaultNumber = nil
            return
        }
        let key = "default_outgoing_source_number_id"
        guard let number = try StoredOutboundConfiguration.number(database, id), number.customer == rules.customer,
            number.status == .active
        else { throw APIError.invalid(key, "`\(key)` is not an active number of the customer") }
        guard number.type == .normal else {
            throw APIError.invalid(key, "`\(key)` is a virtual number, which callees cannot be shown")
        }
        rules.defaultNumber = number.number
    }
}
