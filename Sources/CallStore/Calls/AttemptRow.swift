// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import GRDB
import MonotonicTime

/// How an attempt stands in its table, under the row number of its call.
enum AttemptRow {
    private static let columns = "position, trunk, trunk_name, started, ended, shown, asserted, privacy, status, cause"

    /// Stores an attempt; one whose position is taken is left out.
    static let insert = """
        INSERT INTO call_attempts (\(columns), sequence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT DO NOTHING
        """
    /// Ends an attempt by its position: the key of one row, so that SQLite changes it in place.
    static let end = """
        UPDATE call_attempts SET ended = ?2, status = ?3, cause = ?4 WHERE sequence = ?1 AND position = ?5
        """
    /// Ends the attempt that is open, wherever it stands.
    static let endOpen = """
        UPDATE call_attempts SET ended = ?2, status = ?3, cause = ?4 WHERE sequence = ?1 AND ended IS NULL
        """

    private static let select = "SELECT \(columns) FROM call_attempts WHERE sequence = ?1 ORDER BY position"

    /// Binds the statement `insert`.
    static func bind(_ attempt: AttemptRecord, of sequence: Int64, to row: BoundStatement) {
        row.bind(1, Int64(attempt.position))
        row.bind(2, attempt.trunk.id)
        row.bind(3, attempt.trunk.name)
        row.bind(4, attempt.started.milliseconds)
        row.bind(5, attempt.ended?.milliseconds)
        row.bind(6, attempt.shown)
        row.bind(7, attempt.asserted)
        row.bind(8, attempt.privacy)
        row.bind(9, attempt.status.map(Int64.init))
        row.bind(10, (attempt.cause?.value).map(Int64.init))
        row.bind(11, sequence)
    }

    /// Binds the statement `endOpen`, and all but the position of `end`.
    static func bind(_ end: AttemptEnd, of sequence: Int64, to row: BoundStatement) {
        row.bind(1, sequence)
        row.bind(2, end.time.milliseconds)
        row.bind(3, Int64(end.status))
        row.bind(4, (end.cause?.value).map(Int64.init))
    }

    /// The attempts of the call in a row, in their order.
    static func attempts(of sequence: Int64, _ database: Database) throws -> [AttemptRecord] {
        let rows = try BoundStatement(database, select)
        rows.bind(1, sequence)
        var found: [AttemptRecord] = []
        while try rows.step() {
            var attempt = AttemptRecord(
                position: Int(rows.integer(0)),
                trunk: UsedTrunk(id: try rows.identifier(1), name: rows.text(2)),
                started: WallTime(milliseconds: rows.integer(3)),
                shown: rows.text(5),
                asserted: rows.text(6),
                privacy: rows.text(7)
            )
            attempt.ended = rows.optionalInteger(4).map(WallTime.init(milliseconds:))
            attempt.status = rows.optionalInteger(8).map(Int.init)
            attempt.cause = rows.optionalInteger(9).map { ReleaseCause(Int($0)) }
            found.append(attempt)
        }
        return found
    }
}
