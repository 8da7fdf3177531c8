// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import GRDB
import MonotonicTime
import NumberingPlan
import SessionDescription

/// Writes whole model values; each replaces what stood under its identity.
final class ModelWriter {
    private let database: Database
    private let now: WallTime
    private var compiled: [String: BoundStatement] = [:]

    init(database: Database, now: WallTime) {
        self.database = database
        self.now = now
    }

    func statement(_ sql: String) throws -> BoundStatement {
        if let known = compiled[sql] { return known }
        let statement = try BoundStatement(database, sql)
        compiled[sql] = statement
        return statement
    }

    /// Writes a customer with its billing account, dial plan and limits, but not its outbound rules.
    func write(_ customer: Customer) throws {
        let row = try statement(
            """
            INSERT INTO customers (id, name, status, identity_verification, may_call_sip_uris) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (id) DO UPDATE SET name = ?2, status = ?3, identity_verification = ?4, may_call_sip_uris = ?5,
                tm_delete = iif(?3 = 'deleted', tm_delete, NULL)
            """
        )
        row.bind(1, customer.id)
        row.bind(2, customer.name)
        row.bind(3, customer.status.rawValue)
        row.bind(4, customer.identityVerification.rawValue)
        row.bind(5, customer.mayCallSIPURIs)
        try row.run()
        try write(customer.dialPlan, of: customer.id)
        try write(customer.limits, of: customer.id)
        try write(customer.billingAccount, of: customer.id)
    }

    private func write(_ account: BillingAccount?, of customer: ResourceIdentifier) throws {
        guard let account else { return try delete("billing_accounts", "customer", customer) }
        let row = try statement(
            """
            INSERT INTO billing_accounts (customer, credit_micros, tokens, is_unlimited, is_active)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (customer) DO UPDATE SET credit_micros = ?2, tokens = ?3, is_unlimited = ?4, is_active = ?5
            """
        )
        row.bind(1, customer)
        row.bind(2, account.creditMicros)
        row.bind(3, account.tokens)
        row.bind(4, account.isUnlimited)
        row.bind(5, account.isActive)
        try row.run()
    }

    /// Writes a customer's active outbound rules.
    func write(_ outbound: OutboundConfiguration, of customer: ResourceIdentifier) throws {
        let row = try statement(
            """
            INSERT INTO outbound_configs (id, customer, name, destination_whitelist, codecs,
                default_outgoing_source_number, when_no_valid_source, allowed_special, tm_create, tm_update, tm_delete,
                when_anonymity_disallowed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, NULL, ?10)
            ON CONFLICT (id) DO UPDATE SET name = ?3, destination_whitelist = ?4, codecs = ?5,
                default_outgoing_source_number = ?6, when_no_valid_source = ?7, allowed_special = ?8,
                tm_update = ?9, when_anonymity_disallowed = ?10
            """
        )
        row.bind(1, outbound.id)
        row.bind(2, customer)
        row.bind(3, outbound.name)
        row.bind(4, StoredText.text(of: outbound.destinationWhitelist))
        row.bind(5, outbound.codecs.description)
        row.bind(6, outbound.defaultOutgoingSourceNumber?.description)
        row.bind(7, outbound.whenNoValidSource.rawValue)
        row.bind(8, StoredText.text(of: outbound.allowedSpecial))
        row.bind(9, now.milliseconds)
        row.bind(10, outbound.whenAnonymityDisallowed.rawValue)
        try row.run()
    }

    /// Writes an endpoint with all that belongs to it but its credentials.
    func write(_ endpoint: Endpoint) throws {
        let row = try statement(
            """
            INSERT INTO endpoints (id, customer, username, number, display_name, requires_registration,
                emergency_caller_id, is_enabled)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (id) DO UPDATE SET customer = ?2, username = ?3, number = ?4, display_name = ?5,
                requires_registration = ?6, emergency_caller_id = ?7, is_enabled = ?8
            """
        )
        row.bind(1, endpoint.id)
        row.bind(2, endpoint.customer)
        row.bind(3, endpoint.username)
        row.bind(4, endpoint.number?.description)
        row.bind(5, endpoint.displayName)
        row.bind(6, endpoint.requiresRegistration)
        row.bind(7, endpoint.emergencyCallerID?.description)
        row.bind(8, endpoint.isEnabled)
        try row.run()
        try writeParts(of: endpoint)
        try write(endpoint.dialPlan, of: endpoint.id)
        try write(endpoint.limits, of: endpoint.id)
    }

