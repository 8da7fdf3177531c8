// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.timeLimit(.minutes(3)))
struct RefusalTests {
    private func withPhone(_ body: (Phone) async throws -> Void) async throws {
        try await Deployment().run { try await body(try await Phone.udp($0)) }
    }

    @Test("RFC 3261 §8.2 a malformed request is answered 400 and told why")
    func malformed() async throws {
        try await withPhone { phone in
            let good = phone.compose("INVITE", to: Scene.number)
            try await phone.peer.send(good.replacing("CSeq: 0 INVITE", with: "CSeq: 0 OPTIONS"))
            let answer = try await phone.peer.response(400)
            #expect(answer.first("Warning").hasPrefix("399 "))
            #expect(answer.first("Warning").contains("CSeq"))
        }
    }

    @Test(
        "RFC 3261 §8.2.2.1 a scheme that is not served is answered 416",
        arguments: ["sips:alice@edge.example.com", "http://edge.example.com"]
    )
    func scheme(_ uri: String) async throws {
        try await withPhone { phone in
            try await phone.send("OPTIONS", to: uri)
            try await phone.peer.response(416)
        }
    }

    @Test("RFC 3261 §16.3 step 3 Max-Forwards 0 is answered 483")
    func maxForwards() async throws {
        try await withPhone { phone in
            let request = phone.compose("INVITE", to: Scene.number)
            try await phone.peer.send(request.replacing("Max-Forwards: 70", with: "Max-Forwards: 0"))
            try await phone.peer.response(483)
        }
    }

    @Test("RFC 3261 §16.3 step 5 an unknown Proxy-Require is answered 420 and named")
    func proxyRequire() async throws {
        try await withPhone { phone in
            try await phone.send("INVITE", to: Scene.number, "Proxy-Require: teleport, privacy\r\n")
            #expect(try await phone.peer.response(420).all("Unsupported") == ["teleport"])
        }
    }

    @Test("RFC 3261 §8.2.1 an unknown method is answered 501, a known one that is not served 405, both with Allow")
    func methods() async throws {
        try await withPhone { phone in
            try await phone.send("TELEPORT")
            #expect(try await phone.peer.response(501).first("Allow").contains("INVITE"))
            try await phone.send("MESSAGE")
            let answer = try await phone.peer.response(405)
            #expect(answer.first("Allow").contains("INVITE") && !answer.first("Allow").contains("MESSAGE"))
        }
    }

    @Test("RFC 3261 §11.2 OPTIONS is answered 200 with what is supported")
    func options() async throws {
        try await withPhone { phone in
            try await phone.send("OPTIONS")
            let answer = try await phone.peer.response(200)
            #expect(answer.first("Allow").contains("INVITE") && answer.has("Accept") && answer.has("Supported"))
        }
    }

    @Test("RFC 3261 §17.1.1.3 an ACK that belongs to nothing is not answered")
    func strayAcknowledgement() async throws {
        try await withPhone { phone in
            phone.remoteTag = "0000000000000000"
            try await phone.send("ACK")
            phone.remoteTag = ""
            try await phone.send("OPTIONS")
            try await phone.peer.response(200, to: "OPTIONS")
        }
    }

    @Test("RFC 3261 §9.2 a CANCEL that matches nothing is answered 481")
    func strayCancel() async throws {
        try await withPhone { phone in
            try await phone.send("CANCEL", to: Scene.number)
            try await phone.peer.response(481)
        }
    }

    @Test("RFC 3261 §15.1.2 a BYE that matches no dialog is answered 481")
    func strayBye() async throws {
        try await withPhone { phone in
            phone.remoteTag = Phone.token()
            try await phone.send("BYE")
            try await phone.peer.response(481)
        }
    }
}
