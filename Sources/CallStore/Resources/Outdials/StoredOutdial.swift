// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime

/// An outdial: a list of people to call.
package struct StoredOutdial: Hashable, Sendable {
    /// Its identity.
    package var id: ResourceIdentifier
    /// Whose it is.
    package var customer: ResourceIdentifier
    /// The campaign that dials it; nil for none.
    package var campaign: ResourceIdentifier?
    /// What it is called.
    package var name: String
    /// What it is for.
    package var detail: String
    /// The customer's own words.
    package var data: String
    /// When it was made.
    package var created: WallTime
    /// When it was last changed.
    package var updated: WallTime?
    /// When it was deleted.
    package var deleted: WallTime?

    /// Makes an outdial.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier,
        campaign: ResourceIdentifier?,
        name: String,
        detail: String,
        data: String,
        created: WallTime
    ) {
        self.id = id
        self.customer = customer
        self.campaign = campaign
        self.name = name
        self.detail = detail
        self.data = data
        self.created = created
    }
}

extension StoredOutdial {
    private static let columns = "id, customer, campaign, name, detail, data, tm_create, tm_update, tm_delete"

    /// The outdials of a customer.
    package static func list(
        _ database: Database,
        of customer: ResourceIdentifier,
        _ position: ListPosition
    ) throws -> [StoredOutdial] {
        let rows = try BoundStatement(
            database,
            """
            SELECT \(columns) FROM outdials WHERE customer = ?4 AND tm_delete IS NULL AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, customer)
        var found: [StoredOutdial] = []
        while try rows.step() { found.append(try StoredOutdial(rows)) }
        return found
    }

    /// An outdial, deleted ones included; nil when there is none.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredOutdial? {
        let rows = try BoundStatement(database, "SELECT \(columns) FROM outdials WHERE id = ?1")
        rows.bind(1, id)
        return try rows.step() ? try StoredOutdial(rows) : nil
    }

    /// Writes the outdial as it is, new or changed.
    package func write(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO outdials (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (id) DO UPDATE SET campaign = ?3, name = ?4, detail = ?5, data = ?6, tm_update = ?8,
                tm_delete = ?9
            """
        )
        row.bind(1, id)
        row.bind(2, customer)
        row.bind(3, campaign)
        row.bind(4, name)
        row.bind(5, detail)
        row.bind(6, data)
        row.bind(7, created.milliseconds)
        row.bind(8, updated?.milliseconds)
        row.bind(9, deleted?.milliseconds)
        try row.run()
    }

    private init(_ row: BoundStatement) throws {
        self.init(
            id: try row.identifier(0),
            customer: try row.identifier(1),
            campaign: row.optionalIdentifier(2),
            name: row.text(3),
            detail: row.text(4),
            data: row.text(5),
            created: row.time(6)
        )
        updated = row.optionalTime(7)
        deleted = row.optionalTime(8)
    }
}
