// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The writer's statements, compiled once for its connection.
final class WriterStatements {
    let insertCall: BoundStatement
    let insertDecision: BoundStatement
    let insertPlacedCall: BoundStatement
    let insertLiveCall: BoundStatement
    let insertExternalIdentifier: BoundStatement
    let updateCall: BoundStatement
    let insertAttempt: BoundStatement
    let endAttempt: BoundStatement
    let endOpenAttempt: BoundStatement
    let updateDialogState: BoundStatement
    let deleteLiveCall: BoundStatement
    let findCall: BoundStatement
    let replaceBinding: BoundStatement
    let deleteBindings: BoundStatement
    let deleteExpiredBindings: BoundStatement
    let readCall: BoundStatement
    let insertWebhookDelivery: BoundStatement

    init(_ database: Database) throws {
        let parameters = (1...CallRow.columnCount).map { "?\($0)" }.joined(separator: ",")
        insertCall = try BoundStatement(
            database,
            """
            INSERT INTO calls (\(CallRow.columns), sequence) VALUES (\(parameters), ?\(CallRow.columnCount + 1))
            ON CONFLICT (sequence) DO NOTHING
            """
        )
        insertDecision = try BoundStatement(database, "INSERT INTO decisions VALUES (?1, ?2)")
        insertPlacedCall = try BoundStatement(
            database,
            "INSERT INTO placed_calls (sequence, flow, master_call) VALUES (?1, ?2, ?3)"
        )
        insertLiveCall = try BoundStatement(database, "INSERT INTO live_calls VALUES (?1, ?2)")
        insertExternalIdentifier = try BoundStatement(database, CallAPIIdentifiers.insert)
        updateCall = try BoundStatement(
            database,
            """
            UPDATE calls SET status = ?2, tm_update = max(tm_update, ?3), hangup_by = coalesce(?4, hangup_by),
                hangup_reason = coalesce(?5, hangup_reason), final_status = coalesce(?6, final_status),
                cause = coalesce(?7, cause), trunk = coalesce(?8, trunk), trunk_name = coalesce(?9, trunk_name),
                outbound_call_id = coalesce(?10, outbound_call_id), tm_ringing = coalesce(tm_ringing, ?11),
                tm_progressing = coalesce(tm_progressing, ?12), tm_hangup = coalesce(tm_hangup, ?13)
            WHERE sequence = ?1
            """
        )
        insertAttempt = try BoundStatement(database, AttemptRow.insert)
        endAttempt = try BoundStatement(database, AttemptRow.end)
        endOpenAttempt = try BoundStatement(database, AttemptRow.endOpen)
        updateDialogState = try BoundStatement(database, "UPDATE live_calls SET dialog_state = ?2 WHERE sequence = ?1")
        deleteLiveCall = try BoundStatement(database, "DELETE FROM live_calls WHERE sequence = ?1")
        findCall = try BoundStatement(database, CallRow.lookup)
        replaceBinding = try BoundStatement(
            database,
            "REPLACE INTO bindings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        )
        deleteBindings = try BoundStatement(database, "DELETE FROM bindings WHERE endpoint = ?1 AND position >= ?2")
        deleteExpiredBindings = try BoundStatement(database, "DELETE FROM bindings WHERE tm_expire <= ?1")
        readCall = try BoundStatement(database, "SELECT \(CallRow.columns) FROM calls WHERE sequence = ?1")
        insertWebhookDelivery = try BoundStatement(database, WebhookRow.insert)
    }
}
