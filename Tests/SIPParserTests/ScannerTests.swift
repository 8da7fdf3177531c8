// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPParser
import Testing

@Suite("Scanner")
struct ScannerTests {
    @Test("§18.3 a datagram without Content-Length has its body to the end; a stream must have the field")
    func withoutContentLength() throws {
        let bytes = request(body: "12345")
        #expect(try Scanner().scan(bytes, .datagram).body.length == 5)
        #expect(throws: ParseError.self) { try Scanner().scan(bytes, .stream) }
    }

    @Test("§18.3 octets behind the body are cut off")
    func surplus() throws {
        let message = try Scanner().scan(request(["Content-Length: 2"], body: "12345"), .datagram)
        #expect(message.text(message.body) == "12")
        #expect(message.bytes.suffix(2) == Array("12".utf8)[...])
    }

    @Test("§7.3.3 compact names alone are enough")
    func compactNames() throws {
        let text =
            "OPTIONS sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\nt: <sip:a@b>\r\n"
            + "i: x\r\nCSeq: 1 OPTIONS\r\nl: 0\r\n\r\n"
        let message = try Scanner().scan(Array(text.utf8), .stream)
        #expect(message.fields.map(\.name) == [.via, .from, .to, .callID, .cseq, .contentLength])
    }

    @Test("junk keep-alives are dropped", arguments: ["hello", "\r\n\r\n", "\0\0\0\0", "", "jaK", "\r\n"])
    func keepAlives(text: String) {
        #expect(verdict(Array(text.utf8)) == .refuse(.startLine, status: nil))
    }

    @Test("§7.3.1 the facts of a request are read")
    func facts() throws {
        let bytes = request(
            "INVITE",
            uri: "sips:bob@example.com:5070;transport=tcp",
            to: "Bob <sip:bob@example.com>;tag=9",
            callID: "x@y",
            sequence: "00042 INVITE",
            ["Max-Forwards: 070", "Route: <sip:p;lr>, <sip:q;lr>"]
        )
        let message = try Scanner().scan(bytes, .datagram)
        #expect(message.method == .invite)
        #expect(message.requestURI?.scheme == .sips)
        #expect(message.requestURI?.port == 5070)
        #expect(message.mandatory.sequenceNumber == 42)
        #expect(message.mandatory.sequenceMethod == .invite)
        #expect(message.mandatory.maxForwards == 70)
        #expect(message.text(message.mandatory.callID) == "x@y")
        #expect(message.text(message.mandatory.fromTag) == "1")
        #expect(message.text(message.mandatory.toTag) == "9")
        #expect(message.elements(.route).count == 2)
    }

    @Test("a refusal carries the header fields, so that the answer can repeat them")
    func refusalFields() {
        do {
            _ = try Scanner().scan(request(["Content-Length: x"]), .datagram)
            Issue.record("accepted")
        } catch {
            #expect(error.fields.map(\.name).contains(.via))
            #expect(error.fields.map(\.name).contains(.cseq))
            #expect(error.status == 400)
        }
    }

    @Test("a control character is found at every place of a line, of any length")
    func everyPlace() {
        for length in 1...24 {
            for place in 0..<length {
                for byte: UInt8 in [0, 1, 10, 13, 31, 127] {
                    var value = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                    value[place] = byte
                    var bytes = request(["Subject: "])
                    bytes.insert(contentsOf: value, at: bytes.count - 4)
                    #expect(verdict(bytes) == .refuse(.structure, status: 400), "\(length) \(place) \(byte)")
                }
            }
        }
    }

    @Test("bytes that only look like watched ones in seven bits are let through")
    func highBytes() {
        var bytes = request(["Subject: "])
        bytes.insert(contentsOf: (0x80...0xFF).map { UInt8($0) }, at: bytes.count - 4)
        #expect(verdict(bytes) == .accept)
        // 0xAC and 0xBB are comma and semicolon with the high bit set.
        let limits = ScannerLimits(listElements: 1, parameters: 1)
        #expect(verdict(bytes, limits: limits) == .accept)
    }

    @Test("every shorter part of a valid message is refused and none of them traps")
    func truncation() throws {
        let bytes = request(
            "INVITE",
            ["Contact: \"a\\\"\" <sip:a@[::1]:5060;lr>;q=1", "Content-Length: 3"],
            body: "abc"
        )
        for count in 0..<bytes.count { #expect(verdict(Array(bytes[0..<count])) != .accept) }
        #expect(verdict(bytes) == .accept)
    }
}
