// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime

/// A flow: what is done with a call once it is answered.
package struct StoredFlow: Hashable, Sendable {
    /// Its identity.
    package var id: ResourceIdentifier
    /// Whose it is.
    package var customer: ResourceIdentifier
    /// What it is called.
    package var name: String
    /// What it is for.
    package var detail: String
    /// The actions in order, as a JSON array.
    package var actions: String
    /// The flow that follows this one; nil for none.
    package var onComplete: ResourceIdentifier?
    /// Whether it was made to be used again; false for one that a single call brought along.
    package var isPersistent: Bool
    /// When it was made.
    package var created: WallTime
    /// When it was last changed.
    package var updated: WallTime?
    /// When it was deleted.
    package var deleted: WallTime?

    /// Makes a flow.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier,
        name: String,
        detail: String = "",
        actions: String,
        onComplete: ResourceIdentifier? = nil,
        isPersistent: Bool = true,
        created: WallTime
    ) {
        self.id = id
        self.customer = customer
        self.name = name
        self.detail = detail
        self.actions = actions
        self.onComplete = onComplete
        self.isPersistent = isPersistent
        self.created = created
    }
}

extension StoredFlow {
    private static let columns = """
        id, customer, name, detail, actions, on_complete_flow, is_persistent, tm_create, tm_update, tm_delete
        """

    /// The flows of a customer that were made to be used again.
    package static func list(
        _ database: Database,
        of customer: ResourceIdentifier,
        _ position: ListPosition
    ) throws -> [StoredFlow] {
        let rows = try BoundStatement(
            database,
            """
            SELECT \(columns) FROM flows
            WHERE customer = ?4 AND tm_delete IS NULL AND is_persistent = 1 AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, customer)
        var found: [StoredFlow] = []
        while try rows.step() { found.append(try StoredFlow(rows)) }
        return found
    }

    /// A flow, deleted ones included; nil when there is none.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredFlow? {
        let rows = try BoundStatement(database, "SELECT \(columns) FROM flows WHERE id = ?1")
        rows.bind(1, id)
        return try rows.step() ? try StoredFlow(rows) : nil
    }

    /// Writes the flow as it is, new or changed.
    package func write(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO flows (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (id) DO UPDATE SET name = ?3, detail = ?4, actions = ?5, on_complete_flow = ?6, tm_update = ?9,
                tm_delete = ?10
            """
        )
        row.bind(1, id)
        row.bind(2, customer)
        row.bind(3, name)
        row.bind(4, detail)
        row.bind(5, actions)
        row.bind(6, onComplete)
        row.bind(7, isPersistent)
        row.bind(8, created.milliseconds)
        row.bind(9, updated?.milliseconds)
        row.bind(10, deleted?.milliseconds)
        try row.run()
    }

    private init(_ row: BoundStatement) throws {
        self.init(
            id: try row.identifier(0),
            customer: try row.identifier(1),
            name: row.text(2),
            detail: row.text(3),
            actions: row.text(4),
            onComplete: row.optionalIdentifier(5),
            isPersistent: row.flag(6),
            created: row.time(7)
        )
        updated = row.optionalTime(8)
        deleted = row.optionalTime(9)
    }
}
