// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes
import NumberingPlan

/// Numbers: what a customer's calls may be shown to come from.
enum NumbersResource: APIResource {
    private static let rights = Operation.Access.customer([.customerAdmin, .customerManager])

    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/numbers",
                name: "listNumbers",
                tag: "numbers",
                summary: "The customer's active numbers, newest first.",
                access: rights,
                query: PageRequest.parameters + [
                    QueryParameter("customer_id", .uuid, "Another customer's, for who runs the deployment.")
                ],
                answer: .page(of: "Number"),
                errors: [400],
                handler: list
            ),
            Operation(
                .post,
                "/v1.0/numbers",
                name: "createNumber",
                tag: "numbers",
                summary: "Adds a number.",
                access: rights,
                body: creation,
                answer: .reference("Number"),
                errors: [404, 409],
                handler: create
            ),
            Operation(
                .get,
                "/v1.0/numbers/{id}",
                name: "getNumber",
                tag: "numbers",
                summary: "One number.",
                access: rights,
                answer: .reference("Number"),
                errors: [400, 404]
            ) { call in APIAnswer(json(try await own(call))) },
            change("/v1.0/numbers/{id}", "updateNumber", "Changes what is left in the body.", changeable),
            change("/v1.0/numbers/{id}/flow_ids", "setNumberFlows", "Sets the flows.", Array(changeable.suffix(2))),
            Operation(
                .put,
                "/v1.0/numbers/{id}/metadata",
                name: "setNumberMetadata",
                tag: "numbers",
                summary: "Sets what is recorded of the number's media.",
                access: rights,
                body: .object([.optional("rtp_debug", .boolean)]),
                answer: .reference("Number"),
                errors: [404]
            ) { call in
                try await store(call) { (number) throws(APIError) in
                    number.debugsMedia = try call.body.boolean("rtp_debug").value ?? number.debugsMedia
                }
            },
            Operation(
                .delete,
                "/v1.0/numbers/{id}",
                name: "deleteNumber",
                tag: "numbers",
                summary: "Gives a number up: no call may be shown to come from it any more.",
                access: rights,
                answer: .reference("Number"),
                errors: [400, 404]
            ) { call in
                let answer = try await store(call) { number in
                    number.owned.status = .deleted
                    number.deleted = call.services.now()
                }
                await call.services.policyChanged()
                return answer
            },
            AvailableNumbers.operation,
        ]
    }

    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "Number",
                .answer([
                    ("id", .uuid), ("customer_id", .uuid), ("number", .text),
                    ("type", .string(values: OwnedNumberType.allCases.map(\.rawValue))), ("call_flow_id", .uuid),
                    ("message_flow_id", .uuid), ("name", .text), ("detail", .text),
                    ("status", .string(values: OwnedNumberStatus.allCases.map(\.rawValue))),
                    ("t38_enabled", .boolean), ("emergency_enabled", .boolean),
                    ("metadata", .answer([("rtp_debug", .boolean)])), ("tm_purchase", .nullable(.time)),
                    ("tm_renew", .nullable(.time)), ("tm_create", .time), ("tm_update", .nullable(.time)),
                    ("tm_delete", .nullable(.time)),
                ])
            )
        ] + AvailableNumbers.schemas
    }

    private static let changeable: [Schema.Property] = [
        .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 4096)),
        .optional("call_flow_id", .string(), "Zeros for none."),
        .optional("message_flow_id", .string(), "Zeros for none."),
    ]

    private static let creation = Schema.object(
        [
            .init("number", .string(maximumLength: 16), required: true, "`+` and 7 to 15 digits."),
            .optional("type", .string(values: OwnedNumberType.allCases.map(\.rawValue)), "`normal` unless it says so."),
            .optional("customer_id", .uuid, "Whose it becomes, for who runs the deployment."),
        ] + changeable
    )

    private static func change(
        _ path: String,
        _ name: String,
        _ summary: String,
        _ properties: [Schema.Property]
    ) -> Operation {
        let keys = Set(properties.map(\.key))
        return Operation(
            .put,
            path,
            name: name,
            tag: "numbers",
            summary: summary,
            access: rights,
            body: .object(properties),
            answer: .reference("Number"),
            errors: [404]
        ) { call in
            let flows = try await flows(call)
            return try await store(call) { (number) throws(APIError) in
                if keys.contains("name") { number.name = try call.body.string("name").value ?? number.name }
                if keys.contains("detail") {
                    number.detail = try call.body.string("detail", maximum: 4096).value ?? number.detail
                }
                number.callFlow = flows.call ?? number.callFlow
                number.messageFlow = flows.message ?? number.messageFlow
                if number.callFlow == .zero { number.callFlow = nil }
                if number.messageFlow == .zero { number.messageFlow = nil }
            }
        }
    }

    static func json(_ number: StoredNumber) -> JSONValue {
        [
            "id": .string(number.owned.id.description), "customer_id": .string(number.owned.customer.description),
            "number": .string(number.owned.number.description), "type": .string(number.owned.type.rawValue),
            "call_flow_id": .string((number.callFlow ?? .zero).description),
            "message_flow_id": .string((number.messageFlow ?? .zero).description), "name": .string(number.name),
            "detail": .string(number.detail), "status": .string(number.owned.status.rawValue),
            "t38_enabled": false, "emergency_enabled": false,
            "metadata": ["rtp_debug": .boolean(number.debugsMedia)],
            "tm_purchase": Timestamp.json(number.created), "tm_renew": nil,
            "tm_create": Timestamp.json(number.created), "tm_update": Timestamp.json(number.updated),
            "tm_delete": Timestamp.json(number.deleted),
        ]
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let customer = try call.identity.isSuperAdmin ? call.queryIdentifier("customer_id") : call.customer
        let rows = try await call.services.store.read { try StoredNumber.list($0, of: customer, page.position) }
        return PageAnswer.make(
            rows,
            page,
            token: { PageToken(time: $0.created, identifier: $0.owned.id) },
            json: json
        )
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        let type = try call.body.word("type", OwnedNumberType.self).value ?? .normal
        let number = try NumberForm.read(call.body, type)
        let owner = try await owner(call)
        let flows = try await flows(call)
        var made = StoredNumber(
            owned: OwnedNumber(id: call.services.newIdentifier(), customer: owner, number: number, type: type),
            name: try call.body.string("name").value ?? "",
            detail: try call.body.string("detail", maximum: 4096).value ?? "",
            created: call.services.now()
        )
        made.callFlow = flows.call == .zero ? nil : flows.call
        made.messageFlow = flows.message == .zero ? nil : flows.message
        let new = made
        try await call.services.store.write { database in
            if let taken = try StoredNumber.find(database, number: number.description), taken.owned.status == .active {
                throw APIError.conflict("the number \(number) is registered already", reason: "NUMBER_EXISTS")
            }
            try new.write(database)
        }
        await call.services.policyChanged()
        return APIAnswer(json(new))
    }

    /// Whose a new thing becomes: the caller's, or a customer that a super admin names.
    static func owner(_ call: APICall) async throws -> ResourceIdentifier {
        guard try call.identity.isSuperAdmin, let named = try call.body.identifier("customer_id").value, named != .zero
        else { return try call.customer }
        let exists = try await call.services.store.read { try StoredNumber.hasCustomer($0, named) }
        guard exists else { throw APIError.notFound("CUSTOMER_NOT_FOUND", "there is no customer \(named)") }
        return named
    }

    /// The flows that the body names; each must be one that the caller may use, or zeros for none.
    private static func flows(
        _ call: APICall
    ) async throws -> (call: ResourceIdentifier?, message: ResourceIdentifier?) {
        let named = (
            call: try call.body.identifier("call_flow_id").value,
            message: try call.body.identifier("message_flow_id").value
        )
        for id in [named.call, named.message].compactMap({ $0 }) where id != .zero {
            _ = try await FlowsResource.find(id, call)
        }
        return named
    }

    private static func store(
        _ call: APICall,
        _ change: (inout StoredNumber) throws -> Void
    ) async throws -> APIAnswer {
        var number = try await own(call)
        try change(&number)
        number.updated = call.services.now()
        let changed = number
        try await call.services.store.write { try changed.write($0) }
        return APIAnswer(json(changed))
    }

    private static func own(_ call: APICall) async throws -> StoredNumber {
        let id = try call.identifier()
        let found = try await call.services.store.read { try StoredNumber.find($0, id) }
        guard let found, found.owned.status == .active, try call.identity.reaches(found.owned.customer) else {
            throw APIError.notFound("NUMBER_NOT_FOUND", "there is no number \(id)")
        }
        return found
    }
}
