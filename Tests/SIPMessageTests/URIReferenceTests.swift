// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing

@Suite("URI references (RFC 3261 §19.1)")
struct URIReferenceTests {
    @Test("§19.1.1 all parts of a SIP URI")
    func parts() throws {
        let subject = Subject("sips:alice:secret@atlanta.example.com:5061;transport=tcp;lr?subject=x&priority=urgent")
        let uri = try subject.uri()
        #expect(uri.scheme == .sips)
        #expect(subject.text(uri.user) == "alice")
        #expect(subject.text(uri.host) == "atlanta.example.com")
        #expect(uri.port == 5061)
        #expect(subject.text(uri.parameters) == ";transport=tcp;lr")
        #expect(subject.text(uri.headers) == "subject=x&priority=urgent")
        #expect(uri.whole == FieldRange(subject.all))
    }

    @Test(
        "users",
        arguments: [
            ("sip:a@b", "a"), ("sip:+1;phone-context=x@b", "+1;phone-context=x"), ("sip:*31%23123@b", "*31%23123"),
            ("sip:#31#@b", "#31#"), ("sip:a?b@c", "a?b"), ("SIP:A@b", "A"), ("sip:b", ""), ("sip:%00@b", "%00"),
            ("tel:+1-555", "+1-555"), ("urn:service:sos", "service:sos"), ("http://x/y", "//x/y"),
        ]
    )
    func users(text: String, user: String) throws {
        let subject = Subject(text)
        let uri = try subject.uri()
        #expect(uri.user.isEmpty ? user.isEmpty : subject.text(uri.user) == user)
    }

    @Test(
        "hosts and ports",
        arguments: [
            ("sip:a@192.0.2.1:1", "192.0.2.1", 1 as UInt16?, false),
            ("sip:[2001:db8::1]:65535", "2001:db8::1", 65535, true),
            ("sip:a@[::ffff:192.0.2.1];lr", "::ffff:192.0.2.1", nil, true),
            ("sip:my_host.example.com", "my_host.example.com", nil, false),
        ]
    )
    func hosts(text: String, host: String, port: UInt16?, isIPv6: Bool) throws {
        let subject = Subject(text)
        let uri = try subject.uri()
        #expect(subject.text(uri.host) == host)
        #expect(uri.port == port)
        #expect(uri.isIPv6 == isIPv6)
    }

    @Test(
        "schemes are told apart exactly",
        arguments: [
            ("sip:a", URIScheme.sip), ("sips:a", .sips), ("tel:1", .tel), ("urn:a", .urn), ("sipx:a", .other),
            ("soap.beep:a", .other),
        ]
    )
    func schemes(text: String, scheme: URIScheme) throws {
        let subject = Subject(text)
        #expect(try subject.uri().scheme == scheme)
    }

    @Test(
        "what departs from the grammar is refused",
        arguments: [
            "", "sip", "sip:", ":a", "1sip:a", "sip:@b", "sip::p@b", "sip:a@", "sip:a@b@c", "sip:a b@c", "sip:a%4@b",
            "sip:a%4g@b", "sip:a%", "sip:a@b:", "sip:a@b:0", "sip:a@b:65536", "sip:a@b:5x", "sip:a@b:-1", "sip:[::1",
            "sip:[]", "sip:[g::1]", "sip:a@b<", "sip:a@b>", "sip:a@b\"", "sip:a@b,c", "sip:a@b;x=<", "sip:a@b?x=y?\"",
            "sip:a\"@b", "sip:a<b@c", "sip:ä@b", "tel:", "tel:1 2", "<sip:a>", "sip:a@b/c",
        ]
    )
    func refused(text: String) {
        let subject = Subject(text)
        #expect(throws: SyntaxError.self) { try subject.uri() }
    }
}
