// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import HTTPTypes

/// Providers: the trunks that telephone calls leave by.
enum ProvidersResource: APIResource {
    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/providers",
                name: "listProviders",
                tag: "providers",
                summary: "All providers, newest first.",
                access: .superAdmin,
                query: PageRequest.parameters,
                answer: .page(of: "Provider"),
                errors: [400],
                handler: list
            ),
            Operation(
                .post,
                "/v1.0/providers",
                name: "createProvider",
                tag: "providers",
                summary: "Adds a provider.",
                access: .superAdmin,
                body: .object(ProviderForm.properties(isNew: true)),
                answer: .reference("Provider"),
                errors: [400, 404, 409],
                handler: create
            ),
            Operation(
                .get,
                "/v1.0/providers/{id}",
                name: "getProvider",
                tag: "providers",
                summary: "One provider.",
                access: .superAdmin,
                answer: .reference("Provider"),
                errors: [400, 404]
            ) { call in
                let id = try call.identifier()
                return APIAnswer(json(try await call.services.store.read { try find(id, $0) }))
            },
            Operation(
                .put,
                "/v1.0/providers/{id}",
                name: "updateProvider",
                tag: "providers",
                summary: "Changes a provider; what is left out stays.",
                access: .superAdmin,
                body: .object(ProviderForm.properties(isNew: false)),
                answer: .reference("Provider"),
                errors: [400, 404, 409],
                handler: update
            ),
            Operation(
                .delete,
                "/v1.0/providers/{id}",
                name: "deleteProvider",
                tag: "providers",
                summary: "Removes a provider that no route leads to.",
                access: .superAdmin,
                answer: .reference("Provider"),
                errors: [400, 404, 409],
                handler: delete
            ),
        ]
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let rows = try await call.services.store.read { try StoredProvider.list($0, page.position) }
        return PageAnswer.make(
            rows,
            page,
            token: { PageToken(time: $0.created, identifier: $0.trunk.id) },
            json: { json($0) }
        )
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        let form = try ProviderForm(call.body)
        guard let host = form.host else { throw APIError.invalid("hostname", "`hostname` is missing") }
        let trunk = Trunk(id: call.services.newIdentifier(), name: host.host, host: host.host)
        let blank = StoredProvider(trunk: trunk, created: call.services.now())
        let made = try await call.services.store.write { database in
            var new = blank
            try form.change(&new, isNew: true)
            try check(new, form, database)
            try new.write(database)
            return new
        }
        await call.services.policyChanged()
        return APIAnswer(json(made))
    }

    private static func update(_ call: APICall) async throws -> APIAnswer {
        let form = try ProviderForm(call.body)
        let (id, now) = (try call.identifier(), call.services.now())
        let changed = try await call.services.store.write { database in
            var stored = try find(id, database)
            try form.change(&stored, isNew: false)
            stored.updated = now
            try check(stored, form, database)
            try stored.write(database)
            return stored
        }
        await call.services.policyChanged()
        return APIAnswer(json(changed))
    }

    /// Calls that a route sends by a provider would go another way without it, so its routes go first.
    private static func delete(_ call: APICall) async throws -> APIAnswer {
        let (id, now) = (try call.identifier(), call.services.now())
        let gone = try await call.services.store.write { database in
            var stored = try find(id, database)
            let routes = try StoredRoute.count(database, to: id)
            guard routes == 0 else {
                throw APIError.conflict("routes lead to the provider (\(routes)): delete them first, or change them")
            }
            try stored.remove(database)
            stored.updated = now
            return stored
        }
        await call.services.policyChanged()
        return APIAnswer(json(gone, deleted: now))
    }

    private static func check(_ new: StoredProvider, _ form: ProviderForm, _ database: Database) throws {
        if let named = try StoredProvider.find(database, name: new.trunk.name), named.trunk.id != new.trunk.id {
            throw APIError.conflict(
                "another provider is called `\(new.trunk.name)`: give a `name` that is not taken",
                reason: "PROVIDER_EXISTS"
            )
        }
        guard form.customer != nil, let customer = new.trunk.customer else { return }
        guard try StoredNumber.hasCustomer(database, customer) else {
            throw APIError.notFound("CUSTOMER_NOT_FOUND", "there is no customer \(customer)")
        }
    }

    /// A provider that is there.
    static func find(_ id: ResourceIdentifier, _ database: Database) throws -> StoredProvider {
        guard let found = try StoredProvider.find(database, id) else {
            throw APIError.notFound("PROVIDER_NOT_FOUND", "there is no provider \(id)")
        }
        return found
    }
}
