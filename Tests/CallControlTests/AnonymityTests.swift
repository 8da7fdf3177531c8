// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// Nothing that reaches a trunk tells who a hidden caller is (RFC 3323 §4.1, RFC 3325 §7).
struct AnonymityTests {
    static let talkative = [
        "Privacy: id", "P-Preferred-Identity: <sip:zebra-user@caller-host.example>",
        "P-Asserted-Identity: <sip:zebra-user@caller-host.example>", "Remote-Party-ID: <sip:zebra-user@10.66.77.88>",
        "Diversion: <sip:zebra-user@caller-host.example>", "History-Info: <sip:zebra-user@caller-host.example>;index=1",
        "Referred-By: <sip:zebra-user@caller-host.example>", "Reply-To: <sip:zebra-user@caller-host.example>",
        "Call-Info: <http://caller-host.example/zebra-user.jpg>;purpose=icon", "Organization: Quux",
        "In-Reply-To: quokka@10.66.77.88", "Alert-Info: <http://caller-host.example/ring>",
        "Content-ID: <axolotl@caller-host.example>", "Session-ID: axolotl", "X-Owner: Zelda Quux",
        "P-Access-Network-Info: axolotl", "Geolocation: <cid:axolotl>", "User-to-User: axolotl", "Server: Xylophone",
        "Warning: 399 caller-host.example \"Zelda\"", "Reason: SIP;cause=200;text=\"Zelda hung up\"",
        "Authorization: Digest username=\"zebra-user\"", "Route: <sip:caller-host.example;lr>",
        "Supported: timer, 100rel",
    ]
    static let offer =
        "v=0\r\no=zebra-user 1 1 IN IP4 caller-host.example\r\ns=Zelda Quux\r\ni=axolotl\r\nu=http://caller-host.example/\r\n"
        + "e=zebra-user@caller-host.example\r\np=+1 2125550100\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n"
        + "m=audio 40000 RTP/AVP 0\r\na=ice-ufrag:s=i=\r\n"
    static let later = talkative + ["Record-Route: <sip:caller-host.example;lr>"]

    static func expectSilence(_ harness: Harness, trusted: Bool, _ location: SourceLocation = #_sourceLocation) {
        #expect(!harness.toOutside.isEmpty, sourceLocation: location)
        for sent in harness.toOutside {
            var lines = sent.text.split(separator: "\r\n").map(String.init)
            if trusted, sent.method == .invite, !sent.isResponse {
                lines.removeAll { $0 == "P-Asserted-Identity: <tel:+12125550100>" }
            }
            for secret in Caller.secrets where lines.contains(where: { $0.contains(secret) }) {
                Issue.record("\(secret) in: \(sent.text)", sourceLocation: location)
            }
        }
        #expect(harness.problems == [], sourceLocation: location)
    }

    static func harness(
        trusted: Bool,
        passesREFER: Bool = false,
        body: String = offer,
        type: String? = nil
    ) throws -> Harness {
        var deployment = Deployment()
        deployment.trunks = (1...2).map { number in
            Deployment.trunk(number) {
                $0.trust = trusted ? .trusted(basis: .privateNetwork, note: "contract") : .untrusted
                $0.passesUserAgent = true
                $0.passesREFER = passesREFER
                $0.redirectHosts = ["gw2.carrier.example"]
            }
        }
        var settings = CallSettings(gatewayHost: "gw.example", passedHeaders: ["x-owner"])
        settings.userAgent = []
        let headers = later + (type.map { ["Content-Type: \($0)"] } ?? [])
        let harness = try Harness(deployment, headers: headers, body: body, settings: settings)
        harness.begin()
        return harness
    }

