// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
import MonotonicTime

extension StoredCustomer {
    private static let selection = """
        SELECT c.id, c.name, c.detail, c.email, c.phone_number, c.address, c.webhook_method, c.webhook_uri,
            c.webhook_secret, c.rtp_debug, c.email_verified, c.status, c.identity_verification, c.may_call_sip_uris,
            (SELECT coalesce(b.account_id, b.customer) FROM billing_accounts b WHERE b.customer = c.id),
            (SELECT n.id FROM outbound_configs o
                JOIN numbers n ON n.number = o.default_outgoing_source_number AND n.customer = o.customer
                WHERE o.customer = c.id AND o.tm_delete IS NULL),
            c.tm_deletion_scheduled, c.tm_create, c.tm_update, c.tm_delete
        FROM customers c
        """

    private init(_ row: BoundStatement) throws {
        self.init(id: try row.identifier(0), name: row.text(1), created: WallTime(milliseconds: row.integer(17)))
        detail = row.text(2)
        email = row.text(3)
        phoneNumber = row.text(4)
        address = row.text(5)
        webhookMethod = row.text(6)
        webhookURI = row.text(7)
        webhookSecret = Secret(row.text(8))
        isRTPDebugged = row.flag(9)
        isEmailVerified = row.flag(10)
        status = try row.value(11, CustomerStatus.init)
        identityVerification = try row.value(12, IdentityVerificationStatus.init)
        mayCallSIPURIs = row.flag(13)
        billingAccount = row.optionalIdentifier(14)
        defaultNumber = row.optionalIdentifier(15)
        deletionScheduled = row.optionalInteger(16).map(WallTime.init(milliseconds:))
        updated = row.optionalInteger(18).map(WallTime.init(milliseconds:))
        deleted = row.optionalInteger(19).map(WallTime.init(milliseconds:))
    }

    /// The customer with an identity, deleted or not; nil when there is none.
    package static func findAny(_ database: Database, _ id: ResourceIdentifier) throws -> StoredCustomer? {
        let row = try BoundStatement(database, "\(selection) WHERE c.id = ?1")
        row.bind(1, id)
        return try row.step() ? StoredCustomer(row) : nil
    }

    /// The customer with an identity; nil when there is none, or it is deleted.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredCustomer? {
        guard let customer = try findAny(database, id), customer.status != .deleted, customer.deleted == nil else {
            return nil
        }
        return customer
    }

    /// The customer of a name, deleted or not; nil when there is none.
    package static func find(_ database: Database, name: String) throws -> StoredCustomer? {
        let row = try BoundStatement(database, "\(selection) WHERE c.name = ?1")
        row.bind(1, name)
        return try row.step() ? StoredCustomer(row) : nil
    }

    /// A page of the customers that are not deleted.
    package static func page(_ database: Database, _ position: ListPosition) throws -> [StoredCustomer] {
        let rows = try BoundStatement(
            database,
            """
            \(selection) WHERE c.id IN
                (SELECT id FROM customers
                    WHERE tm_delete IS NULL AND status <> 'deleted' AND \(ListPosition.condition))
            ORDER BY c.tm_create DESC, c.id DESC
            """
        )
        rows.bind(position)
        var found: [StoredCustomer] = []
        while try rows.step() { found.append(try StoredCustomer(rows)) }
        return found
    }
}
