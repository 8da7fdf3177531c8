// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SessionDescription
import Testing

@Suite("Codec filter in multipart bodies")
struct MultipartTests {
    private let wide = SampleOffer.head + "m=audio 9 RTP/AVP 0 8\r\n"
    private let narrow = SampleOffer.head + "m=audio 9 RTP/AVP 0\r\n"

    private func body(_ description: String, length: Int? = nil) -> String {
        let lengthField = length.map { "Content-Length: \($0)\r\n" } ?? ""
        return "preamble\r\n--b 1\r\nContent-Type: application/isup\r\n\r\nm=audio 9 RTP/AVP 0 8\r\n--b 1  \r\n"
            + "content-type:\r\n application/sdp\r\n\(lengthField)Content-Disposition: session\r\n\r\n\(description)"
            + "\r\n--b 1--\r\nepilogue m=audio 9 RTP/AVP 0 8"
    }

    @Test(
        "RFC 2046 §5.1: the session description part is filtered in place and all else kept",
        arguments: ["multipart/mixed", "Multipart/Related;type=x", "multipart/alternative", "multipart/unheard-of"]
    )
    func filteredInPlace(_ type: String) throws {
        let outcome = try filter(body(wide), "PCMU", type: type + "; boundary=\"b 1\"; x=y")
        #expect(outcome.text == body(narrow))
        #expect(outcome.lines.map(\.after) == [["PCMU"]])
    }

    @Test("A part's own Content-Length follows its new length")
    func contentLength() throws {
        let outcome = try filter(
            body(wide, length: wide.utf8.count),
            "PCMU",
            type: "multipart/mixed; boundary=\"b 1\""
        )
        #expect(outcome.text == body(narrow, length: narrow.utf8.count))
    }

    @Test("Nested multipart bodies are filtered, with the lengths of both layers; beyond four layers refused")
    func nesting() throws {
        func nested(_ inner: String) -> String {
            let part =
                "--i\r\nContent-Type: application/sdp\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)\r\n--i--\r\n"
            return
                "--o\r\nContent-Type: multipart/mixed;boundary=i\r\nContent-Length: \(part.utf8.count)\r\n\r\n\(part)\r\n--o--\r\n"
        }
        #expect(try filter(nested(wide), "PCMU", type: "multipart/mixed;boundary=o").text == nested(narrow))
        var deep = wide
        for layer in 0..<6 {
            let type = layer == 0 ? "application/sdp" : "multipart/mixed;boundary=x\(layer - 1)"
            deep = "--x\(layer)\r\nContent-Type: \(type)\r\n\r\n\(deep)\r\n--x\(layer)--"
        }
        #expect(try filter(deep, "PCMU", type: "multipart/mixed;boundary=x5").isMalformed)
    }

    @Test("A part without a type, a signed body and a body without a description are left alone")
    func leftAlone() throws {
        let plain = "--b\r\n\r\n\(wide)\r\n--b--\r\n"
        #expect(try filter(plain, "PCMU", type: "multipart/mixed;boundary=b") == .unchanged)
        let signed = body(wide)
        #expect(try filter(signed, "PCMU", type: "multipart/signed;boundary=\"b 1\"") == .unchanged)
    }

    @Test("Alternatives are judged together: one that keeps a codec is enough")
    func alternatives() throws {
        let other = SampleOffer.head + "m=audio 9 RTP/AVP 18\r\n"
        let both =
            "--b\nContent-Type: application/sdp\n\n\(other)\n--b\nContent-Type: application/sdp\n\n\(wide)\n--b--\n"
        let outcome = try filter(both, "PCMU", type: "multipart/alternative;boundary=b")
        let expected = both.replacing("9 RTP/AVP 18", with: "0 RTP/AVP 18").replacing("0 8", with: "0")
        #expect(outcome.text == expected)
        let none = try filter(both, "opus", type: "multipart/alternative;boundary=b")
        #expect(none == .nothingLeft(offered: ["G729", "PCMU", "PCMA"]))
    }

    @Test(
        "What cannot be read for certain is malformed",
        arguments: ["multipart/mixed", "multipart/mixed;boundary=\"\"", "multipart/mixed;boundary=b", "multipart"]
    )
    func malformed(_ type: String) throws {
        #expect(try filter(body(wide), "PCMU", type: type).isMalformed)
    }

    @Test("A description in base64 cannot be filtered and is malformed")
    func transferEncoding() throws {
        let encoded =
            "--b\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\ndj0w\r\n--b--\r\n"
        #expect(try filter(encoded, "PCMU", type: "multipart/mixed;boundary=b").isMalformed)
    }

    @Test("A multipart body without a part, and a line that merely begins with the boundary, are malformed")
    func unsureBoundary() throws {
        #expect(try filter(wide, "PCMU", type: "multipart/mixed;boundary=b").isMalformed)
        let text = "--b\r\nContent-Type: application/sdp\r\n\r\n\(wide)\r\n--bc\r\n\r\n--b--\r\n"
        #expect(try filter(text, "PCMU", type: "multipart/mixed;boundary=b").isMalformed)
    }

    @Test("A body whose closing boundary is missing is filtered to its end")
    func missingClose() throws {
        let open = "--b\r\nContent-Type: application/sdp\r\n\r\n"
        #expect(try filter(open + wide, "PCMU", type: "multipart/mixed;boundary=b").text == open + narrow)
    }
}
