// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import GRDB
import MonotonicTime

/// How an event that waits for delivery stands in its table: who is told, of which call, what and when. The rest of the
/// body follows from the call's own row.
enum WebhookRow {
    /// Adds an event; it is due at once.
    static let insert =
        "INSERT INTO webhook_deliveries (customer, call_sequence, event, tm_event) VALUES (?1, ?2, ?3, ?4)"

    /// Binds the statement `insert`.
    static func bind(
        _ occurrence: WebhookEvent.Occurrence,
        _ customer: ResourceIdentifier,
        _ sequence: Int64,
        to row: BoundStatement
    ) {
        row.bind(1, customer)
        row.bind(2, sequence)
        row.bind(3, occurrence.event.rawValue)
        row.bind(4, occurrence.time.milliseconds)
    }

    /// Reads the call's row as the transaction has it.
    static func read(_ sequence: Int64, _ row: BoundStatement) throws(CallStoreError) -> CallRecord {
        row.bind(1, sequence)
        guard try row.step() else { throw .corrupt(detail: "the row of a call is gone") }
        defer { row.reset() }
        return try CallRow.record(row)
    }
}
