// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallStore
import MonotonicTime
import Testing
import TollgateConfiguration

/// Calls by names that a real DNS server knows (RFC 3263).
@Suite(.timeLimit(.minutes(3)), .enabled(if: NameServer.program != nil, "dnsmasq is not installed"))
struct ServerLocationTests {
    /// SRV records of a name: the ports in order, all on one address.
    private static func services(_ name: String, _ ports: [Int], _ transport: String = "udp") -> [String] {
        ports.enumerated().map { "srv-host=_sip._\(transport).\(name),host.test,\($1),\($0),1" }
            + ["host-record=host.test,127.0.0.1"]
    }

    private static func trunk(_ host: String, _ more: String = "") -> String {
        "  - {name: carrier, host: \(host)\(more.isEmpty ? "" : ", " + more)}\n"
    }

    private static func deployment(
        _ server: String,
        trunks: String = trunk("trunk.test"),
        customer: String = ""
    ) throws -> Deployment {
        var deployment = try Deployment(trunks: trunks, customer: customer)
        deployment.configuration.dns.servers = [server]
        deployment.configuration.dns.timeout = .milliseconds(200)
        deployment.configuration.timers.targetTimeout = .milliseconds(700)
        return deployment
    }

    private static func registered(_ gateway: Running) async throws -> Phone {
        let alice = try await Phone.udp(gateway)
        try await alice.register()
        return alice
    }

    /// Carries one call through a trunk's server, and ends it.
    private static func carry(_ gateway: Running, _ server: Peer, _ alice: Phone) async throws {
        let scene = Scene(gateway: gateway, trunk: server, alice: alice)
        _ = try await scene.answered()
        try await scene.hangUp()
    }

    /// The final answer to the caller's INVITE.
    private static func refusal(_ alice: Phone, _ uri: String) async throws -> WireMessage {
        var answer = try await alice.peer.receive()
        while answer.status < 200 { answer = try await alice.peer.receive() }
        try await alice.acknowledgeRefusal(answer, uri)
        return answer
    }

    @Test("§4.1, §4.3 a trunk by NAPTR and SRV whose first server is silent is reached by the second one, in one call")
    func silentServer() async throws {
        let (silent, live) = (try await Peer.udp(), try await Peer.udp())
        let pointer = "naptr-record=trunk.test,10,10,s,SIP+D2U,,_sip._udp.carrier.test"
        let names = try await NameServer([pointer] + Self.services("carrier.test", [silent.port, live.port]))
        defer { withExtendedLifetime(names) {} }
        let calls = try await Self.deployment(names.address).run { gateway in
            let alice = try await Self.registered(gateway)
            try await Self.carry(gateway, live, alice)
            // The silent server was tried once; the next call does not wait for it.
            let lost = try await silent.request("INVITE")
            #expect(lost.requestURI.contains("@trunk.test"))
            let again = try await Self.registered(gateway)
            try await Self.carry(gateway, live, again)
        }
        #expect(calls.count == 2)
        #expect(calls.first?.attempts.map(\.status) == [408, 200])
        #expect(calls.last?.attempts.map(\.status) == [200])
        #expect(calls.allSatisfy { $0.attempts.allSatisfy { $0.trunk.name == "carrier" } })
    }

    @Test("§4.2, §4.3 a trunk by SRV over TCP whose first server refuses connections is reached by the second one")
    func refusedConnection() async throws {
        let live = try await Peer.listen()
        let names = try await NameServer(Self.services("trunk.test", [1, live.port], "tcp"))
        defer { withExtendedLifetime(names) {} }
        let calls = try await Self.deployment(names.address, trunks: Self.trunk("trunk.test", "transport: tcp")).run {
            gateway in
            let alice = try await Self.registered(gateway)
            let scene = Scene(gateway: gateway, trunk: live, alice: alice)
            let invite = try await scene.dial()
            #expect(invite.first("Via").hasPrefix("SIP/2.0/TCP ") && invite.contactURI.contains("transport=tcp"))
            try await live.reply(486, to: invite)
            try await alice.peer.response(486)
        }
        #expect(calls.map { $0.attempts.map(\.status) } == [[503, 486]])
    }

