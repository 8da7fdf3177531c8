// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The schema's fourth step: whether transfers cross a trunk, and which further hosts are the trunk's.
enum TransfersAndRedirections {
    /// Changes the tables; a trunk of before passes no transfer and has no host but its own.
    static func apply(_ database: Database) throws {
        try database.execute(sql: changes)
    }

    private static let changes = """
        ALTER TABLE trunks ADD COLUMN passes_refer INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE trunks ADD COLUMN redirect_hosts TEXT NOT NULL DEFAULT '';
        """
}
