// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import SIPMessage
import Testing

/// Redirections (RFC 3261 §8.1.3.4, §20.10).
struct RedirectTests {
    private static let number = "+13125550123"

    private static func harness(_ hosts: [String] = [], trunks: Int = 1, headers: [String] = []) throws -> Harness {
        var deployment = Deployment()
        deployment.trunks = (1...trunks).map { number in Deployment.trunk(number) { $0.redirectHosts = hosts } }
        let harness = try Harness(deployment, headers: headers)
        harness.begin()
        return harness
    }

    @Test("§8.1.3.4 A Contact inside the trunk's hosts is a further attempt with dialog ids of its own")
    func follows() throws {
        let harness = try Self.harness(["gw2.carrier.example"])
        let first = try harness.outside(.invite)
        try harness.answer(first, 302, ["Contact: <sip:\(Self.number);rn=+1312@GW2.carrier.example:5070?X=y>"])
        #expect(harness.final() == 0)
        let second = try harness.outside(.invite)
        #expect(second.text.hasPrefix("INVITE sip:\(Self.number);rn=+1312@GW2.carrier.example:5070 SIP/2.0\r\n"))
        #expect(second.hop?.host == "GW2.carrier.example" && second.hop?.port == 5070)
        #expect(second.header(.callID) != first.header(.callID))
        #expect(second.header(.from) != first.header(.from))
        #expect(second.header(.cseq) == "1 INVITE")
        #expect(second.body == first.body)
        try harness.answer(second, 200)
        try harness.callerAcknowledges()
        try harness.callerSends("BYE")
        try harness.settle()
        harness.expectSound()
    }

    @Test("§20.10 Contacts are tried by falling q, then the next trunk")
    func order() throws {
        let harness = try Self.harness(["a", "b", "c", "d"], trunks: 2)
        let contacts = "<sip:\(Self.number)@a>;q=0.2, <sip:\(Self.number)@b>, <sip:\(Self.number)@c>;q=0.75"
        try harness.answer(try harness.outside(.invite), 300, ["Contact: \(contacts), <sip:\(Self.number)@d>;q=0.5"])
        for _ in 0..<5 { try harness.answer(try harness.outside(.invite), 503) }
        #expect(
            harness.toOutside.filter { $0.method == .invite }.map { $0.hop?.host }
                == ["192.0.2.1", "b", "c", "d", "a", "192.0.2.2"]
        )
        #expect(harness.final() == 503)
        harness.expectSound()
    }

    @Test("A Contact elsewhere, for another number or by another transport is not followed: 480, without it")
    func refused() throws {
        for contact in [
            "<sip:\(Self.number)@evil.example>", "<sip:+19005550123@192.0.2.1:5070>", "<tel:\(Self.number)>",
            "<sips:\(Self.number)@192.0.2.1>", "<sip:\(Self.number)@192.0.2.1:5070;transport=tcp>",
            "<sip:\(Self.number)@192.0.2.1:5070;transport=tls>", "<sip:192.0.2.1:5070>", "*",
        ] {
            let harness = try Self.harness()
            try harness.answer(try harness.outside(.invite), 302, ["Contact: \(contact)"])
            #expect(harness.final() == 480, "\(contact)")
            #expect(try harness.response().headers(.contact).isEmpty)
            #expect(harness.toOutside.count == 1)
            harness.expectSound()
        }
    }

    @Test("Only 300, 301 and 302 are followed", arguments: [303, 305, 380, 399])
    func others(status: Int) throws {
        let harness = try Self.harness(["a"])
        try harness.answer(try harness.outside(.invite), status, ["Contact: <sip:\(Self.number)@a>"])
        #expect(harness.final() == 480)
        harness.expectSound()
    }

    @Test("§8.1.3.4 A redirection to a place that was tried is not followed, however it is spelled")
    func loops() throws {
        let harness = try Self.harness(["a"])
        try harness.answer(
            try harness.outside(.invite),
            302,
            ["Contact: <sip:\(Self.number)@192.0.2.1:5060;user=phone>, <sip:\(Self.number)@a>"]
        )
        let second = try harness.outside(.invite)
        #expect(second.hop?.host == "a")
        try harness.answer(
            second,
            302,
            ["Contact: <sip:\(Self.number)@A:5060;transport=udp>, <sip:\(Self.number)@192.0.2.1>"]
        )
        #expect(harness.final() == 480)
        harness.expectSound()
    }

    @Test("A call follows five redirections")
    func limit() throws {
        let harness = try Self.harness()
        for port in 6000..<6020 where harness.final() == 0 {
            let contact = "<sip:\(Self.number)@192.0.2.1:\(port)>"
            try harness.answer(try harness.outside(.invite), 302, ["Contact: \(contact)"])
        }
        #expect(harness.toOutside.filter { $0.method == .invite }.count == 6)
        #expect(harness.final() == 480)
        harness.expectSound()
    }

    @Test("A busy callee ends the call, and a caller who gives up follows nothing")
    func endings() throws {
        let busy = try Self.harness(["a", "b"])
        let contact = "Contact: <sip:\(Self.number)@a>, <sip:\(Self.number)@b>"
        try busy.answer(try busy.outside(.invite), 302, [contact])
        try busy.answer(try busy.outside(.invite), 486)
        #expect(busy.final() == 486)
        busy.expectSound()
        let cancelled = try Self.harness(["a"])
        let invite = try cancelled.outside(.invite)
        try cancelled.answer(invite, 180)
        cancelled.callerCancels()
        try cancelled.answer(invite, 302, [contact])
        #expect(cancelled.toOutside.filter { $0.method == .invite }.count == 1)
        cancelled.expectSound()
    }

    @Test("A 3xx of a SIP leg is 480 to the caller, without its Contact")
    func fromSIPLeg() throws {
        let harness = try Harness(to: "1002", targets: ForkTests.targets(1))
        harness.begin()
        try harness.answer(try harness.outside(.invite), 302, ["Contact: <sip:elsewhere@example.org>"])
        #expect(harness.final() == 480)
        #expect(try harness.response().headers(.contact).isEmpty)
        harness.expectSound()
    }
}
