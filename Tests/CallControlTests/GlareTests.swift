// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import SIPMessage
import Testing

/// Requests that cross each other (RFC 3261 §14, RFC 3311 §5.2, RFC 6141).
struct GlareTests {
    private static let answer = Caller.description(codecs: "0")
    private static let reliable = ["Require: 100rel", "RSeq: 1"]

    private static func established() throws -> (Harness, Sent) {
        let harness = try Harness()
        return (harness, try harness.establish())
    }

    @Test("§14.2 A re-INVITE that crosses another one is 491 on either side; both later succeed")
    func reinvites() throws {
        for isCallerFirst in [true, false] {
            let (harness, invite) = try Self.established()
            func send(_ isCaller: Bool) throws -> UInt64 {
                try isCaller
                    ? harness.callerSends("INVITE", body: Caller.offer)
                    : harness.outsideSends("INVITE", in: invite, body: Caller.offer)
            }
            let first = try send(isCallerFirst)
            let crossing = try send(!isCallerFirst)
            #expect(harness.final(crossing) == 491)
            #expect(try harness.response(crossing).headers(.retryAfter).isEmpty)
            let passed = try isCallerFirst ? harness.outside(.invite) : harness.caller(.invite)
            try harness.answer(passed, 200, body: Self.answer)
            #expect(harness.final(first) == 200)
            try acknowledge(harness, invite, isCallerFirst, first)
            let again = try send(!isCallerFirst)
            let retried = try isCallerFirst ? harness.caller(.invite) : harness.outside(.invite)
            try harness.answer(retried, 200, body: Self.answer)
            #expect(harness.final(again) == 200)
            harness.expectSound(finished: false)
        }
    }

    private func acknowledge(_ harness: Harness, _ invite: Sent, _ isCaller: Bool, _ transaction: UInt64) throws {
        let number = Int(try harness.response(transaction).message.mandatory.sequenceNumber)
        if isCaller {
            try harness.callerAcknowledges(number: number)
        } else {
            try harness.outsideSends("ACK", in: invite, number: number)
        }
    }

    @Test("§14.1 A 491 of the far end crosses to the requester, and its retry goes through")
    func passedGlare() throws {
        let (harness, _) = try Self.established()
        for method in [Method.invite, .update] {
            let name = method == .invite ? "INVITE" : "UPDATE"
            let refused = try harness.callerSends(name, body: Caller.offer)
            try harness.answer(try harness.outside(method), 491)
            #expect(harness.final(refused) == 491)
            let retried = try harness.callerSends(name, body: Caller.offer)
            try harness.answer(try harness.outside(method), 200, body: Self.answer)
            #expect(harness.final(retried) == 200)
            if method == .invite {
                try harness.callerAcknowledges(
                    number: Int(try harness.response(retried).message.mandatory.sequenceNumber)
                )
            }
        }
        harness.expectSound(finished: false)
    }

