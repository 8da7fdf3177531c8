// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import SIPMessage
import SessionDescription
import Testing

/// The codec list goes over every offer that crosses a SIP leg, and over no telephone leg but by the trunk's own list.
struct CodecTests {
    private static let wide = Caller.description(codecs: "0 8 9")
    private static let narrow = Caller.description(codecs: "8")

    private static func harness(body: String = wide) throws -> (Harness, Sent) {
        var deployment = Deployment()
        deployment.codecs = try CodecList("PCMA")
        let harness = try Harness(deployment, to: "1002", targets: ForkTests.targets(1), body: body)
        harness.begin()
        return (harness, try harness.outside(.invite))
    }

    @Test("The offers of INVITE, re-INVITE, UPDATE and PRACK are narrowed on a SIP leg")
    func requests() throws {
        let (harness, invite) = try Self.harness()
        #expect(invite.body == Self.narrow)
        try harness.answer(invite, 183, ["Require: 100rel", "RSeq: 1"], body: Self.narrow)
        try harness.callerSends("PRACK", ["RAck: 1 1 INVITE"], body: Self.wide)
        #expect(try harness.outside(.prack).body == Self.narrow)
        try harness.answer(try harness.outside(.prack), 200, body: Self.narrow)
        try harness.outsideSends("UPDATE", in: invite, body: Self.wide)
        #expect(try harness.caller(.update).body == Self.narrow)
        try harness.answer(invite, 200, body: Self.narrow)
        try harness.callerAcknowledges()
        try harness.callerSends("INVITE", body: Self.wide)
        #expect(try harness.outside(.invite).body == Self.narrow)
        #expect(harness.problems == [])
    }

    @Test("The offer in a 200 or a reliable 183 to a delayed offer is narrowed")
    func delayedOffer() throws {
        let (harness, invite) = try Self.harness(body: "")
        try harness.answer(invite, 183, ["Require: 100rel", "RSeq: 1"], body: Self.wide)
        #expect(try harness.response().body == Self.narrow)
        try harness.answer(invite, 200, body: Self.wide)
        #expect(try harness.response().body == Self.narrow)
        try harness.callerAcknowledges(body: Self.narrow)
        let reinvite = try harness.callerSends("INVITE")
        try harness.answer(try harness.outside(.invite), 200, body: Self.wide)
        #expect(try harness.response(reinvite).body == Self.narrow)
    }

    @Test("§21.4.26 An offer of which nothing is left is 488 with Warning 305, and the call goes on")
    func nothingLeft() throws {
        let (harness, invite) = try Self.harness()
        try harness.answer(invite, 200, body: Self.narrow)
        try harness.callerAcknowledges()
        let other = Caller.description(codecs: "18")
        for transaction in [
            try harness.callerSends("INVITE", body: other), try harness.callerSends("UPDATE", body: other),
            try harness.outsideSends("INVITE", in: invite, body: other),
        ] {
            #expect(harness.final(transaction) == 488)
            #expect(try harness.response(transaction).header(.warning)?.hasPrefix("305 ") == true)
        }
        harness.expectSound(finished: false)
    }

    @Test("A delayed offer of which nothing is left ends the answered attempt and every other one")
    func delayedNothingLeft() throws {
        var deployment = Deployment()
        deployment.codecs = try CodecList("PCMA")
        let harness = try Harness(deployment, to: "1002", targets: ForkTests.targets(2), body: "")
        harness.begin()
        let invites = harness.toOutside
        try harness.answer(invites[1], 180, tag: "b")
        try harness.answer(invites[0], 200, tag: "a", body: Caller.description(codecs: "18"))
        #expect(harness.final() == 488)
        #expect(harness.toOutside.suffix(3).map(\.method) == [.ack, .bye, .cancel])
        try harness.answer(invites[1], 487, tag: "b")
        try harness.settle()
        harness.expectSound()
    }

    @Test("A trunk's own list rules its offers; the customer's never does")
    func trunkList() throws {
        var deployment = Deployment()
        deployment.codecs = try CodecList("PCMA")
        let plain = try Harness(deployment)
        plain.begin()
        #expect(try plain.outside(.invite).body == Self.wide)
        let list = try CodecList("G722")
        deployment.trunks = [Deployment.trunk(1) { $0.codecs = list }]
        let ruled = try Harness(deployment)
        ruled.begin()
        #expect(try ruled.outside(.invite).body == Caller.description(codecs: "9"))
    }
}
