// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes

/// Flows: what is done with a call once it is answered.
enum FlowsResource: APIResource {
    private static let rights = Operation.Access.customer([.customerAdmin, .customerManager])

    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/flows",
                name: "listFlows",
                tag: "flows",
                summary: "The customer's flows, newest first.",
                access: rights,
                query: PageRequest.parameters,
                answer: .page(of: "Flow"),
                errors: [400],
                handler: list
            ),
            Operation(
                .post,
                "/v1.0/flows",
                name: "createFlow",
                tag: "flows",
                summary: "Makes a flow.",
                access: rights,
                body: body,
                answer: .reference("Flow"),
                errors: [404],
                handler: create
            ),
            Operation(
                .get,
                "/v1.0/flows/{id}",
                name: "getFlow",
                tag: "flows",
                summary: "One flow.",
                access: rights,
                answer: .reference("Flow"),
                errors: [400, 404]
            ) { call in APIAnswer(json(try await own(call))) },
            Operation(
                .put,
                "/v1.0/flows/{id}",
                name: "updateFlow",
                tag: "flows",
                summary: "Changes a flow; what is left out stays.",
                access: rights,
                body: body,
                answer: .reference("Flow"),
                errors: [404],
                handler: update
            ),
            Operation(
                .delete,
                "/v1.0/flows/{id}",
                name: "deleteFlow",
                tag: "flows",
                summary: "Deletes a flow.",
                access: rights,
                answer: .reference("Flow"),
                errors: [400, 404],
                handler: delete
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "Flow",
                .answer([
                    ("id", .uuid), ("customer_id", .uuid), ("type", .string(values: ["flow"])), ("name", .text),
                    ("detail", .text), ("actions", .array(.reference("Action"))), ("on_complete_flow_id", .uuid),
                    ("tm_create", .time), ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)),
                ])
            ),
            (
                "Action",
                .object([
                    .optional("id", .uuid, "The action's own identity; one is made where none is given."),
                    .optional("next_id", .uuid, "The action that follows; zeros for the next of the list."),
                    .init("type", .string(maximumLength: 64), required: true, "What is done."),
                    .optional("option", .anyObject, "How it is done."),
                ])
            ),
        ]
    }

    private static let body = Schema.object([
        .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 4096)),
        .optional("actions", .array(.reference("Action"), maximumCount: FlowActions.maximumCount)),
        .optional("on_complete_flow_id", .string(), "The flow that follows; zeros for none."),
    ])

    static func json(_ flow: StoredFlow) -> JSONValue {
        [
            "id": .string(flow.id.description), "customer_id": .string(flow.customer.description), "type": "flow",
            "name": .string(flow.name), "detail": .string(flow.detail),
            "actions": JSONValue(parsing: Array(flow.actions.utf8)) ?? [],
            "on_complete_flow_id": .string((flow.onComplete ?? .zero).description),
            "tm_create": Timestamp.json(flow.created), "tm_update": Timestamp.json(flow.updated),
            "tm_delete": Timestamp.json(flow.deleted),
        ]
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let (customer, page) = (try call.customer, try call.page)
        let rows = try await call.services.store.read { try StoredFlow.list($0, of: customer, page.position) }
        return PageAnswer.make(rows, page, token: { PageToken(time: $0.created, identifier: $0.id) }, json: json)
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        let actions = try call.body.array("actions", maximumCount: FlowActions.maximumCount).value ?? []
        var flow = StoredFlow(
            id: call.services.newIdentifier(),
            customer: try call.customer,
            name: try call.body.string("name").value ?? "",
            detail: try call.body.string("detail", maximum: 4096).value ?? "",
            actions: JSONValue.array(try FlowActions.validated(actions, field: "actions")).serialized,
            created: call.services.now()
        )
        flow.onComplete = try await followUp(call)
        let made = flow
        try await call.services.store.write { try made.write($0) }
        return APIAnswer(json(made))
    }

    private static func update(_ call: APICall) async throws -> APIAnswer {
        var flow = try await own(call)
        flow.name = try call.body.string("name").value ?? flow.name
        flow.detail = try call.body.string("detail", maximum: 4096).value ?? flow.detail
        if let actions = try call.body.array("actions", maximumCount: FlowActions.maximumCount).value {
            flow.actions = JSONValue.array(try FlowActions.validated(actions, field: "actions")).serialized
        }
        if try call.body.identifier("on_complete_flow_id").value != nil { flow.onComplete = try await followUp(call) }
        flow.updated = call.services.now()
        let changed = flow
        try await call.services.store.write { try changed.write($0) }
        return APIAnswer(json(changed))
    }

    private static func delete(_ call: APICall) async throws -> APIAnswer {
        var flow = try await own(call)
        flow.deleted = call.services.now()
        flow.updated = flow.deleted
        let gone = flow
        try await call.services.store.write { try gone.write($0) }
        return APIAnswer(json(gone))
    }

    private static func own(_ call: APICall) async throws -> StoredFlow {
        try await find(try call.identifier(), call)
    }

    /// A flow that the caller may use; a deleted or foreign one does not exist for it.
    static func find(_ id: ResourceIdentifier, _ call: APICall) async throws -> StoredFlow {
        let found = try await call.services.store.read { try StoredFlow.find($0, id) }
        guard let found, found.deleted == nil, try call.identity.reaches(found.customer) else {
            throw APIError.notFound("FLOW_NOT_FOUND", "there is no flow \(id)")
        }
        return found
    }

    private static func followUp(_ call: APICall) async throws -> ResourceIdentifier? {
        guard let id = try call.body.identifier("on_complete_flow_id").value, id != .zero else { return nil }
        return try await find(id, call).id
    }
}
