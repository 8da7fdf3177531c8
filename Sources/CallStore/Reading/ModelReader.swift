// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import GRDB
import NumberingPlan

/// Reads whole tables into the model's values.
struct ModelReader {
    let database: Database

    /// Dial plans and limits, by the customer or endpoint they belong to.
    struct Owned {
        var dialPlans: [ResourceIdentifier: DialPlan]
        var limits: [ResourceIdentifier: CallLimits]
    }

    /// Reads what customers and endpoints have alike.
    func owned() throws -> Owned {
        Owned(dialPlans: try dialPlans(), limits: try callLimits())
    }

    /// Every customer, with billing account and active outbound rules.
    func customers(_ owned: Owned) throws -> [Customer] {
        let outbound = try outboundConfigurations()
        let rows = try BoundStatement(
            database,
            """
            SELECT id, name, status, identity_verification, may_call_sip_uris, credit_micros, tokens, is_unlimited,
                   is_active
            FROM customers LEFT JOIN billing_accounts ON customer = id ORDER BY name
            """
        )
        var customers: [Customer] = []
        while try rows.step() {
            let id = try rows.identifier(0)
            let customer = Customer(
                id: id,
                name: rows.text(1),
                status: try rows.value(2, CustomerStatus.init),
                identityVerification: try rows.value(3, IdentityVerificationStatus.init),
                billingAccount: billingAccount(rows),
                limits: owned.limits[id] ?? .none,
                dialPlan: owned.dialPlans[id],
                mayCallSIPURIs: rows.flag(4),
                outbound: outbound[id]
            )
            customers.append(customer)
        }
        return customers
    }

    private func billingAccount(_ rows: BoundStatement) -> BillingAccount? {
        guard let credit = rows.optionalInteger(5) else { return nil }
        return BillingAccount(
            creditMicros: credit,
            tokens: rows.integer(6),
            isUnlimited: rows.flag(7),
            isActive: rows.flag(8)
        )
    }

    /// The active outbound rules by customer.
    func outboundConfigurations() throws -> [ResourceIdentifier: OutboundConfiguration] {
        let rows = try BoundStatement(
            database,
            "SELECT \(Self.outboundColumns), customer FROM outbound_configs WHERE tm_delete IS NULL"
        )
        var found: [ResourceIdentifier: OutboundConfiguration] = [:]
        while try rows.step() {
            found[try rows.identifier(8)] = try Self.outboundConfiguration(rows)
        }
        return found
    }

    /// The columns that `outboundConfiguration` reads, first in a row.
    static let outboundColumns = """
        id, name, destination_whitelist, codecs, default_outgoing_source_number, when_no_valid_source,
        allowed_special, when_anonymity_disallowed
        """

    /// Reads outbound rules from a row that starts with `outboundColumns`.
    static func outboundConfiguration(_ rows: BoundStatement) throws -> OutboundConfiguration {
        OutboundConfiguration(
            id: try rows.identifier(0),
            name: rows.text(1),
            destinationWhitelist: try rows.value(2, StoredText.countries),
            codecs: try rows.value(3, StoredText.codecs),
            defaultOutgoingSourceNumber: try rows.optionalValue(4) { E164Number($0) },
            whenNoValidSource: try rows.value(5, SourceFallback.init),
            whenAnonymityDisallowed: try rows.value(7, AnonymityFallback.init),
            allowedSpecial: try rows.value(6, StoredText.specialDestinations)
        )
    }

    /// Every endpoint with its extensions and source addresses.
    func endpoints(_ owned: Owned) throws -> [Endpoint] {
        let extensions = try endpointExtensions()
        let addresses = try endpointSourceAddresses()
        let rows = try BoundStatement(
            database,
            """
            SELECT id, customer, username, number, display_name, requires_registration, emergency_caller_id, is_enabled
            FROM endpoints
            """
        )
        var endpoints: [Endpoint] = []
        while try rows.step() {
            let id = try rows.identifier(0)
            let endpoint = Endpoint(
                id: id,
                customer: try rows.identifier(1),
                username: rows.text(2),
                extensions: extensions[id] ?? [],
                number: try rows.optionalValue(3) { E164Number($0) },
                displayName: rows.optionalText(4),
                requiresRegistration: rows.flag(5),
                sourceAddresses: addresses[id] ?? [],
                emergencyCallerID: try rows.optionalValue(6) { E164Number($0) },
                isEnabled: rows.flag(7),
                dialPlan: owned.dialPlans[id],
                limits: owned.limits[id] ?? .none
            )
            endpoints.append(endpoint)
        }
        return endpoints
    }

