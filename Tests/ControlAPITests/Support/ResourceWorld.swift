// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes
import MonotonicTime
import NumberingPlan

@testable import ControlAPI

/// Two customers in a store, and operations asked as one of them without the gate in between.
struct ResourceWorld {
    let api: APIHarness
    let own: APIIdentity
    let other: APIIdentity
    let operatorIdentity: APIIdentity

    init() throws {
        api = try APIHarness()
        var plan = ProvisioningPlan()
        plan.customers = ["acme", "umbrella"].map { ProvisionedCustomer(name: $0) }
        plan.customers[0].billingAccount = BillingAccount(creditMicros: 5_000_000)
        _ = try api.services.store.apply(plan, at: api.time.now)
        let snapshot = try api.services.store.loadSnapshot(rules: DeploymentRules())
        func customer(_ name: String) -> ResourceIdentifier {
            snapshot.customers.values.first { $0.name == name }?.id ?? .zero
        }
        func identity(_ customer: ResourceIdentifier?, _ permission: Permission) -> APIIdentity {
            APIIdentity(kind: .agent(.zero), customer: customer, permission: permission)
        }
        own = identity(customer("acme"), .customerAdmin)
        other = identity(customer("umbrella"), .customerManager)
        operatorIdentity = identity(nil, .projectSuperAdmin)
    }

    /// Runs the operation that has this method and path, as the dispatcher would once the gate let the request in.
    func ask(
        as identity: APIIdentity? = nil,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue = [:]
    ) async throws -> JSONValue {
        api.time.advance(.milliseconds(1))
        let halves = path.split(separator: "?", maxSplits: 1)
        let segments = halves[0].split(separator: "/").map(String.init)
        for operation in ControlAPI.operations where operation.method == method {
            guard let parameters = Self.match(operation.path, segments) else { continue }
            let pairs = halves.count > 1 ? halves[1].split(separator: "&").map { $0.split(separator: "=") } : []
            let call = APICall(
                services: api.services,
                caller: identity ?? own,
                requestID: "test",
                parameters: parameters,
                query: Dictionary(pairs.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { $1 }),
                headers: [:],
                body: BodyReader(body.members ?? JSONObject()),
                remoteHost: "127.0.0.1"
            )
            return try await operation.handler(call).body ?? .null
        }
        throw APIError.routeNotFound
    }

    private static func match(_ template: String, _ segments: [String]) -> [String: String]? {
        let parts = template.split(separator: "/")
        guard parts.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            if part.hasPrefix("{") {
                parameters[String(part.dropFirst().dropLast())] = segment
            } else if part != segment {
                return nil
            }
        }
        return parameters
    }
}

extension JSONValue {
    subscript(key: String) -> JSONValue { members?[key] ?? .null }
}

/// The error that an operation answers; nil when it answers something else.
func failure(_ body: () async throws -> JSONValue) async -> APIError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? APIError
    }
}
