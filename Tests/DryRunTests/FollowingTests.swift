// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import Testing

@Suite("Calls are followed through a capture")
struct FollowingTests {
    private let bench: Workbench

    init() throws { bench = try Workbench() }

    /// An INVITE, its challenge, and the INVITE again with credentials for a password.
    private func challengedCall(password: String, realm: String = "edge.example.com") throws -> Trace {
        var trace = Trace()
        var message = Message(name: "a")
        let nonce = "b1946ac92492d2347c6235b4d2611184"
        trace.add(at: 0, message.source, Trace.gateway, message.invite())
        let challenge = "Digest realm=\"\(realm)\", nonce=\"\(nonce)\", algorithm=MD5, qop=\"auth\""
        let fields = "Proxy-Authenticate: \(challenge)\n"
        trace.add(at: 10, Trace.gateway, message.source, message.response(407, fields: fields))
        let bytes = Array(challenge.utf8)
        let parsed = try DigestChallenge(parsing: bytes, in: 0..<bytes.count)
        let text: (String) -> [UInt8] = { Array($0.utf8) }
        let (method, uri, client) = (text("INVITE"), text("sip:+12025550123@edge.example.com"), text("0a4f"))
        let answer = try DigestResponder().answer(
            parsed,
            username: "alice",
            secret: .password(password),
            method: method.span,
            uri: uri.span,
            clientNonce: client.span,
            nonceCount: 1
        )
        message.sequence = 2
        let credentials = "Proxy-Authorization: \(String(decoding: answer, as: UTF8.self))\n"
        trace.add(at: 20, message.source, Trace.gateway, message.invite(fields: credentials))
        trace.add(at: 3_120, Trace.gateway, message.source, message.response(200))
        trace.add(at: 65_120, message.source, Trace.gateway, message.bye())
        return trace
    }

    @Test("RFC 3261 §22.3: a challenge and the INVITE repeated with credentials are one call, whose digest is verified")
    func challenge() throws {
        let report = try bench.report(try challengedCall(password: "alice-secret"))
        let call = try #require(report.calls.first)
        #expect(report.calls.count == 1)
        #expect(call["caller.found_by"] == "credentials")
        #expect(call["caller.digest"] == "verified")
        #expect(call["caller.digest_text"]?.contains("challenge: ") == true)
        #expect(call["captured.text"] == "200 after 3.1 s, lasted 62.0 s")
        #expect(call["captured.ended_by"] == "caller")
        #expect(report.summary["repeated_invites"] == "1")
    }

    @Test("A wrong password is said, and one for another realm cannot be checked")
    func wrongPassword() throws {
        let wrong = try bench.report(try challengedCall(password: "guess"))
        #expect(wrong.calls.first?["caller.digest"] == "wrong")
        #expect(wrong.calls.first?.texts("notes").contains { $0.contains("407") } == true)
        let other = try bench.report(try challengedCall(password: "alice-secret", realm: "old.example.com"))
        #expect(other.calls.first?["caller.digest"] == "not_checkable")
        #expect(other.calls.first?["verdict"] == "approved")
    }

    @Test("An INVITE that is challenged and never repeated is not judged; --as judges it")
    func unansweredChallenge() throws {
        var trace = Trace()
        let message = Message(name: "a")
        trace.add(at: 0, message.source, Trace.gateway, message.invite())
        trace.add(at: 10, Trace.gateway, message.source, message.response(407))
        let report = try bench.report(trace)
        #expect(report.calls.first?["verdict"] == "unjudged")
        #expect(report.calls.first?["unjudged"]?.contains("--as") == true)
        #expect(try bench.report(trace, by: Sample.provisioning, "--as", "alice").calls.first?["verdict"] == "approved")
    }

    @Test("RFC 3261 §17.1.1.2: retransmissions belong to the call they repeat")
    func retransmission() throws {
        var trace = Trace()
        let message = Message(name: "a")
        for time in [0, 500, 1500] { trace.add(at: time, message.source, Trace.gateway, message.invite()) }
        for time in [2000, 2500] { trace.add(at: time, Trace.gateway, message.source, message.response(486)) }
        let report = try bench.report(trace)
        #expect(report.calls.count == 1)
        #expect(report.summary["retransmissions"] == "3")
        #expect(report.calls.first?["captured.status"] == "486")
    }

    @Test("RFC 3261 §14: an INVITE inside a dialog is no new call")
    func reinvite() throws {
        var trace = Trace()
        trace.call("a")
        var message = Message(name: "a")
        message.sequence = 2
        trace.add(at: 10_000, message.source, Trace.gateway, message.invite(tag: "to-a"))
        #expect(try bench.report(trace).calls.count == 1)
    }

