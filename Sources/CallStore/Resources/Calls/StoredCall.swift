// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import GRDB
package import MonotonicTime

/// A call with what the control API shows of it beside its record.
package struct StoredCall: Hashable, Sendable {
    /// The record; its findings and attempts only where a single call was asked for with its decision.
    package var record: CallRecord
    /// The flow that it was placed with.
    package var flow: ResourceIdentifier?
    /// The call that it was connected to by third-party call control.
    package var master: ResourceIdentifier?
    /// The calls that were connected to it, oldest first, with the times they were created.
    package var chained: [ChainedCall] = []
    /// When a customer deleted it.
    package var deleted: WallTime?

    /// A call that was connected to another.
    package struct ChainedCall: Hashable, Sendable {
        /// The call's identity.
        package var id: ResourceIdentifier
        /// When it was created.
        package var created: WallTime
    }

    /// Makes a call out of its record; the other fields are set on the value.
    package init(_ record: CallRecord) {
        self.record = record
    }

    /// The call as it stood when something happened to it.
    package func asOf(_ occurrence: WebhookEvent.Occurrence) -> StoredCall {
        var call = self
        call.record = record.asOf(occurrence)
        call.chained.removeAll { $0.created > occurrence.time }
        if let deleted, deleted > occurrence.time { call.deleted = nil }
        return call
    }
}

extension StoredCall {
    /// What a statement must select for `init(row:)`, out of `calls` joined with `placed_calls` and `deleted_calls`.
    static let columns = "\(CallRow.columns), flow, master_call, tm_delete"
    /// The tables those columns come from.
    static let tables = "calls LEFT JOIN placed_calls USING (sequence) LEFT JOIN deleted_calls USING (sequence)"

    private init(_ row: BoundStatement) throws(CallStoreError) {
        self.init(try CallRow.record(row))
        flow = row.optionalIdentifier(CallRow.columnCount)
        master = row.optionalIdentifier(CallRow.columnCount + 1)
        deleted = row.optionalInteger(CallRow.columnCount + 2).map(WallTime.init(milliseconds:))
    }

    /// The call in a row; nil when there is none.
    static func read(_ sequence: Int64, _ database: Database) throws -> StoredCall? {
        let rows = try BoundStatement(
            database,
            "SELECT \(columns) FROM \(tables) WHERE calls.sequence = ?1"
        )
        rows.bind(1, sequence)
        return try all(rows, database).first
    }

    /// Every call that a statement selects.
    static func all(_ rows: BoundStatement, _ database: Database) throws -> [StoredCall] {
        var found: [StoredCall] = []
        while try rows.step() { found.append(try StoredCall(rows)) }
        let chained = try BoundStatement(
            database,
            """
            SELECT id, tm_create FROM placed_calls JOIN calls USING (sequence)
            WHERE master_call = ?1 ORDER BY placed_calls.sequence
            """
        )
        // Calls of telephones are masters of none.
        for index in found.indices where found[index].record.endpoint == nil {
            chained.bind(1, found[index].record.id)
            while try chained.step() {
                let created = WallTime(milliseconds: chained.integer(1))
                found[index].chained.append(ChainedCall(id: try chained.identifier(0), created: created))
            }
        }
        return found
    }
}
