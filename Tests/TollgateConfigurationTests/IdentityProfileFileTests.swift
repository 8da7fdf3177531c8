// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Foundation
import NumberingPlan
import Testing
import TollgateConfiguration

@Suite("What trunks are told, in provisioning files")
struct IdentityProfileFileTests {
    private static func trunk(_ keys: String) throws -> Trunk {
        let text = "trunks:\n  - name: t\n    host: t.example\n    \(keys)\n"
        return try #require(try provisioning(text).plan.trunks.first).trunk
    }

    private static func problems(_ keys: String) -> [String] {
        provisioningProblems("trunks:\n  - name: t\n    host: t.example\n    \(keys)\n")
    }

    @Test("Without keys the profile is the model's")
    func defaults() throws {
        #expect(try Self.trunk("port: 5060").identity == TrunkIdentityProfile())
        #expect(try Self.trunk("identity: {}").identity == TrunkIdentityProfile())
    }

    @Test("Every key of the section")
    func keys() throws {
        let trunk = try Self.trunk(
            """
            username: u
                password: p
                identity:
                  from: username
                  from_scheme: tel
                  p_asserted_identity: always
                  p_preferred_identity: visible
                  remote_party_id: anonymous
                  diversion: substituted
                  scheme: sip
                  host: {domain: Acme.example}
                  user_phone: false
                  plus: false
                  national: us
                  display_name: {text: Acme}
                  anonymous_host: trunk
                  anonymous_name: false
                  privacy: "user;id"
                  headers: {X-Account: "4711", X-Site: b}
                called_number: {plus: true, national: gb}
            """
        )
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
            try FixedHeader(name: "X-Account", value: "4711"), try FixedHeader(name: "X-Site", value: "b"),
        ]
        #expect(trunk.identity == profile)
    }

    @Test("The old keys are shorthands, and the sections win over them")
    func shorthands() throws {
        let short = try Self.trunk("asserted_identity: sip\n    send_plus: false").identity
        #expect(short.scheme == .sip && !short.number.sendsPlus && !short.called.sendsPlus)
        let both = try Self.trunk(
            "asserted_identity: sip\n    send_plus: false\n    identity: {scheme: tel, plus: true}"
        ).identity
        #expect(both.scheme == .tel && both.number.sendsPlus && !both.called.sendsPlus)
    }

    @Test(
        "Words for hosts and names",
        arguments: [
            ("identity: {host: trunk}", IdentityHost.trunk, DisplayNamePolicy.pass),
            ("identity: {host: gateway, display_name: none}", .gateway, DisplayNamePolicy.none),
            ("identity: {display_name: number}", .gateway, .number),
        ]
    )
    func words(keys: String, host: IdentityHost, name: DisplayNamePolicy) throws {
        let profile = try Self.trunk(keys).identity
        #expect(profile.host == host && profile.displayName == name)
    }

    @Test(
        "What cannot be meant is told with its place and a remedy",
        arguments: [
            ("identity: {headers: {From: x}}", "`headers` cannot say who calls: `From`"),
            ("identity: {headers: {Authorization: x}}", "`headers` cannot prove who calls: `Authorization`"),
            ("identity: {headers: {via: x}}", "`headers` cannot hold what the gateway writes or passes itself: `via`"),
            ("identity: {headers: {X-A: \"a\\r\\nVia: b\"}}", "line end or control character: `X-A`"),
            ("identity: {headers: {X-A: [b]}}", "`headers` must hold a text for each name"),
            ("identity: {headers: [X-A]}", "`headers` must hold names and values"),
            ("identity: {host: elsewhere}", "`host` cannot be `elsewhere`"),
            ("identity: {display_name: Acme}", "`display_name` cannot be `Acme`"),
            ("identity: {p_asserted_identity: allways}", "did you mean `always`?"),
            ("identity: {from: username}", "the trunk has no `username`"),
            ("identity: {privacy: none}", "nothing would ask the trunk to withhold"),
            ("identity: {national: aq}", "whose dialling rules are not known"),
            ("identity: {pluss: true}", "did you mean `plus`?"),
            ("called_number: {plus: 1}", "`plus`"),
        ]
    )
    func faults(keys: String, words: String) {
        let found = Self.problems(keys)
        #expect(found.count == 1 && found[0].contains(words), "\(found)")
    }

    @Test("The customer's word for callees that take no anonymous calls")
    func anonymityDisallowed() throws {
        let text = "customers:\n  - {name: a, outbound: {when_anonymity_disallowed: retry_shown}}\n"
        let outbound = try #require(try provisioning(text).plan.customers.first?.outbound)
        #expect(outbound.whenAnonymityDisallowed == .retryShown)
    }

    private static let files =
        (try? FileManager.default.contentsOfDirectory(atPath: repository + "/config/trunks")) ?? []

    @Test("The carriers' examples are valid, each with one trunk of its own name", arguments: files.sorted())
    func carriers(file: String) throws {
        let loaded = try ProvisioningFile.load(path: repository + "/config/trunks/" + file, in: nil)
        #expect(loaded.plan.trunks.map { $0.trunk.name + ".yaml" } == [file])
    }

    @Test("There are at least five of them")
    func carrierCount() {
        #expect(Self.files.count >= 5)
    }
}