    @Test("RFC 3325 §7 The INVITE of a hidden caller shows the number to a trusted trunk alone")
    func identity() throws {
        for trusted in [true, false] {
            let invite = try Self.harness(trusted: trusted).outside(.invite)
            let from = invite.header(.from) ?? ""
            #expect(from.hasPrefix("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="))
            #expect(invite.headers(.privacy) == ["id"])
            #expect(invite.headers(.pAssertedIdentity) == (trusted ? ["<tel:+12125550100>"] : []))
            #expect(invite.header(.supported) == "timer, 100rel")
            #expect(
                invite.body == "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n"
                    + "m=audio 40000 RTP/AVP 0\r\na=ice-ufrag:s=i=\r\n"
            )
            #expect(invite.headers(.contact) == ["<sip:192.0.2.254:5060>"])
        }
    }

    @Test("RFC 3323 §4.1 A whole call tells a trunk nothing of its hidden caller", arguments: [true, false])
    func wholeCall(trusted: Bool) throws {
        let harness = try Self.harness(trusted: trusted)
        try harness.answer(try harness.outside(.invite), 503)
        let invite = try harness.outside(.invite)
        #expect(invite.hop?.host == "192.0.2.2")
        try harness.answer(invite, 183, ["Require: 100rel", "RSeq: 1"], body: Self.offer)
        try harness.callerSends("PRACK", Self.later + ["RAck: 1 1 INVITE"])
        try harness.callerSends("UPDATE", Self.later, body: Self.offer)
        try harness.settle()
        try harness.answer(invite, 200, body: Self.offer)
        try harness.callerAcknowledges(body: Self.offer)
        try harness.callerSends("INVITE", Self.later, body: Self.offer)
        try harness.answer(try harness.outside(.invite), 200, body: Self.offer)
        try harness.callerAcknowledges(number: 4)
        for method in ["INFO", "MESSAGE", "OPTIONS", "NOTIFY"] { try harness.callerSends(method, Self.later) }
        try harness.settle()
        for method in ["INFO", "UPDATE", "INVITE", "OPTIONS"] {
            try harness.outsideSends(method, in: invite)
            try harness.answer(
                try #require(harness.toCaller.last),
                200,
                Self.later.filter { !$0.hasPrefix("Route") },
                body: Self.offer
            )
        }
        try harness.callerSends("BYE", Self.later)
        try harness.settle()
        #expect(Set(harness.toOutside.map(\.method)).isSuperset(of: [.prack, .update, .ack, .info, .bye, .options]))
        Self.expectSilence(harness, trusted: trusted)
        harness.expectSound()
    }

    @Test("RFC 3323 §4.1 Neither CANCEL nor an early BYE nor the taking back of a late 2xx tells anything")
    func givenUp() throws {
        for isBye in [true, false] {
            let harness = try Self.harness(trusted: false)
            let invite = try harness.outside(.invite)
            try harness.answer(invite, 180)
            if isBye { try harness.callerSends("BYE", Self.later) } else { harness.callerCancels() }
            try harness.answer(invite, 200)
            try harness.settle()
            #expect(harness.toOutside.map(\.method) == [.invite, .cancel, .ack, .bye])
            Self.expectSilence(harness, trusted: false)
            harness.expectSound()
        }
    }

    @Test("RFC 3323 §4.1 Refusals toward the trunk name the caller no more than requests do")
    func refusals() throws {
        let harness = try Self.harness(trusted: false)
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 200)
        try harness.callerAcknowledges()
        for status in [486, 401, 302, 488] {
            try harness.outsideSends("INVITE", in: invite, body: Self.offer)
            try harness.answer(try harness.caller(.invite), status, Self.later.filter { !$0.hasPrefix("Route") })
        }
        Self.expectSilence(harness, trusted: false)
    }

    @Test("RFC 3325 §5 Who answers is told to the caller only by a trusted trunk that does not ask for privacy")
    func calleeIdentity() throws {
        let asserted = "P-Asserted-Identity: \"Bob\" <sip:bob@carrier.example>"
        let cases: [(trusted: Bool, privacy: [String], crosses: Bool)] = [
            (true, [], true), (false, [], false), (true, ["Privacy: id"], false),
            (true, ["Privacy: user;ID"], false), (true, ["Privacy: none"], true),
        ]
        for (trusted, privacy, crosses) in cases {
            let harness = try Self.harness(trusted: trusted)
            let invite = try harness.outside(.invite)
            try harness.answer(invite, 200, privacy + [asserted])
            #expect(try harness.response().headers(.pAssertedIdentity).count == (crosses ? 1 : 0))
            try harness.callerAcknowledges()
            try harness.outsideSends("UPDATE", in: invite, privacy + [asserted])
            #expect(try harness.caller(.update).headers(.pAssertedIdentity).count == (crosses ? 1 : 0))
        }
    }

    @Test("A caller that is not hidden is shown by its number, and the trunk's switch rules User-Agent")
    func visible() throws {
        for passes in [true, false] {
            var deployment = Deployment()
            deployment.trunks = [Deployment.trunk(1) { $0.passesUserAgent = passes }]
            let harness = try Harness(deployment)
            harness.begin()
            let invite = try harness.outside(.invite)
            #expect(invite.header(.from)?.contains("<sip:+12125550100@gw.example;user=phone>;tag=") == true)
            #expect(invite.headers(.userAgent) == [passes ? Caller.userAgent : "Tollgate"])
            #expect(invite.headers(.privacy).isEmpty && invite.headers(.pAssertedIdentity).isEmpty)
            #expect(!invite.has(Caller.address) && !invite.has("quokka") && !invite.has(Caller.tag))
        }
    }

    @Test("Header fields beyond the table cross only between SIP legs, and only when listed")
    func extraHeaders() throws {
        let headers = ["X-Listed: yes", "X-Other: no"]
        let settings = CallSettings(gatewayHost: "gw.example", passedHeaders: ["x-listed"])
        let targets = ForkTests.targets(1)
        let leg = try Harness(to: "1002", targets: targets, headers: headers, settings: settings)
        leg.begin()
        #expect(try leg.outside(.invite).has("X-Listed: yes\r\n"))
        #expect(try !leg.outside(.invite).has("X-Other"))
        let trunk = try Harness(headers: headers, settings: settings)
        trunk.begin()
        #expect(try !trunk.outside(.invite).has("X-"))
    }
}