    @Test("The same call on its way to a trunk, from one, or with the same session from the gateway is another leg")
    func otherLegs() throws {
        var trace = Trace()
        trace.call("a")
        let leg = Message(name: "leg", source: Trace.gateway)
        trace.add(at: 100, Trace.gateway, "198.51.100.7:5060", leg.invite(body: Message.session("a")))
        trace.add(at: 200, Trace.gateway, "203.0.113.1:5060", Message(name: "b", source: Trace.gateway).invite())
        trace.add(at: 300, "203.0.113.2:5060", Trace.gateway, Message(name: "c", source: "203.0.113.2:5060").invite())
        let report = try bench.report(trace)
        #expect(report.calls.count == 1)
        #expect(report.summary["other_legs"] == "3")
        #expect(try bench.report(trace, by: Sample.provisioning, "--all").calls.count == 4)
    }

    @Test("The same session long after, or from elsewhere, is a call of its own")
    func sameSessionLater() throws {
        var trace = Trace()
        trace.call("a")
        let later = Message(name: "later", source: Trace.gateway)
        trace.add(at: 5_000, Trace.gateway, "198.51.100.7:5060", later.invite(body: Message.session("a")))
        let elsewhere = Message(name: "elsewhere", source: "192.0.2.11:5060")
        trace.add(at: 100, elsewhere.source, Trace.gateway, elsewhere.invite(body: Message.session("a")))
        #expect(try bench.report(trace).calls.count == 3)
    }

    @Test("A message that the gateway would answer 400 is a call with that verdict, at its place")
    func refusedMessage() throws {
        var trace = Trace()
        trace.add(at: 0, "192.0.2.10:5060", Trace.gateway, "INVITE sip:1@x SIP/2.0\nVia: nonsense\nCall-ID: z\n\n")
        let report = try bench.report(trace)
        let call = try #require(report.calls.first)
        #expect(call["verdict"] == "rejected")
        #expect(call["rejection.rule"] == "message")
        #expect(call["rejection.status"] == "400")
        #expect(call["place.line"] == "2")
        #expect(report.summary.texts("notes").first?.contains("line 2: message refused: ") == true)
    }

    @Test("A call that its caller gives up is said to be so")
    func cancelled() throws {
        var trace = Trace()
        let message = Message(name: "a")
        trace.add(at: 0, message.source, Trace.gateway, message.invite())
        trace.add(at: 500, Trace.gateway, message.source, message.response(180))
        let cancel = message.bye().replacing("BYE", with: "CANCEL").replacing(";tag=to-a", with: "")
        trace.add(at: 1000, message.source, Trace.gateway, cancel)
        trace.add(at: 1100, Trace.gateway, message.source, message.response(487))
        let call = try #require(try bench.report(trace).calls.first)
        #expect(call["captured.text"] == "487 after 1.1 s, given up by the caller")
    }

    @Test("RFC 3261 §22.3: who has to type a password first repeats the same call, up to a minute and a half later")
    func typedPassword() throws {
        for (delay, calls) in [(60_000, 1), (120_000, 2)] {
            var trace = Trace()
            var message = Message(name: "a")
            trace.add(at: 0, message.source, Trace.gateway, message.invite())
            trace.add(at: 10, Trace.gateway, message.source, message.response(407))
            message.sequence = 2
            trace.add(at: delay, message.source, Trace.gateway, message.invite())
            trace.add(at: delay + 100, Trace.gateway, message.source, message.response(200))
            #expect(try bench.report(trace).calls.count == calls)
        }
    }

    @Test("A second challenge is no retransmission of the first")
    func secondChallenge() throws {
        var trace = Trace()
        var message = Message(name: "a")
        for time in [0, 20] {
            trace.add(at: time, message.source, Trace.gateway, message.invite())
            trace.add(at: time + 10, Trace.gateway, message.source, message.response(407))
            message.sequence += 1
        }
        let report = try bench.report(trace)
        #expect(report.summary["retransmissions"] == "0")
        let labels = report.calls.first?.list("steps").map { $0["label"] }
        #expect(labels == ["INVITE", "407 Answer", "INVITE", "407 Answer"])
    }

    @Test("Credentials that cannot be read are said, with the clause that they break")
    func unreadableCredentials() throws {
        var trace = Trace()
        let message = Message(name: "a")
        let credentials = "Proxy-Authorization: Digest username=\"alice\", nc=\"00000001\"\n"
        trace.add(at: 0, message.source, Trace.gateway, message.invite(fields: credentials))
        trace.add(at: 10, Trace.gateway, message.source, message.response(403))
        let notes = try #require(try bench.report(trace).calls.first).texts("notes")
        #expect(notes.contains { $0.hasPrefix("its credentials cannot be read") && $0.contains("RFC 7616 §3.4") })
    }
}