    @Test(
        "RFC 3311 §5.2 An offer in UPDATE while the INVITE's offer has no answer is 491 to the callee, 500 to the caller"
    )
    func unansweredInvite() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 180)
        let callee = try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)
        #expect(harness.final(callee) == 491)
        let caller = try harness.callerSends("UPDATE", body: Caller.offer)
        #expect(harness.final(caller) == 500)
        #expect(try harness.response(caller).header(.retryAfter) != nil)
        let bare = try harness.callerSends("UPDATE")
        try harness.answer(try harness.outside(.update), 200)
        #expect(harness.final(bare) == 200)
        try harness.answer(invite, 183, Self.reliable, body: Self.answer)
        try harness.answer(invite, 183, Self.reliable, body: Self.answer)
        let settled = try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)
        try harness.answer(try harness.caller(.update), 200, body: Self.answer)
        #expect(harness.final(settled) == 200)
        harness.expectSound(finished: false)
    }

    @Test("RFC 3262 §5 The offer in a reliable response is open until PRACK answers it; a retransmission opens none")
    func delayedOffer() throws {
        let harness = try Harness(body: "")
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 183, Self.reliable, body: Caller.offer)
        #expect(harness.final(try harness.callerSends("UPDATE", body: Caller.offer)) == 491)
        #expect(harness.final(try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)) == 500)
        try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"], body: Self.answer)
        try harness.settle()
        try harness.answer(invite, 183, Self.reliable, body: Caller.offer)
        let update = try harness.callerSends("UPDATE", body: Caller.offer)
        try harness.answer(try harness.outside(.update), 200, body: Self.answer)
        #expect(harness.final(update) == 200)
        harness.expectSound(finished: false)
    }

    @Test(
        "RFC 3311 §5.2 A second UPDATE of one side is 500, an offer that crosses one is 491, and both end with the first"
    )
    func updates() throws {
        let (harness, invite) = try Self.established()
        let first = try harness.callerSends("UPDATE", body: Caller.offer)
        #expect(harness.final(try harness.callerSends("UPDATE")) == 500)
        #expect(harness.final(try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)) == 491)
        #expect(harness.final(try harness.outsideSends("INVITE", in: invite, body: Caller.offer)) == 491)
        #expect(harness.final(try harness.callerSends("INVITE", body: Caller.offer)) == 500)
        try harness.answer(try harness.outside(.update), 488)
        #expect(harness.final(first) == 488)
        let after = try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)
        try harness.answer(try harness.caller(.update), 200, body: Self.answer)
        #expect(harness.final(after) == 200)
        harness.expectSound(finished: false)
    }

    @Test("RFC 6141 §3 UPDATE with an offer during a re-INVITE is 491 across and 500 along, and goes after its refusal")
    func updateDuringReinvite() throws {
        let (harness, invite) = try Self.established()
        let reinvite = try harness.callerSends("INVITE", body: Caller.offer)
        #expect(harness.final(try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)) == 491)
        #expect(harness.final(try harness.callerSends("UPDATE", body: Caller.offer)) == 500)
        try harness.answer(try harness.outside(.invite), 488)
        #expect(harness.final(reinvite) == 488)
        let update = try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)
        try harness.answer(try harness.caller(.update), 200, body: Self.answer)
        #expect(harness.final(update) == 200)
        harness.expectSound(finished: false)
    }

    @Test("RFC 6141 §3 The offer in the 2xx to a re-INVITE without one is open until its ACK")
    func offerInSuccess() throws {
        let (harness, invite) = try Self.established()
        let reinvite = try harness.callerSends("INVITE")
        try harness.answer(try harness.outside(.invite), 200, body: Caller.offer)
        #expect(harness.final(try harness.callerSends("UPDATE", body: Caller.offer)) == 491)
        let number = Int(try harness.response(reinvite).message.mandatory.sequenceNumber)
        try harness.callerAcknowledges(number: number, body: Self.answer)
        let update = try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)
        try harness.answer(try harness.caller(.update), 200, body: Self.answer)
        #expect(harness.final(update) == 200)
        harness.expectSound(finished: false)
    }

    @Test("A re-INVITE without an answer leaves no offer open")
    func unansweredReinvite() throws {
        for status in [408, 0] {
            let (harness, invite) = try Self.established()
            try harness.callerSends("INVITE", body: Caller.offer)
            let passed = try harness.outside(.invite)
            if status == 0 { harness.fail(passed.transaction, .transport) } else { try harness.answer(passed, 500) }
            let update = try harness.outsideSends("UPDATE", in: invite, body: Caller.offer)
            #expect(try harness.caller(.update).body == Caller.offer)
            #expect(harness.final(update) == 0)
        }
    }

    @Test("§15 BYEs that cross are both answered, and the call ends once")
    func byes() throws {
        let (harness, invite) = try Self.established()
        let first = try harness.callerSends("BYE")
        let second = try harness.outsideSends("BYE", in: invite)
        #expect(harness.final(first) == 200 && harness.final(second) == 200)
        try harness.answer(try harness.outside(.bye), 481)
        harness.expectSound()
        #expect(!harness.toCaller.contains { $0.method == .bye && !$0.isResponse })
    }

    @Test("§15.1.2 A re-INVITE that crosses a BYE is 481, and one that the BYE overtakes is 487")
    func byeAndReinvite() throws {
        for isCaller in [true, false] {
            let (harness, invite) = try Self.established()
            func send(_ method: String, _ isCaller: Bool) throws -> UInt64 {
                try isCaller ? harness.callerSends(method) : harness.outsideSends(method, in: invite)
            }
            let pending = try send("INVITE", !isCaller)
            let bye = try send("BYE", isCaller)
            #expect(harness.final(bye) == 200)
            #expect(harness.final(pending) == 487)
            let crossing = try send("INVITE", !isCaller)
            #expect(harness.final(crossing) == 481)
            try harness.settle()
            harness.expectSound()
        }
    }

    @Test("§9.2 A CANCEL that crosses the 200 of a re-INVITE changes nothing; the call goes on")
    func cancelAndSuccess() throws {
        let (harness, _) = try Self.established()
        let reinvite = try harness.callerSends("INVITE", body: Caller.offer)
        let passed = try harness.outside(.invite)
        try harness.answer(passed, 100)
        harness.event { $0.cancelReceived(for: reinvite, &$1) }
        _ = try harness.outside(.cancel)
        try harness.answer(passed, 200, body: Self.answer)
        #expect(harness.final(reinvite) == 200)
        let number = Int(try harness.response(reinvite).message.mandatory.sequenceNumber)
        try harness.callerAcknowledges(number: number)
        #expect(try harness.outside(.ack).message.mandatory.sequenceNumber == passed.message.mandatory.sequenceNumber)
        harness.expectSound(finished: false)
    }

    @Test("RFC 3262 §3 A PRACK that the 200 overtakes still crosses, and one for a lost fork is 481")
    func prackRaces() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 183, tag: "a", Self.reliable, body: Self.answer)
        let lost = try harness.callerTag()
        try harness.answer(invite, 183, tag: "bt", Self.reliable, body: Self.answer)
        let won = try harness.callerTag()
        #expect(lost != won)
        let early = try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"], toTag: lost)
        try harness.answer(invite, 200)
        #expect(harness.final(early) == 481)
        #expect(harness.final(try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"], toTag: lost)) == 481)
        let late = try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"], toTag: won)
        try harness.answer(try harness.outside(.prack), 200)
        #expect(harness.final(late) == 200)
        try harness.callerAcknowledges()
        harness.expectSound(finished: false)
    }
}
