// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TransportLayerSecurity

struct NameTests {
    @Test(
        "RFC 5922 §7.1–7.2: which names a certificate is for",
        arguments: [
            (CertificateNames(dnsNames: ["sip.example.net"]), "sip.example.net", true),
            (CertificateNames(dnsNames: ["sip.example.net"]), "SIP.Example.NET.", true),
            (CertificateNames(dnsNames: ["example.net"]), "sip.example.net", false),
            (CertificateNames(dnsNames: ["sip.example.net"]), "example.net", false),
            (CertificateNames(uris: ["sip:example.net"]), "example.net", true),
            (CertificateNames(uris: ["SIP:Example.net:5061;transport=tls"]), "example.net", true),
            (CertificateNames(uris: ["sips:example.net"]), "example.net", false),
            (CertificateNames(uris: ["sip:alice@example.net"]), "example.net", false),
            (CertificateNames(uris: ["https://example.net"]), "example.net", false),
            // A sip URI makes the DNS names count no more (rule 1).
            (CertificateNames(uris: ["sip:a.example"], dnsNames: ["b.example"]), "b.example", false),
            (CertificateNames(uris: ["sip:u@a.example"], dnsNames: ["b.example"]), "b.example", true),
            (CertificateNames(commonNames: ["old.example"]), "old.example", true),
            (CertificateNames(dnsNames: ["new.example"], commonNames: ["old.example"]), "old.example", false),
            (CertificateNames(commonNames: ["old.example"], hasAlternativeNames: true), "old.example", false),
            (CertificateNames(dnsNames: ["*.example.net"]), "sip.example.net", false),
            (CertificateNames(dnsNames: ["*.example.net"]), "*.example.net", false),
            (CertificateNames(addresses: [[192, 0, 2, 1]]), "192.0.2.1", true),
            (CertificateNames(addresses: [[192, 0, 2, 1]]), "192.0.2.2", false),
            (CertificateNames(dnsNames: ["192.0.2.1"]), "192.0.2.1", false),
            (CertificateNames(uris: ["sip:192.0.2.1"]), "192.0.2.1", true),
            (CertificateNames(uris: ["sip:[2001:db8::1]"]), "2001:DB8:0::1", true),
            (CertificateNames(), "", false),
            (CertificateNames(dnsNames: [""]), "", false),
        ]
    )
    func table(names: CertificateNames, wanted: String, matches: Bool) {
        #expect(names.covers(wanted, allowsWildcards: false) == matches)
    }

    @Test(
        "RFC 6125 §6.4.3: wildcards, where they are allowed, stand for one whole label",
        arguments: [
            ("*.example.net", "sip.example.net", true), ("*.example.net", "a.b.example.net", false),
            ("*.example.net", "example.net", false), ("s*.example.net", "sip.example.net", false),
            ("*.net", "example.net", false), ("*", "example", false), ("*.*.net", "a.b.net", false),
            ("*.example.net", ".example.net", false),
        ]
    )
    func wildcards(pattern: String, wanted: String, matches: Bool) {
        #expect(CertificateNames(dnsNames: [pattern]).covers(wanted, allowsWildcards: true) == matches)
    }
}
