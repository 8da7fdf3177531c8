// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import GRDB
package import MonotonicTime

extension CallStore {
    /// The actions of a customer's flow as JSON text; nil when the customer has no such flow.
    package func flowActions(_ flow: ResourceIdentifier, of customer: ResourceIdentifier) async throws -> String? {
        try await read { database in
            let rows = try BoundStatement(
                database,
                "SELECT actions FROM flows WHERE id = ?1 AND customer = ?2 AND tm_delete IS NULL"
            )
            rows.bind(1, flow)
            rows.bind(2, customer)
            return try rows.step() ? rows.text(0) : nil
        }
    }

    /// Keeps the actions that came with a call as a flow that no list shows.
    package func addCallFlow(
        _ flow: ResourceIdentifier,
        of customer: ResourceIdentifier,
        actions: String,
        at time: WallTime
    ) async throws {
        try await write { database in
            let row = try BoundStatement(
                database,
                """
                INSERT INTO flows (id, customer, name, detail, actions, is_persistent, tm_create)
                VALUES (?1, ?2, 'tmp', '', ?3, 0, ?4)
                """
            )
            row.bind(1, flow)
            row.bind(2, customer)
            row.bind(3, actions)
            row.bind(4, time.milliseconds)
            try row.run()
        }
    }

    /// Removes a flow that was made for calls of which none came about.
    package func removeCallFlow(_ flow: ResourceIdentifier) async throws {
        try await write { database in
            let row = try BoundStatement(database, "DELETE FROM flows WHERE id = ?1 AND is_persistent = 0")
            row.bind(1, flow)
            try row.run()
        }
    }
}
