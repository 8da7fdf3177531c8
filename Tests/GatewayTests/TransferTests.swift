// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct TransferTests {
    private static let bobURI = "sip:1002@edge.example.com"

    /// A REFER of alice to bob that names a dialog.
    private static func refer(_ alice: Phone, _ callID: String, _ toTag: String, _ fromTag: String) async throws {
        let value = "\(callID)%3Bto-tag%3D\(toTag)%3Bfrom-tag%3D\(fromTag)"
        try await alice.send("REFER", "Refer-To: <\(Scene.number)?Replaces=\(value)>\r\n")
    }

    private static func connect(_ alice: Phone, _ bob: Phone) async throws {
        try await alice.invite(bobURI)
        let invite = try await bob.peer.request("INVITE")
        try await bob.peer.reply(200, to: invite, tag: "bob", bob.peer.contact, body: Phone.session(port: 30_000))
        try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
        try await bob.peer.request("ACK")
    }

    @Test("RFC 3891 §3 A transfer names the other call as its far end knows it, whichever shard has that call")
    func attended() async throws {
        let carrier = try await Peer.udp()
        var deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        deployment.configuration.shards = .exactly(2)
        try await deployment.run { gateway in
            let alice = try await Phone.udp(gateway)
            let bob = try await Phone.udp(gateway, .bob)
            try await alice.register()
            try await bob.register()
            for _ in 0..<12 {
                let first = Phone(alice.peer)
                try await Self.connect(first, bob)
                let scene = Scene(gateway: gateway, trunk: carrier, alice: Phone(alice.peer))
                let callee = try await scene.answered()
                let second = scene.alice
                try await Self.refer(first, second.callID, second.remoteTag, second.localTag)
                let passed = try await bob.peer.request("REFER")
                let mapped = "\(callee.callID)%3Bto-tag%3Dcallee%3Bfrom-tag%3D\(callee.remoteTag)"
                #expect(passed.first("Refer-To") == "<\(Scene.number)?Replaces=\(mapped)>")
                try await bob.peer.reply(202, to: passed, bob.peer.contact)
                try await first.peer.response(202, to: "REFER")
                try await scene.hangUp()
                try await Self.refer(first, second.callID, second.remoteTag, second.localTag)
                try await first.peer.response(403, to: "REFER")
                try await first.send("BYE")
                try await bob.peer.reply(200, to: try await bob.peer.request("BYE"))
                try await first.peer.response(200, to: "BYE")
            }
        }
    }
}
