// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime

/// A customer's billing account.
package struct StoredBillingAccount: Hashable, Sendable {
    /// Its identity.
    package var id: ResourceIdentifier
    /// Whose it is.
    package var customer: ResourceIdentifier
    /// What it is called.
    package var name: String
    /// What is known of it.
    package var detail: String
    /// What policy reads of it.
    package var balance: BillingAccount
    /// When it was made.
    package var created: WallTime
    /// When it was last changed.
    package var updated: WallTime?
}

extension StoredBillingAccount {
    // Accounts that a file provisioned have no identity of their own; a customer has one account, so its own serves.
    private static let columns = """
        coalesce(account_id, customer) AS id, customer, account_name, account_detail, credit_micros, tokens,
        is_unlimited, is_active, tm_create, tm_update
        """

    /// The accounts, of one customer or of all.
    package static func list(
        _ database: Database,
        of customer: ResourceIdentifier?,
        _ position: ListPosition
    ) throws -> [StoredBillingAccount] {
        let rows = try BoundStatement(
            database,
            """
            SELECT * FROM (SELECT \(columns) FROM billing_accounts)
            WHERE (?4 IS NULL OR customer = ?4) AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, customer)
        var found: [StoredBillingAccount] = []
        while try rows.step() { found.append(try StoredBillingAccount(rows)) }
        return found
    }

    /// A customer's account; nil when the customer is not metered.
    package static func find(_ database: Database, of customer: ResourceIdentifier) throws -> StoredBillingAccount? {
        try one(database, "customer = ?1", customer)
    }

    /// An account by its identity; nil when there is none.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredBillingAccount? {
        try one(database, "id = ?1", id)
    }

    private static func one(
        _ database: Database,
        _ condition: String,
        _ id: ResourceIdentifier
    ) throws -> StoredBillingAccount? {
        let rows = try BoundStatement(
            database,
            "SELECT * FROM (SELECT \(columns) FROM billing_accounts) WHERE \(condition)"
        )
        rows.bind(1, id)
        return try rows.step() ? try StoredBillingAccount(rows) : nil
    }

    /// Writes what may change: name, detail, balance and times.
    package func update(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            UPDATE billing_accounts SET account_name = ?2, account_detail = ?3, credit_micros = ?4, tokens = ?5,
                is_unlimited = ?6, is_active = ?7, tm_update = ?8
            WHERE customer = ?1
            """
        )
        row.bind(1, customer)
        row.bind(2, name)
        row.bind(3, detail)
        row.bind(4, balance.creditMicros)
        row.bind(5, balance.tokens)
        row.bind(6, balance.isUnlimited)
        row.bind(7, balance.isActive)
        row.bind(8, updated?.milliseconds)
        try row.run()
    }

    private init(_ row: BoundStatement) throws {
        id = try row.identifier(0)
        customer = try row.identifier(1)
        name = row.text(2)
        detail = row.text(3)
        balance = BillingAccount(
            creditMicros: row.integer(4),
            tokens: row.integer(5),
            isUnlimited: row.flag(6),
            isActive: row.flag(7)
        )
        created = row.time(8)
        updated = row.optionalTime(9)
    }
}
