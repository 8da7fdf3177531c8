// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import GRDB

/// The schema's sixth step: how TLS connections to each trunk are made.
enum TransportLayerSecurityColumns {
    /// Changes the tables; a trunk of before is as the deployment has it.
    static func apply(_ database: Database) throws {
        try database.execute(sql: changes)
    }

    private static let changes = """
        ALTER TABLE trunks ADD COLUMN tls_certificate TEXT;
        ALTER TABLE trunks ADD COLUMN tls_key TEXT;
        ALTER TABLE trunks ADD COLUMN tls_ca TEXT;
        ALTER TABLE trunks ADD COLUMN tls_verify_name TEXT;
        ALTER TABLE trunks ADD COLUMN tls_verify INTEGER NOT NULL DEFAULT 1;
        """

    /// The columns in the order that `security` reads and `bind` writes.
    static let names = ["tls_certificate", "tls_key", "tls_ca", "tls_verify_name", "tls_verify"]

    /// Binds settings, their first column to parameter `first`.
    static func bind(_ security: TrunkSecurity, to row: BoundStatement, from first: Int32) {
        row.bind(first, security.certificate)
        row.bind(first + 1, security.key)
        row.bind(first + 2, security.authorities)
        row.bind(first + 3, security.verifyName)
        row.bind(first + 4, security.verifies)
    }

    /// Reads settings out of a row, their first column at `first`.
    static func security(_ rows: BoundStatement, from first: Int32) -> TrunkSecurity {
        TrunkSecurity(
            certificate: rows.optionalText(first),
            key: rows.optionalText(first + 1),
            authorities: rows.optionalText(first + 2),
            verifyName: rows.optionalText(first + 3),
            verifies: rows.flag(first + 4)
        )
    }
}
