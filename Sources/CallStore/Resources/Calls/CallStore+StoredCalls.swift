// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
package import CallPolicy
import GRDB
package import MonotonicTime

/// Which calls a page of the control API shows.
package struct StoredCallFilter: Hashable, Sendable {
    /// Only calls of this customer; nil for all.
    package var customer: ResourceIdentifier?
    /// Only calls in this state.
    package var status: CallStatus?
    /// Only calls that policy let through (true) or refused (false).
    package var isApproved: Bool?

    /// Makes a filter.
    package init(customer: ResourceIdentifier?, status: CallStatus? = nil, isApproved: Bool? = nil) {
        self.customer = customer
        self.status = status
        self.isApproved = isApproved
    }
}

extension CallStore {
    /// Calls that are not deleted, newest first.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - limit: How many at most.
    ///   - time: Only calls created before this time, unless a call is given.
    ///   - call: Only calls created before this one.
    /// - Returns: The calls, without findings and attempts.
    /// - Throws: `CallStoreError` when the store cannot be read.
    package func storedCalls(
        _ filter: StoredCallFilter,
        limit: Int,
        before time: WallTime?,
        orCall call: ResourceIdentifier?
    ) async throws -> [StoredCall] {
        try await read { database in
            let rows = try BoundStatement(database, Self.page(filter))
            var end = time.map { CallSequence.first(atUnixMilliseconds: $0.milliseconds) } ?? .max
            if let call { end = try Self.row(of: call, database) ?? CallSequence.first(of: call) }
            rows.bind(1, end)
            rows.bind(2, Int64(limit))
            if let customer = filter.customer { rows.bind(3, customer) }
            if let status = filter.status { rows.bind(4, Int64(status.rawValue)) }
            if let isApproved = filter.isApproved { rows.bind(5, isApproved) }
            return try StoredCall.all(rows, database)
        }
    }

    private static func page(_ filter: StoredCallFilter) -> String {
        var conditions = "calls.sequence < ?1 AND tm_delete IS NULL"
        if filter.customer != nil { conditions += " AND customer = ?3" }
        if filter.status != nil { conditions += " AND status = ?4" }
        if filter.isApproved != nil { conditions += " AND is_approved = ?5" }
        return """
            SELECT \(StoredCall.columns) FROM \(StoredCall.tables) WHERE \(conditions)
            ORDER BY calls.sequence DESC LIMIT ?2
            """
    }

    /// One call; nil when the store does not hold it, or a customer deleted it.
    ///
    /// - Parameters:
    ///   - id: The call.
    ///   - decision: Whether its findings and attempts are wanted, too.
    /// - Returns: The call, or nil.
    /// - Throws: `CallStoreError` when the store cannot be read.
    package func storedCall(_ id: ResourceIdentifier, decision: Bool = false) async throws -> StoredCall? {
        try await read { database in
            guard let sequence = try Self.row(of: id, database),
                var call = try StoredCall.read(sequence, database), call.deleted == nil
            else { return nil }
            guard decision else { return call }
            let findings = try BoundStatement(database, "SELECT findings FROM decisions WHERE sequence = ?1")
            findings.bind(1, sequence)
            if try findings.step() { call.record.findings = findings.bytes(0) }
            call.record.attempts = try AttemptRow.attempts(of: sequence, database)
            return call
        }
    }

    /// Hides a call from its customer from now on, and tells the customer's webhook; nothing changes when it is hidden
    /// already.
    package func deleteCall(_ id: ResourceIdentifier, at time: WallTime) async throws {
        let subscribers = webhooks.subscribers
        let hasEvent = try await write { database in
            guard let sequence = try Self.row(of: id, database) else { return false }
            let row = try BoundStatement(
                database,
                "INSERT INTO deleted_calls (sequence, tm_delete) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
            )
            row.bind(1, sequence)
            row.bind(2, time.milliseconds)
            try row.run()
            guard row.changedRows == 1, let customer = try StoredCall.read(sequence, database)?.record.customer,
                subscribers.contains(customer)
            else { return false }
            let event = try BoundStatement(database, WebhookRow.insert)
            WebhookRow.bind(.init(.callDeleted, time), customer, sequence, to: event)
            try event.run()
            return true
        }
        if hasEvent { webhooks.signal() }
    }

    private static func row(of id: ResourceIdentifier, _ database: Database) throws -> Int64? {
        let rows = try BoundStatement(database, CallRow.lookup)
        CallRow.bindLookup(rows, id)
        return try rows.step() ? rows.integer(0) : nil
    }
}
