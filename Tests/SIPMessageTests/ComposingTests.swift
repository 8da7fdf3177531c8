// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing

@Suite("Composing")
struct ComposingTests {
    @Test("no received value can grow into a header field of its own")
    func injection() throws {
        let request = try message([(.subject, "a\r\nX-Evil: 1\r\n\r\nbody\0\u{7F}"), (.subject, "b")])
        var composer = MessageComposer()
        composer.copyFields(.subject, of: request)
        composer.finish()
        let text = String(decoding: composer.bytes, as: UTF8.self)
        #expect(text == "Subject: a  X-Evil: 1    body  \r\nSubject: b\r\nContent-Length: 0\r\n\r\n")
    }

    @Test(
        "numbers",
        arguments: [(0, "0"), (7, "7"), (10, "10"), (65_535, "65535"), (-5, "0"), (Int.max, "9223372036854775807")]
    )
    func numbers(value: Int, text: String) {
        var composer = MessageComposer()
        composer.append(decimal: value)
        #expect(String(decoding: composer.bytes, as: UTF8.self) == text)
    }

    @Test("an IPv6 host gets its brackets, and 64 bits their 16 digits")
    func hosts() {
        var composer = MessageComposer()
        composer.append(host: "2001:db8::1")
        composer.append(host: "192.0.2.1")
        composer.append(hexadecimal: 0xAB)
        #expect(String(decoding: composer.bytes, as: UTF8.self) == "[2001:db8::1]192.0.2.100000000000000ab")
    }

    @Test("a body follows its length")
    func body() {
        var composer = MessageComposer()
        composer.finish(body: Array("xxv=0xx".utf8), FieldRange(2..<5))
        #expect(String(decoding: composer.bytes, as: UTF8.self) == "Content-Length: 3\r\n\r\nv=0")
    }
}

@Suite("Response template (RFC 3261 §8.2.6)")
struct ResponseTemplateTests {
    static let source = RequestSource(host: "192.0.2.9", port: 1024)

    private func compose(_ lines: [(HeaderName, String)], status: Int = 200, tag: String? = "t") throws -> [String] {
        let template = ResponseTemplate(try message(lines), source: Self.source)
        var composer = template.start(status: status, toTag: tag.map { Array($0.utf8) })
        composer.finish()
        return String(decoding: composer.bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    private static let base: [(HeaderName, String)] = [
        (.via, "SIP/2.0/UDP h:5080;branch=z9hG4bKx;rport, SIP/2.0/TCP i;branch=z9hG4bKy"),
        (.via, "SIP/2.0/UDP j;branch=z9hG4bKz"), (.from, "<sip:a@b>;tag=1"), (.to, "<sip:c@d>"), (.callID, "x@y"),
        (.cseq, "1 INVITE"), (.subject, "secret"),
    ]

    @Test("§8.2.6.2 Via, From, To, Call-ID and CSeq are repeated, and nothing else")
    func repeated() throws {
        #expect(
            try compose(Self.base) == [
                "SIP/2.0 200 OK",
                "Via: SIP/2.0/UDP h:5080;branch=z9hG4bKx;received=192.0.2.9;rport=1024, SIP/2.0/TCP i;branch=z9hG4bKy",
                "Via: SIP/2.0/UDP j;branch=z9hG4bKz", "From: <sip:a@b>;tag=1", "Call-ID: x@y", "CSeq: 1 INVITE",
                "To: <sip:c@d>;tag=t", "Content-Length: 0",
            ]
        )
    }

    @Test("§8.2.6.2 a To tag stays as it is, and 100 adds none")
    func tags() throws {
        var lines = Self.base
        #expect(try compose(lines, status: 100, tag: nil).contains("To: <sip:c@d>"))
        lines[3].1 = "<sip:c@d>;tag=own"
        #expect(try compose(lines).contains("To: <sip:c@d>;tag=own"))
    }

    @Test("RFC 3581 §4 rport is filled only when asked for, and the sender's own received is not believed")
    func received() throws {
        var lines = Self.base
        lines[0].1 = "SIP/2.0/UDP h;received=10.0.0.1;branch=z9hG4bKx"
        #expect(try compose(lines)[1] == "Via: SIP/2.0/UDP h;branch=z9hG4bKx;received=192.0.2.9")
    }

    @Test("folded values are repeated on one line")
    func folded() throws {
        var lines = Self.base
        lines[2].1 = "<sip:a@b>\r\n ;tag=1"
        #expect(try compose(lines).contains("From: <sip:a@b>   ;tag=1"))
    }

    @Test("a refused request is answered from the fields that were found")
    func refused() throws {
        let whole = try message(Self.base)
        let template = ResponseTemplate(
            bytes: whole.bytes,
            fields: [whole.fields[1], whole.fields[4]],
            source: Self.source
        )
        let composer = template.start(status: 400, reason: "Bad", toTag: Array("t".utf8))
        let text = String(decoding: composer.bytes, as: UTF8.self)
        #expect(text.hasPrefix("SIP/2.0 400 Bad\r\nVia: SIP/2.0/UDP j;branch=z9hG4bKz\r\nCall-ID: x@y\r\n"))
    }

    @Test("status phrases have no line end and are never empty")
    func phrases() {
        for status in 100...699 {
            let phrase = "\(StatusPhrase.of(status))"
            #expect(!phrase.isEmpty)
            #expect(phrase.utf8.allSatisfy { $0 >= 32 && $0 < 127 })
        }
    }
}

@Suite("Outgoing requests")
struct OutgoingRequestTests {
    static let invite = OutgoingRequest(
        method: .invite,
        uri: Array("sip:c@d".utf8),
        via: ViaLine(transport: .udp, sentBy: Array("192.0.2.1:5060".utf8), branch: 0x1234),
        routes: Array("Route: <sip:p;lr>\r\n".utf8),
        from: Array("<sip:a@b>;tag=1".utf8),
        to: Array("<sip:c@d>".utf8),
        callID: Array("x@y".utf8),
        sequenceNumber: 7,
        maxForwards: 69
    ) { composer in
        composer.field("Subject", "x")
        composer.finish()
    }

