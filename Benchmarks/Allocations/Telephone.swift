// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import SIPMessage

/// The caller: registers, and calls the trunk through the gateway.
final class Telephone {
    private let peer: Peer
    private let gateway: UInt16
    private let invite: Fixture
    private let register: Fixture
    private let responder: DigestResponder
    private var number = 0
    private var registerSequence = 0

    /// Makes a telephone that talks to the gateway at a port of 127.0.0.1.
    init(gateway: UInt16, fixtures: String) throws {
        peer = try Peer()
        self.gateway = gateway
        invite = try Fixture(path: fixtures + "/invite.sip")
        register = try Fixture(path: fixtures + "/register.sip")
        responder = try DigestResponder()
    }

    /// Registers: a REGISTER, its challenge, the same with credentials, its 200.
    func registerOnce() throws {
        try peer.send(registration(nil), to: gateway)
        let challenge = try peer.response(401)
        let answer = try credentials(challenge, .wwwAuthenticate, "REGISTER", "sip:edge.example.com")
        try peer.send(registration(answer), to: gateway)
        _ = try peer.response(200)
    }

    private func registration(_ credentials: String?) -> [String] {
        registerSequence += 1
        return register.lines([
            "Via": via(), "Contact": "<sip:alice@127.0.0.1:\(peer.port)>", "CSeq": "\(registerSequence) REGISTER",
            "Authorization": credentials,
        ])
    }

    /// The first step of a call: INVITE without credentials, 407, ACK.
    func openCall() throws -> SIPMessage {
        number += 1
        try peer.send(invitation(1, nil), body: invite.body, to: gateway)
        let challenge = try peer.response(407)
        var lines = ["ACK \(target) SIP/2.0"]
        lines += ["Via: \(challenge.value(.via))", "Max-Forwards: 70", "From: \(challenge.value(.from))"]
        lines += ["To: \(challenge.value(.to))", "Call-ID: \(callID)", "CSeq: 1 ACK"]
        try peer.send(lines, to: gateway)
        return challenge
    }

    /// The second step: INVITE with credentials.
    func offerCall(_ challenge: SIPMessage) throws {
        let answer = try credentials(challenge, .proxyAuthenticate, "INVITE", target)
        try peer.send(invitation(2, answer), body: invite.body, to: gateway)
    }

    /// Waits for the 180 of the call.
    func awaitRinging() throws {
        _ = try peer.response(180)
    }

    /// The third step: takes the 200 and acknowledges it.
    func acknowledge() throws -> SIPMessage {
        let success = try peer.response(200)
        try peer.send(inDialog("ACK", 2, success), to: gateway)
        return success
    }

    /// The last step: BYE and its 200.
    func hangUp(_ success: SIPMessage) throws {
        try peer.send(inDialog("BYE", 3, success), to: gateway)
        _ = try peer.response(200)
    }

    private var target: String { "sip:+15559876543@127.0.0.1:\(gateway);user=phone" }
    private var callID: String { "\(number)-bench@127.0.0.1" }

    private func via() -> String {
        "SIP/2.0/UDP 127.0.0.1:\(peer.port);branch=z9hG4bK-\(UInt64.random(in: .min ... .max));rport"
    }

    private func invitation(_ sequence: Int, _ credentials: String?) -> [String] {
        var lines = invite.lines([
            "Via": via(), "CSeq": "\(sequence) INVITE", "Call-ID": callID, "Proxy-Authorization": credentials,
            "From": "\"Alice Smith\" <sip:+15551234567@edge.example.com>;tag=bench\(number)",
            "Contact": "<sip:alice@127.0.0.1:\(peer.port);transport=udp>;"
                + "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"",
        ])
        lines[0] = "INVITE \(target) SIP/2.0"
        return lines
    }

    private func inDialog(_ method: String, _ sequence: Int, _ success: SIPMessage) -> [String] {
        [
            "\(method) \(success.contactURI) SIP/2.0", "Via: \(via())", "Max-Forwards: 70",
            "From: \(success.value(.from))", "To: \(success.value(.to))", "Call-ID: \(callID)",
            "CSeq: \(sequence) \(method)",
        ]
    }

    private func credentials(
        _ message: SIPMessage,
        _ field: HeaderName,
        _ method: String,
        _ uri: String
    ) throws -> String {
        guard let range = message.first(field)?.indices else { throw BenchmarkError("there is no challenge") }
        let answer = try responder.answer(
            try DigestChallenge(parsing: message.bytes, in: range),
            username: "alice",
            secret: .password("secret"),
            method: Array(method.utf8).span,
            uri: Array(uri.utf8).span,
            clientNonce: Array("6b8b4567".utf8).span,
            nonceCount: 1
        )
        return String(decoding: answer, as: UTF8.self)
    }
}
