// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import NumberingPlan
import Testing

@Suite("Identity profiles in the store")
struct IdentityProfileStoreTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static func profile() throws -> TrunkIdentityProfile {
        var profile = TrunkIdentityProfile()
        profile.from = .username
        profile.fromScheme = .tel
        profile.assertedIdentity = .always
        profile.preferredIdentity = .visible
        profile.remotePartyID = .anonymous
        profile.diversion = .substituted
        profile.scheme = .sip
        profile.host = .domain("acme.example")
        profile.marksTelephone = false
        profile.number = NumberForm(sendsPlus: false, nationalCountry: Country("us"))
        profile.called = NumberForm(sendsPlus: true, nationalCountry: Country("gb"))
        profile.displayName = .fixed("Acme")
        profile.anonymousHost = .trunk
        profile.namesAnonymous = false
        profile.privacy = .userAndID
        profile.headers = [
            try FixedHeader(name: "X-Account", value: "4711: a"), try FixedHeader(name: "X-Site", value: "b"),
        ]
        return profile
    }

    private static func plan(_ profile: TrunkIdentityProfile) -> ProvisioningPlan {
        let trunk = Trunk(id: .zero, name: "carrier", host: "192.0.2.1", identity: profile, techPrefix: "9")
        return ProvisioningPlan(trunks: [ProvisionedTrunk(trunk: trunk)])
    }

    @Test("a profile is read as it was written, field by field, and the same plan changes nothing")
    func roundTrip() throws {
        let store = try CallStore(path: directory.path())
        let profile = try Self.profile()
        #expect(try store.apply(Self.plan(profile), at: Sample.time(0)).count == 1)
        #expect(try store.apply(Self.plan(profile), at: Sample.time(1)) == [])
        let trunk = try #require(try store.loadSnapshot(rules: DeploymentRules()).trunks.first)
        #expect(trunk.identity == profile)
        #expect(trunk.techPrefix == "9")
    }

    @Test("a change names each key that differs")
    func differences() throws {
        let store = try CallStore(path: directory.path())
        _ = try store.apply(Self.plan(TrunkIdentityProfile()), at: Sample.time(0))
        let change = try #require(try store.apply(Self.plan(try Self.profile()), at: Sample.time(1)).first)
        let keys = [
            "from", "from_scheme", "p_asserted_identity", "p_preferred_identity", "remote_party_id", "diversion",
            "scheme", "host", "user_phone", "plus", "national", "display_name", "anonymous_host", "anonymous_name",
            "privacy", "headers",
        ]
        for key in keys { #expect(change.words.contains("identity.\(key) "), "\(key) in \(change.words)") }
        #expect(change.words.contains("called_number.national none → gb"))
    }

    @Test("what happens to callers that anonymity is disallowed to is kept with the customer's rules")
    func anonymityDisallowed() throws {
        let store = try CallStore(path: directory.path())
        let rules = ProvisionedOutbound(whenAnonymityDisallowed: .retryShown)
        let plan = ProvisioningPlan(customers: [ProvisionedCustomer(name: "acme", outbound: rules)])
        _ = try store.apply(plan, at: Sample.time(0))
        #expect(try store.apply(plan, at: Sample.time(1)) == [])
        let customers = try store.loadSnapshot(rules: DeploymentRules()).customers.values
        #expect(customers.map(\.outbound?.whenAnonymityDisallowed) == [.retryShown])
    }

    @Test("trunks of the second schema keep the spelling they had", arguments: [("sip", 0), ("tel", 1)])
    func migration(scheme: String, plus: Int) throws {
        let queue = try DatabaseQueue(path: directory.path())
        try StoreSchema.migrator.migrate(queue, upTo: "2 dial plans and limits")
        try queue.write {
            try $0.execute(
                sql: """
                    INSERT INTO trunks VALUES (x'00000000000000050000000000000001', 'carrier', NULL, '192.0.2.1', 5061,
                        'tcp', 1, 2, 1, 'private_network', 'leased', '\(scheme)', \(plus), '9', '', 1, 'PCMU', 'u', 'p',
                        'also', 1);
                    """
            )
        }
        try queue.close()
        let trunk = try #require(
            try CallStore(path: directory.path()).loadSnapshot(rules: DeploymentRules()).trunks.first
        )
        var profile = TrunkIdentityProfile()
        profile.scheme = scheme == "sip" ? .sip : .tel
        profile.number.sendsPlus = plus == 1
        profile.called.sendsPlus = plus == 1
        #expect(trunk.identity == profile)
        #expect(trunk.techPrefix == "9" && trunk.username == "u" && trunk.takesServiceURNs)
        #expect(trunk.emergency == .also)
    }

    @Test("a row whose header field may not go out is damage, and nothing is sent by it")
    func damagedHeader() throws {
        let store = try CallStore(path: directory.path())
        _ = try store.apply(Self.plan(TrunkIdentityProfile()), at: Sample.time(0))
        try store.close()
        let queue = try DatabaseQueue(path: directory.path())
        try queue.write { try $0.execute(sql: "UPDATE trunks SET headers = 'From: <sip:eve@x>'") }
        try queue.close()
        let damaged = try CallStore(path: directory.path())
        #expect(throws: CallStoreError.self) { try damaged.loadSnapshot(rules: DeploymentRules()) }
    }
}
