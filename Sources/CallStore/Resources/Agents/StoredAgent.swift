// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime

/// A person who may use the control API.
package struct StoredAgent: Hashable, Sendable {
    /// The agent's identity.
    package var id: ResourceIdentifier
    /// The customer it belongs to; nil for who runs the deployment and belongs to none.
    package var customer: ResourceIdentifier?
    /// The name to log in with, unique among agents that are not deleted.
    package var username: String
    /// A name for people.
    package var name: String
    /// Words for people.
    package var detail: String
    /// The hashed password's text.
    package var passwordHash: Secret
    /// What it may do, as bits of one number.
    package var permission: Int64
    /// When it was made.
    package var created: WallTime
    /// When it was last changed; nil for never.
    package var updated: WallTime?
    /// When it was deleted; nil while it is not.
    package var deleted: WallTime?

    /// Makes an agent.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier?,
        username: String,
        name: String = "",
        detail: String = "",
        passwordHash: Secret,
        permission: Int64,
        created: WallTime
    ) {
        self.id = id
        self.customer = customer
        self.username = username
        self.name = name
        self.detail = detail
        self.passwordHash = passwordHash
        self.permission = permission
        self.created = created
    }
}

extension StoredAgent {
    private static let columns =
        "id, customer, username, name, detail, password_hash, permission, tm_create, tm_update, tm_delete"

    private init(_ row: BoundStatement) throws {
        self.init(
            id: try row.identifier(0),
            customer: row.optionalIdentifier(1),
            username: row.text(2),
            name: row.text(3),
            detail: row.text(4),
            passwordHash: Secret(row.text(5)),
            permission: row.integer(6),
            created: WallTime(milliseconds: row.integer(7))
        )
        updated = row.optionalInteger(8).map(WallTime.init(milliseconds:))
        deleted = row.optionalInteger(9).map(WallTime.init(milliseconds:))
    }

    /// The agent with an identity; nil when there is none, or it is deleted.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredAgent? {
        let row = try BoundStatement(
            database,
            "SELECT \(columns) FROM agents WHERE id = ?1 AND tm_delete IS NULL"
        )
        row.bind(1, id)
        return try row.step() ? StoredAgent(row) : nil
    }

    /// The agent who logs in by a name; nil when there is none.
    package static func find(_ database: Database, username: String) throws -> StoredAgent? {
        let row = try BoundStatement(
            database,
            "SELECT \(columns) FROM agents WHERE username = ?1 AND tm_delete IS NULL"
        )
        row.bind(1, username)
        return try row.step() ? StoredAgent(row) : nil
    }

    /// A page of all agents, or of one customer's.
    package static func page(
        _ database: Database,
        customer: ResourceIdentifier?,
        _ position: ListPosition
    ) throws -> [StoredAgent] {
        let rows = try BoundStatement(
            database,
            """
            SELECT \(columns) FROM agents
            WHERE tm_delete IS NULL AND (?4 IS NULL OR customer = ?4) AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, customer)
        var found: [StoredAgent] = []
        while try rows.step() { found.append(try StoredAgent(rows)) }
        return found
    }

    /// How many agents there are that have a right and are not deleted.
    package static func count(_ database: Database, withPermission bit: Int64) throws -> Int64 {
        let row = try BoundStatement(
            database,
            "SELECT count(*) FROM agents WHERE tm_delete IS NULL AND (permission & ?1) <> 0"
        )
        row.bind(1, bit)
        return try row.step() ? row.integer(0) : 0
    }

    /// Writes the agent under its identity, new or changed.
    package func write(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO agents (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (id) DO UPDATE SET customer = ?2, username = ?3, name = ?4, detail = ?5, password_hash = ?6,
                permission = ?7, tm_update = ?9, tm_delete = ?10
            """
        )
        row.bind(1, id)
        row.bind(2, customer)
        row.bind(3, username)
        row.bind(4, name)
        row.bind(5, detail)
        row.bind(6, passwordHash.revealed)
        row.bind(7, permission)
        row.bind(8, created.milliseconds)
        row.bind(9, updated?.milliseconds)
        row.bind(10, deleted?.milliseconds)
        try row.run()
    }
}
