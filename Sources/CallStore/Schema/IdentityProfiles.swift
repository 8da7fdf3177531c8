// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The schema's third step: what each trunk is told of callers, and the attempts of each call.
enum IdentityProfiles {
    /// Changes the tables and moves over what stood in the columns that go.
    static func apply(_ database: Database) throws {
        try database.execute(sql: changes)
    }

    // `called_plus` is apart from `sends_plus` from here on; before, one column spoke for both.
    private static let changes = """
        ALTER TABLE trunks RENAME COLUMN asserted_identity_form TO identity_scheme;
        ALTER TABLE trunks ADD COLUMN from_user TEXT NOT NULL DEFAULT 'number';
        ALTER TABLE trunks ADD COLUMN from_scheme TEXT NOT NULL DEFAULT 'sip';
        ALTER TABLE trunks ADD COLUMN asserted_identity TEXT NOT NULL DEFAULT 'anonymous';
        ALTER TABLE trunks ADD COLUMN preferred_identity TEXT NOT NULL DEFAULT 'never';
        ALTER TABLE trunks ADD COLUMN remote_party_id TEXT NOT NULL DEFAULT 'never';
        ALTER TABLE trunks ADD COLUMN diversion TEXT NOT NULL DEFAULT 'never';
        ALTER TABLE trunks ADD COLUMN identity_host TEXT NOT NULL DEFAULT 'gateway';
        ALTER TABLE trunks ADD COLUMN identity_domain TEXT;
        ALTER TABLE trunks ADD COLUMN user_phone INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE trunks ADD COLUMN national_country TEXT;
        ALTER TABLE trunks ADD COLUMN called_plus INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE trunks ADD COLUMN called_national_country TEXT;
        ALTER TABLE trunks ADD COLUMN display_name TEXT NOT NULL DEFAULT 'pass';
        ALTER TABLE trunks ADD COLUMN fixed_display_name TEXT;
        ALTER TABLE trunks ADD COLUMN anonymous_host TEXT NOT NULL DEFAULT 'invalid';
        ALTER TABLE trunks ADD COLUMN names_anonymous INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE trunks ADD COLUMN privacy TEXT NOT NULL DEFAULT 'id';
        ALTER TABLE trunks ADD COLUMN headers TEXT NOT NULL DEFAULT '';
        UPDATE trunks SET called_plus = sends_plus;
        ALTER TABLE outbound_configs ADD COLUMN when_anonymity_disallowed TEXT NOT NULL DEFAULT 'refuse';
        CREATE TABLE call_attempts (
            sequence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            trunk BLOB NOT NULL,
            trunk_name TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            shown TEXT NOT NULL,
            asserted TEXT NOT NULL,
            privacy TEXT NOT NULL,
            status INTEGER,
            cause INTEGER,
            PRIMARY KEY (sequence, position)
        ) STRICT, WITHOUT ROWID;
        """
}
