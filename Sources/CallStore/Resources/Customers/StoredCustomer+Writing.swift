// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
package import GRDB
package import MonotonicTime

extension StoredCustomer {
    /// Writes the customer under its identity, new or changed; billing account and default number are not part of it.
    ///
    /// - Throws: `rejected` when another customer has the name.
    package func write(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO customers (id, name, detail, email, phone_number, address, webhook_method, webhook_uri,
                webhook_secret, rtp_debug, email_verified, status, identity_verification, may_call_sip_uris,
                tm_deletion_scheduled, tm_create, tm_update, tm_delete)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
            ON CONFLICT (id) DO UPDATE SET name = ?2, detail = ?3, email = ?4, phone_number = ?5, address = ?6,
                webhook_method = ?7, webhook_uri = ?8, webhook_secret = ?9, rtp_debug = ?10, email_verified = ?11,
                status = ?12, identity_verification = ?13, may_call_sip_uris = ?14, tm_deletion_scheduled = ?15,
                tm_update = ?17, tm_delete = ?18
            """
        )
        bind(to: row)
        try row.run()
    }

    private func bind(to row: BoundStatement) {
        row.bind(1, id)
        row.bind(2, name)
        row.bind(3, detail)
        row.bind(4, email)
        row.bind(5, phoneNumber)
        row.bind(6, address)
        row.bind(7, webhookMethod)
        row.bind(8, webhookURI)
        row.bind(9, webhookSecret.revealed)
        row.bind(10, isRTPDebugged)
        row.bind(11, isEmailVerified)
        row.bind(12, status.rawValue)
        row.bind(13, identityVerification.rawValue)
        row.bind(14, mayCallSIPURIs)
        row.bind(15, deletionScheduled?.milliseconds)
        row.bind(16, created.milliseconds)
        row.bind(17, updated?.milliseconds)
        row.bind(18, deleted?.milliseconds)
    }

    /// Marks the customer deleted, and all that could act for it: outbound configuration, endpoints, agents and keys.
    ///
    /// Nothing is removed, so that call records keep what they refer to.
    package mutating func delete(_ database: Database, at now: WallTime) throws {
        status = .deleted
        updated = now
        deleted = now
        try write(database)
        for sql in [
            "UPDATE outbound_configs SET tm_delete = ?2 WHERE customer = ?1 AND tm_delete IS NULL",
            "UPDATE endpoints SET is_enabled = 0, tm_update = ?2 WHERE customer = ?1 AND is_enabled",
            "UPDATE agents SET tm_delete = ?2 WHERE customer = ?1 AND tm_delete IS NULL",
            "UPDATE access_keys SET tm_delete = ?2 WHERE customer = ?1 AND tm_delete IS NULL",
        ] {
            let row = try BoundStatement(database, sql)
            row.bind(1, id)
            row.bind(2, now.milliseconds)
            try row.run()
        }
    }

    /// Gives a deleted customer's name free for another, by adding its identity to it.
    package func releaseName(_ database: Database) throws {
        let row = try BoundStatement(database, "UPDATE customers SET name = ?2 WHERE id = ?1 AND tm_delete IS NOT NULL")
        row.bind(1, id)
        row.bind(2, "\(name) (deleted \(id))")
        try row.run()
    }
}
