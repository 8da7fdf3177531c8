// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import HTTPTypes

/// Routes: which calls take which provider.
enum RoutesResource: APIResource {
    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/routes",
                name: "listRoutes",
                tag: "routes",
                summary: "All routes, newest first.",
                access: .superAdmin,
                query: PageRequest.parameters + [
                    QueryParameter("customer_id", .uuid, "One customer's; zeros for those of every customer.")
                ],
                answer: .page(of: "Route"),
                errors: [400],
                handler: list
            ),
            Operation(
                .post,
                "/v1.0/routes",
                name: "createRoute",
                tag: "routes",
                summary: "Adds a route.",
                access: .superAdmin,
                body: .object(RouteForm.properties(isNew: true)),
                answer: .reference("Route"),
                errors: [400, 404],
                handler: create
            ),
            Operation(
                .get,
                "/v1.0/routes/{id}",
                name: "getRoute",
                tag: "routes",
                summary: "One route.",
                access: .superAdmin,
                answer: .reference("Route"),
                errors: [400, 404]
            ) { call in
                let id = try call.identifier()
                return APIAnswer(json(try await call.services.store.read { try find(id, $0) }))
            },
            Operation(
                .put,
                "/v1.0/routes/{id}",
                name: "updateRoute",
                tag: "routes",
                summary: "Changes a route; what is left out stays, and so does whose it is.",
                access: .superAdmin,
                body: .object(RouteForm.properties(isNew: false)),
                answer: .reference("Route"),
                errors: [400, 404],
                handler: update
            ),
            Operation(
                .delete,
                "/v1.0/routes/{id}",
                name: "deleteRoute",
                tag: "routes",
                summary: "Deletes a route.",
                access: .superAdmin,
                answer: .reference("Route"),
                errors: [400, 404],
                handler: delete
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "Route",
                .answer([
                    ("id", .uuid), ("customer_id", .uuid), ("name", .text), ("detail", .text), ("provider_id", .uuid),
                    ("priority", .integer(0...65_535)), ("target", .text), ("tm_create", .time),
                    ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)),
                ])
            )
        ]
    }

    private static func json(_ stored: StoredRoute) -> JSONValue {
        let route = stored.route
        return [
            "id": .string(route.id.description), "customer_id": .string((route.customer ?? .zero).description),
            "name": .string(stored.name), "detail": .string(stored.detail),
            "provider_id": .string(route.trunk.description), "priority": .integer(Int64(route.priority)),
            "target": .string(route.target.description), "tm_create": Timestamp.json(stored.created),
            "tm_update": Timestamp.json(stored.updated), "tm_delete": Timestamp.json(stored.deleted),
        ]
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let customer = try call.queryIdentifier("customer_id")
        let owner: StoredRoute.Owner = customer.map { $0 == .zero ? .everyCustomer : .customer($0) } ?? .any
        let rows = try await call.services.store.read { try StoredRoute.list($0, of: owner, page.position) }
        return PageAnswer.make(
            rows,
            page,
            token: { PageToken(time: $0.created, identifier: $0.route.id) },
            json: json
        )
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        let form = try RouteForm(call.body)
        guard let provider = form.provider else {
            throw APIError.invalid("provider_id", "`provider_id` is missing")
        }
        guard let target = form.target else {
            throw APIError.invalid("target", "`target` is missing: write `all`, or `+` and the first digits of numbers")
        }
        var route = TrunkRoute(id: call.services.newIdentifier(), trunk: provider, target: target)
        route.customer = form.customer == .zero ? nil : form.customer
        let blank = StoredRoute(route: route, created: call.services.now())
        let made = try await call.services.store.write { database in
            if let customer = blank.route.customer, try !StoredNumber.hasCustomer(database, customer) {
                throw APIError.notFound("CUSTOMER_NOT_FOUND", "there is no customer \(customer)")
            }
            return try write(blank, form, database)
        }
        await call.services.policyChanged()
        return APIAnswer(json(made))
    }

    private static func update(_ call: APICall) async throws -> APIAnswer {
        let form = try RouteForm(call.body)
        let (id, now) = (try call.identifier(), call.services.now())
        let changed = try await call.services.store.write { database in
            var stored = try find(id, database)
            guard form.customer == nil || form.customer == stored.route.customer ?? .zero else {
                throw APIError.invalid("customer_id", "`customer_id` of a route cannot change: make another route")
            }
            stored.updated = now
            return try write(stored, form, database)
        }
        await call.services.policyChanged()
        return APIAnswer(json(changed))
    }

    private static func write(_ stored: StoredRoute, _ form: RouteForm, _ database: Database) throws -> StoredRoute {
        var new = stored
        form.change(&new)
        let reservation = try ProvidersResource.find(new.route.trunk, database).trunk.customer
        if let reservation, let customer = new.route.customer, reservation != customer {
            throw APIError.invalid("provider_id", "the provider is reserved for another customer, \(reservation)")
        }
        try new.write(database)
        return new
    }

    private static func delete(_ call: APICall) async throws -> APIAnswer {
        let (id, now) = (try call.identifier(), call.services.now())
        let gone = try await call.services.store.write { database in
            var stored = try find(id, database)
            stored.updated = now
            stored.deleted = now
            try stored.write(database)
            return stored
        }
        await call.services.policyChanged()
        return APIAnswer(json(gone))
    }

    /// A route that is not deleted. `ROUTE_NOT_FOUND` already says that the API has no such path.
    private static func find(_ id: ResourceIdentifier, _ database: Database) throws -> StoredRoute {
        guard let found = try StoredRoute.find(database, id), found.deleted == nil else {
            throw APIError.notFound("RESOURCE_NOT_FOUND", "there is no route \(id)")
        }
        return found
    }
}
