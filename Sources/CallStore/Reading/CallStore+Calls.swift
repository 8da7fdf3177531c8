// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
package import CallPolicy
import GRDB
package import MonotonicTime
import NumberingPlan

/// Which calls a listing shows; nil fields do not narrow it.
package struct CallFilter: Hashable, Sendable {
    /// Only calls of this customer.
    package var customer: ResourceIdentifier?
    /// Only calls of this endpoint.
    package var endpoint: ResourceIdentifier?
    /// Only calls in this state.
    package var status: CallStatus?
    /// Only calls that policy let through (true) or rejected (false).
    package var isApproved: Bool?
    /// Only calls to exactly this destination.
    package var destination: String?
    /// Only calls created before this time.
    package var createdBefore: WallTime?

    /// Makes a filter that shows every call.
    package init(customer: ResourceIdentifier? = nil) {
        self.customer = customer
    }
}

/// A call in progress as it stood when the program last wrote it.
package struct LiveCall: Hashable, Sendable {
    /// The call's record, without its findings.
    package var record: CallRecord
    /// The dialog state written at the answer; nil for a call that was not answered.
    package var dialogState: [UInt8]?
}

extension CallStore {
    /// Calls, newest first, without their findings.
    ///
    /// `limit` is held between 1 and 1000. `before` is the last call of the page before.
    package func calls(
        limit: Int = 100,
        before: ResourceIdentifier? = nil,
        filter: CallFilter = CallFilter()
    ) throws(CallStoreError) -> [CallRecord] {
        try reading { database in
            var end = Int64.max
            if let before { end = try Self.sequence(of: before, database) ?? CallSequence.first(of: before) }
            if let time = filter.createdBefore {
                end = min(end, CallSequence.first(atUnixMilliseconds: time.milliseconds))
            }
            let rows = try BoundStatement(database, Self.listing(filter))
            rows.bind(1, end)
            rows.bind(2, Int64(min(max(limit, 1), 1000)))
            Self.bind(filter, to: rows)
            var found: [CallRecord] = []
            while try rows.step() { found.append(try CallRow.placedRecord(rows)) }
            return found
        }
    }

    /// The calls that a placed call was connected to, oldest first, without their findings.
    package func chainedCalls(of master: ResourceIdentifier) throws(CallStoreError) -> [CallRecord] {
        try reading { database in
            let rows = try BoundStatement(
                database,
                """
                SELECT \(CallRow.columns), \(CallRow.placement) FROM placed_calls JOIN calls USING (sequence)
                WHERE master_call = ?1 ORDER BY sequence
                """
            )
            rows.bind(1, master)
            var found: [CallRecord] = []
            while try rows.step() { found.append(try CallRow.placedRecord(rows)) }
            return found
        }
    }

    private static func listing(_ filter: CallFilter) -> String {
        var conditions = "sequence < ?1"
        if filter.customer != nil { conditions += " AND customer = ?3" }
        if filter.endpoint != nil { conditions += " AND endpoint = ?4" }
        if filter.status != nil { conditions += " AND status = ?5" }
        if filter.isApproved != nil { conditions += " AND is_approved = ?6" }
        if filter.destination != nil { conditions += " AND destination = ?7" }
        return """
            SELECT \(CallRow.columns), \(CallRow.placement) FROM calls LEFT JOIN placed_calls USING (sequence)
            WHERE \(conditions) ORDER BY sequence DESC LIMIT ?2
            """
    }

    // A parameter may only be bound when a condition names it.
    private static func bind(_ filter: CallFilter, to rows: BoundStatement) {
        if let customer = filter.customer { rows.bind(3, customer) }
        if let endpoint = filter.endpoint { rows.bind(4, endpoint) }
        if let status = filter.status { rows.bind(5, Int64(status.rawValue)) }
        if let isApproved = filter.isApproved { rows.bind(6, isApproved) }
        if let destination = filter.destination { rows.bind(7, destination) }
    }

    /// One call with its findings and attempts; nil when the store does not hold it.
    package func call(_ id: ResourceIdentifier) throws(CallStoreError) -> CallRecord? {
        try reading { database in
            guard let sequence = try Self.sequence(of: id, database) else { return nil }
            let rows = try BoundStatement(
                database,
                """
                SELECT \(CallRow.columns), \(CallRow.placement), findings FROM calls
                LEFT JOIN placed_calls USING (sequence) LEFT JOIN decisions USING (sequence) WHERE sequence = ?1
                """
            )
            rows.bind(1, sequence)
            guard try rows.step() else { return nil }
            var record = try CallRow.placedRecord(rows)
            record.findings = rows.bytes(CallRow.columnCount + CallRow.placementCount)
            record.attempts = try AttemptRow.attempts(of: sequence, database)
            let names = try BoundStatement(database, CallAPIIdentifiers.find)
            names.bind(1, sequence)
            if try names.step() { record.externalIdentifier = names.text(0) }
            return record
        }
    }

    /// Every call that has not ended, oldest first.
    ///
    /// After a crash these are the calls to find again (those with dialog state) or to close (those without).
    package func loadLiveCalls() throws(CallStoreError) -> [LiveCall] {
        try reading { database in
            let rows = try BoundStatement(
                database,
                """
                SELECT \(CallRow.columns), \(CallRow.placement), dialog_state, external_id
                FROM live_calls JOIN calls USING (sequence) LEFT JOIN placed_calls USING (sequence)
                LEFT JOIN call_api_calls USING (sequence) ORDER BY sequence
                """
            )
            var found: [LiveCall] = []
            while try rows.step() {
                let last = CallRow.columnCount + CallRow.placementCount
                let state = rows.isNull(last) ? nil : rows.bytes(last)
                var record = try CallRow.placedRecord(rows)
                if !rows.isNull(last + 1) { record.externalIdentifier = rows.text(last + 1) }
                found.append(LiveCall(record: record, dialogState: state))
            }
            return found
        }
    }

    private static func sequence(of id: ResourceIdentifier, _ database: Database) throws -> Int64? {
        let rows = try BoundStatement(database, CallRow.lookup)
        CallRow.bindLookup(rows, id)
        return try rows.step() ? rows.integer(0) : nil
    }
}
