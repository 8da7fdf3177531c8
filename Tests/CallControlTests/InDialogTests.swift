// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import SIPMessage
import SIPTransaction
import Testing

@testable import CallControl

/// Requests inside the dialogs of a call (RFC 3261 §12.2, §14).
struct InDialogTests {
    @Test("§14 A re-INVITE crosses with its body byte for byte, and its 2xx and ACK come back")
    func reinvite() throws {
        let harness = try Harness()
        try harness.establish()
        let hold = Caller.offer + "a=sendonly\r\na=x-odd:  kept \r\n"
        let transaction = try harness.callerSends("INVITE", ["Session-Expires: 1800;refresher=uac"], body: hold)
        let passed = try harness.outside(.invite)
        #expect(passed.body == hold)
        #expect(passed.header(.cseq) == "2 INVITE")
        #expect(passed.header(.sessionExpires) == "1800;refresher=uac")
        #expect(passed.text.hasPrefix("INVITE sip:192.0.2.1:5060 SIP/2.0"))
        let answer = Caller.offer + "a=recvonly\r\n"
        try harness.answer(passed, 200, ["Session-Expires: 1800;refresher=uac", "Require: timer"], body: answer)
        let response = try harness.response(transaction)
        #expect(response.body == answer)
        #expect(response.header(.require) == "timer")
        #expect(response.header(.contact) == "<sip:192.0.2.253:5060>")
        try harness.callerAcknowledges(number: 2)
        #expect(try harness.outside(.ack).header(.cseq) == "2 ACK")
        try harness.answer(passed, 200)
        #expect(harness.toOutside.filter { $0.header(.cseq) == "2 ACK" }.count == 2)
        #expect(harness.timers.keys.count == 1)
    }

