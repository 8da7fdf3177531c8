// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import Gateway
import Testing
import TrunkSupervision

@Suite(.timeLimit(.minutes(3)))
struct TrunkRegistrationTests {
    private static let account = Credentials(username: "acme", password: "carrier-secret")
    private static let nonce = "Digest realm=\"carrier\", nonce=\"abc\", qop=\"auth\", algorithm=SHA-256"

    private func settings(_ more: String = "") -> String {
        "register: {username: acme, password: carrier-secret, domain: carrier.example, contact_user: line1\(more)}"
    }

    private static func carrier(_ peer: Peer, _ settings: String) -> String {
        trunk("carrier", peer.port, settings)
    }

    /// The answer that a REGISTER ought to carry.
    private func expected(_ request: WireMessage, _ challenge: String, count: UInt32) throws -> String {
        let answer = request.first("Authorization")
        let nonce = answer.split(separator: "cnonce=\"").last?.prefix { $0 != "\"" } ?? ""
        return try Self.account.answer(
            challenge,
            method: "REGISTER",
            uri: request.requestURI,
            count: count,
            clientNonce: "\(nonce)"
        )
    }

    private func accept(_ request: WireMessage, _ trunk: Peer, _ seconds: Int) async throws {
        let contact = request.first("Contact")
        let other = "<sip:line9@192.0.2.77>;expires=7"
        try await trunk.reply(200, to: request, "Contact: \(other), \(contact);expires=\(seconds)\r\n")
    }

    private func wait(_ gateway: Running, _ isWanted: (TrunkState) -> Bool) async throws {
        while true {
            if let state = await gateway.server.trunkStates().first, isWanted(state) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test(
        "RFC 3261 §10.2, §22.2 the gateway registers with digest, and refreshes with the same nonce and the next count"
    )
    func registers() async throws {
        let trunk = try await Peer.udp()
        let deployment = try Deployment(trunks: Self.carrier(trunk, settings()))
        try await deployment.run { gateway in
            let first = try await trunk.request("REGISTER")
            #expect(first.requestURI == "sip:carrier.example" && !first.has("Authorization"))
            #expect(first.first("To").contains("<sip:acme@carrier.example>") && first.first("Expires") == "3600")
            #expect(first.first("From").hasPrefix("<sip:acme@carrier.example>;tag="))
            #expect(first.first("Contact") == "<sip:line1@127.0.0.1:\(gateway.udp)>")
            try await trunk.reply(401, to: first, "WWW-Authenticate: \(Self.nonce)\r\n")
            let second = try await trunk.request("REGISTER")
            #expect(second.callID == first.callID && second.sequence == first.sequence + 1)
            #expect(second.first("Authorization") == (try expected(second, Self.nonce, count: 1)))
            try await accept(second, trunk, 2)
            try await wait(gateway) { $0.isRegistered == true }
            let third = try await trunk.request("REGISTER")
            #expect(third.callID == first.callID && third.sequence == second.sequence + 1)
            #expect(third.first("Authorization") == (try expected(third, Self.nonce, count: 2)))
            let fresh = "Digest realm=\"carrier\", nonce=\"def\", qop=\"auth\", algorithm=SHA-256, stale=true"
            try await trunk.reply(401, to: third, "WWW-Authenticate: \(fresh)\r\n")
            let fourth = try await trunk.request("REGISTER")
            #expect(fourth.first("Authorization") == (try expected(fourth, fresh, count: 1)))
            try await accept(fourth, trunk, 3600)
            try await wait(gateway) { $0.isRegistered == true }
        }
    }

    @Test("RFC 3261 §10.2.2 the contact is taken back when the gateway stops")
    func farewell() async throws {
        let trunk = try await Peer.udp()
        let deployment = try Deployment(trunks: Self.carrier(trunk, settings()))
        defer { deployment.remove() }
        let gateway = try await deployment.start()
        let first = try await trunk.request("REGISTER")
        try await accept(first, trunk, 3600)
        try await wait(gateway) { $0.isRegistered == true }
        async let stopped: Void = gateway.server.shutdown()
        let last = try await trunk.request("REGISTER")
        #expect(last.first("Expires") == "0" && last.sequence == first.sequence + 1)
        #expect(last.first("Contact") == first.first("Contact"))
        try await trunk.reply(200, to: last)
        await stopped
    }

    @Test("RFC 3261 §10.2.8 a trunk that wants a longer time gets it")
    func tooBrief() async throws {
        let trunk = try await Peer.udp()
        let deployment = try Deployment(trunks: Self.carrier(trunk, settings(", expires_seconds: 60")))
        try await deployment.run { gateway in
            let first = try await trunk.request("REGISTER")
            #expect(first.first("Expires") == "60")
            try await trunk.reply(423, to: first, "Min-Expires: 900\r\n")
            let second = try await trunk.request("REGISTER")
            #expect(second.first("Expires") == "900")
            try await accept(second, trunk, 900)
            try await wait(gateway) { $0.isRegistered == true }
        }
    }

    @Test("a trunk that wants a registration gets calls only while there is one")
    func required() async throws {
        let trunk = try await Peer.udp()
        let deployment = try Deployment(trunks: Self.carrier(trunk, settings(", required: true")))
        try await deployment.run { gateway in
            let register = try await trunk.request("REGISTER")
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number)
            let refusal = try await alice.peer.response(503)
            try await alice.acknowledgeRefusal(refusal, Scene.number)
            try await accept(register, trunk, 3600)
            try await wait(gateway) { $0.isUp && $0.isRegistered == true }
            let phone = Phone(alice.peer)
            try await phone.invite(Scene.number)
            try await trunk.reply(486, to: try await trunk.request("INVITE"))
            try await trunk.request("ACK")
            try await phone.peer.response(486)
        }
    }

    @Test("incoming calls to the registered contact are refused as ever")
    func incoming() async throws {
        let trunk = try await Peer.udp()
        let deployment = try Deployment(trunks: Self.carrier(trunk, settings()))
        try await deployment.run { gateway in
            try await accept(try await trunk.request("REGISTER"), trunk, 3600)
            try await wait(gateway) { $0.isRegistered == true }
            let caller = try await Phone.udp(gateway)
            try await caller.send("INVITE", to: "sip:line1@127.0.0.1:\(gateway.udp)", body: Phone.offer)
            try await caller.peer.response(407)
        }
    }
}
