// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import MonotonicTime

/// Agents as they are answered; what this gateway has no use for has the reference service's value of rest.
enum AgentAnswer {
    static var schema: Schema {
        .answer([
            ("id", .uuid), ("customer_id", .uuid), ("username", .text), ("name", .text), ("detail", .text),
            ("ring_method", .string(values: ["ringall"])), ("status", .string(values: ["available"])),
            ("permission", .integer()), ("tag_ids", .array(.uuid)), ("addresses", .array(.any)),
            ("direct_hash", .text), ("tm_create", .nullable(.time)), ("tm_update", .nullable(.time)),
            ("tm_delete", .nullable(.time)),
        ])
    }

    static func json(_ agent: StoredAgent) -> JSONValue {
        json(
            (agent.id, agent.customer),
            (agent.username, agent.name, agent.detail),
            agent.permission,
            (agent.created, agent.updated, agent.deleted)
        )
    }

    /// A key in the form of an agent: without a user name, an administrator of its customer.
    static func json(_ key: StoredAccessKey) -> JSONValue {
        json(
            (key.id, key.customer),
            ("", key.name, key.detail),
            Permission.customerAdmin.rawValue,
            (key.created, key.updated, key.deleted)
        )
    }

    private static func json(
        _ identity: (id: ResourceIdentifier, customer: ResourceIdentifier?),
        _ words: (username: String, name: String, detail: String),
        _ permission: Int64,
        _ times: (created: WallTime, updated: WallTime?, deleted: WallTime?)
    ) -> JSONValue {
        [
            "id": .string(identity.id.description),
            "customer_id": .string((identity.customer ?? .zero).description),
            "username": .string(words.username), "name": .string(words.name), "detail": .string(words.detail),
            "ring_method": "ringall", "status": "available", "permission": .integer(permission),
            "tag_ids": [], "addresses": [], "direct_hash": "",
            "tm_create": Timestamp.json(times.created), "tm_update": Timestamp.json(times.updated),
            "tm_delete": Timestamp.json(times.deleted),
        ]
    }
}
