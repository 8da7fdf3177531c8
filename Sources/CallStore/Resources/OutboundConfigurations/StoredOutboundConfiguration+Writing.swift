// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
package import GRDB
import MonotonicTime
import NumberingPlan
import SessionDescription

extension StoredOutboundConfiguration {
    /// Writes the configuration under its identity, new or changed, and its customer's dial plan and limits.
    ///
    /// - Throws: `rejected` when the customer has another active one.
    package func write(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO outbound_configs (id, customer, name, detail, destination_whitelist, codecs,
                default_outgoing_source_number, when_no_valid_source, when_anonymity_disallowed, allowed_special,
                tm_create, tm_update, tm_delete)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            ON CONFLICT (id) DO UPDATE SET name = ?3, detail = ?4, destination_whitelist = ?5, codecs = ?6,
                default_outgoing_source_number = ?7, when_no_valid_source = ?8, when_anonymity_disallowed = ?9,
                allowed_special = ?10, tm_update = ?12, tm_delete = ?13
            """
        )
        row.bind(1, id)
        row.bind(2, customer)
        row.bind(3, name)
        row.bind(4, detail)
        row.bind(5, StoredText.text(of: destinationWhitelist.map(\.description)))
        row.bind(6, codecs.description)
        row.bind(7, defaultNumber?.description)
        row.bind(8, whenNoValidSource.rawValue)
        row.bind(9, whenAnonymityDisallowed.rawValue)
        row.bind(10, StoredText.text(of: allowedSpecial))
        row.bind(11, created.milliseconds)
        row.bind(12, updated?.milliseconds)
        row.bind(13, deleted?.milliseconds)
        try row.run()
        let writer = ModelWriter(database: database, now: updated ?? created)
        try writer.write(dialPlan, of: customer)
        try writer.write(limits, of: customer)
    }
}
