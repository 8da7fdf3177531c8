// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPParser
import Testing

/// Messages that libosip2 alone misreads, and what becomes of them here.
@Suite("Probes of the second reader's known gaps")
struct ProbeTests {
    /// A message and the verdict it must get.
    struct Probe: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let expected: Verdict

        init(_ name: String, _ bytes: [UInt8], _ expected: Verdict) {
            self.name = name
            self.bytes = bytes
            self.expected = expected
        }

        var testDescription: String { name }
    }

    static let structure: [Probe] = [
        Probe(
            "NUL at the start of a line hides what follows",
            request(["Subject: x", "\0P-Asserted-Identity: <sip:e@x>"]),
            .refuse(.structure, status: 400)
        ),
        Probe("NUL behind a backslash outside quotes", request(["Subject: a\\\0b"]), .refuse(.structure, status: 400)),
        Probe(
            "NUL behind an escaped backslash inside quotes",
            request(["Subject: \"a\\\\\0b\""]),
            .refuse(.structure, status: 400)
        ),
        Probe("NUL in a quoted pair is valid", request(from: "\"a\\\0b\" <sip:alice@example.com>;tag=1"), .accept),
        Probe("NUL in a quoted pair in a comment is valid", request(["User-Agent: x (a\\\0b)"]), .accept),
        Probe("bare LF", request(["X-A: 1\nX-B: 2"]), .refuse(.structure, status: 400)),
        Probe("bare CR", request(["X-A: 1\rX-B: 2"]), .refuse(.structure, status: 400)),
        Probe("no empty line at the end", request().dropLast(2) + [], .refuse(.structure, status: 400)),
        Probe("space before the colon is valid", request(["X-A : 1"]), .accept),
        Probe("space inside a name", request(["X A: 1"]), .refuse(.structure, status: 400)),
        Probe("no colon", request(["Subject"]), .refuse(.structure, status: 400)),
        Probe("a continuation without a line", [13, 10, 32] + request(), .refuse(.startLine, status: nil)),
    ]

    static let startLines: [Probe] = [
        Probe(
            "lower-case method is another method",
            request("invite", sequence: "1 INVITE"),
            .refuse(.field, status: 400)
        ),
        Probe("method with a parenthesis", request("IN(V"), .refuse(.startLine, status: nil)),
        Probe("lower-case version", Array("OPTIONS sip:a@b sip/2.0\r\n\r\n".utf8), .refuse(.startLine, status: 400)),
        Probe("version with a tail", Array("OPTIONS sip:a@b SIP/2.0...\r\n\r\n".utf8), .refuse(.version, status: 505)),
        Probe("status line without its second space", response("SIP/2.0 200"), .refuse(.version, status: nil)),
        Probe("negative status", response("SIP/2.0 -20 OK"), .refuse(.startLine, status: nil)),
        Probe("five-digit status", response("SIP/2.0 99999 OK"), .refuse(.startLine, status: nil)),
        Probe("status with a letter", response("SIP/2.0 2x0 OK"), .refuse(.startLine, status: nil)),
        Probe("status 099", response("SIP/2.0 099 OK"), .refuse(.startLine, status: nil)),
        Probe("status 700", response("SIP/2.0 700 OK"), .refuse(.startLine, status: nil)),
        Probe("empty reason phrase is valid", response("SIP/2.0 200 "), .accept),
        Probe("status 2^32 + 200", response("SIP/2.0 4294967496 OK"), .refuse(.startLine, status: nil)),
    ]

    static let addresses: [Probe] = [
        Probe("two at signs", request(from: "<sip:alice@evil@trusted.example>;tag=1"), .refuse(.field, status: 400)),
        Probe(
            "two at signs in the Request-URI",
            request(uri: "sip:alice@evil@trusted.example"),
            .refuse(.startLine, status: 400)
        ),
        Probe("a scheme that begins like sip", request(uri: "sipx:bob@example.com"), .accept),
        Probe("a port with a letter", request(uri: "sip:bob@example.com:50x60"), .refuse(.startLine, status: 400)),
        Probe("a port above 65535", request(uri: "sip:bob@example.com:65536"), .refuse(.startLine, status: 400)),
        Probe("port 0", request(uri: "sip:bob@example.com:0"), .refuse(.startLine, status: 400)),
        Probe("%00 in the user", request(from: "<sip:+1555%00666@example.com>;tag=1"), .accept),
        Probe("half an escape", request(from: "<sip:a%4@example.com>;tag=1"), .refuse(.field, status: 400)),
        Probe("escaped user", request(uri: "sip:sips%3Auser%40example.com@example.net"), .accept),
        Probe("IPv6 host", request(uri: "sip:bob@[2001:db8::1]:5070"), .accept),
        Probe("tel", request(uri: "tel:+15551234567;phone-context=x"), .accept),
        Probe("urn", request(uri: "urn:service:sos"), .accept),
        Probe("a scheme with a period in From", request(from: "<soap.beep://x>;tag=1"), .accept),
        Probe("two From, the first empty", request(from: "", ["From: <sip:a@b>;tag=2"]), .refuse(.field, status: 400)),
        Probe("two From", request(["From: <sip:a@b>;tag=2"]), .refuse(.duplicate, status: 400)),
        Probe("two From, one compact", request(["f: <sip:a@b>;tag=2"]), .refuse(.duplicate, status: 400)),
        Probe("malformed Route", request(["Route: <sip:a@b", "Route: <sip:c;lr>"]), .refuse(.field, status: 400)),
        Probe("Route without brackets", request(["Route: sip:a@b;lr"]), .refuse(.field, status: 400)),
        Probe("malformed Record-Route", request(["Record-Route: garbage"]), .refuse(.field, status: 400)),
        Probe(
            "invalid UTF-8 in a display name",
            Self.withByte(0xFF, in: request(from: "\"?\" <sip:a@b>;tag=1")),
            .accept
        ),
        Probe("a tag in a quoted display name", request(from: "\";tag=2\" <sip:a@b>;tag=1"), .accept),
        Probe("two tags", request(from: "<sip:a@b>;tag=1;tag=2"), .accept),
    ]

    static let lengths: [Probe] = [
        Probe(
            "Content-Length 2^32 + 5",
            request(["Content-Length: 4294967301"], body: "12345"),
            .refuse(.contentLength, status: 400)
        ),
        Probe(
            "Content-Length 2^64 + 5",
            request(["Content-Length: 18446744073709551621"], body: "12345"),
            .refuse(.contentLength, status: 400)
        ),
        Probe("negative Content-Length", request(["Content-Length: -1"]), .refuse(.contentLength, status: 400)),
        Probe(
            "Content-Length with a blank inside",
            request(["Content-Length: 5 5"]),
            .refuse(.contentLength, status: 400)
        ),
        Probe("Content-Length with a sign", request(["Content-Length: +0"]), .refuse(.contentLength, status: 400)),
        Probe(
            "two equal Content-Length",
            request(["Content-Length: 0", "l: 0"]),
            .refuse(.contentLength, status: 400)
        ),
        Probe("body without Content-Type is kept", request(["Content-Length: 5"], body: "12345"), .accept),
        Probe("body with NUL", request(["Content-Type: a/b", "Content-Length: 5"], body: "1\u{0}\n\r5"), .accept),
        Probe("CSeq 2^31", request(sequence: "2147483648 OPTIONS"), .refuse(.field, status: 400)),
        Probe("CSeq 2^32 + 1", request(sequence: "4294967297 OPTIONS"), .refuse(.field, status: 400)),
        Probe("negative CSeq", request(sequence: "-1 OPTIONS"), .refuse(.field, status: 400)),
        Probe("CSeq of another method", request(sequence: "1 INVITE"), .refuse(.field, status: 400)),
        Probe("Max-Forwards 256", request(["Max-Forwards: 256"]), .refuse(.field, status: 400)),
        Probe("branch of the cookie alone", request(via: "SIP/2.0/UDP a;branch=z9hG4bK"), .refuse(.field, status: 400)),
        Probe("no branch (RFC 2543)", request(via: "SIP/2.0/UDP a"), .accept),
        Probe("Via of another version", request(via: "SIP/3.0/UDP a;branch=z9hG4bKx"), .refuse(.field, status: 400)),
    ]

    static let lists: [Probe] = [
        Probe(
            "every compact form",
            request([
                "k: 100rel", "s: x", "o: presence", "u: presence", "r: <sip:a@b>", "b: <sip:c@d>", "x: 90", "y: abc",
                "n: <https://x>", "a: *", "d: proxy", "j: *", "e: gzip", "m: <sip:a@b>", "c: a/b", "l: 0",
            ]),
            .accept
        ),
        Probe("Contact star", request("REGISTER", ["Contact: *", "Expires: 0"]), .accept),
        Probe("folded line", request(["Subject: a\r\n b\r\n\tc"]), .accept),
        Probe("folded From", request(from: "\r\n <sip:alice@example.com>\r\n ;tag=1"), .accept),
        Probe(
            "asserted identities in one line",
            request(["P-Asserted-Identity: \"a, b\" <sip:a@b>, <tel:+15551234567>"]),
            .accept
        ),
        Probe(
            "asserted identities in two lines",
            request(["P-Asserted-Identity: <sip:a@b>", "P-Asserted-Identity: <tel:+15551234567>"]),
            .accept
        ),
        Probe(
            "digest credentials",
            request(["Authorization: Digest username=\"a\",realm=\"b\",nonce=\"c\",uri=\"sip:d\",response=\"e\""]),
            .accept
        ),
        Probe(
            "credentials of an unknown scheme",
            request(["Authorization: NoOneKnowsThisScheme opaque-data=here"]),
            .accept
        ),
        Probe(
            "Vias in one line",
            request(via: "SIP/2.0/UDP a;branch=z9hG4bKx, SIP/2.0/TCP b;branch=z9hG4bKy"),
            .accept
        ),
        Probe(
            "empty Via element",
            request(via: "SIP/2.0/UDP a;branch=z9hG4bKx,,SIP/2.0/TCP b"),
            .refuse(.field, status: 400)
        ),
        Probe("empty Subject", request(["Subject:"]), .accept),
        Probe("call id without at sign", request(callID: "abc"), .accept),
        Probe("call id with two at signs", request(callID: "a@b@c"), .refuse(.field, status: 400)),
        Probe("blank lines before the start line", [13, 10, 13, 10] + request(), .accept),
    ]

    @Test("the line structure", arguments: structure)
    func lineStructure(probe: Probe) { #expect(verdict(probe.bytes) == probe.expected) }

    @Test("start lines", arguments: startLines)
    func firstLines(probe: Probe) { #expect(verdict(probe.bytes) == probe.expected) }

    @Test("addresses", arguments: addresses)
    func addressForms(probe: Probe) { #expect(verdict(probe.bytes) == probe.expected) }

    @Test("numbers and lengths", arguments: lengths)
    func numbersAndLengths(probe: Probe) { #expect(verdict(probe.bytes) == probe.expected) }

    @Test("lists and names", arguments: lists)
    func listsAndNames(probe: Probe) { #expect(verdict(probe.bytes) == probe.expected) }

    @Test("what is missing is told", arguments: ["Via", "From", "To", "Call-ID", "CSeq"])
    func missing(name: String) {
        let text = String(decoding: request(), as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("\(name):") }
        #expect(verdict(Array(lines.joined(separator: "\r\n").utf8)) == .refuse(.missing, status: 400))
    }

    @Test("an ACK and a response get no answer, whatever is wrong with them")
    func silence() {
        #expect(verdict(request("ACK", ["Content-Length: x"])) == .refuse(.contentLength, status: nil))
        #expect(verdict(response("SIP/2.0 200 OK", ["Content-Length: x"])) == .refuse(.contentLength, status: nil))
    }

    private static func withByte(_ byte: UInt8, in message: [UInt8]) -> [UInt8] {
        message.map { $0 == UInt8(ascii: "?") ? byte : $0 }
    }
}
