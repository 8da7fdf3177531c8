// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SessionDescription
import Testing

@Suite("The session description in a body")
struct SessionDescriptionPartTests {
    private let description = SampleOffer.head + "m=audio 9 RTP/AVP 0\r\n"

    private func find(_ body: String, _ type: String?) -> String? {
        let bytes = Array("head\r\n\(body)tail".utf8)
        let range = 6..<(6 + body.utf8.count)
        let found = SessionDescriptionPart.find(bytes, body: range, contentType: type.map { Array($0.utf8) })
        return found.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    private func part(_ type: String, _ body: String, _ more: String = "") -> String {
        "--b\r\nContent-Type: \(type)\r\n\(more)\r\n\(body)\r\n"
    }

    @Test("RFC 3261 §20.15: a body of application/sdp, or one without a type that begins like one, is all of it")
    func bare() {
        #expect(find(description, "application/sdp") == description)
        #expect(find(description, "Application / SDP;x=y") == description)
        #expect(find(description, nil) == description)
        #expect(find("x\(description)", nil) == nil)
        #expect(find("x\(description)", "application/sdp") == nil)
        #expect(find(description, "text/plain") == nil)
        #expect(find(description, "sdp") == nil)
        #expect(find("", nil) == nil)
    }

    @Test("RFC 2046 §5.1: the first part of the type is found, in any depth to four")
    func parts() {
        let both = part("text/plain", "x") + part("application/sdp", description) + part("application/sdp", "v=1\r\n")
        #expect(find(both + "--b--", "multipart/mixed;boundary=b") == description)
        let inner = "--c\r\nContent-Type: application/sdp\r\n\r\n\(description)\r\n--c--"
        #expect(
            find(part("multipart/alternative;boundary=c", inner) + "--b--", "multipart/mixed;boundary=b") == description
        )
        #expect(find(part("text/plain", "x") + "--b--", "multipart/mixed;boundary=b") == nil)
        func nested(_ depth: Int) -> String {
            (1...depth).reduce(description) { inner, level in
                let type = level == 1 ? "application/sdp" : "multipart/mixed;boundary=b\(level - 1)"
                return "--b\(level)\r\nContent-Type: \(type)\r\n\r\n\(inner)\r\n--b\(level)--"
            }
        }
        #expect(find(nested(4), "multipart/mixed;boundary=b4") == description)
        #expect(find(nested(5), "multipart/mixed;boundary=b5") == nil)
    }

    @Test("A part that cannot be read as it stands is none: a transfer encoding, a signature, an unclear boundary")
    func unreadable() {
        let encoded = part("application/sdp", description, "Content-Transfer-Encoding: base64\r\n") + "--b--"
        #expect(find(encoded, "multipart/mixed;boundary=b") == nil)
        let plain = part("application/sdp", description, "Content-Transfer-Encoding: 8BIT\r\n") + "--b--"
        #expect(find(plain, "multipart/mixed;boundary=b") == description)
        let signed = part("application/sdp", description) + "--b--"
        #expect(find(signed, "multipart/signed;boundary=b") == nil)
        #expect(find("--bx\r\n" + signed, "multipart/mixed;boundary=b") == nil)
        #expect(find(signed, "multipart/mixed") == nil)
    }
}
