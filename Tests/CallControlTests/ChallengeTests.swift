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
}
