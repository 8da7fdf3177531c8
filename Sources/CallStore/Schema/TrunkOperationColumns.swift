// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import GRDB

/// The schema's eighth step: how each trunk is watched over, limited and registered at.
enum TrunkOperationColumns {
    /// Changes the tables; a trunk of before has the breaker and nothing else.
    static func apply(_ database: Database) throws {
        try database.execute(sql: changes)
    }

    private static let changes = """
        ALTER TABLE trunks ADD COLUMN health_interval INTEGER;
        ALTER TABLE trunks ADD COLUMN health_timeout INTEGER NOT NULL DEFAULT 5;
        ALTER TABLE trunks ADD COLUMN health_failures INTEGER NOT NULL DEFAULT 3;
        ALTER TABLE trunks ADD COLUMN health_successes INTEGER NOT NULL DEFAULT 2;
        ALTER TABLE trunks ADD COLUMN breaker_failures INTEGER DEFAULT 5;
        ALTER TABLE trunks ADD COLUMN breaker_seconds INTEGER NOT NULL DEFAULT 30;
        ALTER TABLE trunks ADD COLUMN concurrent_calls INTEGER;
        ALTER TABLE trunks ADD COLUMN calls_per_second INTEGER;
        ALTER TABLE trunks ADD COLUMN register_expires INTEGER;
        ALTER TABLE trunks ADD COLUMN register_username TEXT;
        ALTER TABLE trunks ADD COLUMN register_password TEXT;
        ALTER TABLE trunks ADD COLUMN register_domain TEXT;
        ALTER TABLE trunks ADD COLUMN register_contact_user TEXT;
        ALTER TABLE trunks ADD COLUMN register_required INTEGER NOT NULL DEFAULT 0;
        """

    /// The columns in the order that `operation` reads and `bind` writes.
    static let names = [
        "health_interval", "health_timeout", "health_failures", "health_successes", "breaker_failures",
        "breaker_seconds", "concurrent_calls", "calls_per_second", "register_expires", "register_username",
        "register_password", "register_domain", "register_contact_user", "register_required",
    ]

    /// Binds settings, their first column to parameter `first`.
    static func bind(_ operation: TrunkOperation, to row: BoundStatement, from first: Int32) {
        let health = operation.health ?? TrunkHealthSettings()
        row.bind(first, (operation.health?.interval).map(Int64.init))
        row.bind(first + 1, Int64(health.timeout))
        row.bind(first + 2, Int64(health.failures))
        row.bind(first + 3, Int64(health.successes))
        row.bind(first + 4, (operation.breaker?.failures).map(Int64.init))
        row.bind(first + 5, Int64((operation.breaker ?? TrunkBreakerSettings()).seconds))
        row.bind(first + 6, operation.limits.concurrentCalls.map(Int64.init))
        row.bind(first + 7, operation.limits.callsPerSecond.map(Int64.init))
        let registration = operation.registration
        row.bind(first + 8, (registration?.expires).map(Int64.init))
        row.bind(first + 9, registration?.username)
        row.bind(first + 10, registration?.password?.revealed)
        row.bind(first + 11, registration?.domain)
        row.bind(first + 12, registration?.contactUser)
        row.bind(first + 13, registration?.isRequired ?? false)
    }

    /// Reads settings out of a row, their first column at `first`.
    static func operation(_ rows: BoundStatement, from first: Int32) -> TrunkOperation {
        let health = rows.optionalInteger(first).map { interval in
            TrunkHealthSettings(
                interval: Int(interval),
                timeout: Int(rows.integer(first + 1)),
                failures: Int(rows.integer(first + 2)),
                successes: Int(rows.integer(first + 3))
            )
        }
        let breaker = rows.optionalInteger(first + 4).map {
            TrunkBreakerSettings(failures: Int($0), seconds: Int(rows.integer(first + 5)))
        }
        let registration = rows.optionalInteger(first + 8).map { expires in
            TrunkRegistrationSettings(
                expires: Int(expires),
                username: rows.optionalText(first + 9),
                password: rows.optionalText(first + 10).map(Secret.init),
                domain: rows.optionalText(first + 11),
                contactUser: rows.optionalText(first + 12),
                isRequired: rows.flag(first + 13)
            )
        }
        return TrunkOperation(
            health: health,
            breaker: breaker,
            limits: TrunkLimits(
                concurrentCalls: rows.optionalInteger(first + 6).map { Int($0) },
                callsPerSecond: rows.optionalInteger(first + 7).map { Int($0) }
            ),
            registration: registration
        )
    }
}
