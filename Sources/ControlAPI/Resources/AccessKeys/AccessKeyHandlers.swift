// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import MonotonicTime

extension APIError {
    static let accessKeyNotFound = APIError.notFound(
        "ACCESSKEY_NOT_FOUND",
        "there is no such access key, or it is deleted"
    )
}

enum AccessKeyHandlers {
    /// How long a key may be valid: a day to a hundred years, in seconds.
    static let lifetimes: ClosedRange<Int64> = 86_400...3_153_600_000

    static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let customer = try call.customer
        let keys = try await call.services.store.read {
            try StoredAccessKey.page($0, customer: customer, page.position)
        }
        return PageAnswer.make(keys, page) {
            PageToken(time: $0.created, identifier: $0.id)
        } json: {
            json($0)
        }
    }

    static func create(_ call: APICall) async throws -> APIAnswer {
        guard let seconds = try call.body.integer("expire", in: lifetimes).value else {
            throw APIError.invalid("expire", "`expire` is missing: give seconds, \(lifetimes.lowerBound) or more")
        }
        let token = AccessToken.random()
        let now = call.services.now()
        var key = StoredAccessKey(
            id: call.services.newIdentifier(),
            customer: try call.customer,
            name: "",
            detail: "",
            tokenHash: token.hash,
            tokenPrefix: token.prefix,
            expires: WallTime(milliseconds: now.milliseconds + seconds * 1000),
            created: now
        )
        key.name.take(try call.body.string("name"))
        key.detail.take(try call.body.string("detail", maximum: 1024))
        let made = key
        try await call.services.store.write { try made.write($0) }
        return APIAnswer(json(made, token: token))
    }

    static func get(_ call: APICall) async throws -> APIAnswer {
        let id = try call.identifier()
        let customer = try call.customer
        let found = try await call.services.store.read { try StoredAccessKey.find($0, id, of: customer) }
        guard let key = found else { throw APIError.accessKeyNotFound }
        return APIAnswer(json(key))
    }

    static func update(_ call: APICall) async throws -> APIAnswer {
        let name = try call.body.string("name")
        let detail = try call.body.string("detail", maximum: 1024)
        return try await change(call) { key, _ in
            key.name.take(name)
            key.detail.take(detail)
        }
    }

    static func delete(_ call: APICall) async throws -> APIAnswer {
        try await change(call) { key, now in key.deleted = now }
    }

    private static func change(
        _ call: APICall,
        _ body: @escaping @Sendable (inout StoredAccessKey, WallTime) -> Void
    ) async throws -> APIAnswer {
        let id = try call.identifier()
        let customer = try call.customer
        let now = call.services.now()
        let changed = try await call.services.store.write { database in
            guard var key = try StoredAccessKey.find(database, id, of: customer) else {
                throw APIError.accessKeyNotFound
            }
            body(&key, now)
            key.updated = now
            try key.write(database)
            return key
        }
        return APIAnswer(json(changed))
    }

    private static func json(_ key: StoredAccessKey, token: AccessToken? = nil) -> JSONValue {
        var object = JSONObject([
            ("id", .string(key.id.description)), ("customer_id", .string(key.customer.description)),
            ("name", .string(key.name)), ("detail", .string(key.detail)),
        ])
        if let token { object["token"] = .string(token.text) }
        object["token_prefix"] = .string(key.tokenPrefix)
        object["tm_expire"] = Timestamp.json(key.expires)
        object["tm_create"] = Timestamp.json(key.created)
        object["tm_update"] = Timestamp.json(key.updated)
        object["tm_delete"] = Timestamp.json(key.deleted)
        return .object(object)
    }
}
