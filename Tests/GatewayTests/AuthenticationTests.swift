// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.timeLimit(.minutes(3)))
struct AuthenticationTests {
    @Test("RFC 3261 §22.3 a replayed nonce count is challenged again as stale")
    func replay() async throws {
        try await withScene { scene in
            let alice = scene.alice
            try await alice.invite(Scene.number)
            let replayed = alice.lastRequest
            try await scene.trunk.reply(486, to: try await scene.trunk.request("INVITE"))
            try await alice.acknowledgeRefusal(try await alice.peer.response(486), Scene.number)
            let again = replayed.replacing(alice.lastBranch, with: "z9hG4bKagain")
                .replacing(alice.callID, with: Phone.token())
            try await alice.peer.send(again)
            let challenge = try await alice.peer.response(407)
            #expect(challenge.first("Proxy-Authenticate").contains("stale=true"))
        }
    }

    @Test("RFC 7616 §3.3 a nonce that this process did not mint is stale")
    func foreignNonce() async throws {
        try await withScene { scene in
            let alice = scene.alice
            try await alice.send("INVITE", to: Scene.number)
            let challenge = try await alice.peer.response(407)
            let nonce = challenge.first("Proxy-Authenticate").split(separator: "\"").dropFirst(3).first ?? ""
            let foreign = challenge.first("Proxy-Authenticate").replacing(nonce, with: String(nonce.reversed()))
            let answer = try alice.credentials.answer(foreign, method: "INVITE", uri: Scene.number)
            try await alice.send("INVITE", to: Scene.number, "Proxy-Authorization: \(answer)\r\n")
            #expect(try await alice.peer.response(407).first("Proxy-Authenticate").contains("stale=true"))
        }
    }

    @Test("RFC 7616 §3.3 a wrong password is challenged again, and not as stale")
    func wrongPassword() async throws {
        try await withScene { scene in
            let thief = Phone(scene.alice.peer, Credentials(username: "alice", password: "guess"))
            try await thief.invite(Scene.number)
            let challenge = try await thief.peer.response(407)
            #expect(!challenge.first("Proxy-Authenticate").contains("stale"))
        }
    }

    @Test("An INVITE of an endpoint that is not registered is refused with 403")
    func unregistered() async throws {
        try await withScene { scene in
            let bob = try await Phone.udp(scene.gateway, .bob)
            try await bob.invite(Scene.number)
            let refusal = try await bob.peer.response(403)
            #expect(refusal.first("Warning").contains("must register"))
        }
    }

    @Test("An endpoint that need not register calls by digest alone")
    func byDigest() async throws {
        let pbx = "  - {username: pbx, password: pbx-secret, customer: acme, require_registration: false}\n"
        try await withScene(endpoints: pbx) { scene in
            let phone = try await Phone.udp(scene.gateway, Credentials(username: "pbx", password: "pbx-secret"))
            try await phone.invite(Scene.number)
            try await scene.trunk.request("INVITE")
        }
    }

    @Test("An endpoint known by its address calls without credentials, and no other address does")
    func byAddress() async throws {
        let pbx =
            "  - {username: pbx, password: x, customer: acme, require_registration: false, "
            + "source_addresses: [127.8.0.0/16]}\n"
        try await withScene(endpoints: pbx) { scene in
            let inside = Phone(try await Peer.udp(to: scene.gateway.udp, from: "127.8.1.1"))
            try await inside.send("INVITE", to: Scene.number, body: Phone.offer)
            #expect(try await scene.trunk.request("INVITE").has("From"))
            let outside = try await Phone.udp(scene.gateway)
            try await outside.send("INVITE", to: Scene.number, body: Phone.offer)
            try await outside.peer.response(407)
        }
    }

    @Test("RFC 3261 §22.1 credentials never reach the trunk")
    func credentialsStay() async throws {
        try await withScene { scene in
            let invite = try await scene.dial()
            #expect(!invite.has("Proxy-Authorization") && !invite.has("Authorization"))
        }
    }
}
