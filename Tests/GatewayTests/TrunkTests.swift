// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallStore
import MonotonicTime
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct TrunkTests {
    @Test(
        "RFC 3261 §22.3 the trunk's own challenge is answered with the trunk's account, and not shown to the endpoint"
    )
    func challenge() async throws {
        try await withScene("username: acme, password: carrier-secret") { scene in
            let first = try await scene.dial()
            let challenge = "Digest realm=\"carrier\", nonce=\"abc\", qop=\"auth\", algorithm=MD5"
            try await scene.trunk.reply(407, to: first, "Proxy-Authenticate: \(challenge)\r\n")
            try await scene.trunk.request("ACK")
            let second = try await scene.trunk.request("INVITE")
            #expect(second.sequence == first.sequence + 1 && second.callID == first.callID)
            let answer = second.first("Proxy-Authorization")
            #expect(answer.contains("username=\"acme\"") && answer.contains("realm=\"carrier\""))
            let nonce = answer.split(separator: "cnonce=\"").last?.prefix { $0 != "\"" } ?? ""
            let account = Credentials(username: "acme", password: "carrier-secret")
            let expected = try account.answer(
                challenge,
                method: "INVITE",
                uri: second.requestURI,
                clientNonce: "\(nonce)"
            )
            #expect(answer == expected)
            try await scene.trunk.reply(486, to: second)
            try await scene.alice.peer.response(486)
        }
    }

    @Test("A trunk's challenge without an account ends as a refusal without credentials for the endpoint")
    func unansweredChallenge() async throws {
        try await withScene { scene in
            let challenge = "Proxy-Authenticate: Digest realm=\"carrier\", nonce=\"abc\", qop=\"auth\"\r\n"
            try await scene.trunk.reply(407, to: try await scene.dial(), challenge)
            let refusal = try await scene.alice.peer.receive()
            let final = refusal.status == 100 ? try await scene.alice.peer.receive() : refusal
            #expect(final.status >= 400 && final.status != 407 && final.status != 401)
            #expect(!final.has("Proxy-Authenticate"))
        }
    }

    @Test("a SIP URI whose name leads to a trunk's address is no way around the rules for telephone calls")
    func aliasOfTrunk() async throws {
        let records = try await withScene(customer: "    may_call_sip_uris: true\n") { scene in
            let jamaica = "+18765551234"
            let alias = "sip:\(jamaica)@localhost:\(scene.trunk.port)"
            try await scene.alice.invite(alias)
            var answer = try await scene.alice.peer.receive()
            while answer.status < 200 { answer = try await scene.alice.peer.receive() }
            #expect(answer.status == 503)
            try await scene.alice.acknowledgeRefusal(answer, alias)
            let invite = try await scene.dial()
            #expect(!invite.requestURI.contains(jamaica))
            try await scene.trunk.reply(486, to: invite)
        }
        #expect(records.first?.destinationKind == .sip)
    }

    @Test("RFC 4028 §10 the gateway asks both sides of a call that nobody refreshes whether they are there")
    func sessionRefresh() async throws {
        func refresh(_ configuration: inout GatewayConfiguration) { configuration.timers.sessionInterval = .seconds(2) }
        try await withScene(configure: refresh) { scene in
            _ = try await scene.answered()
            let outward = try await scene.trunk.request("OPTIONS")
            try await scene.trunk.reply(200, to: outward)
            try await scene.alice.peer.reply(200, to: try await scene.alice.peer.request("OPTIONS"))
        }
    }

    @Test("486 is the callee's word: no other trunk is tried")
    func busyIsFinal() async throws {
        let (first, second) = (try await Peer.udp(), try await Peer.udp())
        let both = trunk("first", first.port, "priority: 0") + trunk("second", second.port, "priority: 1")
        try await Deployment(trunks: both).run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number)
            try await first.reply(486, to: try await first.request("INVITE"))
            try await alice.peer.response(486)
        }
        // What comes first at the second trunk is this, so no INVITE came before it.
        let fence = Phone(try await Peer.udp(to: second.port))
        try await fence.send("OPTIONS")
        try await second.request("OPTIONS")
    }

    @Test("An attempt that goes unanswered ends at the dial timeout: CANCEL, and the next trunk")
    func dialTimeout() async throws {
        let (first, second) = (try await Peer.udp(), try await Peer.udp())
        let both = trunk("first", first.port, "priority: 0") + trunk("second", second.port, "priority: 1")
        var deployment = try Deployment(trunks: both)
        deployment.configuration.timers.dialTimeout = .seconds(2)
        let calls = try await deployment.run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number)
            let lost = try await first.request("INVITE")
            try await first.reply(100, to: lost)
            let cancel = try await first.request("CANCEL")
            try await first.reply(200, to: cancel)
            try await first.reply(487, to: lost)
            try await second.reply(486, to: try await second.request("INVITE"))
            try await alice.peer.response(486)
        }
        #expect(calls.map { $0.trunk?.name } == ["second"])
    }

    @Test("A call that rings until the dial timeout is recorded as dialled out")
    func ringsForEver() async throws {
        let brief: (inout GatewayConfiguration) -> Void = { $0.timers.dialTimeout = .seconds(2) }
        let calls = try await withScene(configure: brief) { scene in
            let invite = try await scene.dial()
            try await scene.trunk.reply(180, to: invite, scene.trunk.contact)
            try await scene.alice.peer.response(180)
            try await scene.trunk.request("CANCEL")
            let end = try await scene.alice.peer.receive()
            #expect(end.status == 408 || end.status == 480)
        }
        #expect(calls.map(\.hangupReason.name) == ["dialout"])
    }

    @Test("An answered call is ended at the longest duration, with BYE on both sides")
    func maximumDuration() async throws {
        let brief: (inout GatewayConfiguration) -> Void = { $0.timers.maximumCallDuration = .seconds(2) }
        let calls = try await withScene(configure: brief) { scene in
            _ = try await scene.answered()
            try await scene.trunk.reply(200, to: try await scene.trunk.request("BYE"))
            try await scene.alice.peer.reply(200, to: try await scene.alice.peer.request("BYE"))
        }
        #expect(calls.map(\.hangupReason.name) == ["timeout"])
    }

    @Test("RFC 3261 §13.2.2.4 the trunk's repeated 200 is acknowledged again")
    func repeatedSuccess() async throws {
        try await withScene { scene in
            let invite = try await scene.dial()
            try await scene.trunk.reply(200, to: invite, scene.trunk.contact, body: Phone.session(port: 30_000))
            try await scene.alice.acknowledge(try await scene.alice.peer.response(200, to: "INVITE"))
            let first = try await scene.trunk.request("ACK")
            try await scene.trunk.reply(200, to: invite, scene.trunk.contact, body: Phone.session(port: 30_000))
            let second = try await scene.trunk.request("ACK")
            #expect(first.sequence == second.sequence)
            try await scene.hangUp()
        }
    }

    /// Calls through a first trunk that is of no use, and expects the call at the second one.
    private func expectFailover(from first: String, brief: Bool = false) async throws {
        let second = try await Peer.udp()
        var deployment = try Deployment(trunks: first + trunk("second", second.port, "priority: 1"))
        if brief { deployment.configuration.timers.t1 = .milliseconds(10) }
        let calls = try await deployment.run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number)
            try await second.reply(486, to: try await second.request("INVITE"))
        }
        #expect(calls.map { $0.trunk?.name } == ["second"])
    }

    @Test("RFC 3261 §17.1.1.2 a trunk that stays silent until Timer B is passed over")
    func silentTrunk() async throws {
        let silent = try await Peer.udp()
        try await expectFailover(from: trunk("first", silent.port, "priority: 0"), brief: true)
        let (first, again) = (try await silent.request("INVITE"), try await silent.request("INVITE"))
        #expect(first.description == again.description)
    }

    @Test("RFC 3261 §8.1.3.1 a trunk whose port refuses the connection is passed over")
    func refusedConnection() async throws {
        // Port 1 is nobody's; a port of our own that we close could be another test's by then.
        try await expectFailover(from: trunk("first", 1, transport: "tcp", "priority: 0"))
    }

    @Test("A trunk whose name has no address is passed over")
    func unknownName() async throws {
        try await expectFailover(
            from: "  - {name: first, host: nobody.invalid, port: 5060, transport: udp, priority: 0}\n"
        )
    }

    @Test("A trunk is found by its name, in the address family that the gateway listens in")
    func named() async throws {
        let carrier = try await Peer.udp()
        let trunks = "  - {name: carrier, host: localhost, port: \(carrier.port), transport: udp}\n"
        try await Deployment(trunks: trunks).run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            _ = try await Scene(gateway: gateway, trunk: carrier, alice: alice).answered()
        }
    }

    @Test(
        "RFC 3261 §13.3.1.4 a 200 that is not acknowledged is repeated, then the call is ended with BYE on both sides"
    )
    func unacknowledged() async throws {
        let brief: (inout GatewayConfiguration) -> Void = {
            $0.timers.t1 = .milliseconds(50)
            $0.timers.t2 = .milliseconds(200)
        }
        try await withScene(configure: brief) { scene in
            let invite = try await scene.dial()
            try await scene.trunk.reply(200, to: invite, scene.trunk.contact, body: Phone.session(port: 30_000))
            let first = try await scene.alice.peer.response(200, to: "INVITE")
            let second = try await scene.alice.peer.response(200, to: "INVITE")
            #expect(first.description == second.description)
            var message = try await scene.alice.peer.receive()
            while message.status == 200 { message = try await scene.alice.peer.receive() }
            #expect(message.startLine.hasPrefix("BYE "))
            var ending = try await scene.trunk.receive()
            while ending.method == "ACK" || ending.method == "INVITE" { ending = try await scene.trunk.receive() }
            #expect(ending.method == "BYE")
        }
    }
}
