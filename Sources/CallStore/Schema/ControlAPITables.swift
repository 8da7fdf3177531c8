// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The schema's fifth step: what the control API keeps beside what policy reads.
enum ControlAPITables {
    /// Changes the tables; what was there before counts as created now.
    static func apply(_ database: Database) throws {
        try database.execute(sql: columns)
        try database.execute(sql: people)
        try database.execute(sql: resources)
        try database.execute(sql: calls)
        try database.execute(sql: creation)
    }

    private static let columns = """
        ALTER TABLE customers ADD COLUMN detail TEXT NOT NULL DEFAULT '';
        ALTER TABLE customers ADD COLUMN email TEXT NOT NULL DEFAULT '';
        ALTER TABLE customers ADD COLUMN phone_number TEXT NOT NULL DEFAULT '';
        ALTER TABLE customers ADD COLUMN address TEXT NOT NULL DEFAULT '';
        ALTER TABLE customers ADD COLUMN webhook_method TEXT NOT NULL DEFAULT '';
        ALTER TABLE customers ADD COLUMN webhook_uri TEXT NOT NULL DEFAULT '';
        ALTER TABLE customers ADD COLUMN webhook_secret TEXT NOT NULL DEFAULT '';
        ALTER TABLE customers ADD COLUMN rtp_debug INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE customers ADD COLUMN email_verified INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE customers ADD COLUMN tm_deletion_scheduled INTEGER;
        ALTER TABLE customers ADD COLUMN tm_create INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE customers ADD COLUMN tm_update INTEGER;
        ALTER TABLE customers ADD COLUMN tm_delete INTEGER;
        ALTER TABLE billing_accounts ADD COLUMN account_id BLOB;
        ALTER TABLE billing_accounts ADD COLUMN account_name TEXT NOT NULL DEFAULT '';
        ALTER TABLE billing_accounts ADD COLUMN account_detail TEXT NOT NULL DEFAULT '';
        ALTER TABLE billing_accounts ADD COLUMN tm_create INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE billing_accounts ADD COLUMN tm_update INTEGER;
        ALTER TABLE outbound_configs ADD COLUMN detail TEXT NOT NULL DEFAULT '';
        ALTER TABLE numbers ADD COLUMN name TEXT NOT NULL DEFAULT '';
        ALTER TABLE numbers ADD COLUMN detail TEXT NOT NULL DEFAULT '';
        ALTER TABLE numbers ADD COLUMN call_flow BLOB;
        ALTER TABLE numbers ADD COLUMN message_flow BLOB;
        ALTER TABLE numbers ADD COLUMN rtp_debug INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE numbers ADD COLUMN tm_create INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE numbers ADD COLUMN tm_update INTEGER;
        ALTER TABLE numbers ADD COLUMN tm_delete INTEGER;
        ALTER TABLE endpoints ADD COLUMN name TEXT NOT NULL DEFAULT '';
        ALTER TABLE endpoints ADD COLUMN detail TEXT NOT NULL DEFAULT '';
        ALTER TABLE endpoints ADD COLUMN extension TEXT NOT NULL DEFAULT '';
        ALTER TABLE endpoints ADD COLUMN tm_create INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE endpoints ADD COLUMN tm_update INTEGER;
        ALTER TABLE trunks ADD COLUMN detail TEXT NOT NULL DEFAULT '';
        ALTER TABLE trunks ADD COLUMN tm_create INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE trunks ADD COLUMN tm_update INTEGER;
        """

