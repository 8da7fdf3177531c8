// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallPolicy
import CallStore
import DigestAuthentication
import HTTPTypes
import Logging

/// `POST /calls`: one call for each destination.
enum CallPlacing {
    /// Places the calls; answers the array of those that were placed, or an object when that is asked for.
    static func place(_ call: APICall) async throws -> APIAnswer {
        let customer = try call.customer
        let calls = try await once(call, customer) { try await placed(call, customer) }
        guard wantsObject(call) else { return APIAnswer(calls) }
        return APIAnswer(["calls": calls, "groupcalls": []])
    }

    /// The documents show an array; programs written against the present reference service read an object.
    private static func wantsObject(_ call: APICall) -> Bool {
        call.query["shape"] == "object"
            || call.headers[values: .accept].contains { $0.contains("application/vnd.tollgate.calls+json") }
    }

    private static func placed(_ call: APICall, _ customer: ResourceIdentifier) async throws -> JSONValue {
        let services = call.services
        let request = try CallRequest(call.body)
        let plan = try await plan(request, services, customer)
        var placed: [StoredCall] = []
        var refusal: APIError?
        for destination in request.destinations {
            let placement = CallPlacement(
                id: services.newIdentifier(),
                customer: customer,
                destination: destination,
                source: request.source,
                sourceName: request.sourceName,
                anonymous: request.anonymous,
                flow: plan.flow,
                connect: plan.connections
            )
            switch await services.commands.place(placement) {
            case .placed(let record):
                var stored = StoredCall(record)
                stored.flow = plan.flow
                placed.append(stored)
            case .rejected(let record, let rejection):
                refusal = refusal ?? CallRefusal.error(rejection, of: record)
            case .unavailable(let words): refusal = refusal ?? .unavailable(words)
            }
        }
        if placed.isEmpty, let refusal {
            if plan.isOwnFlow, let flow = plan.flow { try? await services.store.removeCallFlow(flow) }
            throw refusal
        }
        return .array(placed.map(CallObject.json))
    }

    /// What follows the answer, and under which flow.
    private struct Plan {
        var flow: ResourceIdentifier?
        var isOwnFlow = false
        var connections: [CallConnection] = []
    }

    private static func plan(
        _ request: CallRequest,
        _ services: APIServices,
        _ customer: ResourceIdentifier
    ) async throws -> Plan {
        if let flow = request.flow {
            guard let text = try await services.store.flowActions(flow, of: customer) else {
                throw APIError.notFound("FLOW_NOT_FOUND", "there is no flow \(flow); see GET /v1.0/flows")
            }
            let actions = JSONValue(parsing: Array(text.utf8))?.elements ?? []
            return Plan(flow: flow, connections: try CallActions.connections(actions, field: "flow_id.actions"))
        }
        guard let actions = request.actions else { return Plan() }
        let connections = try CallActions.connections(actions, field: "actions")
        let flow = services.newIdentifier()
        try await services.store.addCallFlow(
            flow,
            of: customer,
            actions: JSONValue.array(actions).serialized,
            at: services.now()
        )
        return Plan(flow: flow, isOwnFlow: true, connections: connections)
    }
}

extension CallPlacing {
    /// Does the work once for each Idempotency-Key; without one, every time.
    private static func once(
        _ call: APICall,
        _ customer: ResourceIdentifier,
        _ work: () async throws -> JSONValue
    ) async throws -> JSONValue {
        guard let key = try idempotencyKey(call) else { return try await work() }
        let store = call.services.store
        let hash = try bodyHash(call)
        switch try await store.beginIdempotent(key, of: customer, bodyHash: hash, at: call.services.now()) {
        case .begun: break
        case .answered(let text):
            return .array((JSONValue(parsing: Array(text.utf8))?.elements ?? []).map(CallObject.inOrder))
        case .different:
            throw APIError.conflict("this Idempotency-Key stood on another request; use a new one")
        case .unfinished:
            throw APIError.conflict(
                "the request with this Idempotency-Key is not finished; see GET /v1.0/calls before you send a new one"
            )
        }
        let calls: JSONValue
        do {
            calls = try await work()
        } catch {
            await finish(key, customer, nil, call.services)
            throw error
        }
        await finish(key, customer, calls.serialized, call.services)
        return calls
    }

    /// The calls are placed by now, so that a failure here must not become the answer.
    private static func finish(
        _ key: String,
        _ customer: ResourceIdentifier,
        _ answer: String?,
        _ services: APIServices
    ) async {
        // A client that goes away cancels its request, not what it has set off.
        let write = Task { try await services.store.finishIdempotent(key, of: customer, answer: answer) }
        do {
            try await write.value
        } catch {
            services.logger.error("answer under an Idempotency-Key not kept", metadata: ["reason": "\(error)"])
        }
    }

    private static func idempotencyKey(_ call: APICall) throws(APIError) -> String? {
        guard let name = HTTPField.Name("Idempotency-Key"), let key = call.headers[name], !key.isEmpty else {
            return nil
        }
        guard key.utf8.count <= 255, key.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .invalid("Idempotency-Key", "the Idempotency-Key must be 1 to 255 printable ASCII characters")
        }
        return key
    }

    private static func bodyHash(_ call: APICall) throws -> String {
        let text = JSONValue.object(call.body.object).serialized
        let value = try HMACSHA256.authenticate(key: Array("POST /v1.0/calls".utf8), bytes: Array(text.utf8))
        var digits: [UInt8] = []
        value.appendHexadecimal(byteCount: HashValue.capacity, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }
}
