// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The schema's step for calls that are handed to an outside call API: what that knows them by.
enum CallAPIIdentifiers {
    /// Adds the table; a call of before, or of the gateway's own API, has no row in it.
    static func apply(_ database: Database) throws {
        try database.execute(sql: table)
    }

    private static let table = """
        CREATE TABLE call_api_calls (
            sequence INTEGER NOT NULL PRIMARY KEY,
            external_id TEXT NOT NULL
        ) STRICT;
        """

    /// Notes the identifier of a call, once.
    static let insert = "INSERT INTO call_api_calls VALUES (?1, ?2) ON CONFLICT (sequence) DO NOTHING"

    /// Finds the identifier of a call.
    static let find = "SELECT external_id FROM call_api_calls WHERE sequence = ?1"
}
