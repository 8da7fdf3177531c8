// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SessionDescription

struct AuthoredSessionTests {
    private static func session(_ media: String...) -> [UInt8] {
        Array(("v=0\r\no=- 5 5 IN IP4 203.0.113.5\r\ns=-\r\nt=0 0\r\n" + media.map { "m=\($0)\r\n" }.joined()).utf8)
    }

    private static func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    @Test("RFC 3264 §6 an answer has the offer's lines in their order, nothing flows, rejected lines stay rejected")
    func inactive() throws {
        var session = AuthoredSession(identifier: 40, host: "192.0.2.1")
        let offer = Self.session(
            "audio 4000 RTP/AVP 0 96\r\na=rtpmap:96 x/8000",
            "video 0 RTP/AVP 31",
            "image 9 udptl t38"
        )
        #expect(
            Self.text(session.inactiveAnswer(to: offer))
                == "v=0\r\no=- 10 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
                + "m=audio 9 RTP/AVP 0 96\r\na=rtpmap:96 x/8000\r\na=inactive\r\n"
                + "m=video 0 RTP/AVP 31\r\nm=image 0 udptl t38\r\n"
        )
    }

    @Test("An offer by IPv6 is answered by IPv6, under an o= of the gateway's own address")
    func addressFamily() throws {
        var session = AuthoredSession(identifier: 40, host: "[2001:db8::1]")
        let offer = Array("v=0\r\no=- 5 5 IN IP6 ::2\r\ns=-\r\nc=IN IP6 ::2\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\n".utf8)
        let answer = Self.text(session.inactiveAnswer(to: offer))
        #expect(answer.contains("o=- 10 1 IN IP6 2001:db8::1\r\n") && answer.contains("c=IN IP6 ::\r\n"))
    }

    @Test(
        "What cannot be read, or has no m-line, is not answered and not offered",
        arguments: ["", "x", "v=0\r\ns=-\r\n"]
    )
    func unreadable(text: String) {
        var session = AuthoredSession(identifier: 1, host: "h")
        #expect(session.inactiveAnswer(to: Array(text.utf8)) == nil)
        #expect(session.offer(Array(text.utf8)) == nil)
        #expect(session.answer(Array("x".utf8)) == Array("x".utf8))
    }

    @Test("RFC 3264 §8 the version goes up by one with a new description, and stays with the same one")
    func version() throws {
        var session = AuthoredSession(identifier: 40, host: "h")
        let (one, two) = (Self.session("audio 1 RTP/AVP 0"), Self.session("audio 2 RTP/AVP 0"))
        for (offer, version) in [(one, 1), (one, 1), (two, 2), (one, 3)] {
            #expect(Self.text(session.offer(offer)).contains("o=- 10 \(version) IN IP4 h\r\n"))
        }
        let kept = AuthoredSession(kept: session.identifier, version: session.version, host: "h", lines: session.lines)
        #expect(kept.version > session.version && kept.identifier == session.identifier)
    }

    @Test(
        "RFC 3264 §8 lines keep their order and never become fewer; the answer finds its way back",
        arguments: [
            (["audio", "video"], ["audio"], ["audio 7", "video 0"], ["audio"]),
            (["audio"], ["audio", "video"], ["audio 7", "video 8"], ["audio", "video"]),
            (["audio", "video"], ["video", "audio"], ["audio 8", "video 7"], ["video", "audio"]),
            (["audio"], ["video"], ["audio 0", "video 7"], ["video"]),
            (["audio", "audio"], ["audio"], ["audio 7", "audio 0"], ["audio"]),
        ]
    )
    func alignment(own: [String], offered: [String], aligned: [String], restored: [String]) throws {
        var session = AuthoredSession(identifier: 1, host: "h")
        let head = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\n"
        func lines(_ text: String) -> [String] {
            text.split(separator: "\r\n").filter { $0.hasPrefix("m=") }.map { String($0.dropFirst(2)) }
        }
        session.noteOffer(Array((head + own.map { "m=\($0) 5 RTP/AVP 0\r\n" }.joined()).utf8))
        let offer = head + offered.enumerated().map { "m=\($1) \(7 + $0) RTP/AVP 0\r\n" }.joined()
        let sent = Self.text(session.offer(Array(offer.utf8)))
        #expect(lines(sent) == aligned.map { "\($0) RTP/AVP 0" })
        let back = Self.text(session.restored(Array(sent.utf8)))
        #expect(lines(back).map { $0.split(separator: " ")[0] } == restored.map { Substring($0) })
    }
}
