// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallLifecycle
import CallPolicy
import CallStore
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import MonotonicTime
import NumberingPlan
import Synchronization
import Testing

@testable import ControlAPI

/// The operations about calls over a real store, asked as somebody who is known already.
struct CallsHarness {
    static let customer = ResourceIdentifier(high: 1, low: 1)
    static let stranger = ResourceIdentifier(high: 1, low: 2)

    let api: APIHarness
    let commands = ScriptedCommands()
    let services: APIServices

    init(_ change: (inout ControlAPISettings) -> Void = { _ in }) async throws {
        api = try APIHarness(change)
        var services = api.services
        services.commands = commands
        self.services = services
        for (id, name) in [(Self.customer, "acme"), (Self.stranger, "other")] {
            try await execute(
                """
                INSERT INTO customers (id, name, status, identity_verification, may_call_sip_uris)
                VALUES (?, ?, 'active', 'verified', 1)
                """,
                [id.octets, name]
            )
        }
    }

    static func identity(
        of customer: ResourceIdentifier? = customer,
        _ permission: Permission = .customerAdmin
    ) -> APIIdentity {
        APIIdentity(kind: .agent(ResourceIdentifier(high: 9, low: 9)), customer: customer, permission: permission)
    }

    func execute(_ sql: String, _ arguments: [any DatabaseValueConvertible & Sendable] = []) async throws {
        try await services.store.write { try $0.execute(sql: sql, arguments: StatementArguments(arguments)) }
    }

    func count(_ table: String) async throws -> Int {
        try await services.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    /// Finds the operation and runs it; an answer that is not of the documented form fails the test.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        as identity: APIIdentity? = identity(),
        headers: HTTPFields = [:],
        body: JSONValue? = nil
    ) async throws -> APIHarness.Answer {
        let parts = path.split(separator: "?", maxSplits: 1)
        let segments = parts[0].split(separator: "/")
        let operation = try #require(
            ControlAPI.operations.first { operation in
                let template = operation.path.split(separator: "/")
                return operation.method == method && template.count == segments.count
                    && zip(template, segments).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
            }
        )
        var parameters: [String: String] = [:]
        for (name, value) in zip(operation.path.split(separator: "/"), segments) where name.hasPrefix("{") {
            parameters[String(name.dropFirst().dropLast())] = String(value)
        }
        var query: [String: String] = [:]
        for pair in parts.count == 2 ? parts[1].split(separator: "&") : [] {
            let halves = pair.split(separator: "=", maxSplits: 1)
            query[String(halves[0])] = halves.count == 2 ? String(halves[1]) : ""
        }
        let call = APICall(
            services: services,
            caller: identity,
            requestID: "test",
            parameters: parameters,
            query: query,
            headers: headers,
            body: BodyReader(body?.members ?? JSONObject()),
            remoteHost: "127.0.0.1"
        )
        do {
            let answer = try await operation.handler(call)
            if let schema = operation.answer, let value = answer.body, query["shape"] == nil {
                let problems = SchemaCheck.problems(value, schema)
                #expect(problems.isEmpty, "\(method) \(path): \(problems)")
            }
            return .init(status: 200, headers: [:], text: answer.body?.serialized ?? "", body: answer.body ?? .null)
        } catch let error as APIError {
            var headers = HTTPFields()
            if let seconds = error.retryAfter { headers[.retryAfter] = "\(seconds)" }
            let body = error.body(requestID: "test")
            return .init(status: error.httpStatus, headers: headers, text: body.serialized, body: body)
        }
    }

    /// Stores calls as the gateway does.
    func store(_ jobs: StoreJob...) throws {
        let writer = try StoreWriter(store: services.store, sinks: [])
        for job in jobs { #expect(writer.submit(job, shard: 0, token: 0) == .accepted) }
        writer.close()
    }

    /// A call that was approved.
    func record(
        _ index: Int = 0,
        of customer: ResourceIdentifier = customer,
        change: (inout CallRecord) -> Void = { _ in }
    ) -> CallRecord {
        let time = WallTime(milliseconds: services.now().milliseconds + Int64(index) * 1000)
        var record = CallRecord(
            id: ResourceIdentifier(unixMilliseconds: time.milliseconds, random: (UInt64(index), UInt64(index))),
            customer: customer,
            destination: "+442079460000",
            destinationKind: .tel,
            created: time
        )
        record.sourceAsked = "+15551234567"
        record.source = "+15551234567"
        record.country = Country("gb")
        change(&record)
        return record
    }
}

