// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes

/// Outdials: lists of people to call.
enum OutdialsResource: APIResource {
    static let rights = Operation.Access.customer([.customerAdmin, .customerManager])

    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/outdials",
                name: "listOutdials",
                tag: "outdials",
                summary: "The customer's outdials, newest first.",
                access: rights,
                query: PageRequest.parameters,
                answer: .page(of: "Outdial"),
                errors: [400],
                handler: list
            ),
            Operation(
                .post,
                "/v1.0/outdials",
                name: "createOutdial",
                tag: "outdials",
                summary: "Makes an outdial.",
                access: rights,
                body: body,
                answer: .reference("Outdial"),
                handler: create
            ),
            Operation(
                .get,
                "/v1.0/outdials/{id}",
                name: "getOutdial",
                tag: "outdials",
                summary: "One outdial.",
                access: rights,
                answer: .reference("Outdial"),
                errors: [400, 404]
            ) { call in APIAnswer(json(try await own(call))) },
            change("/v1.0/outdials/{id}", "updateOutdial", "Changes name and detail.", ["name", "detail"]),
            change("/v1.0/outdials/{id}/campaign_id", "setOutdialCampaign", "Sets the campaign.", ["campaign_id"]),
            change("/v1.0/outdials/{id}/data", "setOutdialData", "Sets the customer's own words.", ["data"]),
            Operation(
                .delete,
                "/v1.0/outdials/{id}",
                name: "deleteOutdial",
                tag: "outdials",
                summary: "Deletes an outdial.",
                access: rights,
                answer: .reference("Outdial"),
                errors: [400, 404]
            ) { call in
                try await store(call) { $0.deleted = call.services.now() }
            },
        ] + OutdialTargets.operations
    }

    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "Outdial",
                .answer([
                    ("id", .uuid), ("customer_id", .uuid), ("campaign_id", .uuid), ("name", .text), ("detail", .text),
                    ("data", .text), ("tm_create", .text), ("tm_update", .text), ("tm_delete", .text),
                ])
            )
        ] + OutdialTargets.schemas
    }

    private static let properties: [Schema.Property] = [
        .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 4096)),
        .optional("data", .string(maximumLength: 65_536)), .optional("campaign_id", .string(), "Zeros for none."),
    ]

    private static let body = Schema.object(properties)

    /// An update of a few keys; what is left out stays.
    private static func change(_ path: String, _ name: String, _ summary: String, _ keys: Set<String>) -> Operation {
        Operation(
            .put,
            path,
            name: name,
            tag: "outdials",
            summary: summary,
            access: rights,
            body: .object(properties.filter { keys.contains($0.key) }),
            answer: .reference("Outdial"),
            errors: [404]
        ) { call in
            try await store(call) { (outdial) throws(APIError) in try read(call.body, into: &outdial, keys) }
        }
    }

    private static func read(
        _ body: BodyReader,
        into outdial: inout StoredOutdial,
        _ keys: Set<String>
    )
        throws(APIError)
    {
        if keys.contains("name"), let name = try body.string("name").value { outdial.name = name }
        if keys.contains("detail"), let detail = try body.string("detail", maximum: 4096).value {
            outdial.detail = detail
        }
        if keys.contains("data"), let data = try body.string("data", maximum: 65_536).value { outdial.data = data }
        if keys.contains("campaign_id"), let id = try body.identifier("campaign_id").value {
            outdial.campaign = id == .zero ? nil : id
        }
    }

    static func json(_ outdial: StoredOutdial) -> JSONValue {
        [
            "id": .string(outdial.id.description), "customer_id": .string(outdial.customer.description),
            "campaign_id": .string((outdial.campaign ?? .zero).description), "name": .string(outdial.name),
            "detail": .string(outdial.detail), "data": .string(outdial.data),
            "tm_create": Timestamp.legacy(outdial.created), "tm_update": Timestamp.legacy(outdial.updated),
            "tm_delete": Timestamp.legacy(outdial.deleted),
        ]
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let (customer, page) = (try call.customer, try call.page)
        let rows = try await call.services.store.read { try StoredOutdial.list($0, of: customer, page.position) }
        return PageAnswer.make(rows, page, token: { PageToken(time: $0.created, identifier: $0.id) }, json: json)
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        var outdial = StoredOutdial(
            id: call.services.newIdentifier(),
            customer: try call.customer,
            campaign: nil,
            name: "",
            detail: "",
            data: "",
            created: call.services.now()
        )
        try read(call.body, into: &outdial, Set(properties.map(\.key)))
        let made = outdial
        try await call.services.store.write { try made.write($0) }
        return APIAnswer(json(made))
    }

    private static func store(
        _ call: APICall,
        _ change: (inout StoredOutdial) throws -> Void
    ) async throws -> APIAnswer {
        var outdial = try await own(call)
        try change(&outdial)
        outdial.updated = call.services.now()
        let changed = outdial
        try await call.services.store.write { try changed.write($0) }
        return APIAnswer(json(changed))
    }

    /// The outdial of the path; a deleted or foreign one does not exist for the caller.
    static func own(_ call: APICall) async throws -> StoredOutdial {
        let id = try call.identifier()
        let found = try await call.services.store.read { try StoredOutdial.find($0, id) }
        guard let found, found.deleted == nil, try call.identity.reaches(found.customer) else {
            throw APIError.notFound("OUTDIAL_NOT_FOUND", "there is no outdial \(id)")
        }
        return found
    }
}
