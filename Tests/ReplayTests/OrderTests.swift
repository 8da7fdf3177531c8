// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing
import TraceCapture

@testable import Replay

@Suite("Which dialogs are replayed, and when they begin")
struct OrderTests {
    @Test("However fast, a call waits for the registration before it, and a deregistration for the call")
    func registrations() throws {
        var trace = Trace()
        trace.addRegistration(at: 0)
        trace.addCall(at: 1_000)
        trace.addRegistration(at: 20_000, expires: 0, sequence: 3)
        let plan = trace.plan()
        #expect(plan.dialogs.map(\.method) == ["REGISTER", "INVITE", "REGISTER"])
        let rig = try Rig(plan) { $0.speed = 0 }
        let register = try #require(rig.next())
        #expect(register.method == "REGISTER" && rig.next() == nil)
        rig.answer(register, 200)
        let invite = try #require(rig.next())
        #expect(invite.method == "INVITE" && rig.next() == nil)
        rig.answer(invite, 180)
        rig.answer(invite, 200)
        _ = rig.next()
        rig.answer(try #require(rig.next()), 200)
        let last = try #require(rig.next())
        #expect(last.method == "REGISTER" && last.header(.expires) == "0")
        #expect(last.callID == register.callID && last.sequence > register.sequence)
    }

    @Test("--concurrency bounds the open dialogs, --limit all of them")
    func bounds() throws {
        var trace = Trace()
        for number in 0..<5 { trace.addCall("call-\(number)", at: Int64(number)) }
        var options = ReplayPlanOptions()
        options.limit = 3
        let plan = trace.plan(options)
        #expect(plan.dialogs.count == 3 && plan.counts.beyondLimit == 2)
        let rig = try Rig(plan) {
            $0.speed = 0
            $0.concurrency = 2
        }
        let first = try #require(rig.next())
        let second = try #require(rig.next())
        #expect(first.method == "INVITE" && second.method == "INVITE" && rig.next() == nil)
        rig.answer(first, 486)
        #expect(rig.next()?.method == "ACK")
        #expect(rig.next()?.method == "INVITE")
        #expect(rig.reports.count == 1)
    }

    @Test("Dialogs begin at their times in the capture")
    func times() throws {
        var trace = Trace.call("call-1")
        trace.addCall("call-2", at: 3_000)
        let rig = try Rig(trace.plan())
        let first = try #require(rig.next())
        rig.answer(first, 486)
        #expect(rig.next()?.method == "ACK")
        rig.pass(2_900)
        #expect(rig.next() == nil)
        rig.pass(200)
        #expect(rig.next()?.time == 3_000)
    }

    @Test("The receiver of registrations is the server; its leg toward a trunk is left out")
    func server() throws {
        var trace = Trace()
        trace.addRegistration()
        for number in 0..<3 {
            trace.add(
                Int64(100 + number),
                Trace.server,
                "203.0.113.5:5060",
                """
                INVITE sip:+1@203.0.113.5 SIP/2.0
                Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKleg\(number)
                From: <sip:gw@192.0.2.1>;tag=g
                To: <sip:+1@203.0.113.5>
                Call-ID: leg-\(number)
                CSeq: 1 INVITE
                """
            )
        }
        trace.addCall(at: 200)
        let plan = trace.plan()
        #expect(plan.servers.map(\.description) == [Trace.server])
        #expect(plan.dialogs.map(\.method) == ["REGISTER", "INVITE"] && plan.counts.otherLegs == 3)
        #expect(plan.serverNames == ["pbx.example.com", "192.0.2.1"])
        var named = ReplayPlanOptions()
        named.servers = [try #require(ReplayPlanOptions.Endpoint("203.0.113.5"))]
        #expect(trace.plan(named).dialogs.count == 3)
    }

    @Test("--from leaves the other clients out")
    func clients() throws {
        var trace = Trace.call("call-1")
        trace.addCall("call-2", at: 1, source: "192.0.2.11:5062")
        #expect(trace.plan().lines.count == 2)
        var options = ReplayPlanOptions()
        options.clients = [try #require(ReplayPlanOptions.Endpoint("192.0.2.11:5062"))]
        #expect(trace.plan(options).dialogs.map(\.place.packet) == [8])
        options.clients = [try #require(ReplayPlanOptions.Endpoint("192.0.2.10"))]
        #expect(trace.plan(options).dialogs.map(\.place.packet) == [1])
        for text in ["", "host", "1.2.3", "192.0.2.1:99999"] { #expect(ReplayPlanOptions.Endpoint(text) == nil) }
        #expect(ReplayPlanOptions.Endpoint("2001:db8::1")?.port == nil)
        #expect(ReplayPlanOptions.Endpoint("[2001:db8::1]:5062")?.port == 5062)
    }

    @Test("Retransmissions in the capture are sent once")
    func retransmissions() throws {
        var trace = Trace()
        trace.sends(0, "INVITE", 1)
        trace.sends(500, "INVITE", 1)
        trace.gets(600, 486, "INVITE", 1)
        trace.gets(1_100, 486, "INVITE", 1)
        let plan = trace.plan()
        #expect(plan.dialogs.first?.steps.count == 1 && plan.counts.retransmissions == 2)
    }

    @Test("A call to a registered client is awaited and answered as captured")
    func awaited() throws {
        let rig = try Rig(Self.incoming.plan()) { $0.speed = 0 }
        let register = try #require(rig.next())
        rig.answer(register, 200)
        let caller = try #require(rig.next())
        #expect(caller.method == "INVITE" && caller.line == 1)
        rig.receive(Self.liveInvite, on: 0)
        let statuses = [rig.next(), rig.next()].compactMap { $0?.message.status }
        #expect(statuses == [180, 200])
        rig.answer(caller, 486)
        rig.receive(
            Self.liveInvite.replacing("INVITE", with: "ACK").replacing(
                "\r\nTo: <sip:bob@h>",
                with: "\r\nTo: <sip:bob@h>;tag=x"
            ).replacing("z9hG4bK-live", with: "z9hG4bK-ack"),
            on: 0
        )
        _ = rig.next()
        let bye = try #require(rig.next())
        #expect(bye.method == "BYE" && bye.callID == "live-call" && bye.uri == "sip:gw@127.0.0.1:5060")
        #expect(bye.toTag == "gw" && bye.sequence == 1)
        rig.answer(bye, 200)
        #expect(rig.isFinished)
        #expect(rig.reports.first { $0.isAwaited }?.differs == false)
    }

    @Test(
        "An awaited call that does not come is a difference, once the calls before it are over",
        arguments: [0.0, 1.0]
    )
    func missed(_ speed: Double) throws {
        let rig = try Rig(Self.incoming.plan()) { $0.speed = speed }
        rig.answer(try #require(rig.next()), 200)
        rig.pass(100)
        let caller = try #require(rig.next())
        #expect(rig.reports.count == 1)
        rig.answer(caller, 403)
        #expect(rig.isFinished)
        let report = try #require(rig.reports.first { $0.isAwaited })
        #expect(report.differs && report.failure == "it did not come")
    }

    static let liveInvite =
        "INVITE sip:bob@127.0.0.1:40000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-live\r\n"
        + "From: <sip:gw@h>;tag=gw\r\nTo: <sip:bob@h>\r\nCall-ID: live-call\r\nCSeq: 4 INVITE\r\n"
        + "Contact: <sip:gw@127.0.0.1:5060>\r\nContent-Length: 0\r\n\r\n"

    /// The phone registers; another one calls it.
    static var incoming: Trace {
        var trace = Trace()
        trace.addRegistration(at: 0)
        trace.sends(100, "INVITE", 1, call: "a-leg", source: "192.0.2.11:5060")
        func leg(_ line: String, _ status: Bool, _ method: String = "INVITE") -> String {
            """
            \(line)
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-leg
            From: <sip:gw@192.0.2.1>;tag=g
            To: <sip:alice@192.0.2.10>\(status ? ";tag=p" : "")
            Call-ID: b-leg
            CSeq: 1 \(method)
            Contact: <sip:alice@192.0.2.10>
            """
        }
        trace.add(110, Trace.server, Trace.phone, leg("INVITE sip:alice@192.0.2.10:5060 SIP/2.0", false))
        trace.add(120, Trace.phone, Trace.server, leg("SIP/2.0 180 Ringing", true))
        trace.add(130, Trace.phone, Trace.server, leg("SIP/2.0 200 OK", true))
        trace.add(140, Trace.server, Trace.phone, leg("ACK sip:alice@192.0.2.10:5060 SIP/2.0", true, "ACK"))
        trace.gets(150, 486, "INVITE", 1, call: "a-leg", destination: "192.0.2.11:5060")
        trace.add(
            160,
            Trace.phone,
            Trace.server,
            """
            BYE sip:gw@192.0.2.1 SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-bye
            From: <sip:alice@192.0.2.10>;tag=p
            To: <sip:gw@192.0.2.1>;tag=g
            Call-ID: b-leg
            CSeq: 1 BYE
            """
        )
        return trace
    }
}

@Suite("Captures that are not what one would wish")
struct BadCaptureTests {
    @Test("What cannot be read, is cut, or lacks its beginning is counted and left out")
    func damaged() throws {
        var trace = Trace()
        trace.add(0, Trace.phone, Trace.server, "INVITE sip:x SIP/2.0\nVia: nonsense")
        trace.add(
            1,
            Trace.phone,
            Trace.server,
            """
            INVITE sip:bob@pbx.example.com SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKcut
            From: <sip:alice@pbx.example.com>;tag=c
            To: <sip:bob@pbx.example.com>
            Call-ID: cut
            CSeq: 1 INVITE
            """,
            isTruncated: true
        )
        trace.sends(2, "BYE", 2, toTag: "b", call: "middle")
        trace.gets(3, 200, "BYE", 2, call: "middle")
        let plan = trace.plan()
        #expect(plan.dialogs.isEmpty)
        #expect(plan.counts.unreadable == 1 && plan.counts.truncated == 1 && plan.counts.partial == 1)
        #expect(plan.notes.contains { $0.contains("packet 2") && $0.contains("not captured") })
        #expect(try Rig(plan).isFinished)
    }

    @Test("Accounts that share a Call-ID are clients of their own, each with its own name")
    func sharedCallID() throws {
        var trace = Trace()
        for (number, user) in ["alice", "bob"].enumerated() {
            trace.add(
                Int64(number),
                Trace.phone,
                Trace.server,
                """
                REGISTER sip:pbx.example.com SIP/2.0
                Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK\(user)
                From: <sip:\(user)@pbx.example.com>;tag=\(user)
                To: <sip:\(user)@pbx.example.com>
                Call-ID: shared
                CSeq: \(number + 1) REGISTER
                """
            )
        }
        let plan = trace.plan()
        #expect(plan.dialogs.map(\.caller) == ["alice", "bob"])
        #expect(plan.dialogs.map { $0.usernames.first } == ["alice", "bob"])
        #expect(plan.dialogs.first?.group != plan.dialogs.last?.group)
    }

    @Test("A trace without addresses and times is replayed by the tags alone, as fast as answers allow")
    func noAddresses() throws {
        var trace = Trace()
        trace.hasAddresses = false
        trace.addRegistration()
        trace.addCall()
        let plan = trace.plan()
        #expect(plan.dialogs.map(\.method) == ["REGISTER", "INVITE"] && plan.lines.count == 1)
        #expect(plan.dialogs.last?.steps.count == 2)
        let rig = try Rig(plan)
        rig.answer(try #require(rig.next()), 200)
        #expect(rig.next()?.method == "INVITE")
    }

    @Test("Messages of strangers and for nobody do no harm")
    func strangers() throws {
        let rig = try Rig(Trace.call().plan())
        let invite = try #require(rig.next())
        for text in [
            "", "\r\n\r\n", "garbage", "SIP/2.0 200 OK\r\n\r\n",
            "BYE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKq\r\nFrom: <sip:x@h>;tag=1\r\nTo: <sip:y@h>;tag=2\r\nCall-ID: q\r\nCSeq: 1 BYE\r\n\r\n",
            "INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKr\r\nFrom: <sip:x@h>;tag=1\r\nTo: <sip:y@h>\r\nCall-ID: r\r\nCSeq: 1 INVITE\r\n\r\n",
        ] { rig.receive(text, on: 0) }
        rig.receive("OPTIONS sip:x@h SIP/2.0\r\n", on: 99)
        var statuses: [Int] = []
        while let sent = rig.next() { statuses.append(sent.message.status) }
        #expect(statuses == [481, 486])
        rig.answer(invite, 486)
        #expect(rig.reports.first?.live.status == 486)
    }
}
