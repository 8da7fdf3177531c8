// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import NIOCore
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct TransportTests {
    /// An offer so long that its INVITE does not fit into 1300 bytes.
    private static let longOffer = Phone.session(
        port: 40_000,
        String(repeating: "a=candidate:1 1 UDP 2130706431 192.0.2.1 40000 typ host\r\n", count: 24)
    )

    @Test("RFC 3261 §18.1.1 an INVITE over 1300 bytes goes to the trunk by TCP, and so does its ACK")
    func largeByTCP() async throws {
        let stream = try await Peer.listen()
        try await Deployment(trunks: trunk("carrier", stream.port)).run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number, body: Self.longOffer)
            let invite = try await stream.request("INVITE")
            #expect(invite.first("Via").hasPrefix("SIP/2.0/TCP "))
            #expect(invite.body == Self.longOffer)
            try await stream.reply(486, to: invite)
            #expect(try await stream.request("ACK").first("Via").hasPrefix("SIP/2.0/TCP "))
            try await alice.peer.response(486)
        }
    }

    @Test("RFC 3261 §18.1.1 it falls back to UDP when the connection is refused")
    func largeFallsBack() async throws {
        try await withScene { scene in
            let invite = try await scene.dial(body: Self.longOffer)
            #expect(invite.first("Via").hasPrefix("SIP/2.0/UDP "))
            #expect(invite.body == Self.longOffer)
            try await scene.trunk.reply(486, to: invite)
            try await scene.trunk.request("ACK")
            try await scene.alice.peer.response(486)
        }
    }

    @Test("With listeners in both families, a long INVITE to an IPv6 trunk falls back to the IPv6 UDP listener")
    func bothFamilies() async throws {
        let carrier = try await Peer.udp(host: "::1")
        let trunks = "  - {name: carrier, host: \"::1\", port: \(carrier.port), transport: udp}\n"
        var deployment = try Deployment(trunks: trunks)
        deployment.configuration.sip.listeners += [
            ListenerSettings(transport: .udp, address: "::1", port: 0),
            ListenerSettings(transport: .tcp, address: "::1", port: 0),
        ]
        try await deployment.run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number, body: Self.longOffer)
            let invite = try await carrier.request("INVITE")
            #expect(invite.first("Via").hasPrefix("SIP/2.0/UDP [::1]:") && invite.body == Self.longOffer)
            try await carrier.reply(486, to: invite)
            try await alice.peer.response(486)
        }
    }

    @Test("A call from an IPv6 listener to an IPv6 trunk")
    func version6() async throws {
        let carrier = try await Peer.udp(host: "::1")
        let trunks = "  - {name: carrier, host: \"::1\", port: \(carrier.port), transport: udp}\n"
        try await Deployment(trunks: trunks, host: "::1").run { gateway in
            let alice = Phone(try await Peer.udp(to: gateway.udp, host: "::1"))
            alice.address = "[::1]"
            try await alice.register()
            try await alice.invite(Scene.number)
            let invite = try await carrier.request("INVITE")
            #expect(invite.requestURI == "sip:+12025550123@[::1]:\(carrier.port);user=phone")
            #expect(invite.first("Via").hasPrefix("SIP/2.0/UDP [::1]:\(gateway.udp);"))
            #expect(invite.contactURI == "sip:[::1]:\(gateway.udp)")
            let contact = "Contact: <sip:pstn@[::1]:\(carrier.port)>\r\n"
            try await carrier.reply(200, to: invite, contact, body: Phone.session(port: 30_000))
            try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
            try await carrier.request("ACK")
            try await alice.send("BYE")
            try await carrier.reply(200, to: try await carrier.request("BYE"))
            try await alice.peer.response(200, to: "BYE")
        }
    }

    @Test("RFC 3261 §18.3 two requests in one segment are both answered, on their connection")
    func pipelining() async throws {
        try await Deployment().run { gateway in
            let phone = try await Phone.tcp(gateway)
            let first = phone.compose("OPTIONS", sequence: 1)
            let second = phone.compose("OPTIONS", sequence: 2)
            try await phone.peer.send(first + second)
            #expect(try await phone.peer.response(200).sequence == 1)
            #expect(try await phone.peer.response(200).sequence == 2)
        }
    }

    @Test("RFC 3261 §7.5 empty lines between the messages of a stream are skipped")
    func keepAlive() async throws {
        try await Deployment().run { gateway in
            let phone = try await Phone.tcp(gateway)
            try await phone.peer.send("\r\n\r\n")
            try await phone.send("OPTIONS")
            try await phone.peer.response(200)
            try await phone.peer.send("\r\n\r\n" + phone.compose("OPTIONS", sequence: 9))
            #expect(try await phone.peer.response(200).sequence == 9)
        }
    }

    @Test("RFC 3261 §18.3 a message that comes byte by byte is put together")
    func slowly() async throws {
        try await Deployment().run { gateway in
            let phone = try await Phone.tcp(gateway)
            for byte in phone.compose("OPTIONS").utf8 { try await phone.peer.send([byte]) }
            try await phone.peer.response(200)
        }
    }

    @Test("A caller by TCP and a trunk by UDP: each leg keeps its own transport")
    func mixed() async throws {
        let carrier = try await Peer.udp()
        try await Deployment(trunks: trunk("carrier", carrier.port)).run { gateway in
            let alice = try await Phone.tcp(gateway)
            try await alice.register()
            let scene = Scene(gateway: gateway, trunk: carrier, alice: alice)
            let callee = try await scene.answered()
            #expect(alice.target == "sip:127.0.0.1:\(gateway.tcp);transport=tcp")
            #expect(callee.target == "sip:127.0.0.1:\(gateway.udp)")
            try await callee.send("BYE")
            try await alice.peer.reply(200, to: try await alice.peer.request("BYE"))
            try await carrier.response(200, to: "BYE")
        }
    }

    @Test("RFC 3261 §18.2.2 without rport a response goes to the port of Via")
    func viaPort() async throws {
        try await Deployment().run { gateway in
            let (sender, named) = (try await Peer.udp(to: gateway.udp), try await Peer.udp())
            let phone = Phone(sender)
            let request = phone.compose("OPTIONS").replacing(";rport", with: "")
                .replacing("127.0.0.1:\(sender.port);branch", with: "127.0.0.1:\(named.port);branch")
            try await sender.send(request)
            #expect(try await named.response(200).first("Via").hasSuffix(";received=127.0.0.1"))
        }
    }

    @Test("A caller whose connection is gone does not keep the trunk from ending the call")
    func lostConnection() async throws {
        let carrier = try await Peer.udp()
        let calls = try await Deployment(trunks: trunk("carrier", carrier.port)).run { gateway in
            let alice = try await Phone.tcp(gateway)
            try await alice.register()
            let callee = try await Scene(gateway: gateway, trunk: carrier, alice: alice).answered()
            await alice.peer.close()
            try await callee.send("BYE")
            try await carrier.response(200, to: "BYE")
        }
        #expect(calls.map(\.status) == [.hangup])
    }

    @Test("RFC 3261 §21.5.7 a datagram too long to be taken is answered 513")
    func tooLong() async throws {
        try await Deployment().run { gateway in
            let phone = try await Phone.udp(gateway)
            let filler = String(repeating: "a=x\r\n", count: 6000)
            try await phone.send("INVITE", to: Scene.number, body: Phone.session(port: 40_000, filler))
            try await phone.peer.response(513)
        }
    }

    @Test("RFC 3261 §21.5.7 a message on a stream that announces too long a body is answered 513")
    func tooLongOnStream() async throws {
        try await Deployment().run { gateway in
            let phone = try await Phone.tcp(gateway)
            let invite = phone.compose("INVITE", to: Scene.number, body: Phone.session(port: 40_000, ""))
            let length = try #require(invite.firstMatch(of: /Content-Length: [0-9]+/))
            try await phone.peer.send(invite.replacing(length.0, with: "Content-Length: 65536"))
            try await phone.peer.response(513)
        }
    }
}