    private static let people = """
        CREATE TABLE agents (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            customer BLOB REFERENCES customers(id) ON DELETE CASCADE,
            username TEXT NOT NULL,
            name TEXT NOT NULL,
            detail TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            permission INTEGER NOT NULL,
            tm_create INTEGER NOT NULL,
            tm_update INTEGER,
            tm_delete INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX agents_by_username ON agents(username) WHERE tm_delete IS NULL;
        CREATE TABLE access_keys (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            customer BLOB NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            detail TEXT NOT NULL,
            token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
            token_prefix TEXT NOT NULL,
            tm_expire INTEGER NOT NULL,
            tm_create INTEGER NOT NULL,
            tm_update INTEGER,
            tm_delete INTEGER
        ) STRICT;
        CREATE INDEX access_keys_of_customer ON access_keys(customer);
        CREATE INDEX access_keys_by_prefix ON access_keys(token_prefix);
        CREATE TABLE api_secrets (
            name TEXT NOT NULL PRIMARY KEY,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let resources = """
        CREATE TABLE routes (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            customer BLOB REFERENCES customers(id) ON DELETE CASCADE,
            trunk BLOB NOT NULL REFERENCES trunks(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            detail TEXT NOT NULL,
            priority INTEGER NOT NULL,
            target TEXT NOT NULL,
            tm_create INTEGER NOT NULL,
            tm_update INTEGER,
            tm_delete INTEGER
        ) STRICT;
        CREATE TABLE flows (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            customer BLOB NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            detail TEXT NOT NULL,
            actions TEXT NOT NULL,
            on_complete_flow BLOB,
            is_persistent INTEGER NOT NULL,
            tm_create INTEGER NOT NULL,
            tm_update INTEGER,
            tm_delete INTEGER
        ) STRICT;
        CREATE INDEX flows_of_customer ON flows(customer);
        CREATE TABLE outdials (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            customer BLOB NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            campaign BLOB,
            name TEXT NOT NULL,
            detail TEXT NOT NULL,
            data TEXT NOT NULL,
            tm_create INTEGER NOT NULL,
            tm_update INTEGER,
            tm_delete INTEGER
        ) STRICT;
        CREATE INDEX outdials_of_customer ON outdials(customer);
        CREATE TABLE outdial_targets (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            outdial BLOB NOT NULL REFERENCES outdials(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            detail TEXT NOT NULL,
            data TEXT NOT NULL,
            status TEXT NOT NULL,
            destinations TEXT NOT NULL,
            try_counts TEXT NOT NULL,
            tm_create INTEGER NOT NULL,
            tm_update INTEGER,
            tm_delete INTEGER
        ) STRICT;
        CREATE INDEX targets_of_outdial ON outdial_targets(outdial);
        """

    // Most calls come from phones and have none of this, so their table and its statements stay as they are.
    private static let calls = """
        CREATE TABLE placed_calls (
            sequence INTEGER NOT NULL PRIMARY KEY,
            flow BLOB,
            master_call BLOB
        ) STRICT;
        CREATE INDEX placed_calls_of_master ON placed_calls(master_call) WHERE master_call IS NOT NULL;
        CREATE TABLE deleted_calls (
            sequence INTEGER NOT NULL PRIMARY KEY,
            tm_delete INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE webhook_deliveries (
            id INTEGER PRIMARY KEY,
            customer BLOB NOT NULL,
            call_sequence INTEGER NOT NULL,
            event TEXT NOT NULL,
            tm_event INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            tm_next INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX webhook_deliveries_of_customer ON webhook_deliveries(customer);
        CREATE TABLE idempotency_keys (
            customer BLOB NOT NULL,
            name TEXT NOT NULL,
            body_hash TEXT NOT NULL,
            answer TEXT,
            tm_create INTEGER NOT NULL,
            PRIMARY KEY (customer, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys(tm_create);
        """

    // Rows come from files as well as from the API; whoever inserts need not know of the column.
    private static let creation: String = ["customers", "billing_accounts", "numbers", "endpoints", "trunks"]
        .map { (table: String) -> String in
            let key = table == "billing_accounts" ? "customer" : "id"
            return """
                UPDATE \(table) SET tm_create = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER);
                CREATE TRIGGER \(table)_creation AFTER INSERT ON \(table) WHEN NEW.tm_create = 0 BEGIN
                    UPDATE \(table) SET tm_create = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
                    WHERE \(key) = NEW.\(key);
                END;
                """
        }
        .joined(separator: "\n")
}
