// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import SIPMessage
import Testing

/// Route sets of both sides (RFC 3261 §12.1, §12.2.1.1).
struct RouteSetTests {
    private static let routes = [
        "Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>", "Record-Route: <sip:p3.example;lr>",
    ]

    @Test("§12.1.2 The callee's route set is reversed, and its first route is the next hop")
    func outbound() throws {
        let harness = try Harness()
        try harness.establish(Self.routes)
        let acknowledgement = try harness.outside(.ack)
        #expect(
            acknowledgement.headers(.route) == ["<sip:p3.example;lr>", "<sip:p2.example;lr>", "<sip:p1.example;lr>"]
        )
        #expect(acknowledgement.text.hasPrefix("ACK sip:192.0.2.1:5060 SIP/2.0"))
        #expect(acknowledgement.hop?.host == "p3.example")
        try harness.callerSends("BYE")
        #expect(try harness.outside(.bye).headers(.route).count == 3)
        #expect(!harness.toCaller.contains { !$0.headers(.recordRoute).isEmpty })
    }

    @Test("§12.1.1 The caller's route set keeps its order, comes back in responses, and stays on its own side")
    func endpoint() throws {
        let harness = try Harness(headers: Self.routes)
        let invite = try harness.establish()
        #expect(invite.headers(.route).isEmpty && invite.headers(.recordRoute).isEmpty)
        #expect(try harness.response().headers(.recordRoute).count == 2)
        try harness.outsideSends("BYE", in: invite)
        let bye = try harness.caller(.bye)
        #expect(bye.headers(.route) == ["<sip:p1.example;lr>", "<sip:p2.example;lr>", "<sip:p3.example;lr>"])
        #expect(bye.hop?.host == Harness.endpointHost)
        #expect(harness.problems == [])
    }

    @Test("§13.2.2.4 The 2xx computes the route set of an early dialog anew")
    func recomputed() throws {
        let harness = try Harness()
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 180, ["Record-Route: <sip:early.example;lr>"])
        try harness.answer(invite, 200, ["Record-Route: <sip:late.example;lr>"])
        try harness.callerAcknowledges()
        #expect(try harness.outside(.ack).headers(.route) == ["<sip:late.example;lr>"])
    }

    @Test("§12.2.1.1 A strict router takes the Request-URI, and the target stands last")
    func strictRouter() throws {
        let harness = try Harness()
        try harness.establish(["Record-Route: <sip:loose.example;lr>, <sip:strict.example>"])
        let acknowledgement = try harness.outside(.ack)
        #expect(acknowledgement.text.hasPrefix("ACK sip:strict.example SIP/2.0"))
        #expect(acknowledgement.headers(.route) == ["<sip:loose.example;lr>", "<sip:192.0.2.1:5060>"])
        #expect(acknowledgement.hop?.host == "strict.example")
        #expect(harness.problems == [])
    }

    @Test("§7.3.1 Folded lines of the peers leave as one line")
    func folded() throws {
        let harness = try Harness(headers: ["Supported: timer,\r\n  100rel"])
        harness.begin()
        #expect(try harness.outside(.invite).header(.supported)?.contains("\r\n") == false)
    }
}
