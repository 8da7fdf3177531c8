// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime
import NumberingPlan

/// A number of a customer, with what policy does not read.
package struct StoredNumber: Hashable, Sendable {
    /// What policy reads.
    package var owned: OwnedNumber
    /// What it is called.
    package var name: String
    /// What it is for.
    package var detail: String
    /// The flow that takes its calls; nil for none.
    package var callFlow: ResourceIdentifier?
    /// The flow that takes its messages; nil for none.
    package var messageFlow: ResourceIdentifier?
    /// Whether its media is to be logged.
    package var debugsMedia: Bool
    /// When it was made.
    package var created: WallTime
    /// When it was last changed.
    package var updated: WallTime?
    /// When it was deleted.
    package var deleted: WallTime?

    /// Makes a number.
    package init(owned: OwnedNumber, name: String = "", detail: String = "", created: WallTime) {
        self.owned = owned
        self.name = name
        self.detail = detail
        debugsMedia = false
        self.created = created
    }
}

extension StoredNumber {
    private static let columns = """
        id, customer, number, type, status, name, detail, call_flow, message_flow, rtp_debug, tm_create, tm_update,
        tm_delete
        """

    /// The active numbers, of one customer or of all.
    package static func list(
        _ database: Database,
        of customer: ResourceIdentifier?,
        _ position: ListPosition
    ) throws -> [StoredNumber] {
        let rows = try BoundStatement(
            database,
            """
            SELECT \(columns) FROM numbers
            WHERE (?4 IS NULL OR customer = ?4) AND status = 'active' AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, customer)
        var found: [StoredNumber] = []
        while try rows.step() { found.append(try StoredNumber(rows)) }
        return found
    }

    /// A number, deleted ones included; nil when there is none.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredNumber? {
        try one(database, "id = ?1") { $0.bind(1, id) }
    }

    /// Who has a number, deleted ones included; nil when nobody ever had it.
    package static func find(_ database: Database, number: String) throws -> StoredNumber? {
        try one(database, "number = ?1") { $0.bind(1, number) }
    }

    private static func one(
        _ database: Database,
        _ condition: String,
        _ bind: (BoundStatement) -> Void
    ) throws -> StoredNumber? {
        let rows = try BoundStatement(database, "SELECT \(columns) FROM numbers WHERE \(condition)")
        bind(rows)
        return try rows.step() ? try StoredNumber(rows) : nil
    }

    /// Writes the number as it is; a deleted row of the same number makes room for it.
    package func write(_ database: Database) throws {
        let old = try BoundStatement(
            database,
            "DELETE FROM numbers WHERE number = ?1 AND status = 'deleted' AND id <> ?2"
        )
        old.bind(1, owned.number.description)
        old.bind(2, owned.id)
        try old.run()
        let row = try BoundStatement(
            database,
            """
            INSERT INTO numbers (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            ON CONFLICT (id) DO UPDATE SET status = ?5, name = ?6, detail = ?7, call_flow = ?8, message_flow = ?9,
                rtp_debug = ?10, tm_update = ?12, tm_delete = ?13
            """
        )
        row.bind(1, owned.id)
        row.bind(2, owned.customer)
        row.bind(3, owned.number.description)
        row.bind(4, owned.type.rawValue)
        row.bind(5, owned.status.rawValue)
        row.bind(6, name)
        row.bind(7, detail)
        row.bind(8, callFlow)
        row.bind(9, messageFlow)
        row.bind(10, debugsMedia)
        row.bind(11, created.milliseconds)
        row.bind(12, updated?.milliseconds)
        row.bind(13, deleted?.milliseconds)
        try row.run()
    }

    private init(_ row: BoundStatement) throws {
        self.init(
            owned: OwnedNumber(
                id: try row.identifier(0),
                customer: try row.identifier(1),
                number: try row.value(2) { E164Number($0) },
                type: try row.value(3, OwnedNumberType.init),
                status: try row.value(4, OwnedNumberStatus.init)
            ),
            name: row.text(5),
            detail: row.text(6),
            created: row.time(10)
        )
        callFlow = row.optionalIdentifier(7)
        messageFlow = row.optionalIdentifier(8)
        debugsMedia = row.flag(9)
        updated = row.optionalTime(11)
        deleted = row.optionalTime(12)
    }
}

extension StoredNumber {
    /// Whether there is a customer that a number could be given to.
    package static func hasCustomer(_ database: Database, _ customer: ResourceIdentifier) throws -> Bool {
        let rows = try BoundStatement(
            database,
            "SELECT 1 FROM customers WHERE id = ?1 AND status <> 'deleted' AND tm_delete IS NULL"
        )
        rows.bind(1, customer)
        return try rows.step()
    }
}
