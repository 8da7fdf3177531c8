// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// REFER in a call and the subscription it makes (RFC 3515, RFC 3891, RFC 3892, RFC 4488).
struct TransferTests {
    private static func extensionLeg() throws -> (Harness, Sent) {
        let harness = try Harness(to: "1002", targets: ForkTests.targets(1))
        return (harness, try harness.establish())
    }

    private static func trunkLeg(passes: Bool) throws -> (Harness, Sent) {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.passesREFER = passes }]
        let harness = try Harness(deployment)
        return (harness, try harness.establish())
    }

    @Test("RFC 3515 §2.4 REFER crosses both ways on a SIP leg, with Contact ours and its answer back")
    func crosses() throws {
        let (harness, invite) = try Self.extensionLeg()
        let transaction = try harness.callerSends(
            "REFER",
            ["Refer-To: \"Carol\" <sip:carol@example.org;lr?Subject=x>;y=z"]
        )
        let passed = try harness.outside(.refer)
        #expect(passed.headers(.referTo) == ["<sip:carol@example.org;lr>"])
        #expect(passed.headers(.contact) == ["<sip:192.0.2.254:5060>"])
        try harness.answer(passed, 202)
        #expect(harness.final(transaction) == 202)
        #expect(try harness.response(transaction).headers(.contact) == ["<sip:192.0.2.253:5060>"])
        let other = try harness.outsideSends("REFER", in: invite, ["Refer-To: <tel:+12125550111>"])
        #expect(try harness.caller(.refer).headers(.referTo) == ["<tel:+12125550111>"])
        try harness.answer(try harness.caller(.refer), 603)
        #expect(harness.final(other) == 603)
        harness.expectSound(finished: false)
    }

    @Test(
        "A trunk gets and sends REFER only when it is set to: otherwise 403 says what is not set",
        arguments: [true, false]
    )
    func trunk(passes: Bool) throws {
        let (harness, invite) = try Self.trunkLeg(passes: passes)
        let out = try harness.callerSends("REFER", ["Refer-To: <sip:carol@example.org>"])
        let back = try harness.outsideSends("REFER", in: invite, ["Refer-To: <sip:carol@example.org>"])
        guard passes else {
            for transaction in [out, back] {
                #expect(harness.final(transaction) == 403)
                #expect(try harness.response(transaction).header(.warning)?.contains("trunk1") == true)
                #expect(try harness.response(transaction).header(.warning)?.contains("set to pass REFER") == true)
            }
            return harness.expectSound(finished: false)
        }
        _ = try harness.outside(.refer)
        _ = try harness.caller(.refer)
        try harness.settle()
        #expect(harness.final(out) == 200 && harness.final(back) == 200)
        harness.expectSound(finished: false)
    }

    @Test("RFC 3515 §2.4.2 A REFER without one well-formed Refer-To is 400")
    func malformed() throws {
        let (harness, _) = try Self.extensionLeg()
        for headers in [
            [], ["Refer-To: <sip:a@b>, <sip:c@d>"],
            ["Refer-To: <sip:a@>"], ["Refer-To: <sip:a@b?Replaces=x>"],
            ["Refer-To: <sip:a@b?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2&Replaces=y%3Bto-tag%3D1%3Bfrom-tag%3D2>"],
            ["Refer-To: <sip:a@b?Replaces=x%3Bto-tag%3D1%3Bto-tag%3D2%3Bfrom-tag%3D2>"],
            ["Refer-To: <sip:a@b?Replaces=x%0d%0aX:y%3Bto-tag%3D1%3Bfrom-tag%3D2>"],
        ] {
            let transaction = try harness.callerSends("REFER", headers)
            #expect(harness.final(transaction) == 400, "\(headers)")
        }
        #expect(!harness.toOutside.contains { $0.method == .refer })
        harness.expectSound(finished: false)
    }

    @Test("RFC 3892 Referred-By never crosses; RFC 4488 Refer-Sub and norefersub do")
    func companions() throws {
        let (harness, _) = try Self.extensionLeg()
        try harness.callerSends(
            "REFER",
            [
                "Refer-To: <sip:carol@example.org>", "Referred-By: <sip:zebra-user@caller-host.example>",
                "Refer-Sub: false", "Supported: norefersub", "Target-Dialog: x;local-tag=y;remote-tag=z",
            ]
        )
        let passed = try harness.outside(.refer)
        #expect(passed.headers(.referSub) == ["false"])
        #expect(passed.headers(.supported) == ["norefersub"])
        #expect(passed.headers(.referredBy).isEmpty && passed.headers(.targetDialog).isEmpty)
        try harness.answer(passed, 202, ["Refer-Sub: false"])
        #expect(harness.toCaller.last?.headers(.referSub) == ["false"])
    }

    @Test("RFC 3515 §2.4.6 Event names the REFER by its number on each side; NOTIFY comes back under the first one")
    func notify() throws {
        let (harness, invite) = try Self.extensionLeg()
        try harness.callerSends("REFER", ["Refer-To: <sip:carol@example.org>"], number: 70)
        let passed = try harness.outside(.refer)
        let number = passed.message.mandatory.sequenceNumber
        #expect(number != 70)
        let headers = ["Subscription-State: active;expires=60", "Content-Type: message/sipfrag;version=2.0"]
        let fragment = "SIP/2.0 180 Ringing\r\nTo: <sip:carol@example.org>\r\n"
        let early = try harness.outsideSends(
            "NOTIFY",
            in: invite,
            ["Event: refer;id=\(number)"] + headers,
            body: fragment
        )
        let notify = try harness.caller(.notify)
        #expect(notify.headers(.event) == ["refer;id=70"])
        #expect(notify.headers(.subscriptionState) == ["active;expires=60"])
        #expect(notify.body == fragment)
        try harness.answer(passed, 202)
        try harness.answer(notify, 200)
        #expect(harness.final(early) == 200)
        try harness.outsideSends("NOTIFY", in: invite, ["Event: refer"] + headers, body: fragment)
        #expect(try harness.caller(.notify).headers(.event) == ["refer"])
        let foreign = try harness.outsideSends("NOTIFY", in: invite, ["Event: refer;id=\(number + 1)"] + headers)
        #expect(harness.final(foreign) == 481)
        try harness.settle()
        harness.expectSound(finished: false)
    }

    @Test("RFC 3515 §2.4.6 A REFER repeated with credentials is named by its last number; a refused one by none")
    func repeated() throws {
        let (harness, invite) = try Self.trunkLeg(passes: true)
        harness.credentials = { _, _, _, _ in TrunkCredentials(isProxy: true, value: Array("Digest x".utf8)) }
        try harness.callerSends("REFER", ["Refer-To: <sip:carol@example.org>"], number: 70)
        let first = try harness.outside(.refer)
        try harness.answer(first, 407)
        let second = try harness.outside(.refer)
        #expect(second.headers(.proxyAuthorization) == ["Digest x"])
        #expect(second.headers(.referTo) == ["<sip:carol@example.org>"])
        let stale = first.message.mandatory.sequenceNumber
        let live = second.message.mandatory.sequenceNumber
        #expect(live == stale + 1)
        let unknown = try harness.outsideSends("NOTIFY", in: invite, ["Event: refer;id=\(stale)"])
        #expect(harness.final(unknown) == 481)
        try harness.outsideSends("NOTIFY", in: invite, ["Event: refer;id=\(live)"])
        #expect(try harness.caller(.notify).headers(.event) == ["refer;id=70"])
        try harness.answer(second, 603)
        let late = try harness.outsideSends("NOTIFY", in: invite, ["Event: refer;id=\(live)"])
        #expect(harness.final(late) == 481)
        harness.expectSound(finished: false)
    }

    @Test("RFC 5057 §5.1 481 and 408 to REFER or NOTIFY do not end the call")
    func ownFailures() throws {
        let (harness, invite) = try Self.extensionLeg()
        for status in [481, 408] {
            try harness.callerSends("REFER", ["Refer-To: <sip:carol@example.org>"])
            try harness.answer(try harness.outside(.refer), status)
            try harness.outsideSends("NOTIFY", in: invite, ["Event: refer"])
            try harness.answer(try harness.caller(.notify), status)
        }
        harness.expectSound(finished: false)
        #expect(harness.ends.isEmpty)
    }

    @Test("RFC 3891 §3 The Replaces in Refer-To is mapped to the dialog that the other end of that call has")
    func attended() throws {
        let (other, dialled) = try Self.extensionLeg()
        let (harness, _) = try Self.extensionLeg()
        let own = try other.callerTag()
        let value = "callid-quokka%40\(Caller.address)%3Bto-tag%3D\(own)%3Bfrom-tag%3D\(Caller.tag)%3Bearly-only"
        let transaction = try harness.callerSends(
            "REFER",
            ["Refer-To: <sip:carol@example.org?Accept=x&replaces=\(value)&Require=replaces>"]
        )
        #expect(!harness.toOutside.contains { $0.method == .refer })
        let asked = try #require(harness.searches.last?.dialog)
        #expect(asked.ownTag.map(IdentifierMint.shard(of:)) == 7)
        let mapped = try #require(other.call.counterpart(of: asked))
        let from = try #require(dialled.header(.from)?.split(separator: "tag=").last)
        #expect(mapped.callID == Array((dialled.header(.callID) ?? "").utf8))
        #expect(mapped.toTag == Array("bt".utf8))
        #expect(mapped.fromTag == Array(from.utf8))
        harness.found(mapped)
        let expected =
            "<sip:carol@example.org?Replaces=\(dialled.header(.callID) ?? "")%3Bto-tag%3Dbt%3Bfrom-tag%3D\(from)%3Bearly-only"
            + "&Require=replaces>"
        #expect(try harness.outside(.refer).headers(.referTo) == [expected])
        try harness.settle()
        #expect(harness.final(transaction) == 200)
        harness.expectSound(finished: false)
    }

    @Test("A REFER that names no call of the gateway is refused with 403, which leaves the call alone")
    func unknownDialog() throws {
        let (harness, _) = try Self.extensionLeg()
        let value = "x%3Bto-tag%3D0700000000000099%3Bfrom-tag%3Dy"
        let transaction = try harness.callerSends("REFER", ["Refer-To: <sip:c@d?Replaces=\(value)>"])
        harness.found(nil)
        #expect(harness.final(transaction) == 403)
        #expect(try harness.response(transaction).header(.warning)?.contains("no call of this gateway") == true)
        harness.expectSound(finished: false)
    }

    @Test("A foreign Replaces crosses as it is toward a SIP leg")
    func foreignDialog() throws {
        let (harness, _) = try Self.extensionLeg()
        try harness.callerSends("REFER", ["Refer-To: <sip:c@d?Replaces=x%40y%3Bto-tag%3D1%3Bfrom-tag%3D2>"])
        #expect(harness.searches.isEmpty)
        #expect(
            try harness.outside(.refer).headers(.referTo) == ["<sip:c@d?Replaces=x%40y%3Bto-tag%3D1%3Bfrom-tag%3D2>"]
        )
    }

    @Test("RFC 6665 §4.1 After the BYE of its dialog a NOTIFY is 481, and a REFER that waits is answered")
    func afterBye() throws {
        let (harness, invite) = try Self.extensionLeg()
        try harness.callerSends("REFER", ["Refer-To: <sip:carol@example.org>"])
        try harness.answer(try harness.outside(.refer), 202)
        let value = "x%3Bto-tag%3D0700000000000099%3Bfrom-tag%3Dy"
        let parked = try harness.callerSends("REFER", ["Refer-To: <sip:c@d?Replaces=\(value)>"])
        try harness.callerSends("BYE")
        #expect(harness.final(parked) == 481)
        let notify = try harness.outsideSends("NOTIFY", in: invite, ["Event: refer"])
        #expect(harness.final(notify) == 481)
        harness.found(nil)
        try harness.settle()
        harness.expectSound()
    }

    @Test("A REFER that waits in an early dialog is answered when another fork takes the call")
    func lostFork() throws {
        let harness = try Harness(to: "1002", targets: ForkTests.targets(1))
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 180, tag: "a")
        let lost = try harness.callerTag()
        let value = "x%3Bto-tag%3D0700000000000099%3Bfrom-tag%3Dy"
        let parked = try harness.callerSends("REFER", ["Refer-To: <sip:c@d?Replaces=\(value)>"], toTag: lost)
        try harness.answer(invite, 200, tag: "b")
        #expect(harness.final(parked) == 481)
        harness.found(nil)
        #expect(harness.problems == [])
    }

    @Test("RFC 6665 §4.4 SUBSCRIBE in a call is 489 with Allow-Events; for a transfer it needs its REFER")
    func subscribe() throws {
        let (harness, invite) = try Self.extensionLeg()
        for event in ["Event: dialog", "Event: presence;id=1"] {
            for transaction in [
                try harness.callerSends("SUBSCRIBE", [event]),
                try harness.outsideSends("SUBSCRIBE", in: invite, [event]),
            ] {
                #expect(harness.final(transaction) == 489)
                #expect(try harness.response(transaction).headers(.allowEvents) == ["refer"])
            }
        }
        #expect(harness.final(try harness.callerSends("SUBSCRIBE")) == 489)
        #expect(harness.final(try harness.callerSends("SUBSCRIBE", ["Event: refer;id=2"])) == 403)
        try harness.callerSends("REFER", ["Refer-To: <sip:carol@example.org>"], number: 70)
        let number = try harness.outside(.refer).message.mandatory.sequenceNumber
        try harness.answer(try harness.outside(.refer), 202)
        let ending = try harness.callerSends("SUBSCRIBE", ["Event: refer;id=70", "Expires: 0"])
        let passed = try harness.outside(.subscribe)
        #expect(passed.headers(.event) == ["refer;id=\(number)"])
        #expect(passed.headers(.expires) == ["0"])
        try harness.answer(passed, 200, ["Expires: 0"])
        #expect(try harness.response(ending).headers(.expires) == ["0"])
        harness.expectSound(finished: false)
    }
}
