// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DemoTrunk
import DigestAuthentication
import MonotonicTime
import SIPMessage
import SIPTransaction
import Testing

@Suite("Other requests to the demo trunk", .timeLimit(.minutes(1)))
struct OtherRequestTests {
    @Test("OPTIONS gets 200 with Allow; an unsupported method 405; an unknown one 501; BYE for no call 481")
    func outsideDialogs() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("OPTIONS"))
            #expect(try await caller.response(200).lists("INVITE", in: .allow))
            for (method, status) in [("REGISTER", 405), ("FETCH", 501)] {
                caller.toTag = ""
                try await caller.send(caller.request(method))
                _ = try await caller.response(status)
            }
            caller.toTag = "nobody"
            try await caller.send(caller.request("BYE"))
            _ = try await caller.response(481)
        }
    }

    @Test("INFO and UPDATE within the call get 200, an UPDATE's offer its answer")
    func withinDialogs() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            _ = try await caller.call()
            caller.sequence = 2
            try await caller.send(caller.request("INFO"))
            #expect(try await caller.response(200).mandatory.sequenceMethod == .info)
            caller.sequence = 3
            try await caller.send(caller.request("UPDATE", body: caller.session("a=inactive\r\n")))
            let answer = try await caller.response(200)
            #expect(answer.text(answer.body).contains("a=inactive"))
            try await caller.send(caller.request("INFO"))
            #expect(try await caller.response(500).mandatory.sequenceNumber == 3)
        }
    }

    @Test("RFC 3261 §8.2.2.3 an unknown extension in Require gets 420 with Unsupported")
    func unknownExtension() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            let headers = "Require: 100rel, teleport\r\n"
            try await caller.send(caller.request("INVITE", headers: headers, body: caller.session()))
            let refusal = try await caller.response(420)
            #expect(refusal.lists("teleport", in: .unsupported))
            #expect(!refusal.lists("100rel", in: .unsupported))
        }
    }

    @Test("malformed datagrams are answered 400 or dropped, and the trunk goes on")
    func malformed() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(Array("\r\n\r\n".utf8))
            try await caller.send([0, 255, 254, 65])
            try await caller.send(Array("INVITE sip:x SIP/2.0\r\nVia: nonsense\r\n\r\n".utf8))
            let broken = String(decoding: caller.request("INVITE"), as: UTF8.self)
            try await caller.send(Array(broken.split(separator: "CSeq: 1").joined(separator: "CSeq: -1").utf8))
            // The answer repeats the malformed field, so no strict reader takes it.
            let refusal = String(decoding: try await caller.signalling.receive(), as: UTF8.self)
            #expect(refusal.hasPrefix("SIP/2.0 400 "))
            #expect(refusal.contains("CSeq: -1 INVITE\r\n"))
            try await caller.send(caller.request("OPTIONS"))
            _ = try await caller.response(200)
            #expect(await trunk.counts().malformed == 3)
        }
    }

    @Test("§22.3 the challenged number asks for credentials of its realm and then answers")
    func challenge() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", to: "0407", branch: "a", body: caller.session()))
            let challenge = try await caller.response(407)
            let value = try #require(challenge.first(.proxyAuthenticate))
            #expect(challenge.text(value).contains("realm=\"demo-trunk\""))
            try await caller.send(caller.request("ACK", to: "0407", branch: "a"))
            caller.toTag = ""
            caller.sequence = 2
            try await caller.send(
                caller.request("INVITE", to: "0407", headers: Self.credentials, body: caller.session())
            )
            _ = try await caller.response(200)
            #expect(await trunk.seenInvites().map { $0.values(.proxyAuthorization).count } == [0, 1])
        }
    }

    @Test("§22.3 with accounts configured, the right password is answered")
    func rightPassword() async throws {
        try await withTrunk(configured { $0.accounts = ["alice": "secret"] }) { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", to: "0407", body: caller.session()))
            let refusal = try await caller.response(407)
            let secret = DigestSecret.password("secret")
            let ranges = refusal.fields.filter { $0.name == .proxyAuthenticate }.map(\.value.indices)
            let challenge = try #require(DigestResponder.select(from: refusal.bytes, ranges, for: secret))
            let answer = try DigestResponder().answer(
                challenge,
                username: "alice",
                secret: secret,
                method: Array("INVITE".utf8).span,
                uri: Array("sip:0407@127.0.0.1".utf8).span,
                clientNonce: Array("c".utf8).span,
                nonceCount: 1
            )
            caller.toTag = ""
            caller.sequence = 2
            let headers = "Proxy-Authorization: \(String(decoding: answer, as: UTF8.self))\r\n"
            try await caller.send(caller.request("INVITE", to: "0407", headers: headers, body: caller.session()))
            _ = try await caller.response(200)
        }
    }

    @Test("§22.3 with accounts configured, made-up credentials are challenged again")
    func challengeWithAccounts() async throws {
        try await withTrunk(configured { $0.accounts = ["alice": "secret"] }) { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(
                caller.request("INVITE", to: "0407", headers: Self.credentials, body: caller.session())
            )
            _ = try await caller.response(407)
        }
    }

    private static let credentials =
        "Proxy-Authorization: Digest username=\"anyone\", realm=\"demo-trunk\", nonce=\"n\", uri=\"sip:0407@h\", "
        + "response=\"0123456789abcdef0123456789abcdef\", algorithm=MD5\r\n"

    @Test("the trunk shows the INVITE as it came, the oldest making room")
    func seen() async throws {
        try await withTrunk(configured { $0.maximumSeenInvites = 2 }) { trunk in
            var caller = try await Caller(trunk)
            var sent: [UInt8] = []
            for number in ["10404", "20404", "30404"] {
                caller.toTag = ""
                sent = caller.request("INVITE", to: number, headers: "Privacy: id\r\n", body: caller.session())
                try await caller.send(sent)
                _ = try await caller.response(404)
            }
            let seen = await trunk.seenInvites()
            #expect(seen.map(\.calledUser) == ["20404", "30404"])
            #expect(seen.last?.message.bytes == sent)
            #expect(seen.last?.values(.privacy) == ["id"])
            #expect(seen.last?.sourcePort == caller.signalling.port)
        }
    }

    @Test("RFC 3262 §3 a required 100rel makes 180 reliable: repeated until PRACK, and the answer waits for it")
    func reliable() async throws {
        try await withTrunk(configured { $0.timers = TimerConfiguration(t1: .milliseconds(40)) }) { trunk in
            var caller = try await Caller(trunk)
            let headers = "Require: 100rel\r\n"
            try await caller.send(caller.request("INVITE", headers: headers, body: caller.session()))
            let ringing = try await caller.response(180)
            #expect(ringing.lists("100rel", in: .require))
            let number = try #require(ringing.number(.rseq))
            #expect(try await caller.signalling.receive() == ringing.bytes)
            #expect(try await caller.signalling.receive() == ringing.bytes)
            caller.sequence = 2
            try await caller.send(caller.request("PRACK", headers: "RAck: \(number) 1 INVITE\r\n"))
            #expect(try await caller.response(200).mandatory.sequenceMethod == .prack)
            let answer = try await caller.response(200)
            #expect(answer.mandatory.sequenceMethod == .invite)
            #expect(Caller.mediaPort(of: answer) > 0)
            try await caller.send(caller.request("PRACK", headers: "RAck: \(number) 1 INVITE\r\n"))
            _ = try await caller.response(481)
        }
    }

    @Test("RFC 3262 §5 without an offer the reliable 180 makes one, PRACK answers it, and the 200 has none")
    func offerInReliableProvisional() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", headers: "Require: 100rel\r\n"))
            let ringing = try await caller.response(180)
            #expect(Caller.mediaPort(of: ringing) > 0)
            let number = try #require(ringing.number(.rseq))
            caller.sequence = 2
            let acknowledgement = "RAck: \(number) 1 INVITE\r\n"
            try await caller.send(caller.request("PRACK", headers: acknowledgement, body: caller.session()))
            #expect(try await caller.response(200).mandatory.sequenceMethod == .prack)
            #expect(try await caller.receiveMedia().payloadType == 0)
            #expect(try await caller.response(200).body.isEmpty)
        }
    }

    @Test("RFC 3262 §3 a 100rel that is only supported changes nothing")
    func onlySupported() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            let headers = "Supported: 100rel\r\n"
            try await caller.send(caller.request("INVITE", headers: headers, body: caller.session()))
            #expect(try await caller.response(180).first(.rseq) == nil)
        }
    }
}