    private func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    @Test("§8.1.1 the lines of a request")
    func request() {
        #expect(
            lines(Self.invite.bytes) == [
                "INVITE sip:c@d SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK0000000000001234;rport",
                "Max-Forwards: 69", "Route: <sip:p;lr>", "From: <sip:a@b>;tag=1", "To: <sip:c@d>", "Call-ID: x@y",
                "CSeq: 7 INVITE", "Subject: x", "Content-Length: 0",
            ]
        )
    }

    @Test("§17.1.1.3 the ACK repeats the INVITE's lines and takes To from the response")
    func acknowledgement() throws {
        let response = try message([(.to, "<sip:c@d>;tag=9")])
        #expect(
            lines(Self.invite.acknowledgement(of: response)) == [
                "ACK sip:c@d SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK0000000000001234;rport",
                "Max-Forwards: 70", "Route: <sip:p;lr>", "From: <sip:a@b>;tag=1", "To: <sip:c@d>;tag=9", "Call-ID: x@y",
                "CSeq: 7 ACK", "Content-Length: 0",
            ]
        )
    }

    @Test("§9.1 the CANCEL repeats the INVITE's lines, To included")
    func cancellation() {
        let cancel = Self.invite.cancellation(reason: "SIP;cause=200")
        #expect(cancel.method == .cancel)
        #expect(
            lines(cancel.bytes) == [
                "CANCEL sip:c@d SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK0000000000001234;rport",
                "Max-Forwards: 70", "Route: <sip:p;lr>", "From: <sip:a@b>;tag=1", "To: <sip:c@d>", "Call-ID: x@y",
                "CSeq: 7 CANCEL", "Reason: SIP;cause=200", "Content-Length: 0",
            ]
        )
    }

    @Test("§18.1.1 the transport changes in place, there and back")
    func transport() {
        var request = Self.invite
        request.setViaTransport(.tcp)
        #expect(lines(request.bytes)[1].hasPrefix("Via: SIP/2.0/TCP 192.0.2.1"))
        request.setViaTransport(.udp)
        #expect(request.bytes == Self.invite.bytes)
    }

    @Test("a branch of ours gives its number back, and no other does")
    func branches() {
        func number(_ text: String) -> UInt64? {
            let bytes = Array(text.utf8)
            return ViaLine.branchNumber(bytes.span, 0..<bytes.count)
        }
        #expect(number("z9hG4bK0000000000001234") == 0x1234)
        for text in ["z9hG4bK", "z9hG4bK000000000000123", "z9hG4bK000000000000123g", "Z9hG4bK0000000000001234", ""] {
            #expect(number(text) == nil, "\(text)")
        }
    }
}