/// Stands where the gateway is and answers as it is told.
final class ScriptedCommands: CallCommands {
    typealias Placing = @Sendable (CallPlacement) -> CallPlacementOutcome

    let placing = Mutex<Placing>({ .placed(ScriptedCommands.record($0)) })
    let hangUpAnswer = Mutex<CallHangUp?>(nil)
    let hungUp = Mutex<[ResourceIdentifier]>([])
    let placements = Mutex<[CallPlacement]>([])

    func hangUp(_ call: ResourceIdentifier) async -> CallHangUp? {
        hungUp.withLock { $0.append(call) }
        return hangUpAnswer.withLock { $0 }
    }

    func place(_ placement: CallPlacement) async -> CallPlacementOutcome {
        placements.withLock { $0.append(placement) }
        return placing.withLock { $0 }(placement)
    }

    func reloadPolicy() async throws {}

    static func record(_ placement: CallPlacement) -> CallRecord {
        let (text, kind): (String, RecordedDestinationKind) =
            switch placement.destination {
            case .telephone(let number): (number, .tel)
            case .sipURI(let uri): (uri, .sip)
            case .extensionName(let name): (name, .extension)
            }
        var record = CallRecord(
            id: placement.id,
            customer: placement.customer,
            destination: text,
            destinationKind: kind,
            created: WallTime(milliseconds: 1_790_000_000_000)
        )
        record.sourceAsked = placement.source
        record.source = placement.source
        return record
    }
}

/// Whether a value is of a documented form.
enum SchemaCheck {
    static func problems(_ value: JSONValue, _ schema: Schema, at path: String = "$") -> [String] {
        switch (schema, value) {
        case (.any, _), (.nullable, .null), (.boolean, .boolean), (.number, .integer), (.number, .number),
            (.anyObject, .object):
            return []
        case (.nullable(let inner), _): return problems(value, inner, at: path)
        case (.reference(let name), _):
            let schemas = ControlAPI.resources.flatMap { $0.schemas }
            guard let found = schemas.first(where: { $0.name == name }) else { return ["\(path): no schema \(name)"] }
            return problems(value, found.schema, at: path)
        case (.integer(let range), .integer(let number)):
            return range?.contains(number) ?? true ? [] : ["\(path): out of range"]
        case (.string(let format, let length, let values), .string(let text)):
            if let values, !values.contains(text) { return ["\(path): `\(text)` is not one of \(values)"] }
            if let length, text.count > length { return ["\(path): too long"] }
            if format == "uuid", ResourceIdentifier(text) == nil { return ["\(path): `\(text)` is no UUID"] }
            if format == "date-time", Timestamp.parse(text) == nil { return ["\(path): `\(text)` is no time"] }
            return []
        case (.array(let element, let count), .array(let elements)):
            if let count, elements.count > count { return ["\(path): too many"] }
            return elements.enumerated().flatMap { problems($1, element, at: "\(path)[\($0)]") }
        case (.object(let properties), .object(let object)):
            return properties.flatMap { property -> [String] in
                guard let member = object[property.key] else {
                    return property.isRequired ? ["\(path).\(property.key): missing"] : []
                }
                return problems(member, property.schema, at: "\(path).\(property.key)")
            }
        default: return ["\(path): \(value.kind) is of another kind"]
        }
    }
}
