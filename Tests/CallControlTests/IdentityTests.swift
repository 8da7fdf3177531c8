// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// Calls under another number than the caller asked for, and what a trunk's profile adds to an INVITE.
struct IdentityTests {
    private static let words = [
        "Call-Info: <http://okapi.example/>", "Organization: Pangolin", "Reply-To: <sip:kakapo@x.example>",
        "Diversion: <sip:gibbon@x.example>", "History-Info: <sip:gibbon@x.example>;index=1",
        "Identity: numbat;info=<https://numbat.example/>", "P-Preferred-Identity: <sip:tapir@x.example>",
        "Remote-Party-ID: <sip:tapir@x.example>", "Alert-Info: <http://dingo.example/>",
    ]
    private static let offer =
        "v=0\r\no=zebra-user 1 1 IN IP4 caller-host.example\r\ns=Zelda Quux\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n"
        + "m=audio 40000 RTP/AVP 0\r\n"

    @Test("A substituted caller's telephone tells a trunk nothing: no name, no words, no origin of its session")
    func substituted() throws {
        var deployment = Deployment()
        deployment.isSubstituted = true
        deployment.trunks = [Deployment.trunk(1) { $0.passesUserAgent = true }]
        let harness = try Harness(deployment, headers: Self.words, body: Self.offer)
        harness.begin()
        let invite = try harness.outside(.invite)
        #expect(invite.header(.from)?.hasPrefix("<sip:+12125550100@gw.example;user=phone>;tag=") == true)
        #expect(invite.headers(.privacy).isEmpty)
        #expect(invite.body.hasPrefix("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 203.0.113.5\r\n"))
        try harness.answer(invite, 200, body: Self.offer)
        try harness.callerAcknowledges()
        try harness.callerSends("INVITE", Self.words, body: Self.offer)
        try harness.answer(try harness.outside(.invite), 200, body: Self.offer)
        try harness.callerAcknowledges(number: 2)
        try harness.callerSends("INFO", Self.words)
        try harness.callerSends("BYE", Self.words + ["Reason: SIP;text=\"Zelda\""])
        let secrets =
            Caller.secrets.dropFirst() + ["okapi", "Pangolin", "kakapo", "gibbon", "numbat", "tapir", "dingo"]
        for sent in harness.toOutside {
            for secret in secrets where sent.has(secret) { Issue.record("\(secret) in: \(sent.text)") }
        }
    }

