// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import Testing

/// The plain ways a call goes (RFC 3261 §13, §15).
struct CallFlowTests {
    @Test("§13 An answered call has two dialogs, and both end with the caller's BYE")
    func plainCall() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        #expect(invite.text.hasPrefix("INVITE sip:+13125550123@192.0.2.1;user=phone SIP/2.0\r\n"))
        #expect(invite.header(.callID) != Caller.callID)
        #expect(invite.body == Caller.offer)
        try harness.answer(invite, 100)
        #expect(harness.toCaller.isEmpty)
        try harness.answer(invite, 180)
        try harness.answer(invite, 183, body: "v=0\r\n")
        try harness.answer(invite, 200, body: Caller.description(codecs: "0"))
        #expect(harness.toCaller.map(\.status) == [180, 183, 200])
        #expect(harness.toCaller.last?.body == Caller.description(codecs: "0"))
        try harness.callerAcknowledges()
        let acknowledgement = try harness.outside(.ack)
        #expect(acknowledgement.text.hasPrefix("ACK sip:192.0.2.1:5060 SIP/2.0\r\n"))
        #expect(acknowledgement.header(.cseq) == "1 ACK")
        #expect(harness.timers.keys.sorted { "\($0)" < "\($1)" } == [.maximumDuration, .sessionRefresh])
        let bye = try harness.callerSends("BYE", ["Reason: Q.850;cause=16"])
        #expect(harness.final(bye) == 200)
        let passed = try harness.outside(.bye)
        #expect(passed.header(.cseq) == "2 BYE")
        #expect(passed.header(.reason) == "Q.850;cause=16")
        harness.expectSound(finished: false)
        try harness.answer(passed, 200)
        harness.expectSound()
        guard case .attempt(let attempt) = harness.records.first else {
            Issue.record("no attempt was recorded first")
            return
        }
        #expect(attempt.trunk == ResourceIdentifier(high: 3, low: 1))
        #expect(attempt.trunkName == "trunk1")
        #expect(attempt.callID == invite.header(.callID))
        #expect(
            Array(harness.records.dropFirst()) == [
                .ringing, .answered, .ending(.terminating), .ended(finalStatus: 0, cause: .normalClearing),
            ]
        )
    }

    @Test("§15.1 The callee's BYE ends the caller's dialog")
    func calleeHangsUp() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        let bye = try harness.outsideSends("BYE", in: invite)
        #expect(harness.final(bye) == 200)
        try harness.answer(try harness.caller(.bye), 200)
        harness.expectSound()
        #expect(harness.ends == [.ended(finalStatus: 0, cause: .normalClearing)])
    }

    @Test("§15 Two BYEs that cross are both answered with 200")
    func crossingByes() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        let first = try harness.callerSends("BYE")
        let second = try harness.outsideSends("BYE", in: invite)
        #expect(harness.final(first) == 200)
        #expect(harness.final(second) == 200)
        try harness.settle()
        harness.expectSound()
    }

    @Test("§15 The callee's BYE reaches the caller only after the caller's ACK")
    func byeBeforeAcknowledgement() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 200)
        try harness.outsideSends("BYE", in: invite)
        #expect(try harness.outside(.ack).header(.cseq) == "1 ACK")
        #expect(!harness.toCaller.contains { $0.method == .bye })
        harness.advance(seconds: 1)
        #expect(harness.toCaller.filter { $0.status == 200 }.count == 2)
        try harness.callerAcknowledges()
        try harness.answer(try harness.caller(.bye), 200)
        harness.expectSound()
    }

    @Test("§13.3.1.4 A 2xx is repeated at T1, doubling to T2, and ends in BYE after 64*T1")
    func successRetransmission() throws {
        let harness = try Harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 200)
        harness.advance(milliseconds: 31_999)
        #expect(harness.toCaller.filter { $0.status == 200 }.count == 11)
        #expect(!harness.toOutside.contains { $0.method == .bye })
        harness.advance(milliseconds: 1)
        #expect(try harness.outside(.ack).header(.cseq) == "1 ACK")
        #expect(try harness.outside(.bye).header(.cseq) == "2 BYE")
        #expect(try harness.caller(.bye).text.hasPrefix("BYE sip:zebra-user@10.66.77.88:5060 SIP/2.0\r\n"))
        try harness.settle()
        harness.expectSound()
    }

    @Test("§13.2.2.4 A retransmitted 2xx gets the same ACK again, and nothing before there is one")
    func repeatedSuccess() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 200)
        try harness.answer(invite, 200)
        #expect(!harness.toOutside.contains { $0.method == .ack })
        try harness.callerAcknowledges()
        try harness.answer(invite, 200)
        try harness.callerAcknowledges()
        let sent = harness.toOutside.filter { $0.method == .ack }
        #expect(sent.count == 2)
        #expect(sent.first?.text == sent.last?.text)
        #expect(harness.toCaller.filter { $0.status == 200 }.count == 1)
    }

    @Test("§13.2.1 The answer to a delayed offer crosses in the ACK")
    func delayedOffer() throws {
        let harness = try Harness(body: "")
        harness.begin()
        try harness.answer(try harness.outside(.invite), 200, body: Caller.offer)
        try harness.callerAcknowledges(body: Caller.description(codecs: "8"))
        let acknowledgement = try harness.outside(.ack)
        #expect(acknowledgement.body == Caller.description(codecs: "8"))
        #expect(acknowledgement.header(.contentType) == "application/sdp")
    }

    @Test("The longest duration ends the call as no one's doing")
    func maximumDuration() throws {
        let harness = try Harness(settings: CallSettings(sessionInterval: .seconds(0), gatewayHost: "gw.example"))
        try harness.establish()
        harness.advance(seconds: 3599)
        #expect(!harness.toOutside.contains { $0.method == .bye })
        harness.advance(seconds: 2)
        #expect(try harness.outside(.bye).has("the call reached its longest duration"))
        #expect(try harness.caller(.bye).has("Q.850;cause=16"))
        try harness.settle()
        harness.expectSound()
        #expect(harness.ends == [.ended(finalStatus: 0, cause: .durationLimit)])
        #expect(!harness.records.contains(.ending(.terminating)))
    }

    @Test("The gateway's own hang-up ends both dialogs, or cancels and answers")
    func hangUp() throws {
        let answered = try Harness()
        try answered.establish()
        answered.event { $0.hangUp(status: 480, text: "by the operator", cause: .normalClearing, &$1) }
        #expect(try answered.outside(.bye).has("by the operator"))
        try answered.settle()
        answered.expectSound()
        #expect(answered.records.contains(.ending(.terminating)))
        let ringing = try Harness()
        ringing.begin()
        let invite = try ringing.outside(.invite)
        try ringing.answer(invite, 180)
        ringing.event { $0.hangUp(status: 480, text: "by the operator", cause: .normalClearing, &$1) }
        #expect(ringing.final() == 480)
        #expect(try ringing.response().has("Warning: 399 192.0.2.253 \"by the operator\""))
        try ringing.answer(invite, 487)
        ringing.expectSound()
        #expect(ringing.records.contains(.ending(.canceling)))
    }

    @Test("A call whose record is not safe is answered 503 and sends nothing out")
    func recordFailed() throws {
        let harness = try Harness()
        harness.event { $0.recordFailed(&$1) }
        #expect(harness.final() == 503)
        #expect(try harness.response().header(.retryAfter) == "5")
        #expect(harness.toOutside.isEmpty)
        harness.expectSound()
    }

    @Test("§8.1.3.1 A callee without any binding is 480")
    func noTargets() throws {
        let harness = try Harness(to: "1002", targets: [])
        harness.begin()
        #expect(harness.final() == 480)
        harness.expectSound()
    }
}
