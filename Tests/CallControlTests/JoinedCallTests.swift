// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// What crosses between the parties of a placed call, while one waits and once they talk.
struct JoinedCallTests {
    @Test("RFC 3264 §8 the first party's lines stay when the other has fewer: port 0 toward it, none from it")
    func fewerLines() throws {
        let harness = try PlacedHarness()
        let (invite, party) = try harness.connect(
            first: PlacedHarness.session("audio 40000 RTP/AVP 0", "video 40002 RTP/AVP 31"),
            answer: PlacedHarness.session("audio 40000 RTP/AVP 0", "video 0 RTP/AVP 31")
        )
        let offer = try harness.last(.invite, 0)
        #expect(offer.body.hasSuffix("m=audio 41000 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n"))
        let ack = try harness.last(.ack, 1)
        #expect(ack.body.contains("m=audio 40000") && !ack.body.contains("m=video"))

        try harness.sends(1, "INVITE", in: party, body: PlacedHarness.session("audio 41002 RTP/AVP 0"))
        let second = try harness.last(.invite, 0)
        #expect(second.body.hasSuffix("m=audio 41002 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n"))
        try harness.answer(
            0,
            second,
            200,
            body: PlacedHarness.session("audio 40000 RTP/AVP 0", "video 0 RTP/AVP 31")
        )
        #expect(try !harness.response(1).body.contains("m=video"))
        try harness.acknowledges(1, in: party)
        #expect(harness.count(.ack, 0) == 3)

        // The first party brings its video back: the other's session grows.
        try harness.sends(
            0,
            "INVITE",
            in: invite,
            body: PlacedHarness.session("audio 40000 RTP/AVP 0", "video 40002 RTP/AVP 31")
        )
        let third = try harness.last(.invite, 1)
        #expect(third.body.contains("m=audio 40000 RTP/AVP 0\r\nm=video 40002"))
        #expect(harness.problems == [])
    }

    @Test("RFC 3264 §8 lines in another order are put in the party's own, both ways")
    func otherOrder() throws {
        let harness = try PlacedHarness()
        let (invite, _) = try harness.connect(
            first: PlacedHarness.session("video 40002 RTP/AVP 31", "audio 40000 RTP/AVP 0"),
            party: PlacedHarness.session("audio 41000 RTP/AVP 0", "video 41002 RTP/AVP 31"),
            answer: PlacedHarness.session("video 40002 RTP/AVP 31", "audio 40000 RTP/AVP 0")
        )
        #expect(try harness.last(.invite, 0).body.hasSuffix("m=video 41002 RTP/AVP 31\r\nm=audio 41000 RTP/AVP 0\r\n"))
        #expect(try harness.last(.ack, 1).body.hasSuffix("m=audio 40000 RTP/AVP 0\r\nm=video 40002 RTP/AVP 31\r\n"))
        try harness.sends(
            0,
            "UPDATE",
            in: invite,
            body: PlacedHarness.session("video 0 RTP/AVP 31", "audio 40004 RTP/AVP 0")
        )
        let update = try harness.last(.update, 1)
        #expect(update.body.hasSuffix("m=audio 40004 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n"))
        try harness.answer(
            1,
            update,
            200,
            body: PlacedHarness.session("audio 41000 RTP/AVP 0", "video 0 RTP/AVP 31")
        )
        #expect(try harness.response(0).body.hasSuffix("m=video 0 RTP/AVP 31\r\nm=audio 41000 RTP/AVP 0\r\n"))
    }

