// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import NumberingPlan
import SessionDescription
import Testing

@Suite("Stores of earlier versions")
struct MigrationTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Makes a database by the steps up to one, fills it, and opens it as a store.
    private func store(of step: String, _ sql: String) throws -> CallStore {
        let queue = try DatabaseQueue(path: directory.path())
        try StoreSchema.migrator.migrate(queue, upTo: step)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        return try CallStore(path: directory.path())
    }

    private static let accounts = """
        INSERT INTO customers VALUES (x'00000000000000010000000000000001', 'limited', 'active', 'verified', 30, 5, 1);
        INSERT INTO customers VALUES (x'00000000000000010000000000000002', 'free', 'frozen', 'none', NULL, NULL, 0);
        INSERT INTO customers VALUES (x'00000000000000010000000000000003', 'slow', 'active', 'none', NULL, 1, 0);
        INSERT INTO billing_accounts VALUES (x'00000000000000010000000000000001', 25, 3, 0, 1);
        INSERT INTO outbound_configs VALUES (x'00000000000000020000000000000001',
            x'00000000000000010000000000000001', 'office', 'gb,us', 'PCMU', '+15551234567', 'reject',
            'mobile,premium', 7, NULL, NULL);
        INSERT INTO outbound_configs VALUES (x'00000000000000020000000000000002',
            x'00000000000000010000000000000002', '', '', '', NULL, 'anonymous', 'voip', 7, NULL, NULL);
        INSERT INTO trunks VALUES (x'00000000000000050000000000000001', 'carrier', NULL, '192.0.2.1', 5061, 'tcp', 1, 2,
            1, 'private_network', 'leased', 'sip', 0, '9', '', 1, 'PCMU', 'u', 'p');
        """

    private static func endpoint(_ number: Int, _ name: String, _ dialPlan: String) -> String {
        """
        INSERT INTO endpoints VALUES (x'0000000000000003000000000000000\(number)',
            x'00000000000000010000000000000001', '\(name)', '+15551234567', 'Alice', 0, '+15551234567', 1, \(dialPlan));
        INSERT INTO endpoint_credentials VALUES (x'0000000000000003000000000000000\(number)', 'MD5', '0123');
        INSERT INTO endpoint_extensions VALUES (x'0000000000000003000000000000000\(number)', '100\(number)');
        """
    }

    @Test("limits become hard levels, and premium stays open; the rest is as it was")
    func customers() throws {
        let store = try store(of: "1 calls", Self.accounts)
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        let customers = Dictionary(uniqueKeysWithValues: snapshot.customers.values.map { ($0.name, $0) })
        let number = E164Number("+15551234567")
        let limited = Customer(
            id: ResourceIdentifier(high: 1, low: 1),
            name: "limited",
            identityVerification: .verified,
            billingAccount: BillingAccount(creditMicros: 25, tokens: 3),
            limits: CallLimits(concurrentCalls: LimitLevels(hard: 30), callsPerSecond: LimitLevels(hard: 5)),
            mayCallSIPURIs: true,
            outbound: OutboundConfiguration(
                id: ResourceIdentifier(high: 2, low: 1),
                name: "office",
                destinationWhitelist: Set(["gb", "us"].compactMap { Country($0) }),
                codecs: try CodecList("PCMU"),
                defaultOutgoingSourceNumber: number,
                whenNoValidSource: .reject,
                allowedSpecial: [.numberClass(.premium)]
            )
        )
        #expect(customers["limited"] == limited)
        #expect(customers["free"]?.limits == CallLimits.none)
        #expect(customers["free"]?.outbound?.allowedSpecial == [])
        #expect(customers["slow"]?.limits == CallLimits(callsPerSecond: LimitLevels(hard: 1)))
        let trunk = try #require(snapshot.trunks.first)
        #expect(trunk.password?.revealed == "p")
        #expect(trunk.emergency == .never)
        #expect(!trunk.takesServiceURNs)
    }

    @Test("an endpoint that dialled as all did has no dial plan of its own; any other keeps its")
    func endpoints() throws {
        let store = try store(
            of: "1 calls",
            Self.accounts + Self.endpoint(1, "plain", "NULL, '', '', '*31#,#31#,*67', '*82'")
                + Self.endpoint(2, "german", "49, '00', '0', '*31#', ''")
                + Self.endpoint(3, "shared", "1, '011', '', '*31#,#31#,*67', '*82'")
                + Self.endpoint(4, "global", "870, '00', '0', '*31#,#31#,*67', '*82'")
                + Self.endpoint(5, "abroad", "NULL, '00', '', '*31#,#31#,*67', '*82'")
        )
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        let plain = Endpoint(
            id: ResourceIdentifier(high: 3, low: 1),
            customer: ResourceIdentifier(high: 1, low: 1),
            username: "plain",
            extensions: ["1001"],
            number: E164Number("+15551234567"),
            displayName: "Alice",
            requiresRegistration: false,
            emergencyCallerID: E164Number("+15551234567")
        )
        #expect(snapshot.endpointsByUsername["plain"] == plain)
        let plans = snapshot.endpointsByUsername.mapValues(\.dialPlan)
        let german = DialPlan(
            country: Country("de"),
            internationalPrefixes: ["00"],
            nationalPrefix: "0",
            hidingPrefixes: ["*31#"],
            showingPrefixes: []
        )
        #expect(plans["german"] == german)
        #expect(plans["shared"] == DialPlan(country: Country("us"), internationalPrefixes: ["011"], nationalPrefix: ""))
        #expect(plans["global"] == DialPlan(internationalPrefixes: ["00"]))
        #expect(plans["abroad"] == DialPlan(internationalPrefixes: ["00"]))
        #expect(try store.loadCredentials().count == 5)
    }

    @Test("a trunk of the third schema passes no transfer and has no host but its own; the rest is as it was")
    func transfers() throws {
        let store = try store(
            of: "3 identity profiles and attempts",
            """
            INSERT INTO trunks (id, name, host, port, transport, priority, weight, is_enabled, trust_basis, trust_note,
                identity_scheme, sends_plus, tech_prefix, tech_postfix, passes_user_agent, codecs, username, password,
                emergency, takes_service_urns, from_user, remote_party_id, called_plus, headers)
            VALUES (x'00000000000000050000000000000001', 'carrier', '192.0.2.1', 5061, 'tcp', 1, 2, 1,
                'private_network', 'leased', 'sip', 0, '9', '8', 1, 'PCMU', 'u', 'p', 'also', 1, 'username', 'always',
                1, 'X-Site: b');
            """
        )
        var profile = TrunkIdentityProfile()
        profile.scheme = .sip
        profile.number.sendsPlus = false
        profile.from = .username
        profile.remotePartyID = .always
        profile.headers = [try FixedHeader(name: "X-Site", value: "b")]
        let expected = Trunk(
            id: ResourceIdentifier(high: 5, low: 1),
            name: "carrier",
            host: "192.0.2.1",
            port: 5061,
            transport: .tcp,
            priority: 1,
            weight: 2,
            trust: .trusted(basis: .privateNetwork, note: "leased"),
            identity: profile,
            techPrefix: "9",
            techPostfix: "8",
            passesUserAgent: true,
            codecs: try CodecList("PCMU"),
            emergency: .also,
            takesServiceURNs: true,
            username: "u",
            password: Secret("p"),
            passesREFER: false,
            redirectHosts: []
        )
        #expect(try store.loadSnapshot(rules: DeploymentRules()).trunks == [expected])
    }

    @Test("a migrated store takes further plans, and opens again")
    func further() throws {
        let first = try store(of: "1 calls", Self.accounts)
        let plan = ProvisioningPlan(customers: [
            ProvisionedCustomer(
                name: "limited",
                dialPlan: DialPlan(country: Country("us")),
                endpoints: [
                    ProvisionedEndpoint(username: "new", limits: CallLimits(callsPerSecond: LimitLevels(soft: 1)))
                ]
            )
        ])
        _ = try first.apply(plan, at: Sample.time(0))
        try first.close()
        let second = try CallStore(path: directory.path())
        #expect(try second.apply(plan, at: Sample.time(0)) == [])
    }
}