    @Test("§4.3 a 503 of the first server goes on to the second one, and the caller hears of it only there")
    func unavailable() async throws {
        let (busy, live) = (try await Peer.udp(), try await Peer.udp())
        let names = try await NameServer(Self.services("trunk.test", [busy.port, live.port]))
        defer { withExtendedLifetime(names) {} }
        let calls = try await Self.deployment(names.address).run { gateway in
            let alice = try await Self.registered(gateway)
            try await alice.invite(Scene.number)
            try await busy.reply(503, to: try await busy.request("INVITE"), "Retry-After: 60\r\n")
            try await busy.request("ACK")
            let invite = try await live.request("INVITE")
            try await live.reply(486, to: invite)
            try await alice.peer.response(486)
        }
        #expect(calls.map { $0.attempts.map(\.status) } == [[503, 486]])
    }

    @Test("A trunk's server that dies between two calls is replaced by the other one")
    func dies() async throws {
        let (first, second) = (try await Peer.udp(), try await Peer.udp())
        let names = try await NameServer(Self.services("trunk.test", [first.port, second.port]))
        defer { withExtendedLifetime(names) {} }
        let calls = try await Self.deployment(names.address).run { gateway in
            let alice = try await Self.registered(gateway)
            try await Self.carry(gateway, first, alice)
            await first.close()
            let again = try await Self.registered(gateway)
            try await Self.carry(gateway, second, again)
        }
        #expect(calls.map { $0.attempts.map(\.status) } == [[200], [408, 200]])
    }

    @Test("With a port, or with nothing but an address, a trunk's name needs no SRV records; aliases are followed")
    func plainAddress() async throws {
        let carrier = try await Peer.udp()
        let names = try await NameServer(["host-record=host.test,127.0.0.1", "cname=alias.test,host.test"])
        let trunks = Self.trunk("alias.test", "port: \(carrier.port)")
        defer { withExtendedLifetime(names) {} }
        try await Self.deployment(names.address, trunks: trunks).run { gateway in
            try await Self.carry(gateway, carrier, try await Self.registered(gateway))
        }
    }

    @Test("A call to a SIP URI is located as well; its 2xx's ACK and BYE go to the server that answered")
    func sipURI() async throws {
        let live = try await Peer.udp()
        let names = try await NameServer(
            Self.services("far.test", [live.port]) + ["srv-host=_sip._udp.callee.test,host.test,\(live.port),0,1"]
        )
        let settings = "    may_call_sip_uris: true\n"
        defer { withExtendedLifetime(names) {} }
        let calls = try await Self.deployment(names.address, customer: settings).run { gateway in
            let alice = try await Self.registered(gateway)
            try await alice.invite("sip:bob@far.test")
            let invite = try await live.request("INVITE")
            #expect(invite.requestURI == "sip:bob@far.test")
            try await live.reply(
                200,
                to: invite,
                "Contact: <sip:bob@callee.test>\r\n",
                body: Phone.session(port: 30_000)
            )
            try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
            try await live.request("ACK")
            try await Scene(gateway: gateway, trunk: live, alice: alice).hangUp()
        }
        #expect(calls.map(\.destinationKind) == [.sip])
    }