    @Test("Streams that need keys are refused for the time being, plain ones accepted as inactive (RFC 3264 §6, §8.4)")
    func keyedStreams() throws {
        let harness = try PlacedHarness()
        try harness.firstAnswers(
            PlacedHarness.session(
                "audio 40000 RTP/SAVP 0",
                "audio 40002 RTP/AVP 0 96\r\na=rtpmap:96 opus/48000/2\r\na=ptime:20"
            )
        )
        let body = try harness.last(.ack, 0).body
        #expect(
            body.hasSuffix(
                "m=audio 0 RTP/SAVP 0\r\nm=audio 9 RTP/AVP 0 96\r\na=rtpmap:96 opus/48000/2\r\na=inactive\r\n"
            )
        )
        #expect(body.contains("c=IN IP4 0.0.0.0\r\n"))
    }

    @Test("While the first party waits, its re-INVITE and UPDATE are answered without media, a transfer is refused")
    func waiting() throws {
        let harness = try PlacedHarness()
        let invite = try harness.firstAnswers()
        let offer = PlacedHarness.session("audio 40006 RTP/AVP 0")
        try harness.sends(0, "INVITE", in: invite, body: offer)
        #expect(try harness.response(0).status == 200)
        #expect(try harness.response(0).body.hasSuffix("m=audio 9 RTP/AVP 0\r\na=inactive\r\n"))
        try harness.acknowledges(0, in: invite)
        for (method, headers, status) in [
            ("UPDATE", [], 200), ("INFO", [], 200), ("OPTIONS", [], 200), ("NOTIFY", ["Event: x"], 481),
        ] as [(String, [String], Int)] {
            try harness.sends(0, method, in: invite, headers, body: method == "UPDATE" ? offer : "")
            #expect(try harness.response(0).status == status, "\(method)")
        }
        try harness.sends(0, "INVITE", in: invite)
        #expect(try harness.response(0).status == 488)
        #expect(harness.count(.invite, 1) == 1 && harness.problems == [])
    }

    @Test("Once they talk, hold, UPDATE, INFO, MESSAGE and a cancelled re-INVITE cross in both directions")
    func talking() throws {
        let harness = try PlacedHarness()
        let (invite, party) = try harness.connect()
        for (leg, own, other) in [(0, invite, 1), (1, party, 0)] {
            let hold = PlacedHarness.session("audio 4000\(leg) RTP/AVP 0\r\na=sendonly")
            try harness.sends(leg, "INVITE", in: own, body: hold)
            let passed = try harness.last(.invite, other)
            #expect(passed.body.hasSuffix("m=audio 4000\(leg) RTP/AVP 0\r\na=sendonly\r\n"))
            try harness.answer(other, passed, 200, body: PlacedHarness.session("audio 45000 RTP/AVP 0\r\na=recvonly"))
            #expect(try harness.response(leg).body.hasSuffix("a=recvonly\r\n"))
            try harness.acknowledges(leg, in: own)
            #expect(
                try harness.last(.ack, other).message.mandatory.sequenceNumber
                    == passed.message.mandatory.sequenceNumber
            )
            try harness.sends(leg, "INFO", in: own, ["Content-Type: application/dtmf-relay"])
            try harness.answer(other, try harness.last(.info, other), 200)
            #expect(try harness.response(leg).status == 200)
        }
        #expect(harness.keptStates > 2)
        try harness.sends(0, "BYE", in: invite)
        #expect(harness.count(.bye, 1) == 1)
        try harness.expectOver()
        #expect(harness.legs[1]?.records.contains(.ending(.terminating)) == true)
    }

    @Test("A re-INVITE without an offer crosses, the offer comes back in its 200, the answer in its ACK")
    func delayedOffer() throws {
        let harness = try PlacedHarness()
        let (invite, _) = try harness.connect()
        try harness.sends(0, "INVITE", in: invite)
        let passed = try harness.last(.invite, 1)
        #expect(passed.body.isEmpty)
        try harness.answer(1, passed, 200, body: PlacedHarness.session("audio 41008 RTP/AVP 0"))
        #expect(try harness.response(0).body.hasSuffix("m=audio 41008 RTP/AVP 0\r\n"))
        try harness.acknowledges(0, in: invite, body: PlacedHarness.session("audio 40008 RTP/AVP 0"))
        #expect(try harness.last(.ack, 1).body.hasSuffix("m=audio 40008 RTP/AVP 0\r\n"))
    }

    @Test("A first party from whom the caller is hidden learns no name out of the other's messages")
    func hiddenFirst() throws {
        let harness = try PlacedHarness(hidden: [0])
        #expect(try harness.last(.invite, 0).header(.from)?.contains("anonymous.invalid") == true)
        let invite = try harness.firstAnswers()
        let named =
            "v=0\r\no=axolotl 77 5 IN IP4 quokka.example\r\ns=axolotl\r\ni=axolotl\r\nu=http://axolotl.example\r\n"
            + "e=axolotl@quokka.example\r\nc=IN IP4 203.0.113.9\r\nt=0 0\r\nm=audio 41000 RTP/AVP 0\r\n"
        let party = try harness.partyAnswers(1, named)
        try harness.answer(0, try harness.last(.invite, 0), 200, body: PlacedHarness.session("audio 40000 RTP/AVP 0"))
        try harness.sends(1, "INVITE", in: party, ["Subject: axolotl", "User-Agent: axolotl"], body: named)
        try harness.sends(0, "INFO", in: invite)
        for (leg, message) in harness.sent where leg == 0 {
            #expect(!message.has("axolotl") && !message.has("quokka"), "\(message.text)")
        }
        #expect(try harness.last(.invite, 0).body.contains("m=audio 41000"))
        #expect(harness.problems == [])
    }

    @Test("After a restart the parties' BYEs find each other, and the version of o= goes on above the old ones")
    func restart() throws {
        let harness = try PlacedHarness()
        let (invite, party) = try harness.connect()
        let before = try harness.last(.invite, 0).body.split(separator: "\r\n")[1].split(separator: " ")
        try harness.restart()
        try harness.sends(1, "INVITE", in: party, body: PlacedHarness.session("audio 41010 RTP/AVP 0"))
        let passed = try harness.last(.invite, 0)
        let after = passed.body.split(separator: "\r\n")[1].split(separator: " ")
        #expect(after[1] == before[1] && (UInt64(after[2]) ?? 0) > (UInt64(before[2]) ?? 0) && after[5] == before[5])
        try harness.answer(0, passed, 200, body: PlacedHarness.session("audio 40000 RTP/AVP 0"))
        try harness.acknowledges(1, in: party)
        try harness.sends(0, "BYE", in: invite)
        #expect(harness.count(.bye, 1) == 1)
        try harness.expectOver()
    }

    @Test("RFC 4028 the gateway asks each party for a sign of life once, not by both calls")
    func sessionRefresh() throws {
        let harness = try PlacedHarness()
        _ = try harness.connect()
        try harness.fire(.sessionRefresh, 0)
        #expect(harness.count(.options, 0) == 1 && harness.count(.options, 1) == 0)
        try harness.fire(.sessionRefresh, 1)
        #expect(harness.count(.options, 0) == 1 && harness.count(.options, 1) == 1)
    }

    @Test("A hang-up of either leg by command ends both", arguments: [0, 1])
    func command(leg: Int) throws {
        let harness = try PlacedHarness()
        _ = try harness.connect()
        harness.event(leg) { $0.hangUp(status: 487, text: "by command", cause: .normalClearing, &$1) }
        #expect(harness.count(.bye, 0) == 1 && harness.count(.bye, 1) == 1)
        try harness.expectOver()
    }
}
