// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime

/// A key by which a program uses the control API as its customer's administrator.
package struct StoredAccessKey: Hashable, Sendable {
    /// The key's identity.
    package var id: ResourceIdentifier
    /// The customer it belongs to.
    package var customer: ResourceIdentifier
    /// A name for people.
    package var name: String
    /// Words for people.
    package var detail: String
    /// The SHA-256 hash of the token, 32 octets; the token itself is not kept.
    package var tokenHash: [UInt8]
    /// What the token begins with, so that people can tell keys apart.
    package var tokenPrefix: String
    /// When it stops being valid.
    package var expires: WallTime
    /// When it was made.
    package var created: WallTime
    /// When it was last changed; nil for never.
    package var updated: WallTime?
    /// When it was deleted; nil while it is not.
    package var deleted: WallTime?

    /// Makes a key.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier,
        name: String,
        detail: String,
        tokenHash: [UInt8],
        tokenPrefix: String,
        expires: WallTime,
        created: WallTime
    ) {
        self.id = id
        self.customer = customer
        self.name = name
        self.detail = detail
        self.tokenHash = tokenHash
        self.tokenPrefix = tokenPrefix
        self.expires = expires
        self.created = created
    }
}

extension StoredAccessKey {
    private static let columns =
        "id, customer, name, detail, token_hash, token_prefix, tm_expire, tm_create, tm_update, tm_delete"

    private init(_ row: BoundStatement) throws {
        self.init(
            id: try row.identifier(0),
            customer: try row.identifier(1),
            name: row.text(2),
            detail: row.text(3),
            tokenHash: row.bytes(4),
            tokenPrefix: row.text(5),
            expires: WallTime(milliseconds: row.integer(6)),
            created: WallTime(milliseconds: row.integer(7))
        )
        updated = row.optionalInteger(8).map(WallTime.init(milliseconds:))
        deleted = row.optionalInteger(9).map(WallTime.init(milliseconds:))
    }

    /// The keys whose token begins so, expired ones included; the caller compares the hashes.
    package static func find(_ database: Database, tokenPrefix: String) throws -> [StoredAccessKey] {
        let rows = try BoundStatement(
            database,
            "SELECT \(columns) FROM access_keys WHERE token_prefix = ?1 AND tm_delete IS NULL"
        )
        rows.bind(1, tokenPrefix)
        var found: [StoredAccessKey] = []
        while try rows.step() { found.append(try StoredAccessKey(rows)) }
        return found
    }

    /// A customer's key with an identity; nil when there is none, it is another's, or it is deleted.
    package static func find(
        _ database: Database,
        _ id: ResourceIdentifier,
        of customer: ResourceIdentifier
    ) throws -> StoredAccessKey? {
        let row = try BoundStatement(
            database,
            "SELECT \(columns) FROM access_keys WHERE id = ?1 AND customer = ?2 AND tm_delete IS NULL"
        )
        row.bind(1, id)
        row.bind(2, customer)
        return try row.step() ? StoredAccessKey(row) : nil
    }

    /// A page of a customer's keys.
    package static func page(
        _ database: Database,
        customer: ResourceIdentifier,
        _ position: ListPosition
    ) throws -> [StoredAccessKey] {
        let rows = try BoundStatement(
            database,
            """
            SELECT \(columns) FROM access_keys
            WHERE tm_delete IS NULL AND customer = ?4 AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, customer)
        var found: [StoredAccessKey] = []
        while try rows.step() { found.append(try StoredAccessKey(rows)) }
        return found
    }

    /// Writes the key under its identity, new or changed.
    package func write(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO access_keys (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (id) DO UPDATE SET name = ?3, detail = ?4, tm_update = ?9, tm_delete = ?10
            """
        )
        row.bind(1, id)
        row.bind(2, customer)
        row.bind(3, name)
        row.bind(4, detail)
        row.bindBlob(5, tokenHash)
        row.bind(6, tokenPrefix)
        row.bind(7, expires.milliseconds)
        row.bind(8, created.milliseconds)
        row.bind(9, updated?.milliseconds)
        row.bind(10, deleted?.milliseconds)
        try row.run()
    }
}