    @Test("§14 A re-INVITE of the callee goes to the caller the same way")
    func reinviteOfCallee() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        let transaction = try harness.outsideSends("INVITE", in: invite, body: Caller.offer, number: 900)
        let passed = try harness.caller(.invite)
        #expect(passed.hop?.host == Harness.endpointHost)
        #expect(passed.header(.from)?.hasPrefix("<sip:callee@gw.example>;tag=") == true)
        #expect(passed.header(.maxForwards) == "19")
        try harness.answer(passed, 200, body: Caller.offer)
        #expect(harness.final(transaction) == 200)
        try harness.outsideSends("ACK", in: invite, number: 900)
        #expect(try harness.caller(.ack).header(.cseq) == "1 ACK")
        #expect(harness.problems == [])
    }

    @Test("§14.2 A second INVITE of one side is 500 with Retry-After, one that crosses is 491")
    func glare() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        try harness.callerSends("INVITE", body: Caller.offer)
        let second = try harness.callerSends("INVITE", body: Caller.offer)
        #expect(harness.final(second) == 500)
        #expect((0...10).contains(Int(try harness.response(second).header(.retryAfter) ?? "") ?? -1))
        let crossing = try harness.outsideSends("INVITE", in: invite)
        #expect(harness.final(crossing) == 491)
        try harness.answer(try harness.outside(.invite), 200)
        let early = try harness.outsideSends("INVITE", in: invite)
        #expect(harness.final(early) == 491)
        #expect(harness.toCaller.filter { !$0.isResponse && $0.method == .invite }.isEmpty)
    }

    @Test("§14.1 491 of the other side comes back as it is")
    func passedGlare() throws {
        let harness = try Harness()
        try harness.establish()
        let transaction = try harness.callerSends("INVITE", body: Caller.offer)
        try harness.answer(try harness.outside(.invite), 491)
        #expect(harness.final(transaction) == 491)
        harness.expectSound(finished: false)
    }

    @Test("§14.2 A second INVITE while the first is unanswered is 500; one of the callee is 491")
    func inviteInEarlyDialog() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 180)
        #expect(harness.final(try harness.callerSends("INVITE")) == 500)
        #expect(harness.final(try harness.outsideSends("INVITE", in: invite)) == 491)
    }

    @Test("§9.1 The CANCEL of a re-INVITE waits for its provisional response, and the call goes on")
    func cancelledReinvite() throws {
        let harness = try Harness()
        try harness.establish()
        let transaction = try harness.callerSends("INVITE", body: Caller.offer)
        let passed = try harness.outside(.invite)
        harness.event { $0.cancelReceived(for: transaction, &$1) }
        #expect(!harness.toOutside.contains { $0.method == .cancel })
        try harness.answer(passed, 100)
        #expect(try harness.outside(.cancel).header(.cseq) == "2 CANCEL")
        try harness.answer(passed, 487)
        #expect(harness.final(transaction) == 487)
        harness.expectSound(finished: false)
    }

    @Test("A re-INVITE that never gets a final response is cancelled, then answered 408, and blocks no other")
    func stuckReinvite() throws {
        let harness = try Harness()
        try harness.establish()
        let transaction = try harness.callerSends("INVITE", body: Caller.offer)
        try harness.answer(try harness.outside(.invite), 100)
        harness.advance(seconds: 181)
        #expect(try harness.outside(.cancel).header(.cseq) == "2 CANCEL")
        harness.advance(seconds: 32)
        #expect(harness.final(transaction) == 408)
        let next = try harness.callerSends("INVITE", body: Caller.offer)
        #expect(harness.final(next) == 0)
        #expect(try harness.outside(.invite).header(.cseq) == "3 INVITE")
    }

    @Test("§12.2.1.2 481 or 408 to a request ends the call, toward both sides", arguments: [481, 408])
    func dialogIsGone(status: Int) throws {
        for method in ["INVITE", "UPDATE", "INFO"] {
            let harness = try Harness()
            try harness.establish()
            let transaction = try harness.callerSends(method)
            try harness.answer(try #require(harness.toOutside.last), status)
            #expect(harness.final(transaction) == status)
            _ = try harness.caller(.bye)
            _ = try harness.outside(.bye)
            try harness.settle()
            harness.expectSound()
        }
    }

    @Test("§12.2.1.2 481 on a dialog that lost the race leaves the call alone")
    func losingDialogIsGone() throws {
        let (harness, invites) = try ForkTests.harness(2)
        try harness.answer(invites[0], 183, tag: "a", ["Require: 100rel", "RSeq: 1"])
        let prack = try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"])
        let passed = try harness.outside(.prack)
        try harness.answer(invites[1], 200, tag: "b")
        #expect(harness.final(prack) == 481)
        try harness.answer(passed, 481)
        harness.fail(invites[0].transaction, .timeout)
        #expect(!harness.toOutside.contains { $0.method == .bye })
        harness.expectSound(finished: false)
    }

    @Test("RFC 3262 §7.2 PRACK crosses with the number of the other side's INVITE")
    func prack() throws {
        let harness = try Harness(headers: ["Supported: 100rel"])
        harness.begin()
        let invite = try harness.outside(.invite)
        #expect(invite.header(.supported) == "100rel")
        try harness.answer(invite, 183, ["Require: 100rel", "RSeq: 4711"], body: Caller.offer)
        let provisional = try harness.response()
        #expect(provisional.header(.rseq) == "4711")
        #expect(provisional.header(.require) == "100rel")
        let prack = try harness.callerSends("PRACK", ["RAck: 4711 1 INVITE"], number: 40)
        let passed = try harness.outside(.prack)
        #expect(passed.header(.rack) == "4711 1 INVITE")
        #expect(passed.header(.cseq) == "2 PRACK")
        try harness.answer(passed, 200)
        #expect(harness.final(prack) == 200)
        try harness.answer(invite, 200)
        try harness.callerAcknowledges()
        #expect(try harness.outside(.ack).header(.cseq) == "1 ACK")
        try harness.callerSends("INVITE", number: 41)
        try harness.answer(try harness.outside(.invite), 183, ["Require: 100rel", "RSeq: 9"])
        try harness.callerSends("PRACK", ["RAck: 9 41 INVITE"], number: 42)
        #expect(try harness.outside(.prack).header(.rack) == "9 3 INVITE")
        #expect(harness.problems == [])
    }

    @Test("RFC 3311 §5 UPDATE crosses both ways, early and confirmed, and refreshes the target")
    func update() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 183, ["Require: 100rel", "RSeq: 1"], body: Caller.offer)
        try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"])
        try harness.settle()
        let early = try harness.outsideSends(
            "UPDATE",
            in: invite,
            ["Contact: <sip:moved@192.0.2.40:5070>"],
            body: Caller.offer
        )
        let passed = try harness.caller(.update)
        #expect(passed.body == Caller.offer)
        try harness.answer(passed, 200, ["Session-Expires: 90"], body: Caller.offer)
        let response = try harness.response(early)
        #expect(response.status == 200)
        #expect(response.header(.contact) == "<sip:192.0.2.254:5060>")
        #expect(response.header(.sessionExpires) == "90")
        try harness.callerSends("UPDATE", body: Caller.offer)
        let second = try harness.outside(.update)
        #expect(second.text.hasPrefix("UPDATE sip:moved@192.0.2.40:5070 SIP/2.0"))
        #expect(second.hop?.host == "192.0.2.40")
        #expect(second.hop?.port == 5070)
        try harness.answer(second, 422, ["Min-SE: 300"])
        #expect(harness.toCaller.last?.header(.minSE) == "300")
        #expect(harness.problems == [])
    }

    @Test("§12.2.2 A re-INVITE refreshes the remote target; INFO does not")
    func targetRefresh() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        try harness.outsideSends("INFO", in: invite, ["Contact: <sip:evil@192.0.2.99>"])
        try harness.callerSends("INFO", ["Content-Type: application/dtmf-relay"], body: "Signal=5\r\nDuration=160\r\n")
        let info = try harness.outside(.info)
        #expect(info.text.hasPrefix("INFO sip:192.0.2.1:5060 SIP/2.0"))
        #expect(info.body == "Signal=5\r\nDuration=160\r\n")
        #expect(info.header(.contentType) == "application/dtmf-relay")
        try harness.outsideSends("INVITE", in: invite, ["Contact: <sip:new@192.0.2.41>"])
        try harness.callerSends("INFO")
        #expect(try harness.outside(.info).text.hasPrefix("INFO sip:new@192.0.2.41 SIP/2.0"))
        #expect(harness.problems == [])
    }

    @Test("§8.2.1 A method that no call carries is refused with 405 and Allow, and the call goes on")
    func otherMethods() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        for transaction in [
            try harness.callerSends("PUBLISH"), try harness.outsideSends("REGISTER", in: invite),
            try harness.callerSends("FROBNICATE"),
        ] {
            #expect(harness.final(transaction) == 405)
            #expect(try harness.response(transaction).header(.allow) == CallMethods.allowed)
        }
        #expect(CallMethods.allowed.contains("REFER"))
        harness.expectSound(finished: false)
    }

    @Test("§12.2.2 A lower sequence number is 500, a foreign tag or Call-ID 481, spent Max-Forwards 483")
    func refusals() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        try harness.callerSends("INFO", number: 10)
        #expect(harness.final(try harness.callerSends("INFO", number: 10)) == 500)
        #expect(harness.final(try harness.callerSends("INFO", toTag: "0700000000000fff", number: 11)) == 481)
        #expect(harness.final(try harness.callerSends("INFO", ["Max-Forwards: 0"], number: 12)) == 483)
        #expect(harness.final(try harness.outsideSends("INFO", in: invite, tag: "guess")) == 481)
        #expect(harness.toOutside.filter { $0.method == .info && !$0.isResponse }.count == 1)
        #expect(harness.final(try harness.callerSends("BYE", ["Max-Forwards: 0"], number: 13)) == 200)
    }

    @Test("Only so many requests wait at once")
    func relayLimit() throws {
        let harness = try Harness()
        try harness.establish()
        let all = try (0...Call.relayLimit).map { _ in try harness.callerSends("INFO") }
        #expect(all.filter { harness.final($0) == 503 } == [all[Call.relayLimit]])
        try harness.settle()
        #expect(all.filter { harness.final($0) == 200 }.count == Call.relayLimit)
    }

    @Test("Re-INVITEs without end take no more places, and each is acknowledged under its own number")
    func exchangeLimit() throws {
        let harness = try Harness()
        try harness.establish()
        for number in 2..<200 {
            let transaction = try harness.callerSends("INVITE", body: Caller.offer)
            let passed = try harness.outside(.invite)
            try harness.answer(passed, number % 3 == 0 ? 488 : 200)
            if number % 3 != 0 {
                harness.advance(milliseconds: 600)
                try harness.callerAcknowledges(number: number)
                #expect(try harness.outside(.ack).header(.cseq) == "\(number) ACK")
                try harness.answer(passed, 200)
                #expect(harness.toOutside.last?.header(.cseq) == "\(number) ACK")
            }
            #expect(harness.final(transaction) == (number % 3 == 0 ? 488 : 200))
        }
        #expect(harness.call.exchanges.count == Call.exchangeLimit)
        #expect(Set(harness.timers.keys) == [.maximumDuration, .sessionRefresh])
        try harness.callerSends("BYE")
        try harness.settle()
        harness.expectSound()
    }

    @Test("§14 A BYE ends a re-INVITE that waits, with 487 to its sender")
    func byeDuringReinvite() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        let transaction = try harness.callerSends("INVITE", body: Caller.offer)
        let passed = try harness.outside(.invite)
        try harness.outsideSends("BYE", in: invite)
        #expect(harness.final(transaction) == 487)
        try harness.answer(passed, 200)
        #expect(try harness.outside(.ack).header(.cseq) == "2 ACK")
        try harness.settle()
        harness.expectSound()
    }

    @Test("A caller whose address translation moved is reached where its latest request came from")
    func movedCaller() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        harness.callerPort = 61_000
        try harness.callerSends("INFO")
        try harness.outsideSends("BYE", in: invite)
        let bye = try harness.caller(.bye)
        #expect(bye.hop?.port == 61_000)
        #expect(bye.text.hasPrefix("BYE sip:zebra-user@10.66.77.88:5060 SIP/2.0"))
    }
}
