// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SessionDescription
import Testing

@Suite("Session description index")
struct SessionDescriptionTests {
    private let head = SampleOffer.head

    private func index(_ text: String) throws(MalformedSessionDescription) -> SessionDescription {
        try SessionDescription(Array(text.utf8))
    }

    @Test("RFC 8866 §5.14: an m-line's fields, and the attributes of its section")
    func mediaFields() throws {
        let text =
            head
            + "a=rtpmap:0 session/1\r\nm=audio 49170/2 RTP/SAVPF 0 96 x 0\r\na=fmtp:96 a=b\r\na=ptime:20\r\nm=image 4 udptl t38\r\n"
        let description = try index(text)
        let bytes = Array(text.utf8)
        func at(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let audio = try #require(description.media.first)
        #expect(audio.kind == .audio && audio.port == 49170 && audio.isRTP && audio.isActive)
        #expect(at(audio.portField) == "49170/2")
        #expect(at(audio.formatField) == "0 96 x 0")
        #expect(description.formats[audio.formats].map(\.payloadType) == [0, 96, nil, nil])
        #expect(description.attributes[audio.attributes].map { at($0.line) } == ["a=fmtp:96 a=b\r\n"])
        let image = try #require(description.media.last)
        #expect(image.kind == .other && !image.isRTP && image.attributes.isEmpty)
    }

    @Test(
        "Every RTP profile is known as one",
        arguments: [
            "RTP/AVP", "RTP/SAVP", "RTP/AVPF", "RTP/SAVPF", "UDP/TLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVP", "TCP/RTP/AVP",
        ]
    )
    func profiles(_ name: String) throws {
        #expect(try index(head + "m=audio 9 \(name) 0\r\n").media.first?.isRTP == true)
    }

    @Test(
        "What is no session description is refused with its line",
        arguments: [
            ("", 0), ("\r\n", 1), ("o=x\r\n", 1), ("v=0\r\nhello\r\n", 2), ("v=0\r\n m=audio 9 RTP/AVP 0\r\n", 2),
            ("v=0\r\nv=0\r\n", 2), ("v=0\r\nm\r\n", 2), ("v=0\r\nm=\r\n", 2), ("v=0\r\n\nm=audio x RTP/AVP 0", 3),
            ("v=0\rm=audio 65536 RTP/AVP 0", 2), ("v=0\nm=audio 1/ RTP/AVP 0", 2), ("v=0\nm=audio 9", 2),
            ("v=0\nm=audio 9 RTP/AVP", 2), ("v=0\nM=audio 9 RTP/AVP 0", 2), ("v=0\na=x\0y", 2),
            ("v=0\nm=audio 99999999999999999999 RTP/AVP 0", 2),
        ]
    )
    func malformed(_ text: String, _ line: Int) throws {
        let error = #expect(throws: MalformedSessionDescription.self) { try index(text) }
        #expect(error?.line == line)
    }

    @Test("At most 2048 lines, 64 m-lines and 128 formats on one")
    func limits() throws {
        func lines(_ count: Int) -> String { "v=0\n" + String(repeating: "a=x\n", count: count - 1) }
        func media(_ count: Int) -> String { head + String(repeating: "m=audio 9 RTP/AVP 0\n", count: count) }
        func formats(_ count: Int) -> String { head + "m=audio 9 RTP/AVP" + String(repeating: " 0", count: count) }
        _ = try index(lines(2048))
        _ = try index(media(64))
        _ = try index(formats(128))
        for text in [lines(2049), media(65), formats(129)] {
            #expect(throws: MalformedSessionDescription.self) { try index(text) }
        }
        #expect(try filter(media(65), "PCMU").isMalformed)
    }
}
