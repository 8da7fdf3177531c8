// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import SIPMessage
import Testing

/// A trunk's digest challenge is the gateway's to answer (RFC 3261 §22.2, §22.3).
struct ChallengeTests {
    private static func harness() throws -> Harness {
        let harness = try Harness()
        harness.credentials = { trunk, method, uri, response in
            let text = "Digest \(trunk.name) \(method) \(String(decoding: uri, as: UTF8.self))"
            return TrunkCredentials(isProxy: response.status == 407, value: Array(text.utf8))
        }
        return harness
    }

    @Test("§22.2 The INVITE is sent again with credentials, a higher number and a new branch", arguments: [401, 407])
    func invite(status: Int) throws {
        let harness = try Self.harness()
        harness.begin()
        let first = try harness.outside(.invite)
        try harness.answer(first, status, tag: "challenge")
        let second = try harness.outside(.invite)
        #expect(second.header(.cseq) == "2 INVITE")
        #expect(second.header(.callID) == first.header(.callID))
        #expect(second.header(.from) == first.header(.from))
        #expect(second.header(.to) == first.header(.to))
        #expect(second.header(.via) != first.header(.via))
        #expect(second.body == first.body)
        let name = status == 407 ? HeaderName.proxyAuthorization : .authorization
        #expect(second.header(name) == "Digest trunk1 invite sip:+13125550123@192.0.2.1;user=phone")
        try harness.answer(second, 200)
        try harness.callerAcknowledges()
        #expect(try harness.outside(.ack).header(.cseq) == "2 ACK")
        try harness.callerSends("BYE")
        #expect(try harness.outside(.bye).header(.cseq) == "3 BYE")
        try harness.settle()
        harness.expectSound()
    }

