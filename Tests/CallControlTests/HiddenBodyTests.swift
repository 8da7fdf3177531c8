// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// What of a hidden caller's bodies and transfers reaches a trunk (RFC 3323 §4.1): nothing that names the caller.
struct HiddenBodyTests {
    private static let card = "BEGIN:VCARD\r\nFN:Zelda Quux\r\nTEL:+12125550100\r\nEND:VCARD\r\n"
    private static let hidden =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n"
        + "m=audio 40000 RTP/AVP 0\r\na=ice-ufrag:s=i=\r\n"

    private static func multipart(_ parts: [(type: String, body: String)]) -> String {
        "Zelda was here\r\n" + parts.map { "--b\r\nContent-Type: \($0.type)\r\n\r\n\($0.body)\r\n" }.joined()
            + "--b--\r\nQuux\r\n"
    }

    private static func established(passesREFER: Bool = false) throws -> (Harness, Sent) {
        let harness = try AnonymityTests.harness(trusted: false, passesREFER: passesREFER)
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 200, body: Caller.description(codecs: "0"))
        try harness.callerAcknowledges()
        return (harness, invite)
    }

    @Test("RFC 5621 §3 A session description among parts crosses alone, and without names")
    func multipart() throws {
        let bodies = [
            Self.multipart([("text/vcard", Self.card), ("application/sdp", AnonymityTests.offer)]),
            Self.multipart([
                ("application/sdp;charset=Zelda", AnonymityTests.offer), ("application/pidf+xml", "<Zelda/>"),
            ]),
            Self.multipart([
                (
                    "multipart/alternative;boundary=c",
                    "--c\r\nContent-Type: application/sdp\r\n\r\n\(AnonymityTests.offer)\r\n--c--"
                ), ("text/plain", "Zelda"),
            ]),
        ]
        for body in bodies {
            let harness = try AnonymityTests.harness(trusted: false, body: body, type: "multipart/mixed;boundary=b")
            let invite = try harness.outside(.invite)
            #expect(invite.body == Self.hidden)
            #expect(invite.headers(.contentType) == ["application/sdp"])
            #expect(invite.headers(.mimeVersion).isEmpty)
            AnonymityTests.expectSilence(harness, trusted: false)
        }
    }

    @Test("A visible caller's multipart body crosses byte for byte")
    func visible() throws {
        let body = Self.multipart([("text/vcard", Self.card), ("application/sdp", AnonymityTests.offer)])
        let harness = try Harness(headers: ["Content-Type: multipart/mixed;boundary=b"], body: body)
        harness.begin()
        #expect(try harness.outside(.invite).body == body)
        #expect(try harness.outside(.invite).headers(.contentType) == ["multipart/mixed;boundary=b"])
    }

    @Test(
        "§21.4.13 A hidden caller's INVITE whose body cannot cross is 415 with Accept, not an INVITE without an offer"
    )
    func unreadable() throws {
        let cases: [(type: String, body: String)] = [
            ("multipart/mixed;boundary=b", Self.multipart([("text/vcard", Self.card)])),
            ("multipart/signed;boundary=b", Self.multipart([("application/sdp", AnonymityTests.offer)])),
            ("multipart/mixed", Self.multipart([("application/sdp", AnonymityTests.offer)])),
            ("text/vcard", "v=0\r\nFN:Zelda\r\n"), ("application/sdp", "Zelda"),
        ]
        for (type, body) in cases {
            let harness = try AnonymityTests.harness(trusted: false, body: body, type: type)
            #expect(harness.final() == 415, "\(type)")
            #expect(try harness.response().header(.accept)?.hasPrefix("application/sdp") == true)
            #expect(harness.toOutside.isEmpty)
            harness.expectSound()
        }
    }

    @Test("RFC 3261 §20.12 An encoded body of a hidden caller cannot be read, so that it does not cross")
    func encoded() throws {
        let (harness, _) = try Self.established()
        let update = try harness.callerSends("UPDATE", ["Content-Encoding: gzip"], body: AnonymityTests.offer)
        #expect(harness.final(update) == 415)
        try harness.callerSends("UPDATE", ["Content-Encoding: Identity"], body: AnonymityTests.offer)
        #expect(try harness.outside(.update).body == Self.hidden)
        #expect(try harness.outside(.update).headers(.contentEncoding).isEmpty)
    }

    @Test("Inside the call: offers that cannot cross are 415, keypad digits cross, other bodies are left behind")
    func insideDialog() throws {
        let (harness, _) = try Self.established()
        let card = ["Content-Type: text/vcard;name=Zelda", "Content-Disposition: render;filename=Zelda.vcf"]
        for method in ["INVITE", "UPDATE", "MESSAGE"] {
            let transaction = try harness.callerSends(method, card, body: Self.card)
            #expect(harness.final(transaction) == 415)
        }
        try harness.callerSends("INFO", card, body: Self.card)
        #expect(try harness.outside(.info).body.isEmpty)
        #expect(try harness.outside(.info).headers(.contentType).isEmpty)
        try harness.answer(try harness.outside(.info), 200)
        let digit = [
            "Content-Type: application/DTMF-relay;x=Zelda", "Content-Disposition: Info-Package;filename=Zelda",
        ]
        try harness.callerSends("INFO", digit, body: "Signal=5\r\n")
        #expect(try harness.outside(.info).body == "Signal=5\r\n")
        #expect(try harness.outside(.info).headers(.contentType) == ["application/dtmf-relay"])
        #expect(try harness.outside(.info).headers(.contentDisposition) == ["info-package"])
        try harness.answer(try harness.outside(.info), 200)
        let mixed = Self.multipart([("text/vcard", Self.card), ("application/sdp", AnonymityTests.offer)])
        try harness.callerSends("UPDATE", ["Content-Type: multipart/mixed;boundary=b"], body: mixed)
        #expect(try harness.outside(.update).body == Self.hidden)
        try harness.settle()
        AnonymityTests.expectSilence(harness, trusted: false)
        harness.expectSound(finished: false)
    }

    @Test("A hidden caller's answers to the trunk's requests lose what names it too")
    func answers() throws {
        let (harness, invite) = try Self.established()
        let mixed = Self.multipart([("application/sdp", AnonymityTests.offer), ("text/vcard", Self.card)])
        for (method, token) in [("UPDATE", Method.update), ("INVITE", .invite), ("INFO", .info)] {
            let transaction = try harness.outsideSends(method, in: invite, body: Caller.offer)
            try harness.answer(
                try harness.caller(token),
                200,
                AnonymityTests.talkative + ["Content-Type: multipart/mixed;boundary=b", "Retry-After: 5 (Zelda)"],
                body: mixed
            )
            #expect(try harness.response(transaction).body == Self.hidden)
        }
        AnonymityTests.expectSilence(harness, trusted: false)
    }

    @Test("RFC 3515 §2.4.5 A sipfrag from a hidden caller crosses as its status line in the code's own words")
    func sipfrag() throws {
        let (harness, invite) = try Self.established(passesREFER: true)
        let refer = try harness.outsideSends("REFER", in: invite, ["Refer-To: <sip:carol@example.org>"])
        let number = try harness.caller(.refer).message.mandatory.sequenceNumber
        try harness.answer(try harness.caller(.refer), 202)
        #expect(harness.final(refer) == 202)
        let sequence = try harness.response(refer).message.mandatory.sequenceNumber
        let headers =
            AnonymityTests.talkative
            + ["Subscription-State: active", "Content-Type: message/sipfrag;version=2.0", "Event: refer;id=\(number)"]
        try harness.callerSends(
            "NOTIFY",
            headers,
            body: "SIP/2.0 180 Zelda rings\r\nFrom: <sip:zebra-user@caller-host.example>\r\n"
        )
        let notify = try harness.outside(.notify)
        #expect(notify.body == "SIP/2.0 180 Ringing\r\n")
        #expect(notify.headers(.contentType) == ["message/sipfrag;version=2.0"])
        #expect(notify.headers(.event) == ["refer;id=\(sequence)"])
        try harness.answer(notify, 200)
        try harness.callerSends("NOTIFY", headers, body: "INVITE sip:zebra-user@caller-host.example SIP/2.0\r\n")
        #expect(try harness.outside(.notify).body.isEmpty)
        AnonymityTests.expectSilence(harness, trusted: false)
        harness.expectSound(finished: false)
    }

    @Test(
        "A hidden caller's REFER crosses without its names: mapped Replaces, the gateway's domain, bare URI parameters"
    )
    func transfer() throws {
        let (other, dialled) = try Self.established(passesREFER: true)
        let (harness, _) = try Self.established(passesREFER: true)
        let own = try other.callerTag()
        let value = "callid-quokka%40\(Caller.address)%3Bto-tag%3D\(own)%3Bfrom-tag%3D\(Caller.tag)"
        let target =
            "\"Zelda\" <sip:+12125550111@\(Caller.host):5062;user=phone;x=Quux?Subject=axolotl&Replaces=\(value)>;y=Zelda"
        try harness.callerSends("REFER", AnonymityTests.later + ["Refer-To: \(target)"])
        harness.found(other.call.counterpart(of: try #require(harness.searches.last?.dialog)))
        let passed = try harness.outside(.refer)
        #expect(
            passed.header(.referTo)?.hasPrefix(
                "<sip:+12125550111@gw.example;user=phone?Replaces=\(dialled.header(.callID) ?? "-")%3Bto-tag%3Dbt"
            ) == true
        )
        try harness.answer(passed, 202)
        AnonymityTests.expectSilence(harness, trusted: false)
    }

    @Test("A hidden caller's REFER to itself, or with ids that only its phone knows, is 403")
    func telling() throws {
        let (harness, _) = try Self.established(passesREFER: true)
        for target in [
            "<sip:zebra-user@elsewhere.example>", "<sip:%7Aebra-user@elsewhere.example>", "<sip:bob@\(Caller.address)>",
            "<tel:zebra-user>", "<mailto:zelda@quux.example>", "<urn:service:sos>",
            "<sip:bob@b?Replaces=callid-quokka%40x%3Bto-tag%3D1%3Bfrom-tag%3D\(Caller.tag)>",
        ] {
            let transaction = try harness.callerSends("REFER", ["Refer-To: \(target)"])
            #expect(harness.final(transaction) == 403, "\(target)")
        }
        #expect(!harness.toOutside.contains { $0.method == .refer })
        harness.expectSound(finished: false)
    }

    @Test(
        "Redirections, challenges, session refreshes and their ends name a hidden caller no more than the first INVITE"
    )
    func lifeOfACall() throws {
        let harness = try AnonymityTests.harness(trusted: false)
        harness.credentials = { _, _, uri, _ in
            TrunkCredentials(isProxy: true, value: Array("Digest uri=\"".utf8) + uri + [34])
        }
        try harness.answer(
            try harness.outside(.invite),
            302,
            ["Contact: <sip:+13125550123@gw2.carrier.example>"]
        )
        let second = try harness.outside(.invite)
        #expect(second.hop?.host == "gw2.carrier.example")
        #expect(second.header(.from)?.hasPrefix("\"Anonymous\" <sip:anonymous@anonymous.invalid>") == true)
        #expect(second.body == Self.hidden)
        try harness.answer(second, 407)
        try harness.answer(try harness.outside(.invite), 200, ["Allow: UPDATE"], body: Caller.offer)
        try harness.callerAcknowledges()
        harness.advance(seconds: 900)
        try harness.answer(try harness.outside(.update), 407)
        try harness.answer(try harness.outside(.update), 200)
        try harness.answer(try harness.caller(.options), 481, AnonymityTests.talkative)
        try harness.settle()
        #expect(harness.toOutside.map(\.method) == [.invite, .invite, .invite, .ack, .update, .update, .bye])
        AnonymityTests.expectSilence(harness, trusted: false)
        harness.expectSound()
    }
}
