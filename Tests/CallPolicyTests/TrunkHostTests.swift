// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Testing

@Suite("SIP URIs at a trunk's host")
struct TrunkHostTests {
    private func deployment(_ host: String) throws -> Deployment {
        var deployment = try Deployment()
        deployment.customer.mayCallSIPURIs = true
        deployment.trunks.append(
            Trunk(id: ResourceIdentifier(high: 3, low: 2), name: "off", host: host, isEnabled: false)
        )
        return deployment
    }

    private func call(_ deployment: Deployment, _ user: String, at host: String) -> PolicyDecision {
        deployment.dial(user) {
            $0.destination.isLocalDomain = false
            $0.destination.host = ReceivedText(host)
            $0.destination.uri = ReceivedText("sip:\(user)@\(host):5080")
        }
    }

    @Test(
        "a carrier that trusts this gateway bills what reaches it: the whitelist judges every spelling of its host",
        arguments: [
            ("sip.carrier.example", "sip.carrier.example"), ("sip.carrier.example", "SIP.Carrier.Example"),
            ("SIP.carrier.example", "sip.carrier.example."), ("192.0.2.77", "192.0.2.77"),
            ("192.0.2.77", "0300.0.0x2.77"), ("192.0.2.77", "3221226061"), ("192.0.2.77", "0xC000024D"),
            ("192.0.2.77", "192.0.589"), ("192.0.2.77", "[::ffff:192.0.2.77]"), ("192.0.2.77", "[::ffff:c000:24d]"),
            ("2001:db8::1", "[2001:db8::1]"), ("2001:db8::1", "[2001:0DB8:0:0:0:0:0:1]"),
            ("2001:db8::1", "[2001:db8:0:0::1]"), ("[2001:db8::1]", "2001:db8::1"), ("fe80::1", "[fe80::1%25eth0]"),
        ]
    )
    func everySpelling(host: String, spelling: String) throws {
        let deployment = try deployment(host)
        for user in ["+442079460000", "+19002345678", "+870773123456"] {
            let decision = call(deployment, user, at: spelling)
            #expect(decision.approved == nil)
            #expect(decision.number?.description == user)
        }
        let allowed = try #require(call(deployment, "+14165550123", at: spelling).approved)
        #expect(allowed.destination.kind == .telephone)
        #expect(allowed.route.map(\.name) == ["east"])
        #expect(call(deployment, "00442079460000", at: spelling).approved == nil)
        #expect(call(deployment, "", at: spelling).rejection?.status == 484)
        #expect(call(deployment, "911", at: spelling).approved?.isEmergency == true)
    }

    @Test(
        "a redirect host is the carrier's as well, and so is that of a trunk switched off",
        arguments: [
            "gw2.carrier.example", "GW2.carrier.example.", "192.0.2.9", "[::ffff:192.0.2.9]", "[2001:DB8:0::9]",
        ]
    )
    func redirectHost(spelling: String) throws {
        var deployment = try deployment("sip.carrier.example")
        #expect(call(deployment, "+442079460000", at: spelling).approved?.destination.kind == .sip)
        for index in deployment.trunks.indices {
            var redirecting = deployment
            redirecting.trunks[index].redirectHosts = ["gw2.carrier.example", "192.0.2.9", "2001:db8::9"]
            #expect(call(redirecting, "+442079460000", at: spelling).approved == nil)
            let allowed = call(redirecting, "+14165550123", at: spelling).approved
            #expect(allowed?.destination.kind == .telephone)
        }
        deployment.trunks.removeLast()
        #expect(call(deployment, "+442079460000", at: spelling).approved?.destination.kind == .sip)
    }

    @Test(
        "another host stays elsewhere",
        arguments: [
            "sip.carrier.example.net", "carrier.example", "192.0.2.78", "192.0.2", "192.0.2.770", "0x", "1.2.3.4.5",
            "[2001:db8::2]", "[2001:db8:::1]", "[1:2:3:4:5:6:7:8:9]", "[::g]", "", "[", "]", ".",
        ]
    )
    func elsewhere(host: String) throws {
        var deployment = try deployment("sip.carrier.example")
        deployment.trunks[0].host = "2001:db8::1"
        let decision = call(deployment, "+442079460000", at: host)
        #expect(decision.approved?.destination.kind == .sip)
    }

    @Test(
        "a carrier's Contact may spell the trunk's host in any way",
        arguments: [
            ("gw.carrier.example.", true), ("GW.Carrier.Example", true), ("192.0.2.9", true),
            ("::ffff:192.0.2.9", true),
            ("[2001:DB8:0::9]", true), ("carrier.example", false), ("192.0.2.90", false), ("", false),
        ]
    )
    func owned(host: String, isOwned: Bool) {
        var trunk = Trunk(id: .zero, name: "carrier", host: "gw.carrier.example")
        trunk.redirectHosts = ["192.0.2.9", "2001:db8::9"]
        #expect(trunk.owns(host: host) == isOwned)
    }
}
