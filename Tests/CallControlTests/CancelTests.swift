// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import MonotonicTime
import SIPMessage
import Testing

/// CANCEL and its races (RFC 3261 §9, §13.2.2.4, §16.8).
struct CancelTests {
    @Test("§9.1 CANCEL waits for the first provisional response")
    func waits() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        harness.callerCancels()
        #expect(harness.final() == 487)
        #expect(!harness.toOutside.contains { $0.method == .cancel })
        try harness.answer(invite, 100)
        let cancel = try harness.outside(.cancel)
        #expect(cancel.header(.via) == invite.header(.via))
        #expect(cancel.header(.cseq) == "1 CANCEL")
        #expect(cancel.header(.to) == invite.header(.to))
        harness.expectSound(finished: false)
        try harness.answer(invite, 487)
        harness.expectSound()
        #expect(harness.ends == [.ended(finalStatus: 487, cause: .normalClearing)])
        #expect(harness.records.contains(.ending(.canceling)))
    }

    @Test("§9.1 A CANCEL that brings no final response ends the attempt after 64*T1")
    func unanswered() throws {
        let harness = try Harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 180)
        harness.callerCancels()
        harness.advance(milliseconds: 31_999)
        #expect(!harness.isFinished)
        harness.advance(milliseconds: 1)
        harness.expectSound()
    }

    @Test("§9.1 A cancelled INVITE that nobody ever answers ends with Timer B")
    func neverAnswered() throws {
        let harness = try Harness()
        harness.begin()
        harness.callerCancels()
        harness.advance(seconds: 33)
        #expect(!harness.toOutside.contains { $0.method == .cancel })
        harness.expectSound()
    }

    @Test("§13.2.2.4 A 2xx that crosses the CANCEL is acknowledged and ended with BYE")
    func lateSuccess() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 180)
        harness.callerCancels()
        try harness.answer(invite, 200)
        #expect(harness.toOutside.suffix(3).map(\.method) == [.cancel, .ack, .bye])
        #expect(try harness.outside(.bye).header(.cseq) == "2 BYE")
        try harness.answer(invite, 200)
        #expect(harness.toOutside.filter { $0.method == .bye }.count == 1)
        #expect(harness.toOutside.filter { $0.method == .ack }.count == 2)
        #expect(harness.final() == 487)
        try harness.settle()
        harness.expectSound()
    }

    @Test("§9.2 A CANCEL after the 2xx has no effect")
    func tooLate() throws {
        let harness = try Harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 200)
        harness.callerCancels()
        #expect(harness.final() == 200)
        #expect(!harness.toOutside.contains { $0.method == .cancel })
        try harness.callerAcknowledges()
        try harness.callerSends("BYE")
        try harness.settle()
        harness.expectSound()
    }

    @Test("§9.2 A CANCEL before the record is safe ends the call unsent")
    func beforeBegin() throws {
        let harness = try Harness()
        harness.callerCancels()
        #expect(harness.final() == 487)
        harness.expectSound()
        harness.begin()
        harness.event { $0.recordFailed(&$1) }
        #expect(harness.toOutside.isEmpty)
        harness.expectSound()
    }

    @Test("§15 A BYE of the caller in an early dialog gives the call up")
    func earlyBye() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 180)
        let bye = try harness.callerSends("BYE")
        #expect(harness.final(bye) == 200)
        #expect(harness.final() == 487)
        #expect(try harness.outside(.cancel).has("Reason: SIP;cause=487"))
        try harness.answer(invite, 487)
        harness.expectSound()
    }

    @Test("§15 A BYE of the callee in an early dialog fails the attempt")
    func earlyByeOfCallee() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 180)
        let bye = try harness.outsideSends("BYE", in: invite)
        #expect(harness.final(bye) == 200)
        #expect(harness.final() == 480)
        try harness.answer(invite, 487)
        harness.expectSound()
    }

    @Test("Requests that wait in an early dialog are answered when it ends")
    func pendingRelays() throws {
        for ending in ["cancel", "failure"] {
            let harness = try Harness()
            harness.begin()
            let invite = try harness.outside(.invite)
            try harness.answer(invite, 183, ["Require: 100rel", "RSeq: 7"])
            let prack = try harness.callerSends("PRACK", ["RAck: 7 1 INVITE"])
            #expect(harness.final(prack) == 0)
            if ending == "cancel" { harness.callerCancels() } else { try harness.answer(invite, 486) }
            #expect(harness.final(prack) == 481)
            let update = try harness.callerSends("UPDATE", toTag: "0700000000000001")
            if ending == "cancel" {
                #expect(harness.final(update) == 481)
                try harness.answer(invite, 487)
            }
            harness.expectSound()
        }
    }
}
