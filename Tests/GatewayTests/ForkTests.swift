// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.timeLimit(.minutes(3)))
struct ForkTests {
    private static let extensionURI = "sip:1002@edge.example.com"

    private func withForks(_ body: (Phone, Phone, Phone) async throws -> Void) async throws {
        try await withScene { scene in
            let (desk, mobile) = (try await Phone.udp(scene.gateway, .bob), try await Phone.udp(scene.gateway, .bob))
            try await desk.register()
            try await mobile.register()
            try await body(scene.alice, desk, mobile)
        }
    }

    @Test("A call to an extension rings both bindings; the first answer wins and the other is cancelled")
    func firstAnswerWins() async throws {
        try await withForks { alice, desk, mobile in
            try await alice.invite(Self.extensionURI)
            let (first, second) = (try await desk.peer.request("INVITE"), try await mobile.peer.request("INVITE"))
            try await desk.peer.reply(180, to: first, tag: "desk", desk.peer.contact)
            try await alice.peer.response(180)
            try await mobile.peer.reply(180, to: second, tag: "mobile", mobile.peer.contact)
            try await alice.peer.response(180)
            try await mobile.peer.reply(
                200,
                to: second,
                tag: "mobile",
                mobile.peer.contact,
                body: Phone.session(port: 30_000)
            )
            try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
            try await mobile.peer.request("ACK")
            let cancel = try await desk.peer.request("CANCEL")
            #expect(cancel.branch == first.branch)
            try await desk.peer.reply(200, to: cancel)
            try await desk.peer.reply(487, to: first, tag: "desk")
            try await desk.peer.request("ACK")
            try await alice.send("BYE")
            try await mobile.peer.reply(200, to: try await mobile.peer.request("BYE"))
            try await alice.peer.response(200, to: "BYE")
        }
    }

    @Test("RFC 3261 §13.2.2.4 the loser's late 200 is acknowledged and ended with BYE")
    func lateAnswer() async throws {
        try await withForks { alice, desk, mobile in
            try await alice.invite(Self.extensionURI)
            let (first, second) = (try await desk.peer.request("INVITE"), try await mobile.peer.request("INVITE"))
            try await desk.peer.reply(180, to: first, tag: "desk", desk.peer.contact)
            try await alice.peer.response(180)
            try await mobile.peer.reply(
                200,
                to: second,
                tag: "mobile",
                mobile.peer.contact,
                body: Phone.session(port: 30_000)
            )
            try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
            try await desk.peer.request("CANCEL")
            try await desk.peer.reply(200, to: first, tag: "desk", desk.peer.contact, body: Phone.session(port: 30_002))
            try await desk.peer.request("ACK")
            try await desk.peer.reply(200, to: try await desk.peer.request("BYE"))
        }
    }

    @Test("When every binding refuses, the caller hears the best refusal once")
    func allRefuse() async throws {
        try await withForks { alice, desk, mobile in
            try await alice.invite(Self.extensionURI)
            let (first, second) = (try await desk.peer.request("INVITE"), try await mobile.peer.request("INVITE"))
            try await desk.peer.reply(480, to: first, tag: "desk")
            try await desk.peer.request("ACK")
            try await mobile.peer.reply(486, to: second, tag: "mobile")
            let final = try await alice.peer.receive()
            let status = final.status == 100 ? try await alice.peer.receive().status : final.status
            #expect(status == 480 || status == 486)
        }
    }

    @Test("A call to a TCP-registered extension goes by its connection")
    func connectionReuse() async throws {
        try await withScene { scene in
            let bob = try await Phone.tcp(scene.gateway, .bob)
            try await bob.register()
            try await scene.alice.invite(Self.extensionURI)
            let invite = try await bob.peer.request("INVITE")
            #expect(invite.first("Via").hasPrefix("SIP/2.0/TCP "))
            try await bob.peer.reply(200, to: invite, "Contact: \(bob.contact)\r\n", body: Phone.session(port: 30_000))
            try await scene.alice.acknowledge(try await scene.alice.peer.response(200, to: "INVITE"))
            try await bob.peer.request("ACK")
            try await scene.alice.send("BYE")
            try await bob.peer.reply(200, to: try await bob.peer.request("BYE"))
            try await scene.alice.peer.response(200, to: "BYE")
        }
    }

    @Test("RFC 3327 §5.3 a call to a binding with Path carries it as Route")
    func path() async throws {
        try await withScene { scene in
            let bob = try await Phone.udp(scene.gateway, .bob)
            try await bob.register("Supported: path\r\nPath: <sip:edge1.example.net;lr>\r\nExpires: 300\r\n")
            try await scene.alice.invite(Self.extensionURI)
            let invite = try await bob.peer.request("INVITE")
            #expect(invite.all("Route") == ["<sip:edge1.example.net;lr>"])
            #expect(invite.requestURI == "sip:bob@127.0.0.1:\(bob.peer.port)")
        }
    }
}
