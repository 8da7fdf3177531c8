// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPParser
import Testing

@testable import Registrar

@Suite("RFC 4475 registrations")
struct TortureTests {
    @Test("§3.3.12 cparam01: a parameter of the contact stays out of the URI")
    func contactParameter() throws {
        var scene = Scene()
        let request = try torture("cparam01")
        #expect(scene.apply(request).isChange)
        #expect(answerText(scene, to: request) == "Contact: <sip:+19725552222@gw1.example.net>;expires=3600\r\n")
    }

    @Test("§3.3.13 cparam02: a parameter of the URI stays in it")
    func uriParameter() throws {
        var scene = Scene()
        let request = try torture("cparam02")
        #expect(scene.apply(request).isChange)
        let expected = "Contact: <sip:+19725552222@gw1.example.net;unknownparam>;expires=3600\r\n"
        #expect(answerText(scene, to: request) == expected)
    }

    @Test("§3.3.14 regescrt: an escaped header stays in the URI")
    func escapedHeader() throws {
        var scene = Scene()
        let request = try torture("regescrt")
        #expect(scene.apply(request).isChange)
        let expected = "Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>;expires=3600\r\n"
        #expect(answerText(scene, to: request) == expected)
    }

    @Test("§3.1.1.4 escnull: one and two escaped NULs are two users, and the address of record keeps its own")
    func escapedNull() throws {
        var scene = Scene()
        let request = try torture("escnull")
        #expect(scene.apply(request).isChange)
        #expect(scene.contacts == ["sip:%00@host5.example.com", "sip:%00%00@host5.example.com"])
        #expect(addressOfRecordUser(of: request) == "null-\0-null")
    }

    @Test("§3.3.4 unksm2: a contact of an unknown scheme is answered 400")
    func unknownScheme() throws {
        var scene = Scene()
        let request = try torture("unksm2")
        #expect(scene.apply(request).refusal?.status == 400)
        #expect(addressOfRecordUser(of: request) == nil)
    }
}

@Suite("RFC 3261 §10.3 step 5 the address of record")
struct AddressOfRecordTests {
    @Test(
        "§10.3 step 5 escapes are decoded, password and parameters are no part of the user",
        arguments: [
            ("<sip:alice@h;user=phone>", "alice"), ("<sips:%61lice@h>", "alice"), ("<sip:+1555%3B@h>", "+1555;"),
            ("<sip:j%C3%BCrgen:secret@h>", "jürgen"), ("<sip:h>", nil), ("<tel:+1555>", nil), ("<sip:%FF@h>", nil),
        ] as [(String, String?)]
    )
    func user(_ to: String, _ expected: String?) throws {
        let lines = [
            "REGISTER sip:h SIP/2.0", "Via: SIP/2.0/UDP h;branch=z9hG4bK1", "Max-Forwards: 70",
            "From: <sip:a@h>;tag=1", "To: \(to)", "Call-ID: c", "CSeq: 1 REGISTER", "Content-Length: 0", "", "",
        ]
        let request = try Scanner().scan(Array(lines.joined(separator: "\r\n").utf8), .datagram)
        #expect(addressOfRecordUser(of: request) == expected)
    }
}
