// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import SIPMessage
import Testing

@testable import Replay

@Suite("Challenges")
struct DigestTests {
    private func credentials(_ sent: Rig.Sent, _ name: HeaderName = .authorization) throws -> DigestCredentials {
        let field = try #require(sent.message.fields.first { $0.name == name })
        return try DigestCredentials(parsing: sent.message.bytes, in: field.value.indices)
    }

    @Test("RFC 3261 §22.2: a captured challenge is left out, the live one answered with the next number")
    func answered() throws {
        var trace = Trace()
        trace.addRegistration()
        let plan = trace.plan()
        #expect(plan.dialogs.count == 1 && plan.dialogs.first?.steps.count == 1)
        let rig = try Rig(plan)
        let first = try #require(rig.next())
        #expect(first.sequence == 1 && first.header(.authorization).isEmpty)
        rig.answer(first, 401, Trace.challenge("WWW-Authenticate"))
        let second = try #require(rig.next())
        #expect(second.sequence == 2 && second.callID == first.callID && second.branch != first.branch)
        let answer = try credentials(second)
        #expect(answer.usernameText == "alice")
        #expect(String(decoding: answer.bytes[answer.realm.range], as: UTF8.self) == "live")
        rig.answer(second, 200)
        #expect(rig.isFinished)
        let report = try #require(rig.reports.first)
        #expect(!report.differs && report.captured.status == 200 && report.live.status == 200)
    }

    @Test(
        "RFC 8760: each algorithm is answered, the topmost that is known first",
        arguments: ["MD5", "SHA-256", "SHA-512-256"]
    )
    func algorithms(_ algorithm: String) throws {
        var trace = Trace()
        trace.addRegistration()
        let rig = try Rig(trace.plan())
        let first = try #require(rig.next())
        rig.answer(
            first,
            401,
            Trace.challenge("WWW-Authenticate", nonce: "x", ", algorithm=UNKNOWN") + "\r\n"
                + Trace.challenge("WWW-Authenticate", nonce: "y", ", algorithm=\(algorithm)")
        )
        let second = try #require(rig.next())
        let expected = try DigestResponder().answer(
            try DigestChallenge(
                parsing: Array("Digest realm=\"live\", nonce=\"y\", qop=\"auth\", algorithm=\(algorithm)".utf8),
                in: 0..<"Digest realm=\"live\", nonce=\"y\", qop=\"auth\", algorithm=\(algorithm)".utf8.count
            ),
            username: "alice",
            secret: .password("secret"),
            method: Array("REGISTER".utf8).span,
            uri: Array(second.uri.utf8).span,
            clientNonce: Array(try nonce(second).utf8).span,
            nonceCount: 1
        )
        #expect(second.header(.authorization) == String(decoding: expected, as: UTF8.self))
    }

    private func nonce(_ sent: Rig.Sent) throws -> String {
        let text = sent.header(.authorization)
        let start = try #require(text.firstRange(of: "cnonce=\""))
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }

    @Test("RFC 3261 §22.1: the ACK of a 2xx repeats the INVITE's credentials, the ACK of the challenge does not")
    func invite() throws {
        let rig = try Rig(Trace.call().plan()) { $0.speed = 0 }
        let first = try #require(rig.next())
        rig.answer(first, 407, Trace.challenge("Proxy-Authenticate"))
        let refused = try #require(rig.next())
        #expect(refused.method == "ACK" && refused.branch == first.branch && refused.sequence == 1)
        let second = try #require(rig.next())
        #expect(second.method == "INVITE" && second.sequence == 2 && !second.header(.proxyAuthorization).isEmpty)
        rig.answer(second, 180)
        rig.answer(second, 200)
        let ack = try #require(rig.next())
        #expect(ack.header(.proxyAuthorization) == second.header(.proxyAuthorization) && ack.sequence == 2)
        #expect(try #require(rig.next()).sequence == 3)
    }

    @Test("A client whose secret is not known ends with the challenge, and the report says so")
    func unknown() throws {
        let rig = try Rig(Trace.call().plan(), secrets: ReplaySecrets())
        let invite = try #require(rig.next())
        rig.answer(invite, 407, Trace.challenge("Proxy-Authenticate"))
        #expect(rig.next()?.method == "ACK")
        #expect(rig.next() == nil)
        let report = try #require(rig.reports.first)
        #expect(report.live.status == 407 && report.differs)
        #expect(report.notes.contains { $0.contains("alice") && $0.contains("not known") })
    }

    @Test("Whom the captured credentials name is asked for, and nobody else")
    func named() throws {
        var trace = Trace()
        let uri = "sip:+12025550123@pbx.example.com"
        let response = String(repeating: "0", count: 32)
        let credentials = "username=\"mallory\", realm=\"r\", nonce=\"n\", uri=\"\(uri)\", response=\"\(response)\""
        trace.sends(0, "INVITE", 1, "Proxy-Authorization: Digest \(credentials)")
        trace.gets(10, 200, "INVITE", 1)
        #expect(trace.plan().dialogs.first?.usernames == ["mallory"])
        let rig = try Rig(trace.plan())
        rig.answer(try #require(rig.next()), 407, Trace.challenge("Proxy-Authenticate"))
        #expect(rig.reports.first?.notes.contains { $0.contains("mallory") } == true)
    }

    @Test("RFC 3261 §22.2: a secret that is refused is not tried again; a stale nonce is")
    func refused() throws {
        var trace = Trace()
        trace.addRegistration()
        let rig = try Rig(trace.plan())
        rig.answer(try #require(rig.next()), 401, Trace.challenge("WWW-Authenticate"))
        rig.answer(try #require(rig.next()), 401, Trace.challenge("WWW-Authenticate", nonce: "n2", ", stale=true"))
        let third = try #require(rig.next())
        #expect(third.sequence == 3)
        rig.answer(third, 401, Trace.challenge("WWW-Authenticate", nonce: "n3"))
        #expect(rig.next() == nil)
        #expect(rig.reports.first?.live.status == 401)
        #expect(rig.reports.first?.notes.contains { $0.contains("refused") } == true)
    }

    @Test("Stored hashes are used for their own realm alone")
    func hashes() throws {
        var secrets = ReplaySecrets()
        let set = try HA1Set.compute(username: "alice", realm: "live", password: "secret", algorithms: [.md5])
        secrets.add(username: "alice", hashes: set, realm: "live")
        var trace = Trace()
        trace.addRegistration()
        let right = try Rig(trace.plan(), secrets: secrets)
        right.answer(try #require(right.next()), 401, Trace.challenge("WWW-Authenticate"))
        #expect(right.next()?.sequence == 2)
        let wrong = try Rig(trace.plan(), secrets: secrets)
        wrong.answer(try #require(wrong.next()), 401, Trace.challenge("WWW-Authenticate", realm: "other"))
        #expect(wrong.next() == nil)
        #expect(wrong.reports.first?.notes.contains { $0.contains("another realm") } == true)
    }

    @Test("A captured challenge that nobody answered compares with a live one of either kind")
    func challengeStays() throws {
        var trace = Trace()
        trace.sends(0, "INVITE", 1)
        trace.gets(10, 401, "INVITE", 1, Trace.challenge("WWW-Authenticate"))
        let rig = try Rig(trace.plan(), secrets: ReplaySecrets())
        rig.answer(try #require(rig.next()), 407, Trace.challenge("Proxy-Authenticate"))
        #expect(rig.reports.first?.differs == false)
    }
}
