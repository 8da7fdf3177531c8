// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB
import NumberingPlan

/// The schema's second step: dial plans and limits of customers as well as endpoints, special destinations by word,
/// and trunks that carry emergency calls.
enum DialPlansAndLimits {
    /// Changes the tables and moves over what stood in the columns that go.
    static func apply(_ database: Database) throws {
        try database.execute(sql: tables)
        try moveDialPlans(database)
        try database.execute(sql: moves)
    }

    // An owner is a customer or an endpoint, so it cannot be a foreign key: triggers do what one would.
    private static let tables = """
        CREATE TABLE dial_plans (
            owner BLOB NOT NULL PRIMARY KEY CHECK (length(owner) = 16),
            country TEXT,
            international_prefixes TEXT NOT NULL,
            national_prefix TEXT,
            minimum_national_length INTEGER,
            extension_patterns TEXT NOT NULL,
            hiding_prefixes TEXT NOT NULL,
            showing_prefixes TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE call_limits (
            owner BLOB NOT NULL PRIMARY KEY CHECK (length(owner) = 16),
            soft_concurrent_calls INTEGER,
            hard_concurrent_calls INTEGER,
            soft_calls_per_second INTEGER,
            hard_calls_per_second INTEGER,
            soft_calls_per_minute_to_country INTEGER,
            hard_calls_per_minute_to_country INTEGER,
            soft_calls_per_minute_to_number INTEGER,
            hard_calls_per_minute_to_number INTEGER,
            soft_daily_calls_to_country INTEGER,
            hard_daily_calls_to_country INTEGER,
            soft_daily_minutes_to_country INTEGER,
            hard_daily_minutes_to_country INTEGER,
            soft_maximum_duration INTEGER,
            hard_maximum_duration INTEGER,
            home_countries TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER customer_removed AFTER DELETE ON customers BEGIN
            DELETE FROM dial_plans WHERE owner = OLD.id;
            DELETE FROM call_limits WHERE owner = OLD.id;
        END;
        CREATE TRIGGER endpoint_removed AFTER DELETE ON endpoints BEGIN
            DELETE FROM dial_plans WHERE owner = OLD.id;
            DELETE FROM call_limits WHERE owner = OLD.id;
        END;
        """

    private static let moves = """
        INSERT INTO call_limits (owner, hard_concurrent_calls, hard_calls_per_second, home_countries)
            SELECT id, concurrent_calls, calls_per_second, '' FROM customers
            WHERE concurrent_calls IS NOT NULL OR calls_per_second IS NOT NULL;
        ALTER TABLE customers DROP COLUMN concurrent_calls;
        ALTER TABLE customers DROP COLUMN calls_per_second;
        ALTER TABLE endpoints DROP COLUMN calling_code;
        ALTER TABLE endpoints DROP COLUMN international_prefix;
        ALTER TABLE endpoints DROP COLUMN national_prefix;
        ALTER TABLE endpoints DROP COLUMN hiding_prefixes;
        ALTER TABLE endpoints DROP COLUMN showing_prefixes;
        ALTER TABLE outbound_configs RENAME COLUMN allowed_special_classes TO allowed_special;
        -- Premium was the only class that a configuration could open.
        UPDATE outbound_configs SET allowed_special =
            iif(',' || allowed_special || ',' LIKE '%,premium,%', 'premium', '');
        ALTER TABLE trunks ADD COLUMN emergency TEXT NOT NULL DEFAULT 'no';
        ALTER TABLE trunks ADD COLUMN takes_service_urns INTEGER NOT NULL DEFAULT 0;
        """

    // An endpoint that dialled as all did has no dial plan of its own now, and so follows its customer's.
    private static func moveDialPlans(_ database: Database) throws {
        let insert = try BoundStatement(
            database,
            "INSERT INTO dial_plans VALUES (?1, ?2, ?3, ?4, NULL, '', ?5, ?6)"
        )
        let rows = try BoundStatement(
            database,
            """
            SELECT id, calling_code, international_prefix, national_prefix, hiding_prefixes, showing_prefixes
            FROM endpoints
            WHERE calling_code IS NOT NULL OR international_prefix <> '' OR hiding_prefixes <> '*31#,#31#,*67'
                OR showing_prefixes <> '*82'
            """
        )
        while try rows.step() {
            let country = rows.optionalInteger(1).flatMap(mainCountry(of:))
            insert.bind(1, try rows.identifier(0))
            insert.bind(2, country?.description)
            insert.bind(3, rows.text(2))
            insert.bind(4, country == nil ? nil : rows.text(3))
            insert.bind(5, rows.text(4))
            insert.bind(6, rows.text(5))
            try insert.run()
        }
    }

    /// The country that stands for a calling code of several; nil for one without a country.
    private static func mainCountry(of callingCode: Int64) -> Country? {
        guard (1...999).contains(callingCode) else { return nil }
        // No country has a range that begins with a row of zeros, so the calling code alone decides.
        return E164Number("+\(callingCode)0000000").flatMap { NumberingPlan.classify($0).country }
    }
}
