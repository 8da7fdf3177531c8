// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication

/// What answers a digest challenge.
struct Credentials: Sendable {
    var username: String
    var password: String

    static let alice = Credentials(username: "alice", password: "alice-secret")
    static let bob = Credentials(username: "bob", password: "bob-secret")

    /// The value of an Authorization header field that answers one challenge.
    func answer(
        _ challenge: String,
        method: String,
        uri: String,
        count: UInt32 = 1,
        clientNonce: String = "c0ffee"
    )
        throws -> String
    {
        let bytes = Array(challenge.utf8)
        let parsed = try DigestChallenge(parsing: bytes, in: 0..<bytes.count)
        let uri = Array(uri.utf8)
        let method = Array(method.utf8)
        let clientNonce = Array(clientNonce.utf8)
        let value = try DigestResponder().answer(
            parsed,
            username: username,
            secret: .password(password),
            method: method.span,
            uri: uri.span,
            clientNonce: clientNonce.span,
            nonceCount: count
        )
        return String(decoding: value, as: UTF8.self)
    }
}

/// A telephone: it registers, calls, and answers, over a socket of its own.
final class Phone {
    let peer: Peer
    let credentials: Credentials
    let transport: String
    var callID = Phone.token()
    var localTag = Phone.token()
    var remoteTag = ""
    var sequence = 0
    var target = "sip:edge.example.com"
    var routes = ""
    /// The last request that was sent.
    var lastRequest = ""
    var lastBranch = ""
    var address = "127.0.0.1"
    var displayName = ""
    /// The Request-URI of a REGISTER.
    var domain = "sip:edge.example.com"

    init(_ peer: Peer, _ credentials: Credentials = .alice, transport: String = "UDP") {
        self.peer = peer
        self.credentials = credentials
        self.transport = transport
    }

    static func udp(_ gateway: Running, _ credentials: Credentials = .alice) async throws -> Phone {
        Phone(try await Peer.udp(to: gateway.udp), credentials)
    }

    static func tcp(_ gateway: Running, _ credentials: Credentials = .alice) async throws -> Phone {
        Phone(try await Peer.connect(to: gateway.tcp), credentials, transport: "TCP")
    }

    static func token() -> String { String(UInt64.random(in: UInt64.min...UInt64.max), radix: 16) }

    var via: String { "SIP/2.0/\(transport) \(address):\(peer.port)" }
    var contact: String {
        "<sip:\(credentials.username)@\(address):\(peer.port)\(transport == "UDP" ? "" : ";transport=\(transport.lowercased())")>"
    }

    /// Composes a request of the current dialog; `to` names its target when there is none yet.
    func compose(
        _ method: String,
        to uri: String? = nil,
        branch: String? = nil,
        sequence: Int? = nil,
        _ headers: String = "",
        body: String = ""
    ) -> String {
        lastBranch = branch ?? "z9hG4bK\(Phone.token())"
        let toValue = "<\(uri ?? target)>\(remoteTag.isEmpty ? "" : ";tag=\(remoteTag)")"
        let type = body.isEmpty || headers.contains("Content-Type") ? "" : "Content-Type: application/sdp\r\n"
        let contact = headers.contains("Contact:") ? "" : "Contact: \(contact)\r\n"
        lastRequest =
            "\(method) \(uri ?? target) SIP/2.0\r\nVia: \(via);branch=\(lastBranch);rport\r\nMax-Forwards: 70\r\n\(routes)"
            + "From: \(displayName)<sip:\(credentials.username)@edge.example.com>;tag=\(localTag)\r\nTo: \(toValue)\r\n"
            + "Call-ID: \(callID)\r\nCSeq: \(sequence ?? self.sequence) \(method)\r\n\(contact)\(headers)\(type)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        return lastRequest
    }

    /// Sends a request that is not ACK or CANCEL.
    func send(_ method: String, to uri: String? = nil, _ headers: String = "", body: String = "") async throws {
        sequence += 1
        try await peer.send(compose(method, to: uri, headers, body: body))
    }

    /// Registers with digest, and hands back the answer to the credentials.
    @discardableResult
    func register(
        _ headers: String = "Expires: 300\r\n",
        status: Int = 200,
        user: String? = nil
    ) async throws -> WireMessage {
        let saved = (callID, localTag, sequence)
        defer { (callID, localTag, sequence) = saved }
        try await sendRegister(headers, user: user)
        let challenge = try await peer.response(401)
        let answer = try credentials.answer(
            challenge.first("WWW-Authenticate"),
            method: "REGISTER",
            uri: domain
        )
        try await sendRegister("Authorization: \(answer)\r\n\(headers)", user: user)
        return try await peer.response(status, to: "REGISTER")
    }

    /// Sends one REGISTER, each with a higher CSeq and one Call-ID per telephone.
    func sendRegister(_ headers: String, user: String? = nil) async throws {
        registrations += 1
        let from = "<sip:\(user ?? credentials.username)@edge.example.com>"
        let contact = headers.contains("Contact:") ? "" : "Contact: \(contact)\r\n"
        try await peer.send(
            "REGISTER \(domain) SIP/2.0\r\nVia: \(via);branch=z9hG4bK\(Phone.token());rport\r\n"
                + "Max-Forwards: 70\r\nFrom: \(from);tag=r\r\nTo: \(from)\r\nCall-ID: register-\(peer.port)\r\n"
                + "CSeq: \(registrations) REGISTER\r\n\(contact)\(headers)Content-Length: 0\r\n\r\n"
        )
    }

    private var registrations = 0

    /// Starts a call; the challenge is answered.
    func invite(_ uri: String, _ headers: String = "", body: String = Phone.offer) async throws {
        try await send("INVITE", to: uri, headers, body: body)
        let challenge = try await peer.response(407)
        try await acknowledgeRefusal(challenge, uri)
        let answer = try credentials.answer(challenge.first("Proxy-Authenticate"), method: "INVITE", uri: uri)
        try await send("INVITE", to: uri, "Proxy-Authorization: \(answer)\r\n\(headers)", body: body)
    }

    /// Sends the ACK of a final response other than 2xx, in the INVITE's own transaction.
    func acknowledgeRefusal(_ response: WireMessage, _ uri: String) async throws {
        let kept = remoteTag
        remoteTag = response.toTag
        try await peer.send(compose("ACK", to: uri, branch: response.branch, sequence: response.sequence))
        remoteTag = kept
    }

    /// Takes the dialog out of a response and acknowledges it.
    func acknowledge(_ answer: WireMessage, body: String = "") async throws {
        takeDialog(answer)
        try await peer.send(compose("ACK", sequence: answer.sequence, "", body: body))
    }

    func takeDialog(_ answer: WireMessage) {
        remoteTag = answer.toTag
        target = answer.contactURI
    }

    /// Sends CANCEL for an INVITE that was sent.
    func cancel(_ uri: String, branch: String) async throws {
        try await peer.send(compose("CANCEL", to: uri, branch: branch, "", body: ""))
    }

    static let offer = session(port: 40_000)

    static func session(port: Int, formats: String = "0 8", _ more: String = "") -> String {
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio \(port) RTP/AVP \(formats)\r\n\(more)"
    }
}
