// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// Third-party call control, message by message (RFC 3725).
struct PlacedCallTests {
    private static let noMedia = "m=audio 9 RTP/AVP 0 8\r\na=inactive\r\n"

    private static func origin(_ body: String) -> [Substring] {
        body.split(separator: "\r\n").first { $0.hasPrefix("o=") }?.split(separator: " ") ?? []
    }

    @Test("RFC 3725 §4.3 flow III: whose session description goes to whom, in nine messages")
    func flow() throws {
        let harness = try PlacedHarness()
        let first = try harness.last(.invite, 0)
        #expect(first.body.isEmpty && first.header(.contentType) == nil)
        #expect(first.message.mandatory.maxForwards == 70)
        #expect(first.has("Contact: <sip:192.0.2.254:5060>") && !first.has("gateway.invalid"))
        try harness.answer(0, first, 180)
        #expect(harness.sent.count == 1)
        try harness.answer(0, first, 200, body: PlacedHarness.session("audio 40000 RTP/AVP 0 8"))
        let held = try harness.last(.ack, 0)
        #expect(held.body.hasSuffix(Self.noMedia))

        let second = try harness.last(.invite, 1)
        #expect(second.body.isEmpty && second.header(.callID) != first.header(.callID))
        try harness.answer(1, second, 183, body: PlacedHarness.session("audio 41000 RTP/AVP 0"))
        #expect(harness.count(.invite, 0) == 1, "early media is for nobody")
        try harness.partyAnswers()
        #expect(harness.count(.ack, 1) == 0, "the second 200 waits for the answer to its offer")

        let offer = try harness.last(.invite, 0)
        #expect(offer.header(.callID) == first.header(.callID) && offer.has("To: <sip:+13125550101@192.0.2.1"))
        #expect(offer.body.hasSuffix("m=audio 41000 RTP/AVP 0\r\n"))
        try harness.answer(0, offer, 200, body: PlacedHarness.session("audio 40002 RTP/AVP 0"))
        #expect(try harness.last(.ack, 1).body.hasSuffix("m=audio 40002 RTP/AVP 0\r\n"))
        #expect(try harness.last(.ack, 0).body.isEmpty)
        #expect(harness.sent.suffix(2).map(\.leg) == [1, 0])
        #expect(harness.isJoined)

        // RFC 3264 §8: one author, one session, a version that goes up by one.
        let (before, after) = (Self.origin(held.body), Self.origin(offer.body))
        #expect(before.count == 6 && before[0] == "o=-" && before[1] == after[1] && before[5] == after[5])
        #expect(UInt64(after[2]) == (UInt64(before[2]) ?? 0) + 1)
        try harness.sends(1, "BYE", in: second)
        #expect(harness.count(.bye, 0) == 1)
        try harness.expectOver()
        #expect(harness.legs[0]?.records.contains(.ringing) == true)
    }

    @Test("An answer without a session description is acknowledged and ended", arguments: ["", "v=0\r\nbroken\r\n"])
    func answerWithoutDescription(body: String) throws {
        let harness = try PlacedHarness()
        try harness.firstAnswers(body)
        #expect(try harness.last(.ack, 0).body.isEmpty)
        #expect(try harness.last(.bye, 0).has("no session description"))
        #expect(harness.count(.invite, 1) == 0)
        try harness.expectOver()

        let other = try PlacedHarness()
        try other.firstAnswers()
        try other.partyAnswers(1, body)
        #expect(other.count(.ack, 1) == 1 && other.count(.bye, 1) == 1 && other.count(.bye, 0) == 1)
        #expect(other.count(.invite, 0) == 1)
        try other.expectOver()
    }

