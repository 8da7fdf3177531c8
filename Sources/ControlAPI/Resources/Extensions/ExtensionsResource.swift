// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import HTTPTypes
import NumberingPlan

/// Extensions: the SIP endpoints of a customer, with the names they are dialled by.
enum ExtensionsResource: APIResource {
    private static let rights = Operation.Access.customer([.customerAdmin, .customerManager])

    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/extensions",
                name: "listExtensions",
                tag: "extensions",
                summary: "The customer's extensions, newest first.",
                access: rights,
                query: PageRequest.parameters + [
                    QueryParameter("customer_id", .uuid, "Another customer's, for who runs the deployment.")
                ],
                answer: .page(of: "Extension"),
                errors: [400],
                handler: list
            ),
            Operation(
                .post,
                "/v1.0/extensions",
                name: "createExtension",
                tag: "extensions",
                summary: "Adds a SIP endpoint.",
                access: rights,
                body: .object(
                    ExtensionForm.properties + [
                        .init("customer_id", .string(), "Whose it becomes, for who runs the deployment.")
                    ]
                ),
                answer: .reference("Extension"),
                errors: [400, 404, 409],
                handler: create
            ),
            Operation(
                .get,
                "/v1.0/extensions/{id}",
                name: "getExtension",
                tag: "extensions",
                summary: "One extension.",
                access: rights,
                answer: .reference("Extension"),
                errors: [400, 404],
                handler: one
            ),
            Operation(
                .put,
                "/v1.0/extensions/{id}",
                name: "updateExtension",
                tag: "extensions",
                summary: "Changes an extension; what is left out stays.",
                access: rights,
                body: .object(ExtensionForm.properties),
                answer: .reference("Extension"),
                errors: [400, 404, 409],
                handler: update
            ),
            Operation(
                .delete,
                "/v1.0/extensions/{id}",
                name: "deleteExtension",
                tag: "extensions",
                summary: "Removes a SIP endpoint with its registrations.",
                access: rights,
                answer: .reference("Extension"),
                errors: [400, 404],
                handler: delete
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "Extension",
                .answer([
                    ("id", .uuid), ("customer_id", .uuid), ("name", .text), ("detail", .text), ("extension", .text),
                    ("extensions", .array(.text)), ("username", .text), ("domain_name", .text), ("number", .text),
                    ("display_name", .text), ("require_registration", .boolean), ("source_addresses", .array(.text)),
                    ("emergency_caller_id", .text), ("enabled", .boolean), ("tm_create", .time),
                    ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)),
                ])
            )
        ]
    }

    private static func json(_ stored: StoredExtension, _ call: APICall) -> JSONValue {
        let endpoint = stored.endpoint
        return [
            "id": .string(endpoint.id.description), "customer_id": .string(endpoint.customer.description),
            "name": .string(stored.name), "detail": .string(stored.detail), "extension": .string(stored.extensionName),
            "extensions": .array(endpoint.extensions.sorted().map { .string($0) }),
            "username": .string(endpoint.username), "domain_name": .string(call.services.settings.realm),
            "number": .string(endpoint.number?.description ?? ""),
            "display_name": .string(endpoint.displayName ?? ""),
            "require_registration": .boolean(endpoint.requiresRegistration),
            "source_addresses": .array(endpoint.sourceAddresses.map { .string(InternetAddress.text($0)) }),
            "emergency_caller_id": .string(endpoint.emergencyCallerID?.description ?? ""),
            "enabled": .boolean(endpoint.isEnabled), "tm_create": Timestamp.json(stored.created),
            "tm_update": Timestamp.json(stored.updated), "tm_delete": Timestamp.json(stored.deleted),
        ]
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let customer = try call.identity.isSuperAdmin ? call.queryIdentifier("customer_id") : call.customer
        let rows = try await call.services.store.read { try StoredExtension.list($0, of: customer, page.position) }
        return PageAnswer.make(
            rows,
            page,
            token: { PageToken(time: $0.created, identifier: $0.endpoint.id) },
            json: { json($0, call) }
        )
    }

    private static func one(_ call: APICall) async throws -> APIAnswer {
        APIAnswer(json(try await call.services.store.read { try own(call, $0) }, call))
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        let form = try ExtensionForm(call.body)
        guard let username = form.username ?? form.extensionName else {
            throw APIError.invalid("username", "`username` and `extension` are missing: give one of them at least")
        }
        let owner = try await NumbersResource.owner(call)
        let now = call.services.now()
        let blank = StoredExtension(
            endpoint: Endpoint(id: call.services.newIdentifier(), customer: owner, username: username),
            created: now
        )
        let made = try await call.services.store.write { database in
            var new = blank
            form.change(&new)
            return try write(new, over: nil, form, database, call)
        }
        await call.services.policyChanged()
        return APIAnswer(json(made, call))
    }

    private static func update(_ call: APICall) async throws -> APIAnswer {
        let form = try ExtensionForm(call.body)
        let now = call.services.now()
        let changed = try await call.services.store.write { database in
            let old = try own(call, database)
            var new = old
            form.change(&new)
            new.updated = now
            return try write(new, over: old, form, database, call)
        }
        await call.services.policyChanged()
        return APIAnswer(json(changed, call))
    }

    private static func write(
        _ new: StoredExtension,
        over old: StoredExtension?,
        _ form: ExtensionForm,
        _ database: Database,
        _ call: APICall
    ) throws -> StoredExtension {
        let checks = ExtensionChecks(database: database, form: form, old: old, new: new)
        try checks.run()
        try new.write(database, credentials: try checks.credentials(call.services.settings))
        return try StoredExtension.find(database, new.endpoint.id) ?? new
    }

    private static func delete(_ call: APICall) async throws -> APIAnswer {
        let now = call.services.now()
        let gone = try await call.services.store.write { database in
            var old = try own(call, database)
            try old.remove(database)
            old.updated = now
            old.deleted = now
            return old
        }
        await call.services.policyChanged()
        return APIAnswer(json(gone, call))
    }

    private static func own(_ call: APICall, _ database: Database) throws -> StoredExtension {
        let id = try call.identifier()
        guard let found = try StoredExtension.find(database, id), try call.identity.reaches(found.endpoint.customer)
        else { throw APIError.notFound("EXTENSION_NOT_FOUND", "there is no extension \(id)") }
        return found
    }
}