    /// Writes the names others dial an endpoint by, and its source addresses.
    func writeParts(of endpoint: Endpoint) throws {
        try delete("endpoint_extensions", "endpoint", endpoint.id)
        for name in Set(endpoint.extensions) {
            let row = try statement("INSERT INTO endpoint_extensions VALUES (?1, ?2)")
            row.bind(1, endpoint.id)
            row.bind(2, name)
            try row.run()
        }
        try delete("endpoint_source_addresses", "endpoint", endpoint.id)
        for range in Set(endpoint.sourceAddresses) {
            let row = try statement("INSERT INTO endpoint_source_addresses VALUES (?1, ?2, ?3)")
            row.bind(1, endpoint.id)
            row.bind(2, high: range.base.high, low: range.base.low)
            row.bind(3, Int64(range.prefixLength))
            try row.run()
        }
    }

    /// Makes these all of an endpoint's credentials.
    func write(_ credentials: [StoredCredential], of endpoint: ResourceIdentifier) throws {
        try delete("endpoint_credentials", "endpoint", endpoint)
        for credential in credentials {
            let row = try statement("INSERT INTO endpoint_credentials VALUES (?1, ?2, ?3)")
            row.bind(1, endpoint)
            row.bind(2, credential.algorithm)
            row.bind(3, credential.ha1)
            try row.run()
        }
    }

    /// Writes a number.
    func write(_ number: OwnedNumber) throws {
        let row = try statement(
            """
            INSERT INTO numbers (id, customer, number, type, status) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (id) DO UPDATE SET customer = ?2, number = ?3, type = ?4, status = ?5
            """
        )
        row.bind(1, number.id)
        row.bind(2, number.customer)
        row.bind(3, number.number.description)
        row.bind(4, number.type.rawValue)
        row.bind(5, number.status.rawValue)
        try row.run()
    }

    /// Writes a trunk.
    func write(_ trunk: Trunk) throws {
        let columns =
            Self.trunkColumns + ProfileColumns.names + TransportLayerSecurityColumns.names + TrunkOperationColumns.names
        let parameters = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        let row = try statement(
            """
            INSERT INTO trunks (\(columns.joined(separator: ", "))) VALUES (\(parameters))
            ON CONFLICT (id) DO UPDATE SET \(columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """
        )
        row.bind(1, trunk.id)
        row.bind(2, trunk.name)
        row.bind(3, trunk.customer)
        row.bind(4, trunk.host)
        row.bind(5, Int64(trunk.port))
        row.bind(6, StoredText.transport(of: trunk))
        row.bind(7, Int64(trunk.priority))
        row.bind(8, Int64(trunk.weight))
        row.bind(9, trunk.isEnabled)
        bind(trunk.trust, to: row)
        row.bind(12, trunk.techPrefix)
        row.bind(13, trunk.techPostfix)
        row.bind(14, trunk.passesUserAgent)
        row.bind(15, trunk.codecs.description)
        row.bind(16, trunk.username)
        row.bind(17, trunk.password?.revealed)
        row.bind(18, trunk.emergency.rawValue)
        row.bind(19, trunk.takesServiceURNs)
        row.bind(20, trunk.passesREFER)
        row.bind(21, StoredText.text(of: trunk.redirectHosts))
        ProfileColumns.bind(trunk.identity, to: row, from: 22)
        let next = 22 + Int32(ProfileColumns.names.count)
        TransportLayerSecurityColumns.bind(trunk.security, to: row, from: next)
        let last = next + Int32(TransportLayerSecurityColumns.names.count)
        TrunkOperationColumns.bind(trunk.operation, to: row, from: last)
        try row.run()
    }

    private static let trunkColumns = [
        "id", "name", "customer", "host", "port", "transport", "priority", "weight", "is_enabled", "trust_basis",
        "trust_note", "tech_prefix", "tech_postfix", "passes_user_agent", "codecs", "username", "password", "emergency",
        "takes_service_urns", "passes_refer", "redirect_hosts",
    ]

    private func bind(_ trust: TrunkTrust, to row: BoundStatement) {
        switch trust {
        case .untrusted:
            row.bindNull(10)
            row.bind(11, "")
        case .trusted(let basis, let note):
            row.bind(10, basis.rawValue)
            row.bind(11, note)
        }
    }

    /// Deletes the rows whose column holds an identity; what refers to them goes too.
    func delete(_ table: String, _ column: String, _ id: ResourceIdentifier) throws {
        let row = try statement("DELETE FROM \(table) WHERE \(column) = ?1")
        row.bind(1, id)
        try row.run()
    }
}
