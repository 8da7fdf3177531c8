// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// Calls to endpoints go to all their bindings at once (RFC 3261 §16.6, §16.7); a trunk may fork too (§12.1).
struct ForkTests {
    static func targets(_ count: Int) -> [OutboundTarget] {
        (1...count).map { number in
            OutboundTarget(
                requestURI: Array("sip:bob@10.0.0.\(number):5062".utf8),
                toURI: Array("sip:bob@gw.example".utf8),
                hop: NextHop(transport: .udp, host: "203.0.113.\(number)", port: 40_000),
                local: LocalAddress(host: "192.0.2.254", port: 5060),
                routes: number == 2 ? Array("Route: <sip:edge.example;lr>\r\n".utf8) : [],
                keepsFlow: true
            )
        }
    }

    static func harness(_ count: Int) throws -> (Harness, [Sent]) {
        let harness = try Harness(to: "1002", targets: targets(count))
        harness.begin()
        return (harness, harness.toOutside)
    }

    @Test("§16.6 Every binding gets an INVITE of its own")
    func forks() throws {
        let (_, invites) = try Self.harness(3)
        #expect(invites.map { $0.hop?.host } == ["203.0.113.1", "203.0.113.2", "203.0.113.3"])
        #expect(Set(invites.map { $0.header(.callID) }).count == 3)
        #expect(invites.allSatisfy { $0.header(.to) == "<sip:bob@gw.example>" })
        #expect(invites.map { $0.header(.route) } == [nil, "<sip:edge.example;lr>", nil])
    }

    @Test("§16.7 The first 2xx wins; the others are cancelled as answered elsewhere")
    func firstAnswer() throws {
        let (harness, invites) = try Self.harness(3)
        try harness.answer(invites[0], 180, tag: "a")
        try harness.answer(invites[1], 180, tag: "b")
        let tags = harness.toCaller.map { $0.message.text($0.message.mandatory.toTag) }
        #expect(Set(tags).count == 2)
        try harness.answer(invites[1], 200, tag: "b")
        #expect(try harness.callerTag() == tags[1])
        let cancel = try harness.outside(.cancel)
        #expect(cancel.header(.callID) == invites[0].header(.callID))
        #expect(cancel.has("Call completed elsewhere"))
        #expect(harness.toOutside.filter { $0.method == .cancel }.count == 1)
        try harness.answer(invites[2], 100)
        #expect(harness.toOutside.filter { $0.method == .cancel }.count == 2)
        try harness.callerAcknowledges()
        let acknowledgement = try harness.outside(.ack)
        #expect(acknowledgement.hop?.host == "203.0.113.2")
        #expect(acknowledgement.hop?.port == 40_000)
        try harness.answer(invites[0], 487, tag: "a")
        try harness.answer(invites[2], 487)
        try harness.callerSends("BYE")
        #expect(harness.toOutside.filter { $0.method == .bye }.count == 1)
        try harness.settle()
        harness.expectSound()
    }

    @Test("§13.2.2.4 A second 2xx that crosses the CANCEL is acknowledged and ended")
    func secondAnswer() throws {
        let (harness, invites) = try Self.harness(2)
        try harness.answer(invites[0], 180, tag: "a")
        try harness.answer(invites[1], 200, tag: "b")
        try harness.answer(invites[0], 200, tag: "a")
        let bye = try harness.outside(.bye)
        #expect(bye.header(.callID) == invites[0].header(.callID))
        #expect(harness.toCaller.filter { $0.status == 200 }.count == 1)
        try harness.callerAcknowledges()
        #expect(try harness.outside(.ack).header(.callID) == invites[1].header(.callID))
        try harness.callerSends("BYE")
        try harness.settle()
        harness.expectSound()
    }

    @Test(
        "§16.7 All forks failing gives the best response",
        arguments: [
            ([404, 486], 486), ([503, 408], 408), ([480, 503, 404], 480), ([500, 503], 500), ([408, 404], 404),
        ]
    )
    func best(statuses: [Int], expected: Int) throws {
        let (harness, invites) = try Self.harness(statuses.count)
        for (invite, status) in zip(invites, statuses) {
            #expect(harness.final() == 0)
            try harness.answer(invite, status)
        }
        #expect(harness.final() == expected)
        harness.expectSound()
    }

