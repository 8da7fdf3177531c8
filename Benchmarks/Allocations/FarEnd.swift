// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// The trunk: takes the INVITE and the BYE, and answers when it is told to.
final class FarEnd {
    /// The port it is reached at.
    var port: UInt16 { peer.port }

    private let peer: Peer
    private let answer = """
        v=0\r
        o=user1 53655765 2353687637 IN IP4 127.0.0.1\r
        s=-\r
        c=IN IP4 127.0.0.1\r
        t=0 0\r
        m=audio 6000 RTP/AVP 0\r
        a=rtpmap:0 PCMU/8000\r

        """

    /// Opens the socket.
    init() throws {
        peer = try Peer()
    }

    /// Waits for a request.
    func awaitRequest(_ method: Method) throws -> SIPMessage {
        try peer.request(method)
    }

    /// Answers 180.
    func ring(_ invite: SIPMessage, gateway: UInt16) throws {
        try peer.send(lines(invite, "180 Ringing", tag: ";tag=far"), to: gateway)
    }

    /// Answers an INVITE 200.
    func accept(_ invite: SIPMessage, gateway: UInt16) throws {
        let type = ["Content-Type: application/sdp"]
        try peer.send(lines(invite, "200 OK", tag: ";tag=far") + type, body: answer, to: gateway)
    }

    /// Answers a BYE 200.
    func confirm(_ bye: SIPMessage, gateway: UInt16) throws {
        try peer.send(lines(bye, "200 OK", tag: ""), to: gateway)
    }

    private func lines(_ request: SIPMessage, _ status: String, tag: String) -> [String] {
        [
            "SIP/2.0 \(status)", "Via: \(request.value(.via))", "From: \(request.value(.from))",
            "To: \(request.value(.to))\(tag)", "Call-ID: \(request.value(.callID))", "CSeq: \(request.value(.cseq))",
            "Contact: <sip:127.0.0.1:\(peer.port);transport=UDP>",
        ]
    }
}
