// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime

/// A trunk with what policy does not read.
package struct StoredProvider: Hashable, Sendable {
    /// What policy reads.
    package var trunk: Trunk
    /// What it is for.
    package var detail: String
    /// When it was made.
    package var created: WallTime
    /// When it was last changed.
    package var updated: WallTime?

    /// Makes a provider.
    package init(trunk: Trunk, detail: String = "", created: WallTime) {
        self.trunk = trunk
        self.detail = detail
        self.created = created
    }
}

extension StoredProvider {
    private static let columns = "\(ModelReader.trunkColumns), detail, tm_create, tm_update"

    /// Every provider, those reserved for one customer included.
    package static func list(_ database: Database, _ position: ListPosition) throws -> [StoredProvider] {
        let rows = try BoundStatement(
            database,
            "SELECT \(columns) FROM trunks WHERE \(ListPosition.condition)"
        )
        rows.bind(position)
        var found: [StoredProvider] = []
        while try rows.step() { found.append(try StoredProvider(rows)) }
        return found
    }

    /// A provider; nil when there is none.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredProvider? {
        let rows = try BoundStatement(database, "SELECT \(columns) FROM trunks WHERE id = ?1")
        rows.bind(1, id)
        return try rows.step() ? try StoredProvider(rows) : nil
    }

    /// The provider of a name; nil when there is none.
    package static func find(_ database: Database, name: String) throws -> StoredProvider? {
        let rows = try BoundStatement(database, "SELECT \(columns) FROM trunks WHERE name = ?1")
        rows.bind(1, name)
        return try rows.step() ? try StoredProvider(rows) : nil
    }

    /// Writes the provider as it is, new or changed.
    package func write(_ database: Database) throws {
        try ModelWriter(database: database, now: updated ?? created).write(trunk)
        let row = try BoundStatement(
            database,
            "UPDATE trunks SET detail = ?2, tm_create = ?3, tm_update = ?4 WHERE id = ?1"
        )
        row.bind(1, trunk.id)
        row.bind(2, detail)
        row.bind(3, created.milliseconds)
        row.bind(4, updated?.milliseconds)
        try row.run()
    }

    /// Removes the provider; deleted routes that led to it go too.
    package func remove(_ database: Database) throws {
        let row = try BoundStatement(database, "DELETE FROM trunks WHERE id = ?1")
        row.bind(1, trunk.id)
        try row.run()
    }

    private init(_ row: BoundStatement) throws {
        let next = ModelReader.trunkColumnCount
        self.init(trunk: try ModelReader.trunk(row), detail: row.text(next), created: row.time(next + 1))
        updated = row.optionalTime(next + 2)
    }
}
