// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallStore
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct CallTests {
    @Test("RFC 3261 §17.2.1 a retransmitted INVITE is absorbed: the trunk sees one")
    func retransmission() async throws {
        try await withScene { scene in
            let invite = try await scene.dial()
            try await scene.alice.peer.send(scene.alice.lastRequest)
            try await scene.alice.peer.response(100)
            try await scene.alice.peer.response(100)
            try await scene.trunk.reply(486, to: invite)
            try await scene.trunk.request("ACK")
        }
    }

    @Test("RFC 3261 §8.2.2.2 the same INVITE come by another way is answered 482: the trunk sees one")
    func merged() async throws {
        try await withScene { scene in
            let invite = try await scene.dial()
            let branch = scene.alice.lastBranch
            try await scene.alice.peer.send(
                scene.alice.lastRequest.replacing(branch, with: branch + "other")
            )
            try await scene.alice.peer.response(482)
            try await scene.trunk.reply(486, to: invite)
            try await scene.trunk.request("ACK")
        }
    }

    @Test("RFC 3261 §14 a re-INVITE crosses in both directions, its ACK too")
    func reinvite() async throws {
        try await withScene { scene in
            let callee = try await scene.answered()
            let hold = Phone.session(port: 40_000, "a=sendonly\r\n")
            try await scene.alice.send("INVITE", body: hold)
            let held = try await scene.trunk.request("INVITE")
            #expect(held.body == hold && held.toTag == "callee")
            try await scene.trunk.reply(200, to: held, scene.trunk.contact, body: Phone.session(port: 30_000))
            try await scene.alice.acknowledge(try await scene.alice.peer.response(200, to: "INVITE"))
            try await scene.trunk.request("ACK")

            try await callee.send("INVITE", body: Phone.session(port: 30_002))
            let back = try await scene.alice.peer.request("INVITE")
            #expect(back.body == Phone.session(port: 30_002))
            try await scene.alice.peer.reply(200, to: back, "Contact: \(scene.alice.contact)\r\n", body: Phone.offer)
            let answer = try await scene.trunk.response(200, to: "INVITE")
            #expect(answer.body == Phone.offer)
            try await callee.acknowledge(answer)
            try await scene.alice.peer.request("ACK")
            try await scene.hangUp()
        }
    }

    @Test("RFC 3261 §14.1 a refused re-INVITE leaves the call as it was")
    func refusedReinvite() async throws {
        try await withScene { scene in
            _ = try await scene.answered()
            try await scene.alice.send("INVITE", body: Phone.offer)
            try await scene.trunk.reply(488, to: try await scene.trunk.request("INVITE"))
            try await scene.trunk.request("ACK")
            let refusal = try await scene.alice.peer.response(488)
            try await scene.alice.acknowledgeRefusal(refusal, scene.alice.target)
            try await scene.hangUp()
        }
    }

    @Test("RFC 3311 UPDATE and RFC 6086 INFO cross in both directions", arguments: ["UPDATE", "INFO"])
    func relays(_ method: String) async throws {
        try await withScene { scene in
            let callee = try await scene.answered()
            let info = "Content-Type: application/dtmf-relay\r\n"
            let (headers, body) = method == "INFO" ? (info, "Signal=5\r\nDuration=160\r\n") : ("", Phone.offer)
            try await scene.alice.send(method, headers, body: body)
            let there = try await scene.trunk.request(method)
            #expect(there.body == body)
            try await scene.trunk.reply(200, to: there, method == "UPDATE" ? scene.trunk.contact : "")
            try await scene.alice.peer.response(200, to: method)

            try await callee.send(method, headers, body: body)
            let back = try await scene.alice.peer.request(method)
            #expect(back.body == body)
            try await scene.alice.peer.reply(200, to: back, "Contact: \(scene.alice.contact)\r\n")
            try await scene.trunk.response(200, to: method)
            try await scene.hangUp()
        }
    }

    @Test("RFC 3262 a reliable 183 crosses, and its PRACK back with the trunk's CSeq in RAck")
    func reliable() async throws {
        try await withScene { scene in
            let invite = try await scene.dial(Scene.number, "Supported: 100rel\r\n")
            #expect(invite.first("Supported") == "100rel")
            let early = Phone.session(port: 30_000)
            let reliable = scene.trunk.contact + "Require: 100rel\r\nRSeq: 77\r\n"
            try await scene.trunk.reply(183, to: invite, reliable, body: early)
            let progress = try await scene.alice.peer.response(183)
            #expect(progress.first("RSeq") == "77" && progress.first("Require") == "100rel" && progress.body == early)
            scene.alice.takeDialog(progress)
            try await scene.alice.send("PRACK", "RAck: 77 \(progress.sequence) INVITE\r\n")
            let acknowledgement = try await scene.trunk.request("PRACK")
            #expect(acknowledgement.first("RAck") == "77 \(invite.sequence) INVITE")
            try await scene.trunk.reply(200, to: acknowledgement)
            try await scene.alice.peer.response(200, to: "PRACK")
            try await scene.trunk.reply(200, to: invite, scene.trunk.contact)
            try await scene.alice.acknowledge(try await scene.alice.peer.response(200, to: "INVITE"))
            try await scene.trunk.request("ACK")
            try await scene.hangUp()
        }
    }

    @Test("RFC 3261 §13.2.1 an INVITE without an offer: the offer comes in the 200 and the answer in the ACK")
    func delayedOffer() async throws {
        try await withScene { scene in
            let invite = try await scene.dial(Scene.number, body: "")
            #expect(invite.body.isEmpty && !invite.has("Content-Type"))
            try await scene.trunk.reply(200, to: invite, scene.trunk.contact, body: Phone.session(port: 30_000))
            let answer = try await scene.alice.peer.response(200, to: "INVITE")
            #expect(answer.body == Phone.session(port: 30_000))
            try await scene.alice.acknowledge(answer, body: Phone.offer)
            #expect(try await scene.trunk.request("ACK").body == Phone.offer)
            try await scene.hangUp()
        }
    }

    @Test("RFC 3261 §15 the callee hangs up, and the record says so")
    func calleeHangsUp() async throws {
        let calls = try await withScene { scene in
            let callee = try await scene.answered()
            try await callee.send("BYE")
            try await scene.alice.peer.reply(200, to: try await scene.alice.peer.request("BYE"))
            try await scene.trunk.response(200, to: "BYE")
        }
        #expect(calls.map(\.hangupBy.name) == ["remote"] && calls.map(\.hangupReason.name) == ["normal"])
    }

    @Test("RFC 3261 §12.2.2 a request with a sequence number that went backward is answered 500")
    func sequence() async throws {
        try await withScene { scene in
            _ = try await scene.answered()
            try await scene.alice.peer.send(scene.alice.compose("INFO", sequence: 1))
            try await scene.alice.peer.response(500, to: "INFO")
            try await scene.hangUp()
        }
    }

    @Test("RFC 3261 §9.1 a CANCEL before any provisional response of the trunk waits for one")
    func earlyCancel() async throws {
        let calls = try await withScene { scene in
            let invite = try await scene.dial()
            let branch = scene.alice.lastBranch
            try await scene.alice.cancel(Scene.number, branch: branch)
            try await scene.alice.peer.response(200, to: "CANCEL")
            let ended = try await scene.alice.peer.response(487, to: "INVITE")
            try await scene.alice.acknowledgeRefusal(ended, Scene.number)
            try await scene.trunk.reply(180, to: invite, scene.trunk.contact)
            let cancel = try await scene.trunk.request("CANCEL")
            #expect(cancel.branch == invite.branch)
            try await scene.trunk.reply(200, to: cancel)
            try await scene.trunk.reply(487, to: invite)
            try await scene.trunk.request("ACK")
        }
        #expect(calls.map(\.hangupReason.name) == ["cancel"])
    }

    @Test("RFC 3261 §12.1.2 each early dialog of the trunk is one of the caller's, and the answer's goes on")
    func earlyDialogs() async throws {
        try await withScene { scene in
            let invite = try await scene.dial()
            try await scene.trunk.reply(183, to: invite, tag: "first", scene.trunk.contact)
            try await scene.trunk.reply(183, to: invite, tag: "second", scene.trunk.contact)
            let first = try await scene.alice.peer.response(183)
            let second = try await scene.alice.peer.response(183)
            #expect(first.toTag != second.toTag && first.toTag.count == 16 && second.toTag.count == 16)
            try await scene.trunk.reply(200, to: invite, tag: "second", scene.trunk.contact)
            let answer = try await scene.alice.peer.response(200, to: "INVITE")
            #expect(answer.toTag == second.toTag)
            try await scene.alice.acknowledge(answer)
            #expect(try await scene.trunk.request("ACK").toTag == "second")
            try await scene.hangUp()
        }
    }

    @Test("RFC 3261 §8.1.2 the gateway as outbound proxy: a loose route to itself is taken and goes no further")
    func outboundProxy() async throws {
        try await withScene { scene in
            scene.alice.routes = "Route: <sip:127.0.0.1:\(scene.gateway.udp);lr>\r\n"
            let invite = try await scene.dial()
            #expect(!invite.has("Route") && !invite.has("Record-Route"))
            try await scene.trunk.reply(486, to: invite)
            try await scene.alice.peer.response(486)
        }
    }

    @Test("A call beyond max_concurrent_calls is answered 503 with Retry-After, whichever shard it lands on")
    func limit() async throws {
        let one: (inout GatewayConfiguration) -> Void = {
            $0.limits.maximumConcurrentCalls = 1
            $0.shards = .exactly(2)
        }
        try await withScene(configure: one) { scene in
            _ = try await scene.answered()
            for _ in 0..<6 {
                let further = Phone(try await Peer.udp(to: scene.gateway.udp))
                try await further.invite(Scene.number)
                #expect(try await further.peer.response(503).has("Retry-After"))
            }
            try await scene.hangUp()
        }
    }

    @Test("RFC 3325 §7 the trunk's P-Asserted-Identity reaches the caller only from a trusted trunk")
    func connectedIdentity() async throws {
        let identity = "P-Asserted-Identity: <tel:+12025550999>\r\n"
        for isTrusted in [true, false] {
            let trust = isTrusted ? "trust: {basis: private_network, note: test}" : ""
            try await withScene(trust) { scene in
                let invite = try await scene.dial()
                try await scene.trunk.reply(180, to: invite, scene.trunk.contact + identity)
                #expect(try await scene.alice.peer.response(180).has("P-Asserted-Identity") == isTrusted)
            }
        }
    }
}