    @Test("§22.1 A second challenge ends the attempt: 403 to the caller, without the challenge")
    func once() throws {
        let harness = try Self.harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 401)
        try harness.answer(try harness.outside(.invite), 401, ["WWW-Authenticate: Digest realm=\"x\", nonce=\"y\""])
        #expect(harness.final() == 403)
        #expect(try harness.response().headers(.wwwAuthenticate).isEmpty)
        harness.expectSound()
    }

    @Test("§22.2 A challenge inside the dialog is answered too, once: re-INVITE, UPDATE, INFO, BYE")
    func insideDialog() throws {
        let harness = try Self.harness()
        try harness.establish()
        for (method, token) in [("INVITE", Method.invite), ("UPDATE", .update), ("INFO", .info)] {
            let transaction = try harness.callerSends(method)
            let first = try harness.outside(token)
            try harness.answer(first, 407)
            let second = try harness.outside(token)
            #expect(second.message.mandatory.sequenceNumber == first.message.mandatory.sequenceNumber + 1)
            #expect(second.header(.proxyAuthorization)?.hasPrefix("Digest trunk1") == true)
            try harness.answer(second, 407)
            #expect(harness.final(transaction) == 403)
        }
        try harness.callerSends("BYE", ["Reason: Q.850;cause=16"])
        try harness.answer(try harness.outside(.bye), 401)
        let bye = try harness.outside(.bye)
        #expect(bye.header(.authorization)?.hasPrefix("Digest trunk1 bye") == true)
        #expect(bye.header(.reason) == "Q.850;cause=16")
        harness.expectSound(finished: false)
        try harness.answer(bye, 401)
        harness.expectSound()
    }

    @Test("§22.3 Credentials of the caller never cross")
    func ownCredentials() throws {
        let harness = try Harness(headers: [
            "Proxy-Authorization: Digest username=\"zebra\"", "Authorization: Digest x=\"y\"",
        ])
        harness.begin()
        let invite = try harness.outside(.invite)
        #expect(invite.headers(.proxyAuthorization).isEmpty && invite.headers(.authorization).isEmpty)
    }

    @Test("§22.3 A challenge is not answered once the caller has given up")
    func cancelled() throws {
        let harness = try Self.harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        harness.callerCancels()
        try harness.answer(invite, 401)
        #expect(harness.toOutside.count == 1)
        harness.expectSound()
    }

    private static func challenge(_ nonce: String, realm: String = "carrier", stale: Bool = false) -> [String] {
        ["Proxy-Authenticate: Digest realm=\"\(realm)\", nonce=\"\(nonce)\"" + (stale ? ", stale=TRUE" : "")]
    }

    @Test("RFC 7616 §3.3 stale=true with a new nonce is answered once more, and no further")
    func stale() throws {
        let harness = try Self.harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 407, Self.challenge("a"))
        try harness.answer(try harness.outside(.invite), 407, Self.challenge("b", stale: true))
        #expect(try harness.outside(.invite).header(.cseq) == "3 INVITE")
        try harness.answer(try harness.outside(.invite), 407, Self.challenge("c", stale: true))
        #expect(try harness.outside(.invite).header(.cseq) == "3 INVITE")
        #expect(harness.final() == 403)
        harness.expectSound()
    }

    @Test("RFC 7616 §3.3 The same nonce, or a new one that is not stale, is not answered twice")
    func sameNonce() throws {
        for second in [Self.challenge("a", stale: true), Self.challenge("b")] {
            let harness = try Self.harness()
            harness.begin()
            try harness.answer(try harness.outside(.invite), 407, Self.challenge("a"))
            try harness.answer(try harness.outside(.invite), 407, second)
            #expect(harness.final() == 403)
            harness.expectSound()
        }
    }

    @Test("§22.1 Each request has its own answer: a stale nonce of one does not spend the next one's")
    func eachRequest() throws {
        let harness = try Self.harness()
        try harness.establish()
        for method in [Method.info, .options, .message] {
            let transaction = try harness.callerSends(String(describing: method).uppercased())
            try harness.answer(try harness.outside(method), 407, Self.challenge("a"))
            try harness.answer(try harness.outside(method), 407, Self.challenge("b", stale: true))
            try harness.answer(try harness.outside(method), 200)
            #expect(harness.final(transaction) == 200)
        }
        harness.expectSound(finished: false)
    }

    @Test("§22.1 The first realm of a trunk is the only one answered in a call; two at once are none")
    func realm() throws {
        let harness = try Self.harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 407, Self.challenge("a"))
        try harness.answer(try harness.outside(.invite), 200)
        try harness.callerAcknowledges()
        let other = try harness.callerSends("INFO")
        try harness.answer(try harness.outside(.info), 407, Self.challenge("a", realm: "elsewhere"))
        #expect(harness.final(other) == 403)
        let mixed = try harness.callerSends("INFO")
        let both = Self.challenge("a") + Self.challenge("a", realm: "elsewhere")
        try harness.answer(try harness.outside(.info), 407, both)
        #expect(harness.final(mixed) == 403)
        let same = try harness.callerSends("INFO")
        try harness.answer(try harness.outside(.info), 401, ["WWW-Authenticate: Digest nonce=x, realm=\"carrier\""])
        try harness.answer(try harness.outside(.info), 200)
        #expect(harness.final(same) == 200)
        harness.expectSound(finished: false)
    }

    @Test("§22.1 A challenge without Digest, realm or nonce is not answered")
    func unusable() throws {
        for value in [
            "Basic realm=\"carrier\", nonce=\"x\"", "Digest realm=\"carrier\"", "Digest nonce=\"x\"", "Digest",
        ] {
            let harness = try Self.harness()
            harness.begin()
            try harness.answer(try harness.outside(.invite), 407, ["Proxy-Authenticate: \(value)"])
            #expect(harness.final() == 403, "\(value)")
            harness.expectSound()
        }
    }

    @Test("Credentials go to the trunk's own hosts alone, whatever its Contact or Record-Route says")
    func foreignHop() throws {
        for (hosts, isAnswered) in [([], false), (["198.51.100.9"], true)] as [([String], Bool)] {
            var deployment = Deployment()
            deployment.trunks = [Deployment.trunk(1) { $0.redirectHosts = hosts }]
            let harness = try Harness(deployment)
            harness.credentials = { _, _, _, _ in TrunkCredentials(isProxy: true, value: Array("Digest x".utf8)) }
            harness.begin()
            try harness.answer(try harness.outside(.invite), 200, ["Contact: <sip:198.51.100.9:5060>"])
            try harness.callerAcknowledges()
            try harness.callerSends("INFO")
            try harness.answer(try harness.outside(.info), 407)
            #expect(try harness.outside(.info).headers(.proxyAuthorization).isEmpty != isAnswered)
        }
    }

    @Test("§13.2.2.4 The ACK of a 2xx carries the credentials of its INVITE")
    func acknowledgement() throws {
        let harness = try Self.harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 407)
        try harness.answer(try harness.outside(.invite), 200)
        try harness.callerAcknowledges()
        #expect(try harness.outside(.ack).header(.proxyAuthorization)?.hasPrefix("Digest trunk1 invite") == true)
        try harness.callerSends("INVITE", body: Caller.offer)
        try harness.answer(try harness.outside(.invite), 401)
        try harness.answer(try harness.outside(.invite), 200)
        try harness.callerAcknowledges(number: 2)
        #expect(try harness.outside(.ack).header(.authorization)?.hasPrefix("Digest trunk1 invite") == true)
        try harness.callerSends("INVITE", body: Caller.offer)
        try harness.answer(try harness.outside(.invite), 200)
        try harness.callerAcknowledges(number: 3)
        #expect(try harness.outside(.ack).headers(.authorization).isEmpty)
        harness.expectSound(finished: false)
    }

    @Test("§12.1.2 A callee that keeps its tag over its challenge rings and answers the repeated INVITE")
    func sameTag() throws {
        for rings in [true, false] {
            let harness = try Self.harness()
            harness.begin()
            try harness.answer(try harness.outside(.invite), 180)
            try harness.answer(try harness.outside(.invite), 401)
            let second = try harness.outside(.invite)
            if rings { try harness.answer(second, 180) }
            try harness.answer(second, 200, body: Caller.offer)
            #expect(harness.final() == 200)
            try harness.callerAcknowledges()
            #expect(try harness.outside(.ack).header(.cseq) == "2 ACK")
            try harness.callerSends("BYE")
            #expect(try harness.outside(.bye).header(.cseq) == "3 BYE")
            try harness.settle()
            harness.expectSound()
        }
    }

    @Test("§13.2.2.4 So does the ACK of a 2xx that is taken back")
    func takenBack() throws {
        let harness = try Self.harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 407)
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 180)
        harness.callerCancels()
        try harness.answer(invite, 200)
        #expect(try harness.outside(.ack).header(.proxyAuthorization)?.hasPrefix("Digest trunk1 invite") == true)
        try harness.settle()
        harness.expectSound()
    }

    @Test("§22.2 PRACK, UPDATE and REFER are repeated with credentials and all that made them up")
    func everyMethod() throws {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.passesREFER = true }]
        let harness = try Harness(deployment)
        harness.credentials = { _, _, _, _ in TrunkCredentials(isProxy: true, value: Array("Digest x".utf8)) }
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 183, ["Require: 100rel", "RSeq: 7"], body: Caller.offer)
        let requests: [(Method, [String], HeaderName)] = [
            (.prack, ["RAck: 7 1 INVITE"], .rack), (.update, ["Session-Expires: 90"], .sessionExpires),
            (.refer, ["Refer-To: <sip:carol@example.org>"], .referTo),
        ]
        for (method, headers, name) in requests {
            let transaction = try harness.callerSends(String(describing: method).uppercased(), headers)
            let first = try harness.outside(method)
            try harness.answer(first, 407)
            let second = try harness.outside(method)
            #expect(second.headers(.proxyAuthorization) == ["Digest x"])
            #expect(second.headers(name) == first.headers(name) && second.headers(name).count == 1)
            try harness.answer(second, 200)
            #expect(harness.final(transaction) == 200)
        }
        harness.expectSound(finished: false)
    }
}
