// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes
import NumberingPlan

/// The targets of an outdial.
enum OutdialTargets {
    private static let path = "/v1.0/outdials/{id}/targets"
    private static let places = 0..<5

    static var operations: [Operation] {
        [
            Operation(
                .get,
                path,
                name: "listOutdialTargets",
                tag: "outdials",
                summary: "The targets, newest first.",
                access: OutdialsResource.rights,
                query: PageRequest.parameters,
                answer: .page(of: "OutdialTarget"),
                errors: [400, 404],
                handler: list
            ),
            Operation(
                .post,
                path,
                name: "createOutdialTarget",
                tag: "outdials",
                summary: "Adds a target with one to five destinations.",
                access: OutdialsResource.rights,
                body: body,
                answer: .reference("OutdialTarget"),
                errors: [404],
                handler: create
            ),
            Operation(
                .get,
                path + "/{target_id}",
                name: "getOutdialTarget",
                tag: "outdials",
                summary: "One target.",
                access: OutdialsResource.rights,
                answer: .reference("OutdialTarget"),
                errors: [400, 404]
            ) { call in APIAnswer(json(try await own(call))) },
            Operation(
                .delete,
                path + "/{target_id}",
                name: "deleteOutdialTarget",
                tag: "outdials",
                summary: "Deletes a target.",
                access: OutdialsResource.rights,
                answer: .reference("OutdialTarget"),
                errors: [400, 404],
                handler: delete
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "OutdialTarget",
                .answer(
                    [
                        ("id", .uuid), ("outdial_id", .uuid), ("name", .text), ("detail", .text), ("data", .text),
                        ("status", .string(values: ["idle", "progressing", "done"])),
                    ] + places.map { ("destination_\($0)", .nullable(Address.schema)) }
                        + places.map { ("try_count_\($0)", .integer()) }
                        + [("tm_create", .text), ("tm_update", .text), ("tm_delete", .text)]
                )
            )
        ]
    }

    private static let body = Schema.object(
        [
            .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 4096)),
            .optional("data", .string(maximumLength: 65_536)),
        ] + places.map { .optional("destination_\($0)", Address.requestSchema) }
    )

    private static func json(_ target: StoredOutdialTarget) -> JSONValue {
        var object = JSONObject([
            ("id", .string(target.id.description)), ("outdial_id", .string(target.outdial.description)),
            ("name", .string(target.name)), ("detail", .string(target.detail)), ("data", .string(target.data)),
            ("status", .string(target.status)),
        ])
        let destinations = JSONValue(parsing: Array(target.destinations.utf8))?.elements ?? []
        let counts = JSONValue(parsing: Array(target.tryCounts.utf8))?.elements ?? []
        for place in places {
            let stored = destinations.indices.contains(place) ? destinations[place] : .null
            object["destination_\(place)"] = Address.ordered(stored)
        }
        for place in places {
            object["try_count_\(place)"] = counts.indices.contains(place) ? counts[place] : 0
        }
        object["tm_create"] = Timestamp.legacy(target.created)
        object["tm_update"] = Timestamp.legacy(target.updated)
        object["tm_delete"] = Timestamp.legacy(target.deleted)
        return .object(object)
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let (outdial, page) = (try await OutdialsResource.own(call).id, try call.page)
        let rows = try await call.services.store.read {
            try StoredOutdialTarget.list($0, of: outdial, page.position)
        }
        return PageAnswer.make(rows, page, token: { PageToken(time: $0.created, identifier: $0.id) }, json: json)
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        let outdial = try await OutdialsResource.own(call).id
        let destinations = try destinations(call.body)
        var target = StoredOutdialTarget(
            id: call.services.newIdentifier(),
            outdial: outdial,
            name: try call.body.string("name").value ?? "",
            detail: try call.body.string("detail", maximum: 4096).value ?? "",
            data: try call.body.string("data", maximum: 65_536).value ?? "",
            destinations: JSONValue.array(destinations.map { $0?.json ?? .null }).serialized,
            created: call.services.now()
        )
        target.updated = target.created
        let made = target
        try await call.services.store.write { try made.write($0) }
        return APIAnswer(json(made))
    }

    /// `null` and `{}` both mean that there is no such destination.
    private static func destinations(_ body: BodyReader) throws(APIError) -> [Address?] {
        var found: [Address?] = []
        for place in places {
            let address = try Address(try body.object("destination_\(place)").value)
            try address?.checkTelephoneNumber(body.name("destination_\(place).target"))
            found.append(address)
        }
        guard found.contains(where: { $0 != nil }) else {
            throw .invalid("destination_0", "a target needs one destination at least: `destination_0`")
        }
        return found
    }

    private static func delete(_ call: APICall) async throws -> APIAnswer {
        var target = try await own(call)
        target.deleted = call.services.now()
        target.updated = target.deleted
        let gone = target
        try await call.services.store.write { try gone.write($0) }
        return APIAnswer(json(gone))
    }

    private static func own(_ call: APICall) async throws -> StoredOutdialTarget {
        let outdial = try await OutdialsResource.own(call).id
        let id = try call.identifier("target_id")
        let found = try await call.services.store.read { try StoredOutdialTarget.find($0, id, of: outdial) }
        guard let found, found.deleted == nil else {
            throw APIError.notFound("OUTDIAL_TARGET_NOT_FOUND", "the outdial has no target \(id)")
        }
        return found
    }
}
