// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DemoTrunk

@Suite("RFC 3264 answers")
struct SessionTests {
    private func agreement(_ lines: String) throws -> (index: Int, audio: NegotiatedAudio)? {
        try #require(PeerSession(Array("v=0\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\(lines)".utf8))).agreement()
    }

    @Test("PCMU is preferred, PCMA is taken where it is missing, nothing else is")
    func codecs() throws {
        #expect(try agreement("m=audio 4000 RTP/AVP 8 0\r\n")?.audio.law == .muLaw)
        #expect(try agreement("m=audio 4000 RTP/AVP 18 8\r\n")?.audio.law == .aLaw)
        #expect(try agreement("m=audio 4000 RTP/AVP 18 96\r\na=rtpmap:96 opus/48000/2\r\n") == nil)
        #expect(try agreement("m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 pcmu/8000/1\r\n")?.audio.payloadType == 97)
        #expect(try agreement("m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 G723/8000\r\n") == nil)
        #expect(try agreement("m=audio 0 RTP/AVP 0\r\n") == nil)
        #expect(try agreement("m=audio 4000 RTP/SAVP 0\r\n") == nil)
    }

    @Test(
        "§6.1 the direction is answered in mirror image",
        arguments: [
            ("sendrecv", MediaDirection.sendrecv), ("sendonly", .recvonly), ("recvonly", .sendonly),
            ("inactive", .inactive),
        ]
    )
    func direction(offered: String, answered: MediaDirection) throws {
        let found = try agreement("a=\(offered)\r\nm=audio 4000 RTP/AVP 0\r\n")
        #expect(found?.audio.direction == answered)
        #expect(try agreement("m=audio 4000 RTP/AVP 0\r\na=\(offered)\r\n")?.audio.direction == answered)
    }

    @Test("RFC 2543's hold by an address of zeros stops what the trunk sends")
    func oldHold() throws {
        #expect(try agreement("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n")?.audio.mayTransmit == false)
        #expect(try agreement("m=audio 4000 RTP/AVP 0\r\n")?.audio.mayTransmit == true)
    }

    @Test("§6 every other media line is answered with port 0, in order")
    func otherLines() throws {
        let lines =
            "m=video 4002 RTP/AVP 99\r\nm=audio 4000 RTP/AVP 0 101\r\n"
            + "a=rtpmap:101 telephone-event/8000\r\nm=audio 4004 RTP/AVP 0\r\n"
        let peer = try #require(PeerSession(Array("v=0\r\nc=IN IP4 192.0.2.1\r\nt=3 4\r\n\(lines)".utf8)))
        let agreed = try #require(peer.agreement())
        var local = LocalSession(address: "127.0.0.1", port: 9000)
        let answer = String(decoding: local.answer(to: peer, at: agreed.index, agreed.audio), as: UTF8.self)
        let media = answer.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("m=") || $0.hasPrefix("t=") }
        #expect(
            media == ["t=3 4", "m=video 0 RTP/AVP 99", "m=audio 9000 RTP/AVP 0 101", "m=audio 0 RTP/AVP 0"]
        )
    }

    @Test("§8 the version goes up with a change and stays with a repetition")
    func version() {
        var local = LocalSession(address: "::1", port: 9000)
        let first = local.offer()
        let second = local.offer()
        #expect(second == first)
        let text = String(decoding: first, as: UTF8.self)
        #expect(text.contains(" 1 IN IP6 ::1\r\n"))
        #expect(text.contains("c=IN IP6 ::1\r\n"))
        guard let peer = PeerSession(Array("v=0\r\nc=IN IP6 ::2\r\nm=audio 4 RTP/AVP 0\r\na=sendonly\r\n".utf8)),
            let agreed = peer.agreement()
        else {
            Issue.record("the description is well formed")
            return
        }
        let held = String(decoding: local.answer(to: peer, at: agreed.index, agreed.audio), as: UTF8.self)
        #expect(held.contains(" 2 IN IP6 ::1\r\n"))
    }

    @Test(
        "what is no session description is not read",
        arguments: [
            "", "v=1\r\n", "v=0\r\nm=audio\r\n", "v=0\r\nm=audio 99999 RTP/AVP 0\r\n", "v=0\r\nx\r\n",
            "v=0\r\nc=IN\r\n",
        ]
    )
    func malformed(text: String) {
        #expect(PeerSession(Array(text.utf8)) == nil)
    }
}