    private func endpointExtensions() throws -> [ResourceIdentifier: [String]] {
        let rows = try BoundStatement(database, "SELECT endpoint, name FROM endpoint_extensions")
        var found: [ResourceIdentifier: [String]] = [:]
        while try rows.step() {
            found[try rows.identifier(0), default: []].append(rows.text(1))
        }
        return found
    }

    private func endpointSourceAddresses() throws -> [ResourceIdentifier: [AddressRange]] {
        let rows = try BoundStatement(database, "SELECT endpoint, base, prefix_length FROM endpoint_source_addresses")
        var found: [ResourceIdentifier: [AddressRange]] = [:]
        while try rows.step() {
            guard let base = rows.halves(1) else { throw CallStoreError.corrupt(detail: "an address is not 16 octets") }
            let address = IPAddressBits(high: base.high, low: base.low)
            guard let range = AddressRange(base: address, prefixLength: Int(rows.integer(2))) else {
                throw CallStoreError.corrupt(detail: "an address prefix is longer than 128 bits")
            }
            found[try rows.identifier(0), default: []].append(range)
        }
        return found
    }

    /// Every credential, by endpoint.
    func credentials() throws -> [ResourceIdentifier: Set<StoredCredential>] {
        let rows = try BoundStatement(database, "SELECT endpoint, algorithm, ha1 FROM endpoint_credentials")
        var found: [ResourceIdentifier: Set<StoredCredential>] = [:]
        while try rows.step() {
            let credential = StoredCredential(algorithm: rows.text(1), ha1: rows.text(2))
            found[try rows.identifier(0), default: []].insert(credential)
        }
        return found
    }

    /// Every number, deleted ones included.
    func numbers() throws -> [OwnedNumber] {
        let rows = try BoundStatement(
            database,
            "SELECT id, customer, number, type, status FROM numbers ORDER BY number"
        )
        var numbers: [OwnedNumber] = []
        while try rows.step() {
            let number = OwnedNumber(
                id: try rows.identifier(0),
                customer: try rows.identifier(1),
                number: try rows.value(2) { E164Number($0) },
                type: try rows.value(3, OwnedNumberType.init),
                status: try rows.value(4, OwnedNumberStatus.init)
            )
            numbers.append(number)
        }
        return numbers
    }

    /// Every trunk, disabled ones included.
    func trunks() throws -> [Trunk] {
        let rows = try BoundStatement(database, "SELECT \(Self.trunkColumns) FROM trunks ORDER BY priority, name")
        var trunks: [Trunk] = []
        while try rows.step() { trunks.append(try Self.trunk(rows)) }
        return trunks
    }

    /// The columns that `trunk` reads, first in a row.
    static let trunkColumns = """
        id, name, customer, host, port, transport, priority, weight, is_enabled, trust_basis, trust_note,
        tech_prefix, tech_postfix, passes_user_agent, codecs, username, password, emergency, takes_service_urns,
        passes_refer, redirect_hosts,
        \(furtherTrunkColumns.joined(separator: ", "))
        """

    private static let furtherTrunkColumns =
        ProfileColumns.names + TransportLayerSecurityColumns.names + TrunkOperationColumns.names

    /// How many columns `trunk` reads.
    static let trunkColumnCount = Int32(21 + furtherTrunkColumns.count)

    /// Reads a trunk from a row that starts with `trunkColumns`.
    static func trunk(_ rows: BoundStatement) throws -> Trunk {
        let basis = try rows.optionalValue(9, TrustBasis.init)
        let security = 21 + Int32(ProfileColumns.names.count)
        let operation = security + Int32(TransportLayerSecurityColumns.names.count)
        return Trunk(
            id: try rows.identifier(0),
            name: rows.text(1),
            customer: rows.optionalIdentifier(2),
            host: rows.text(3),
            port: Int(rows.integer(4)),
            transport: try rows.value(5, StoredText.transport),
            findsTransport: StoredText.findsTransport(rows.text(5)),
            priority: Int(rows.integer(6)),
            weight: Int(rows.integer(7)),
            isEnabled: rows.flag(8),
            trust: basis.map { .trusted(basis: $0, note: rows.text(10)) } ?? .untrusted,
            identity: try ProfileColumns.profile(rows, from: 21),
            techPrefix: rows.text(11),
            techPostfix: rows.text(12),
            passesUserAgent: rows.flag(13),
            codecs: try rows.value(14, StoredText.codecs),
            emergency: try rows.value(17, EmergencyUse.init),
            takesServiceURNs: rows.flag(18),
            username: rows.optionalText(15),
            password: rows.optionalText(16).map(Secret.init),
            passesREFER: rows.flag(19),
            redirectHosts: StoredText.words(rows.text(20)),
            security: TransportLayerSecurityColumns.security(rows, from: security),
            operation: TrunkOperationColumns.operation(rows, from: operation)
        )
    }
}
