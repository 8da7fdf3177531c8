// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import MonotonicTime

extension APIError {
    static let customerNotFound = APIError.notFound(
        "CUSTOMER_NOT_FOUND",
        "there is no such customer, or it is deleted"
    )
}

enum CustomerHandlers {
    static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let customers = try await call.services.store.read { try StoredCustomer.page($0, page.position) }
        return PageAnswer.make(customers, page) {
            PageToken(time: $0.created, identifier: $0.id)
        } json: {
            CustomerAnswer.json($0)
        }
    }

    static func get(_ call: APICall, _ id: ResourceIdentifier) async throws -> APIAnswer {
        guard let customer = try await call.services.store.read({ try StoredCustomer.find($0, id) }) else {
            throw APIError.customerNotFound
        }
        return APIAnswer(CustomerAnswer.json(customer))
    }

    static func create(_ call: APICall) async throws -> APIAnswer {
        let draft = try CustomerDraft(call.body, byOperator: true)
        let now = call.services.now()
        var customer = StoredCustomer(
            id: call.services.newIdentifier(),
            name: try call.body.requiredString("name", maximum: 128),
            created: now
        )
        draft.apply(to: &customer)
        guard (draft.defaultNumber ?? .zero) == .zero else {
            throw APIError.invalid(
                "default_outgoing_source_number_id",
                "a new customer has no numbers yet: set `default_outgoing_source_number_id` later"
            )
        }
        let made = customer
        let rules = StoredOutboundConfiguration(
            id: call.services.newIdentifier(),
            customer: customer.id,
            created: now
        )
        try await call.services.store.write { database in
            try claimName(of: made, database)
            try made.write(database)
            try rules.write(database)
        }
        await call.services.policyChanged()
        return APIAnswer(CustomerAnswer.json(made))
    }

    static func update(
        _ call: APICall,
        _ id: ResourceIdentifier,
        byOperator: Bool
    ) async throws -> APIAnswer {
        let draft = try CustomerDraft(call.body, byOperator: byOperator)
        let now = call.services.now()
        return try await change(call, id) { customer, database in
            draft.apply(to: &customer)
            try claimName(of: customer, database)
            if let number = draft.defaultNumber {
                try OutboundConfigurationHandlers.setDefaultNumber(number, of: id, database, at: now)
            }
        }
    }

    static func updateDefaultNumber(_ call: APICall) async throws -> APIAnswer {
        let key = "default_outgoing_source_number_id"
        guard let number = try call.body.identifier(key).value, number != .zero else {
            throw APIError.invalid(key, "`\(key)` is missing or zero; `PUT /v1.0/customer` takes zero for none")
        }
        let id = try call.customer
        let now = call.services.now()
        return try await change(call, id) { _, database in
            try OutboundConfigurationHandlers.setDefaultNumber(number, of: id, database, at: now)
        }
    }

    static func updateMetadata(_ call: APICall) async throws -> APIAnswer {
        let flag = try call.body.boolean("rtp_debug").value
        return try await change(call, try call.identifier()) { customer, _ in
            customer.isRTPDebugged = flag ?? customer.isRTPDebugged
        }
    }

    static func freeze(_ call: APICall) async throws -> APIAnswer {
        let now = call.services.now()
        return try await change(call, try call.identifier()) { customer, _ in
            guard customer.status != .frozen else { throw APIError.conflict("the customer is frozen already") }
            customer.status = .frozen
            customer.deletionScheduled = now
        }
    }

    static func recover(_ call: APICall) async throws -> APIAnswer {
        try await change(call, try call.identifier()) { customer, _ in
            guard customer.status == .frozen else { throw APIError.conflict("the customer is not frozen") }
            customer.status = .active
            customer.deletionScheduled = nil
        }
    }

    static func delete(_ call: APICall) async throws -> APIAnswer {
        let id = try call.identifier()
        let now = call.services.now()
        let deleted = try await call.services.store.write { database in
            guard var customer = try StoredCustomer.find(database, id) else { throw APIError.customerNotFound }
            try customer.delete(database, at: now)
            return try StoredCustomer.findAny(database, id) ?? customer
        }
        await call.services.policyChanged()
        return APIAnswer(CustomerAnswer.json(deleted))
    }

    private static func change(
        _ call: APICall,
        _ id: ResourceIdentifier,
        _ body: @escaping @Sendable (inout StoredCustomer, Database) throws -> Void
    ) async throws -> APIAnswer {
        let now = call.services.now()
        let changed = try await call.services.store.write { database in
            guard var customer = try StoredCustomer.find(database, id) else { throw APIError.customerNotFound }
            try body(&customer, database)
            customer.updated = now
            try customer.write(database)
            return try StoredCustomer.findAny(database, id) ?? customer
        }
        await call.services.policyChanged()
        return APIAnswer(CustomerAnswer.json(changed))
    }

    // A deleted customer's name may be had again; provisioning knows customers by their names.
    private static func claimName(of customer: StoredCustomer, _ database: Database) throws {
        guard let holder = try StoredCustomer.find(database, name: customer.name), holder.id != customer.id else {
            return
        }
        guard holder.deleted != nil else {
            throw APIError.conflict("another customer has the name; choose another", reason: "NAME_TAKEN")
        }
        try holder.releaseName(database)
    }
}
