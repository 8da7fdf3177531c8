// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing

@Suite("Via (RFC 3261 §20.42)")
struct ViaTests {
    @Test("all parts, with the blanks the grammar allows")
    func parts() throws {
        let subject = Subject("SIP / 2.0 / UDP first.example.com : 4000 ; ttl=16 ;branch=z9hG4bKa7c6a8dlze.1;rport")
        let via = try subject.via()
        #expect(via.transport == .udp)
        #expect(subject.text(via.host) == "first.example.com")
        #expect(via.port == 4000)
        #expect(subject.text(via.branch) == "z9hG4bKa7c6a8dlze.1")
        #expect(via.hasRport)
        #expect(subject.hasMagicCookie(via))
    }

    @Test(
        "transports",
        arguments: [("UDP", ViaTransport.udp), ("tcp", .tcp), ("TLS", .tls), ("SCTP", .other), ("WS", .other)]
    )
    func transports(name: String, transport: ViaTransport) throws {
        let subject = Subject("SIP/2.0/\(name) host;branch=z9hG4bKx")
        #expect(try subject.via().transport == transport)
    }

    @Test("RFC 5118 §4.5 IPv6 in sent-by and in received, with brackets or without")
    func addresses() throws {
        for received in ["2001:db8::9:255", "[2001:db8::9:255]"] {
            let subject = Subject("SIP/2.0/UDP [2001:db8::9:1]:5070;received=\(received);branch=z9hG4bKas3-111")
            let via = try subject.via()
            #expect(via.isIPv6)
            #expect(subject.text(via.host) == "2001:db8::9:1")
            #expect(via.port == 5070)
        }
    }

    @Test("RFC 2543 a Via without a branch")
    func withoutBranch() throws {
        let subject = Subject("SIP/2.0/UDP host")
        let via = try subject.via()
        #expect(via.branch.isEmpty)
        #expect(via.port == nil)
        #expect(!subject.hasMagicCookie(via))
    }

    @Test(
        "what departs from the grammar is refused",
        arguments: [
            "", "SIP/2.0", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/3.0/UDP h", "HTTP/2.0/UDP h", "SIP/2.0/UDP;branch=x",
            "SIP/2.0/UDPh",
            "SIP/2.0/UDP h:0", "SIP/2.0/UDP h:65536", "SIP/2.0/UDP h:", "SIP/2.0/UDP [::1", "SIP/2.0/UDP h x",
            "SIP/2.0/UDP h;;",
            "SIP/2.0/UDP h;branch=a;branch=b", "SIP/2.0/UDP h;received=1;received=2", "SIP/2.0/UDP h;=x",
            "SIP/2.0/UDP h;branch=a b",
            "SIP/2.0/UDP h;a\"=b",
        ]
    )
    func refused(text: String) {
        let subject = Subject(text)
        #expect(throws: SyntaxError.self, "\(text)") { try subject.via() }
    }
}
