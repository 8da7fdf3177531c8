// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import GRDB

/// The database's form, as a list of steps that are each run once.
package enum StoreSchema {
    /// The steps; a released step is never edited, a change is a further step.
    package static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 customers") { try $0.execute(sql: customers) }
        migrator.registerMigration("1 endpoints") { try $0.execute(sql: endpoints) }
        migrator.registerMigration("1 trunks") { try $0.execute(sql: trunks) }
        migrator.registerMigration("1 bindings") { try $0.execute(sql: bindings) }
        migrator.registerMigration("1 calls") { try $0.execute(sql: calls) }
        migrator.registerMigration("2 dial plans and limits", migrate: DialPlansAndLimits.apply)
        migrator.registerMigration("3 identity profiles and attempts", migrate: IdentityProfiles.apply)
        migrator.registerMigration("4 transfers and redirections", migrate: TransfersAndRedirections.apply)
        migrator.registerMigration("5 control API", migrate: ControlAPITables.apply)
        migrator.registerMigration("6 transport layer security", migrate: TransportLayerSecurityColumns.apply)
        migrator.registerMigration("7 call API identifiers", migrate: CallAPIIdentifiers.apply)
        migrator.registerMigration("8 trunks as carriers run them", migrate: TrunkOperationColumns.apply)
        return migrator
    }

    private static let customers = """
        CREATE TABLE customers (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            name TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL,
            identity_verification TEXT NOT NULL,
            concurrent_calls INTEGER,
            calls_per_second INTEGER,
            may_call_sip_uris INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE billing_accounts (
            customer BLOB NOT NULL PRIMARY KEY REFERENCES customers(id) ON DELETE CASCADE,
            credit_micros INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            is_unlimited INTEGER NOT NULL,
            is_active INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE outbound_configs (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            customer BLOB NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            destination_whitelist TEXT NOT NULL,
            codecs TEXT NOT NULL,
            default_outgoing_source_number TEXT,
            when_no_valid_source TEXT NOT NULL,
            allowed_special_classes TEXT NOT NULL,
            tm_create INTEGER NOT NULL,
            tm_update INTEGER,
            tm_delete INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX active_outbound_config ON outbound_configs(customer) WHERE tm_delete IS NULL;
        """

    private static let endpoints = """
        CREATE TABLE endpoints (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            customer BLOB NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            username TEXT NOT NULL UNIQUE,
            number TEXT,
            display_name TEXT,
            requires_registration INTEGER NOT NULL,
            emergency_caller_id TEXT,
            is_enabled INTEGER NOT NULL,
            calling_code INTEGER,
            international_prefix TEXT NOT NULL,
            national_prefix TEXT NOT NULL,
            hiding_prefixes TEXT NOT NULL,
            showing_prefixes TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX endpoints_of_customer ON endpoints(customer);
        CREATE TABLE endpoint_credentials (
            endpoint BLOB NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE,
            algorithm TEXT NOT NULL,
            ha1 TEXT NOT NULL,
            PRIMARY KEY (endpoint, algorithm)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE endpoint_extensions (
            endpoint BLOB NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            PRIMARY KEY (endpoint, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE endpoint_source_addresses (
            endpoint BLOB NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE,
            base BLOB NOT NULL CHECK (length(base) = 16),
            prefix_length INTEGER NOT NULL,
            PRIMARY KEY (endpoint, base, prefix_length)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE numbers (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            customer BLOB NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            number TEXT NOT NULL UNIQUE,
            type TEXT NOT NULL,
            status TEXT NOT NULL
        ) STRICT;
        CREATE INDEX numbers_of_customer ON numbers(customer);
        """

    private static let trunks = """
        CREATE TABLE trunks (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            name TEXT NOT NULL UNIQUE,
            customer BLOB REFERENCES customers(id) ON DELETE CASCADE,
            host TEXT NOT NULL,
            port INTEGER NOT NULL,
            transport TEXT NOT NULL,
            priority INTEGER NOT NULL,
            weight INTEGER NOT NULL,
            is_enabled INTEGER NOT NULL,
            trust_basis TEXT,
            trust_note TEXT NOT NULL,
            asserted_identity_form TEXT NOT NULL,
            sends_plus INTEGER NOT NULL,
            tech_prefix TEXT NOT NULL,
            tech_postfix TEXT NOT NULL,
            passes_user_agent INTEGER NOT NULL,
            codecs TEXT NOT NULL,
            username TEXT,
            password TEXT
        ) STRICT;
        """

    private static let bindings = """
        CREATE TABLE bindings (
            endpoint BLOB NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            contact TEXT NOT NULL,
            call_id TEXT NOT NULL,
            cseq INTEGER NOT NULL,
            tm_expire INTEGER NOT NULL,
            tm_register INTEGER NOT NULL,
            quality INTEGER NOT NULL,
            path TEXT NOT NULL,
            instance TEXT,
            registration_id INTEGER,
            flow TEXT NOT NULL,
            user_agent TEXT NOT NULL,
            PRIMARY KEY (endpoint, position)
        ) STRICT, WITHOUT ROWID;
        """

    // A call outlives its customer, endpoint and trunk, so these are not foreign keys. `sequence` is made out of the
    // identity (CallSequence), which saves an index on `id` and keeps the three tables in the order of creation.
    private static let calls = """
        CREATE TABLE calls (
            sequence INTEGER NOT NULL PRIMARY KEY,
            id BLOB NOT NULL,
            customer BLOB NOT NULL,
            endpoint BLOB,
            caller_username TEXT NOT NULL,
            source_asked TEXT NOT NULL,
            source TEXT NOT NULL,
            is_anonymous INTEGER NOT NULL,
            destination TEXT NOT NULL,
            destination_kind INTEGER NOT NULL,
            country TEXT,
            number_class TEXT,
            trunk BLOB,
            trunk_name TEXT,
            status INTEGER NOT NULL,
            hangup_by INTEGER NOT NULL,
            hangup_reason INTEGER NOT NULL,
            final_status INTEGER NOT NULL,
            cause INTEGER,
            is_approved INTEGER NOT NULL,
            rejecting_rule TEXT NOT NULL,
            endpoint_call_id TEXT NOT NULL,
            outbound_call_id TEXT NOT NULL,
            tm_create INTEGER NOT NULL,
            tm_update INTEGER NOT NULL,
            tm_ringing INTEGER,
            tm_progressing INTEGER,
            tm_hangup INTEGER
        ) STRICT;
        CREATE INDEX calls_of_customer ON calls(customer);
        CREATE TABLE decisions (
            sequence INTEGER NOT NULL PRIMARY KEY,
            findings TEXT NOT NULL
        ) STRICT;
        CREATE TABLE live_calls (
            sequence INTEGER NOT NULL PRIMARY KEY,
            dialog_state BLOB
        ) STRICT;
        """
}