    @Test("§4.3 a request in a call goes on to the next server behind the peer's Contact")
    func inDialog() async throws {
        let (carrier, live) = (try await Peer.udp(), try await Peer.listen())
        let names = try await NameServer(
            Self.services("trunk.test", [carrier.port]) + Self.services("callee.test", [1, live.port], "tcp")
        )
        defer { withExtendedLifetime(names) {} }
        try await Self.deployment(names.address).run { gateway in
            let alice = try await Self.registered(gateway)
            let invite = try await Scene(gateway: gateway, trunk: carrier, alice: alice).dial()
            let contact = "Contact: <sip:bob@callee.test;transport=tcp>\r\n"
            try await carrier.reply(200, to: invite, contact, body: Phone.session(port: 30_000))
            try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
            try await alice.send("INFO")
            let info = try await live.request("INFO")
            #expect(info.first("Via").hasPrefix("SIP/2.0/TCP "))
            try await live.reply(200, to: info)
            try await alice.peer.response(200, to: "INFO")
            try await alice.send("BYE")
            try await live.reply(200, to: try await live.request("BYE"))
            try await alice.peer.response(200, to: "BYE")
        }
    }

    @Test(
        "A SIP URI that leads to any server of a trunk, by address or by another name, is not dialled around the rules"
    )
    func aliasOfTrunk() async throws {
        let (first, second) = (try await Peer.udp(), try await Peer.udp(from: "127.0.0.3"))
        let names = try await NameServer([
            "srv-host=_sip._udp.trunk.test,one.test,\(first.port),0,1",
            "srv-host=_sip._udp.trunk.test,two.test,\(second.port),1,1",
            "srv-host=_sip._udp.innocent.test,two.test,\(second.port),0,1",
            "host-record=one.test,127.0.0.2", "host-record=two.test,127.0.0.3",
        ])
        let settings = "    may_call_sip_uris: true\n"
        defer { withExtendedLifetime(names) {} }
        try await Self.deployment(names.address, customer: settings).run { gateway in
            let alice = try await Self.registered(gateway)
            // The first server is at no address of a socket here, so that the call ends at the second one.
            try await alice.invite(Scene.number)
            try await second.reply(486, to: try await second.request("INVITE"))
            try await alice.peer.response(486)
            for target in ["innocent.test", "127.0.0.3:\(second.port)", "nowhere.test;maddr=127.0.0.3"] {
                let caller = try await Self.registered(gateway)
                let uri = "sip:+18765551234@\(target)"
                try await caller.invite(uri)
                let answer = try await Self.refusal(caller, uri)
                #expect(answer.status >= 400, "\(target)")
            }
            let caller = try await Self.registered(gateway)
            try await caller.invite(Scene.number)
            var next = try await second.receive()
            while next.method == "ACK" { next = try await second.receive() }
            #expect(!next.requestURI.contains("+1876"))
        }
    }

    @Test("RFC 3261 §18.2.2 a response whose connection is gone goes to the port of sent-by")
    func lateResponse() async throws {
        let names = try await NameServer([])
        let (carrier, back) = (try await Peer.udp(), try await Peer.listen())
        let trunks = Self.trunk("127.0.0.1", "port: \(carrier.port)")
        defer { withExtendedLifetime(names) {} }
        try await Self.deployment(names.address, trunks: trunks).run { gateway in
            let alice = try await Phone.tcp(gateway)
            try await alice.register()
            try await alice.send("INVITE", to: Scene.number, body: Phone.offer)
            let challenge = try await alice.peer.response(407)
            try await alice.acknowledgeRefusal(challenge, Scene.number)
            let answer = try alice.credentials.answer(
                challenge.first("Proxy-Authenticate"),
                method: "INVITE",
                uri: Scene.number
            )
            alice.sequence += 1
            let invite = alice.compose(
                "INVITE",
                to: Scene.number,
                "Proxy-Authorization: \(answer)\r\n",
                body: Phone.offer
            )
            try await alice.peer.send(
                invite.replacing(
                    "\(alice.address):\(alice.peer.port);branch",
                    with: "\(alice.address):\(back.port);branch",
                    maxReplacements: 1
                )
            )
            let received = try await carrier.request("INVITE")
            await alice.peer.close()
            try await Scene(gateway: gateway, trunk: carrier, alice: alice).isAlive()
            try await carrier.reply(486, to: received)
            try await back.response(486, to: "INVITE")
        }
    }
}
