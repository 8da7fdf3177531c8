// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPTransaction
import Testing

@testable import CallControl

/// An answered call goes on after its process has ended and another has read what was kept of it.
struct RestartTests {
    @Test("A BYE of the caller crosses after a restart, above every number used before, and ends the call")
    func byeOfCaller() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        let tag = try harness.callerTag()
        try harness.restart()
        let transaction = try harness.callerSends("BYE", ["Reason: Q.850;cause=16"], toTag: tag)
        #expect(harness.final(transaction) == 200)
        let bye = try harness.outside(.bye)
        #expect(bye.header(.callID) == invite.header(.callID))
        #expect(bye.header(.from) == invite.header(.from))
        #expect(bye.header(.to) == "\(invite.header(.to) ?? "");tag=bt")
        #expect(bye.text.hasPrefix("BYE sip:192.0.2.1:5060 SIP/2.0"))
        #expect(bye.hop?.host == "192.0.2.1")
        #expect(bye.header(.reason) == "Q.850;cause=16")
        try harness.answer(bye, 200)
        harness.expectSound()
        #expect(harness.ends == [.ended(finalStatus: 0, cause: .normalClearing)])
        #expect(harness.records.suffix(2).first == .ending(.terminating))
    }

    @Test("A BYE of the callee crosses after a restart and ends the call")
    func byeOfCallee() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        let tag = try harness.callerTag()
        try harness.restart()
        let transaction = try harness.outsideSends("BYE", in: invite)
        #expect(harness.final(transaction) == 200)
        let bye = try harness.caller(.bye)
        #expect(bye.header(.callID) == Caller.callID)
        #expect(bye.header(.from) == "<sip:callee@gw.example>;tag=\(tag)")
        #expect(bye.header(.to)?.hasSuffix(";tag=\(Caller.tag)") == true)
        #expect(bye.text.hasPrefix("BYE sip:\(Caller.user)@\(Caller.address):5060 SIP/2.0"))
        try harness.answer(bye, 200)
        harness.expectSound()
    }

    @Test("§12.2.1.1 Numbers go on above the old ones, and a number below the peer's last is still refused")
    func sequenceNumbers() throws {
        let harness = try Harness()
        try harness.establish()
        try harness.callerSends("INFO", number: 10)
        let kept = try #require(harness.call.dialogState())
        for _ in 1...20 { try harness.callerSends("INFO") }
        let old = try harness.outside(.info).message.mandatory.sequenceNumber
        try harness.restart(from: kept)
        #expect(harness.final(try harness.callerSends("INFO", number: 9)) == 500)
        try harness.callerSends("INFO", number: 31)
        #expect(try harness.outside(.info).message.mandatory.sequenceNumber > old)
        #expect(harness.call.dialogState()?.count == kept.count)
        #expect(harness.problems == [])
    }

    @Test("§14 A re-INVITE crosses after a restart, with the trunk's codec list, and its ACK too")
    func reinvite() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        let tag = try harness.callerTag()
        try harness.restart()
        let hold = Caller.offer + "a=sendonly\r\n"
        let transaction = try harness.callerSends("INVITE", toTag: tag, body: hold)
        let passed = try harness.outside(.invite)
        #expect(passed.body == hold)
        #expect(passed.header(.callID) == invite.header(.callID))
        try harness.answer(passed, 200, ["Contact: <sip:moved@192.0.2.9:5070>"], body: Caller.offer)
        #expect(harness.final(transaction) == 200)
        #expect(harness.savings == 1)
        harness.event { call, context in
            let text = Caller.request("ACK", "sip:192.0.2.253", 2, ["Max-Forwards: 70"], toTag: tag)
            if let message = try? Harness.scan(text) { call.acknowledgementReceived(message, &context) }
        }
        #expect(try harness.outside(.ack).header(.cseq) == "\(passed.message.mandatory.sequenceNumber) ACK")
        try harness.restart()
        let back = try harness.outsideSends("INVITE", in: invite, ["Contact: <sip:moved@192.0.2.9:5070>"])
        try harness.answer(try harness.caller(.invite), 200)
        #expect(harness.final(back) == 200)
        try harness.callerSends("BYE", toTag: tag)
        let bye = try harness.outside(.bye)
        #expect(bye.text.hasPrefix("BYE sip:moved@192.0.2.9:5070 SIP/2.0"))
        #expect(bye.hop?.host == "192.0.2.9")
        #expect(harness.problems == [])
    }

    @Test("§13.2.2.4 A 2xx that comes again after a restart gets its ACK; the caller's own ACK still crosses")
    func missedAcknowledgement() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 200)
        let tag = try harness.callerTag()
        try harness.restart()
        let before = harness.toOutside.count
        let answer = try Self.answer(to: invite)
        harness.event { $0.answerRepeated(answer, &$1) }
        #expect(try harness.outside(.ack).header(.cseq) == "1 ACK")
        harness.event { $0.answerRepeated(answer, &$1) }
        #expect(harness.toOutside.count == before + 2)
        for wrong in [try Self.answer(to: invite, tag: "other"), try Self.answer(to: invite, callID: "other")] {
            harness.event { $0.answerRepeated(wrong, &$1) }
        }
        #expect(harness.toOutside.count == before + 2)

        try harness.restart()
        let ack = try Harness.scan(
            Caller.request("ACK", "sip:gw", 1, ["Max-Forwards: 70"], toTag: tag, body: "v=0\r\n")
        )
        harness.event { $0.acknowledgementReceived(ack, &$1) }
        #expect(harness.toOutside.count == before + 3)
        #expect(try harness.outside(.ack).body == "v=0\r\n")
        #expect(harness.problems == [])
    }

    @Test("The longest duration counts from the answer, not from the restart")
    func longestDuration() throws {
        let harness = try Harness()
        try harness.establish()
        try harness.restart(lasted: .seconds(3000))
        harness.advance(seconds: 599)
        #expect(!harness.toOutside.contains { $0.method == .bye })
        harness.advance(seconds: 2)
        _ = try harness.outside(.bye)
        _ = try harness.caller(.bye)
        try harness.settle()
        harness.expectSound()
        #expect(harness.ends == [.ended(finalStatus: 0, cause: .durationLimit)])
        let overdue = try Harness()
        try overdue.establish()
        try overdue.restart(lasted: .seconds(9000))
        overdue.advance(milliseconds: 1)
        _ = try overdue.outside(.bye)
        let early = try Harness()
        try early.establish()
        try early.restart(lasted: .seconds(-9000))
        #expect(
            early.timers == [.maximumDuration: early.now + 3_600_000, .sessionRefresh: early.now + 900_000]
        )
    }

    @Test("RFC 3323 §4.1 A hidden caller stays hidden after a restart")
    func anonymity() throws {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.passesUserAgent = true }]
        var settings = CallSettings(gatewayHost: "gw.example")
        settings.userAgent = []
        let harness = try Harness(deployment, headers: ["Privacy: id"], settings: settings)
        let invite = try harness.establish()
        let tag = try harness.callerTag()
        try harness.restart(trunks: deployment.trunks)
        let told = [
            "Reply-To: <sip:zebra-user@caller-host.example>", "Organization: Quux", "Warning: 399 Quux \"Zelda\"",
            "P-Asserted-Identity: <sip:zebra-user@caller-host.example>", "Reason: SIP;cause=200;text=\"Zelda\"",
        ]
        let body = "v=0\r\no=zebra-user 1 1 IN IP4 203.0.113.5\r\ns=Zelda Quux\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n"
        try harness.callerSends("INFO", told, toTag: tag)
        try harness.callerSends("INVITE", told, toTag: tag, body: body)
        let outside = try harness.outsideSends("OPTIONS", in: invite)
        try harness.answer(try harness.caller(.options), 200, told)
        #expect(harness.final(outside) == 200)
        try harness.callerSends("BYE", told, toTag: tag)
        #expect(harness.toOutside.count >= 6)
        for sent in harness.toOutside {
            for secret in Caller.secrets where sent.has(secret) { Issue.record("\(secret) in: \(sent.text)") }
        }
        #expect(harness.problems == [])
    }

    @Test(
        "RFC 3325 §7 An untrusted trunk stays untrusted after a restart, a trusted one trusted",
        arguments: [true, false]
    )
    func trust(isTrusted: Bool) throws {
        var deployment = Deployment()
        deployment.trunks = [
            Deployment.trunk(1) {
                $0.trust = isTrusted ? .trusted(basis: .privateNetwork, note: "contract") : .untrusted
            }
        ]
        let harness = try Harness(deployment)
        let invite = try harness.establish()
        // The trunk is no longer provisioned: what was decided for the call stands all the same.
        try harness.restart(trunks: [])
        try harness.outsideSends("UPDATE", in: invite, ["P-Asserted-Identity: <tel:+13125550123>"])
        let passed = try harness.caller(.update)
        #expect(passed.headers(.pAssertedIdentity) == (isTrusted ? ["<tel:+13125550123>"] : []))
    }

    @Test("RFC 3261 §22 A trunk's challenge is answered after a restart, while the trunk is provisioned")
    func challenge() throws {
        for trunks in [[Deployment.trunk(1)], []] {
            let harness = try Harness()
            try harness.establish()
            let tag = try harness.callerTag()
            harness.credentials = { trunk, _, _, _ in
                TrunkCredentials(isProxy: true, value: Array("Digest \(trunk.name)".utf8))
            }
            try harness.restart(trunks: trunks)
            let transaction = try harness.callerSends("INFO", toTag: tag)
            try harness.answer(try harness.outside(.info), 407)
            let answered = try harness.outside(.info).headers(.proxyAuthorization)
            #expect(answered == trunks.map { "Digest \($0.name)" })
            #expect(harness.final(transaction) == (trunks.isEmpty ? 403 : 0))
        }
    }

    @Test("A caller that moves to another port has its place kept anew, once for each move")
    func movedCaller() throws {
        let harness = try Harness()
        try harness.establish()
        try harness.callerSends("INFO")
        #expect(harness.savings == 0)
        harness.callerPort = 6060
        try harness.callerSends("INFO")
        try harness.callerSends("INFO")
        #expect(harness.savings == 1)
        try harness.restart()
        let state = try #require(harness.call.dialogState().flatMap(AnsweredState.init))
        #expect(state.endpoint.hop.port == 6060)
    }

    @Test("There is nothing to keep before the answer and after the end")
    func nothingKept() throws {
        let harness = try Harness()
        #expect(harness.call.dialogState() == nil)
        harness.begin()
        #expect(harness.call.dialogState() == nil)
        try harness.answer(try harness.outside(.invite), 200)
        #expect(harness.call.dialogState() != nil)
        #expect(harness.call.setup == nil)
        try harness.callerAcknowledges()
        try harness.callerSends("BYE")
        #expect(harness.call.dialogState() == nil)
    }

    @Test("§13.2.2.4 A fork that answers when the call is over is acknowledged and ended along its route set")
    func lateAnswer() throws {
        let harness = try Harness()
        let invite = try harness.establish()
        let hop = try #require(invite.hop)
        let answer = try Self.answer(
            to: invite,
            tag: "late",
            ["Record-Route: <sip:far.example;lr>, <sip:near.example;lr>"]
        )
        let local = LocalAddress(host: "192.0.2.254", port: 5060)
        let late = LateAnswer(answer, hop: hop, address: local, mint: harness.mint)
        let ack = try Harness.scan(String(decoding: late.acknowledgement, as: UTF8.self))
        let bye = try Harness.scan(String(decoding: late.bye.bytes, as: UTF8.self))
        for (message, number) in [(ack, "1 ACK"), (bye, "2 BYE")] {
            #expect(message.text(message.mandatory.toTag) == "late")
            #expect(message.first(.from).map(message.text) == invite.header(.from))
            #expect(message.first(.callID).map(message.text) == invite.header(.callID))
            #expect(message.first(.cseq).map(message.text) == number)
            let routes = message.fields.filter { $0.name == .route }.map { message.text($0.value) }
            #expect(routes == ["<sip:near.example;lr>", "<sip:far.example;lr>"])
            #expect(message.requestURI.map { message.text($0.whole) } == "sip:callee@192.0.2.1:5060")
        }
        #expect(late.bye.method == .bye)
    }

    private static func answer(
        to invite: Sent,
        tag: String = "bt",
        callID: String? = nil,
        _ headers: [String] = []
    ) throws -> SIPMessage {
        let lines =
            [
                "SIP/2.0 200 OK", "Via: \(invite.header(.via) ?? "")", "From: \(invite.header(.from) ?? "")",
                "To: \(invite.header(.to) ?? "");tag=\(tag)", "Call-ID: \(callID ?? invite.header(.callID) ?? "")",
                "CSeq: 1 INVITE", "Contact: <sip:callee@192.0.2.1:5060>",
            ] + headers + ["Content-Length: 0"]
        return try Harness.scan(lines.joined(separator: "\r\n") + "\r\n\r\n")
    }
}
