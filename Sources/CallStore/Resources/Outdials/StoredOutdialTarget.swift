// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime

/// Someone of an outdial, with up to five places to be called at.
package struct StoredOutdialTarget: Hashable, Sendable {
    /// Its identity.
    package var id: ResourceIdentifier
    /// The outdial it belongs to.
    package var outdial: ResourceIdentifier
    /// What it is called.
    package var name: String
    /// What is known of it.
    package var detail: String
    /// The customer's own words.
    package var data: String
    /// Where it stands: `idle`, `progressing` or `done`.
    package var status: String
    /// The five places, as a JSON array of addresses and nulls.
    package var destinations: String
    /// The calls made to each of the five, as a JSON array of numbers.
    package var tryCounts: String
    /// When it was made.
    package var created: WallTime
    /// When it was last changed.
    package var updated: WallTime?
    /// When it was deleted.
    package var deleted: WallTime?

    /// Makes a target that nobody has called yet.
    package init(
        id: ResourceIdentifier,
        outdial: ResourceIdentifier,
        name: String,
        detail: String,
        data: String,
        destinations: String,
        created: WallTime
    ) {
        self.id = id
        self.outdial = outdial
        self.name = name
        self.detail = detail
        self.data = data
        status = "idle"
        self.destinations = destinations
        tryCounts = "[0,0,0,0,0]"
        self.created = created
    }
}

extension StoredOutdialTarget {
    private static let columns = """
        id, outdial, name, detail, data, status, destinations, try_counts, tm_create, tm_update, tm_delete
        """

    /// The targets of an outdial.
    package static func list(
        _ database: Database,
        of outdial: ResourceIdentifier,
        _ position: ListPosition
    ) throws -> [StoredOutdialTarget] {
        let rows = try BoundStatement(
            database,
            """
            SELECT \(columns) FROM outdial_targets
            WHERE outdial = ?4 AND tm_delete IS NULL AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, outdial)
        var found: [StoredOutdialTarget] = []
        while try rows.step() { found.append(try StoredOutdialTarget(rows)) }
        return found
    }

    /// A target of an outdial, deleted ones included; nil when the outdial has none of this identity.
    package static func find(
        _ database: Database,
        _ id: ResourceIdentifier,
        of outdial: ResourceIdentifier
    ) throws -> StoredOutdialTarget? {
        let rows = try BoundStatement(
            database,
            "SELECT \(columns) FROM outdial_targets WHERE id = ?1 AND outdial = ?2"
        )
        rows.bind(1, id)
        rows.bind(2, outdial)
        return try rows.step() ? try StoredOutdialTarget(rows) : nil
    }

    /// Writes the target as it is, new or changed.
    package func write(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO outdial_targets (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (id) DO UPDATE SET status = ?6, try_counts = ?8, tm_update = ?10, tm_delete = ?11
            """
        )
        row.bind(1, id)
        row.bind(2, outdial)
        row.bind(3, name)
        row.bind(4, detail)
        row.bind(5, data)
        row.bind(6, status)
        row.bind(7, destinations)
        row.bind(8, tryCounts)
        row.bind(9, created.milliseconds)
        row.bind(10, updated?.milliseconds)
        row.bind(11, deleted?.milliseconds)
        try row.run()
    }

    private init(_ row: BoundStatement) throws {
        self.init(
            id: try row.identifier(0),
            outdial: try row.identifier(1),
            name: row.text(2),
            detail: row.text(3),
            data: row.text(4),
            destinations: row.text(6),
            created: row.time(8)
        )
        status = row.text(5)
        tryCounts = row.text(7)
        updated = row.optionalTime(9)
        deleted = row.optionalTime(10)
    }
}