    @Test("§16.7 A 6xx ends the search at once")
    func declined() throws {
        let (harness, invites) = try Self.harness(3)
        try harness.answer(invites[0], 180, tag: "a")
        try harness.answer(invites[1], 486, tag: "b")
        try harness.answer(invites[2], 603, tag: "c")
        #expect(harness.final() == 603)
        #expect(try harness.outside(.cancel).header(.callID) == invites[0].header(.callID))
        try harness.answer(invites[0], 487, tag: "a")
        harness.expectSound()
    }

    @Test("The dial timeout ends every fork")
    func timeout() throws {
        let (harness, invites) = try Self.harness(2)
        for invite in invites { try harness.answer(invite, 180) }
        harness.advance(seconds: 60)
        #expect(harness.final() == 408)
        for invite in invites { try harness.answer(invite, 487) }
        harness.expectSound()
    }

    @Test("§12.1.2 Early dialogs that a trunk's fork makes are told apart by the caller's tags")
    func forkedProvisionals() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 183, tag: "x", ["Require: 100rel", "RSeq: 1", "Contact: <sip:x@192.0.2.31>"])
        let first = try harness.callerTag()
        try harness.answer(invite, 183, tag: "y", ["Require: 100rel", "RSeq: 1", "Contact: <sip:y@192.0.2.32>"])
        let second = try harness.callerTag()
        #expect(first != second)
        try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"], toTag: first)
        #expect(try harness.outside(.prack).text.hasPrefix("PRACK sip:x@192.0.2.31 SIP/2.0"))
        #expect(try harness.outside(.prack).header(.to)?.hasSuffix(";tag=x") == true)
        try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"], toTag: second)
        #expect(try harness.outside(.prack).header(.to)?.hasSuffix(";tag=y") == true)
        try harness.settle()
        try harness.answer(invite, 200, tag: "y", ["Contact: <sip:y@192.0.2.32>"])
        #expect(try harness.callerTag() == second)
        try harness.callerAcknowledges()
        #expect(harness.final(try harness.callerSends("UPDATE", toTag: first)) == 481)
        try harness.answer(invite, 200, tag: "x")
        #expect(try harness.outside(.bye).header(.to)?.hasSuffix(";tag=x") == true)
        let late = try harness.callerSends("INFO", toTag: first)
        #expect(harness.final(late) == 481)
        try harness.callerSends("BYE", toTag: second)
        try harness.settle()
        harness.expectSound()
    }

    @Test("§15 A BYE on a dialog that lost the race leaves the call alone")
    func byeOnLosingDialog() throws {
        let (harness, invites) = try Self.harness(2)
        try harness.answer(invites[0], 180, tag: "a")
        let losing = try harness.callerTag()
        try harness.answer(invites[1], 200, tag: "b")
        try harness.callerAcknowledges()
        #expect(harness.final(try harness.callerSends("BYE", toTag: losing)) == 200)
        #expect(harness.final(try harness.outsideSends("BYE", in: invites[0], tag: "a")) == 200)
        #expect(!harness.toOutside.contains { $0.method == .bye && !$0.isResponse })
        harness.expectSound(finished: false)
    }

    @Test("A trunk that answers under ever new tags makes the call grow no further")
    func boundedDialogs() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        for number in 0..<500 { try harness.answer(invite, 180, tag: "t\(number)") }
        #expect(harness.call.pairs.count == Call.pairLimit)
        #expect(harness.tags.count == Call.pairLimit + 1)
        try harness.answer(invite, 200, tag: "last")
        #expect(harness.final() == 200)
        for number in 0..<500 { try harness.answer(invite, 200, tag: "t\(number)") }
        #expect(harness.call.pairs.count == Call.pairLimit)
        try harness.callerAcknowledges()
        try harness.callerSends("BYE")
        try harness.settle()
        harness.expectSound()
    }

    @Test("§8.1 A call to a SIP URI goes where the URI says, as it was called")
    func sipURI() throws {
        let target = OutboundTarget(
            requestURI: Array("sip:carol@far.example".utf8),
            toURI: Array("sip:carol@far.example".utf8),
            hop: NextHop(transport: .udp, host: "far.example", port: 5060),
            local: LocalAddress(host: "192.0.2.254", port: 5060)
        )
        let harness = try Harness(to: "carol", local: false, targets: [target])
        try harness.establish()
        let invite = try harness.outside(.invite)
        #expect(invite.text.hasPrefix("INVITE sip:carol@far.example SIP/2.0"))
        #expect(invite.header(.userAgent) == Caller.userAgent)
        #expect(invite.header(.from)?.contains("@gw.example>;tag=") == true)
        try harness.callerSends("BYE")
        try harness.settle()
        harness.expectSound()
    }
}