    @Test("A caller under its own number keeps its session's origin and its words")
    func own() throws {
        let harness = try Harness(headers: Self.words, body: Self.offer)
        harness.begin()
        let invite = try harness.outside(.invite)
        #expect(invite.body == Self.offer)
        #expect(invite.has("Pangolin") && invite.has("okapi") && invite.has("kakapo"))
        for secret in ["gibbon", "numbat", "tapir"] { #expect(!invite.has(secret)) }
    }

    @Test("A restart does not make a substituted caller's telephone known")
    func substitutedAfterRestart() throws {
        var deployment = Deployment()
        deployment.isSubstituted = true
        let harness = try Harness(deployment)
        try harness.establish()
        try harness.restart()
        try harness.callerSends("INVITE", Self.words, body: Self.offer)
        let passed = try harness.outside(.invite)
        #expect(passed.body.contains("o=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n"))
        #expect(!passed.has("Pangolin") && !passed.has("Zelda"))
    }

    @Test("A trunk's profile is on the wire: From, identity, called number, fixed header fields")
    func profile() throws {
        var deployment = Deployment()
        let header = try FixedHeader(name: "X-Account", value: "4711")
        deployment.trunks = [
            Deployment.trunk(1) {
                $0.trust = .trusted(basis: .privateNetwork, note: "contract")
                $0.techPrefix = "99#"
                $0.identity.assertedIdentity = .always
                $0.identity.remotePartyID = .always
                $0.identity.scheme = .sip
                $0.identity.host = .domain("acme.example")
                $0.identity.marksTelephone = false
                $0.identity.number.sendsPlus = false
                $0.identity.called.sendsPlus = false
                $0.identity.headers = [header]
            }
        ]
        let harness = try Harness(deployment)
        harness.begin()
        let invite = try harness.outside(.invite)
        #expect(invite.text.hasPrefix("INVITE sip:99#13125550123@192.0.2.1 SIP/2.0\r\n"))
        #expect(invite.header(.to) == "<sip:99#13125550123@192.0.2.1>")
        #expect(invite.header(.from)?.contains("<sip:12125550100@acme.example>;tag=") == true)
        #expect(invite.headers(.pAssertedIdentity) == ["<sip:12125550100@acme.example>"])
        let remote = "<sip:12125550100@acme.example>;party=calling;screen=yes;privacy=off"
        #expect(invite.headers(.remotePartyID) == [remote])
        #expect(invite.has("\r\nX-Account: 4711\r\n"))
        harness.expectSound(finished: false)
    }

    @Test("RFC 3966 §5.1.4 From as a tel URI")
    func telephoneURI() throws {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.identity.fromScheme = .tel }]
        let harness = try Harness(deployment)
        harness.begin()
        #expect(try harness.outside(.invite).header(.from)?.contains("<tel:+12125550100>;tag=") == true)
    }

    @Test("RFC 5079 §4 after a 433 the number is shown once, if the customer wants it, and only there")
    func revealed() throws {
        var deployment = RouteAdvanceTests.trunks
        deployment.whenAnonymityDisallowed = .retryShown
        let harness = try Harness(deployment, headers: ["Privacy: id"])
        harness.begin()
        let first = try harness.outside(.invite)
        #expect(first.header(.from)?.contains("anonymous") == true)
        try harness.answer(first, 433)
        #expect(harness.final() == 0)
        let second = try harness.outside(.invite)
        #expect(second.hop?.host == "192.0.2.1" && second.header(.callID) != first.header(.callID))
        #expect(second.header(.from)?.contains("<sip:+12125550100@gw.example;user=phone>") == true)
        #expect(second.headers(.privacy).isEmpty)
        try harness.answer(second, 503)
        let third = try harness.outside(.invite)
        #expect(third.hop?.host == "192.0.2.2")
        #expect(third.header(.from)?.contains("anonymous") == true && third.headers(.privacy) == ["id"])
        try harness.answer(third, 200)
        #expect(harness.final() == 200)
    }

    @Test("RFC 5079 §4 a second 433 is not tried again, and without the customer's word not even the first")
    func refusedAnonymity() throws {
        for fallback in AnonymityFallback.allCases {
            var deployment = Deployment()
            deployment.whenAnonymityDisallowed = fallback
            let harness = try Harness(deployment, headers: ["Privacy: id"])
            harness.begin()
            try harness.answer(try harness.outside(.invite), 433)
            if fallback == .retryShown { try harness.answer(try harness.outside(.invite), 433) }
            #expect(harness.toOutside.filter { $0.method == .invite }.count == (fallback == .retryShown ? 2 : 1))
            #expect(harness.final() == 433)
            harness.expectSound()
        }
    }

    @Test("A challenge to the attempt that shows the number is answered with the number shown")
    func revealedChallenge() throws {
        var deployment = Deployment()
        deployment.whenAnonymityDisallowed = .retryShown
        let harness = try Harness(deployment, headers: ["Privacy: id"])
        harness.credentials = { _, _, _, _ in TrunkCredentials(isProxy: true, value: Array("Digest x=\"y\"".utf8)) }
        harness.begin()
        try harness.answer(try harness.outside(.invite), 433)
        try harness.answer(try harness.outside(.invite), 407)
        let last = try harness.outside(.invite)
        #expect(last.header(.proxyAuthorization) != nil)
        #expect(last.header(.from)?.contains("+12125550100") == true && last.headers(.privacy).isEmpty)
    }

    @Test("Each attempt is recorded with what its trunk saw and was told, and with its end")
    func attempts() throws {
        var deployment = RouteAdvanceTests.trunks
        deployment.trunks[1].trust = .trusted(basis: .privateNetwork, note: "contract")
        let harness = try Harness(deployment, headers: ["Privacy: id"])
        harness.begin()
        try harness.answer(try harness.outside(.invite), 503)
        try harness.answer(try harness.outside(.invite), 486)
        var started: [StartedAttempt] = []
        var ends: [CallProgress] = []
        for record in harness.records {
            if case .attempt(let attempt) = record { started.append(attempt) } else { ends.append(record) }
        }
        #expect(started.map(\.position) == [0, 1])
        #expect(started.map(\.trunkName) == ["trunk1", "trunk2"])
        #expect(started.map(\.shown) == ["anonymous", "anonymous"])
        #expect(started.map(\.told) == ["", "+12125550100"])
        #expect(started.map(\.privacy) == [.id, .id])
        #expect(
            ends == [
                .attemptEnded(status: 503, cause: .of(sipStatus: 503)),
                .attemptEnded(status: 486, cause: .userBusy), .ended(finalStatus: 486, cause: .userBusy),
            ]
        )
    }
}