    @Test("With nobody to connect the call ends at once: progressing, terminating, over")
    func nothingToConnect() throws {
        let harness = try PlacedHarness(parties: [])
        try harness.firstAnswers()
        #expect(try harness.last(.ack, 0).body.hasSuffix(Self.noMedia))
        #expect(try harness.last(.bye, 0).header(.reason)?.hasPrefix("Q.850;cause=16") == true)
        let records = harness.legs[0]?.records.suffix(3) ?? []
        #expect(
            Array(records) == [
                .answered, .ending(.terminating), .ended(finalStatus: 0, cause: .normalClearing),
            ]
        )
        try harness.expectOver()
    }

    @Test("A first party that refuses ends the call; nobody else is rung")
    func firstRefuses() throws {
        let harness = try PlacedHarness()
        try harness.answer(0, try harness.last(.invite, 0), 486)
        #expect(harness.count(.invite, 1) == 0)
        #expect(harness.end(0) == .ended(finalStatus: 486, cause: .userBusy))
        try harness.expectOver()
    }

    @Test("RFC 3725 §6 when the last party has refused, the first gets a BYE that tells why")
    func partiesRefuse() throws {
        let harness = try PlacedHarness(parties: ["+13125550102", "+13125550103"])
        try harness.firstAnswers()
        try harness.answer(1, try harness.last(.invite, 1), 404)
        #expect(harness.count(.bye, 0) == 0)
        try harness.answer(2, try harness.last(.invite, 2), 486)
        #expect(try harness.last(.bye, 0).header(.reason)?.hasPrefix("Q.850;cause=17") == true)
        try harness.expectOver()
    }

    @Test("Several parties ring at once; the first to answer is connected, the others are told so (RFC 3326)")
    func firstToAnswerWins() throws {
        let harness = try PlacedHarness(parties: ["+13125550102", "+13125550103", "+13125550104"])
        try harness.firstAnswers()
        for leg in 1...3 { try harness.answer(leg, try harness.last(.invite, leg), 180) }
        try harness.partyAnswers(2)
        for leg in [1, 3] {
            #expect(try harness.last(.cancel, leg).has("Call completed elsewhere"))
        }
        // Leg 3 answered before the CANCEL came there (RFC 3261 §9.1): its 200 is taken back.
        try harness.answer(1, try harness.last(.invite, 1), 487)
        try harness.answer(3, try harness.last(.invite, 3), 200, body: PlacedHarness.session("audio 43000 RTP/AVP 0"))
        #expect(harness.count(.ack, 3) == 1 && harness.count(.bye, 3) == 1)
        try harness.answer(0, try harness.last(.invite, 0), 200, body: PlacedHarness.session("audio 40000 RTP/AVP 0"))
        #expect(harness.isJoined)
        #expect(try harness.last(.ack, 2).body.contains("m=audio 40000"))
        try harness.sends(0, "BYE", in: try #require(harness.sent.first?.message))
        #expect(harness.count(.bye, 2) == 1)
        try harness.expectOver()
    }

    @Test("RFC 3261 §14.1 the offer that crosses one of the first party is made again, 2.1 to 4 s later")
    func glare() throws {
        let harness = try PlacedHarness()
        let (invite, party) = (try harness.firstAnswers(), try harness.partyAnswers())
        let offer = try harness.last(.invite, 0)
        // The first party's own re-INVITE meets the one under way.
        try harness.sends(0, "INVITE", in: invite, body: PlacedHarness.session("audio 40004 RTP/AVP 0"))
        #expect(try harness.response(0).status == 491)
        try harness.answer(0, offer, 491)
        #expect(harness.waits.count == 1 && harness.waits.allSatisfy { (2100...4000).contains($0) })
        #expect(harness.count(.invite, 0) == 2)
        harness.waitPasses()
        let again = try harness.last(.invite, 0)
        #expect(harness.count(.invite, 0) == 3 && again.body == offer.body)
        try harness.answer(0, again, 200, body: PlacedHarness.session("audio 40000 RTP/AVP 0"))
        #expect(harness.isJoined)
        try harness.sends(1, "BYE", in: party)
        harness.waitPasses()
        #expect(harness.count(.invite, 0) == 3)
        try harness.expectOver()
    }

    @Test("RFC 3725 §6 a first party that does not take the other's session ends both calls", arguments: [488, 200])
    func offerRefused(status: Int) throws {
        let harness = try PlacedHarness()
        try harness.firstAnswers()
        try harness.partyAnswers()
        try harness.answer(0, try harness.last(.invite, 0), status)
        #expect(try harness.last(.ack, 1).body.isEmpty)
        #expect(try harness.last(.bye, 1).has("does not take the session"))
        #expect(harness.count(.bye, 0) == 1)
        if status == 200 { #expect(harness.count(.ack, 0) == 2) }
        #expect(!harness.isJoined)
        try harness.expectOver()
    }

    @Test("RFC 3261 §12.2.1.2 a first party that knows its call no more ends the other's", arguments: [481, 408])
    func firstIsGone(status: Int) throws {
        let harness = try PlacedHarness()
        try harness.firstAnswers()
        try harness.partyAnswers()
        try harness.answer(0, try harness.last(.invite, 0), status)
        #expect(harness.count(.bye, 1) == 1 && harness.count(.ack, 1) == 1)
        try harness.expectOver()
    }

    @Test("The first party hangs up while the other rings: CANCEL, and a late 200 gets ACK and BYE")
    func firstHangsUp() throws {
        let harness = try PlacedHarness()
        let invite = try harness.firstAnswers()
        let ringing = try harness.last(.invite, 1)
        try harness.answer(1, ringing, 180)
        try harness.sends(0, "BYE", in: invite)
        #expect(try harness.response(0).status == 200)
        #expect(harness.count(.cancel, 1) == 1)
        try harness.answer(1, ringing, 200, body: PlacedHarness.session("audio 41000 RTP/AVP 0"))
        #expect(harness.count(.ack, 1) == 1 && harness.count(.bye, 1) == 1)
        try harness.expectOver()
        #expect(harness.end(0) == .ended(finalStatus: 0, cause: .normalClearing))
    }

    @Test("RFC 3261 §9.1 the CANCEL waits for a provisional response of the other party")
    func earlyHangUp() throws {
        let harness = try PlacedHarness()
        let invite = try harness.firstAnswers()
        try harness.sends(0, "BYE", in: invite)
        #expect(harness.count(.cancel, 1) == 0)
        try harness.answer(1, try harness.last(.invite, 1), 100)
        #expect(harness.count(.cancel, 1) == 1)
        try harness.answer(1, try harness.last(.invite, 1), 487)
        try harness.expectOver()
    }

    @Test("The first party hangs up while it has the other's offer: the other gets ACK, then BYE (RFC 3261 §15)")
    func firstHangsUpDuringOffer() throws {
        let harness = try PlacedHarness()
        let invite = try harness.firstAnswers()
        try harness.partyAnswers()
        try harness.sends(0, "BYE", in: invite)
        let order = harness.sent.filter { $0.leg == 1 && !$0.message.isResponse }.map(\.message.method)
        #expect(order == [.invite, .ack, .bye])
        try harness.answer(0, try harness.last(.invite, 0), 487)
        try harness.expectOver()
    }

    @Test("The other party hangs up before its ACK: the first gets a BYE, and a late answer its ACK")
    func partyHangsUpDuringOffer() throws {
        let harness = try PlacedHarness()
        try harness.firstAnswers()
        let party = try harness.partyAnswers()
        try harness.sends(1, "BYE", in: party)
        #expect(harness.count(.bye, 0) == 1 && harness.count(.bye, 1) == 0)
        try harness.answer(0, try harness.last(.invite, 0), 200, body: PlacedHarness.session("audio 40000 RTP/AVP 0"))
        #expect(harness.count(.ack, 0) == 2 || harness.legs[0]?.isFinished == true)
        try harness.expectOver()
    }

    @Test("A party that does not answer within the dial timeout is cancelled, and the first gets a BYE")
    func dialTimeout() throws {
        let harness = try PlacedHarness()
        try harness.firstAnswers()
        try harness.answer(1, try harness.last(.invite, 1), 180)
        try harness.fire(.dial(branch: 0), 1)
        #expect(harness.count(.cancel, 1) == 1)
        #expect(try harness.last(.bye, 0).header(.reason)?.hasPrefix("Q.850;cause=19") == true)
        try harness.answer(1, try harness.last(.invite, 1), 487)
        try harness.expectOver()
    }

    @Test("RFC 3261 §13.3.1.4 a first party that never answers the offer leaves the other's 200 without ACK: both end")
    func noAnswerToOffer() throws {
        let harness = try PlacedHarness()
        try harness.firstAnswers()
        try harness.partyAnswers()
        for _ in 0..<30 where harness.legs[1]?.timers[.successRetransmission(exchange: 0)] != nil {
            try harness.fire(.successRetransmission(exchange: 0), 1)
        }
        #expect(harness.count(.bye, 1) == 1 && harness.count(.bye, 0) == 1)
        try harness.expectOver()
    }

    @Test("RFC 3261 §13.2.2.4 a repeated 200 gets the same ACK again, with the same session description")
    func repeatedAnswer() throws {
        let harness = try PlacedHarness()
        let (invite, party) = try harness.connect()
        for (leg, request) in [(0, invite), (1, party)] {
            let first = try #require(harness.sent.first { $0.leg == leg && $0.message.method == .ack }).message
            try harness.answer(leg, request, 200, body: PlacedHarness.session("audio 40000 RTP/AVP 0 8"))
            #expect(try harness.last(.ack, leg).text == first.text)
        }
        #expect(harness.problems == [])
    }

    @Test("§13.2.2.4 of two forks of the first party that answer, the second gets ACK and BYE")
    func forkedAnswer() throws {
        let harness = try PlacedHarness()
        let invite = try harness.firstAnswers()
        try harness.answer(0, invite, 200, tag: "fork", body: PlacedHarness.session("audio 40009 RTP/AVP 0"))
        let bye = try harness.last(.bye, 0)
        #expect(bye.header(.to)?.hasSuffix(";tag=fork") == true)
        #expect(harness.count(.invite, 1) == 1)
        #expect(harness.end(0) == nil)
    }

    @Test("A trunk's challenge to the INVITE and to the offer is answered")
    func challenges() throws {
        let harness = try PlacedHarness()
        harness.credentials = { _, _, _, response in
            TrunkCredentials(isProxy: response.status == 407, value: Array("Digest test".utf8))
        }
        let challenge = ["Proxy-Authenticate: Digest realm=\"carrier\", nonce=\"n1\""]
        try harness.answer(0, try harness.last(.invite, 0), 407, challenge)
        #expect(try harness.last(.invite, 0).header(.proxyAuthorization) == "Digest test")
        try harness.firstAnswers()
        try harness.partyAnswers()
        try harness.answer(
            0,
            try harness.last(.invite, 0),
            407,
            ["Proxy-Authenticate: Digest realm=\"carrier\", nonce=\"n2\""]
        )
        let offer = try harness.last(.invite, 0)
        #expect(offer.header(.proxyAuthorization) == "Digest test" && offer.body.contains("m=audio 41000"))
        try harness.answer(0, offer, 200, body: PlacedHarness.session("audio 40000 RTP/AVP 0"))
        #expect(harness.isJoined)
    }

    @Test("Route advance and a trunk's own redirection work for a placed call as for a telephone's")
    func routes() throws {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1), Deployment.trunk(2)]
        let harness = try PlacedHarness(parties: [], deployments: [0: deployment])
        let first = try harness.last(.invite, 0)
        try harness.answer(0, first, 302, ["Contact: <sip:+13125550101@192.0.2.1:5080>"])
        let redirected = try harness.last(.invite, 0)
        #expect(redirected.hop?.port == 5080)
        try harness.answer(0, redirected, 503)
        #expect(try harness.last(.invite, 0).hop?.host == "192.0.2.2")
        try harness.firstAnswers()
        #expect(harness.count(.bye, 0) == 1)
        try harness.expectOver()
    }
}
