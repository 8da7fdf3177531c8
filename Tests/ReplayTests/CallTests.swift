// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import Testing
import TraceCapture

@testable import Replay

@Suite("Calls, as they go on")
struct CallTests {
    @Test("A BYE waits for the answer that the capture shows before it, and for its own time")
    func spacing() throws {
        let rig = try Rig(Trace.call().plan())
        let invite = try #require(rig.next())
        #expect(invite.time == 0)
        rig.pass(9_000)
        // What goes out meanwhile are the INVITE's repetitions.
        while let sent = rig.next() { #expect(sent.branch == invite.branch) }
        rig.answer(invite, 180)
        rig.answer(invite, 200)
        #expect(rig.next()?.method == "ACK")
        #expect(try #require(rig.next()).method == "BYE")

        let early = try Rig(Trace.call().plan())
        let other = try #require(early.next())
        early.answer(other, 180)
        early.answer(other, 200)
        #expect(early.next()?.method == "ACK")
        early.pass(4_990)
        #expect(early.next() == nil)
        early.pass(20)
        let bye = try #require(early.next())
        #expect(bye.method == "BYE" && bye.time == 5_000)
        early.answer(bye, 200)
        #expect(early.isFinished && early.reports.first?.differs == false)
    }

    @Test(
        "--speed divides the capture's times; 0 leaves the answers alone to wait for",
        arguments: [(2.0, 2_500), (0.0, 0)]
    )
    func speed(_ speed: Double, _ time: Int64) throws {
        let rig = try Rig(Trace.call().plan()) { $0.speed = speed }
        let invite = try #require(rig.next())
        rig.answer(invite, 180)
        rig.answer(invite, 200)
        #expect(rig.next()?.method == "ACK")
        rig.pass(6_000)
        let bye = try #require(rig.next())
        #expect(bye.method == "BYE" && bye.time == time)
    }

    @Test("RFC 3261 §17.1.1.2: over UDP an INVITE is repeated after T1, 3*T1, …, and given up after 64*T1")
    func retransmission() throws {
        let rig = try Rig(Trace.call().plan()) { $0.timeout = .seconds(60) }
        rig.pass(40_000)
        var times: [Int64] = []
        while let sent = rig.next() { times.append(sent.time) }
        #expect(times == [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500])
        let report = try #require(rig.reports.first)
        #expect(report.live.status == nil && report.failure == "nobody answered" && report.differs)
    }

    @Test("RFC 3261 §17.1.1.2: over TCP nothing is repeated")
    func stream() throws {
        var trace = Trace()
        trace.transport = .tcp
        trace.addCall()
        let plan = trace.plan()
        #expect(plan.lines.map(\.transport) == [.tcp])
        let rig = try Rig(plan) { $0.timeout = .seconds(60) }
        let invite = try #require(rig.next())
        #expect(invite.header(.via).hasPrefix("SIP/2.0/TCP "))
        #expect(invite.header(.contact).contains(";transport=tcp"))
        rig.pass(40_000)
        #expect(rig.next() == nil && rig.isFinished)
    }

    @Test("RFC 3261 §9.1: a CANCEL repeats the INVITE's branch, URI and number, and waits for a provisional response")
    func cancel() throws {
        var trace = Trace()
        trace.sends(0, "INVITE", 5)
        trace.gets(10, 180, "INVITE", 5)
        trace.sends(2_000, "CANCEL", 5, "Reason: SIP;cause=200")
        trace.gets(2_010, 200, "CANCEL", 5)
        trace.gets(2_020, 487, "INVITE", 5)
        trace.sends(2_030, "ACK", 5, toTag: "b")
        let rig = try Rig(trace.plan()) { $0.speed = 0 }
        let invite = try #require(rig.next())
        rig.answer(invite, 100)
        #expect(rig.next() == nil)
        rig.answer(invite, 180)
        let cancel = try #require(rig.next())
        #expect(cancel.method == "CANCEL" && cancel.branch == invite.branch && cancel.uri == invite.uri)
        #expect(cancel.header(.cseq) == "5 CANCEL" && cancel.toTag.isEmpty && cancel.callID == invite.callID)
        #expect(cancel.header(.reason) == "SIP;cause=200")
        rig.answer(cancel, 200)
        rig.answer(invite, 487)
        #expect(rig.next()?.method == "ACK")
        #expect(rig.isFinished && rig.reports.first?.differs == false)
    }

    @Test("A call that is answered although the capture shows it cancelled is acknowledged and ended")
    func answeredAfterCancel() throws {
        var trace = Trace()
        trace.sends(0, "INVITE", 1)
        trace.gets(10, 180, "INVITE", 1)
        trace.sends(2_000, "CANCEL", 1)
        trace.gets(2_020, 487, "INVITE", 1)
        let rig = try Rig(trace.plan())
        let invite = try #require(rig.next())
        rig.answer(invite, 180)
        rig.answer(invite, 200)
        #expect(rig.next()?.method == "ACK")
        let bye = try #require(rig.next())
        #expect(bye.method == "BYE" && bye.toTag == "live" && bye.sequence == 2)
        rig.answer(bye, 200)
        #expect(rig.reports.first?.differs == true && rig.isFinished)
    }

    @Test("RFC 3262 §7.2: RAck names the live response; the captured PRACK's body goes with it")
    func prack() throws {
        var trace = Trace()
        trace.sends(0, "INVITE", 3, "Supported: 100rel")
        trace.gets(10, 183, "INVITE", 3, "Require: 100rel\nRSeq: 77")
        trace.sends(
            20,
            "PRACK",
            4,
            uri: "sip:192.0.2.1",
            toTag: "b",
            "RAck: 77 3 INVITE\nX-Prack: captured",
            body: "v=0\r\n"
        )
        trace.gets(30, 200, "PRACK", 4)
        trace.gets(40, 200, "INVITE", 3)
        trace.sends(50, "ACK", 3, toTag: "b")
        trace.sends(60, "BYE", 5, toTag: "b")
        trace.gets(70, 200, "BYE", 5)
        let rig = try Rig(trace.plan()) { $0.speed = 0 }
        let invite = try #require(rig.next())
        rig.answer(invite, 183, "Require: 100rel\r\nRSeq: 5000")
        let first = try #require(rig.next())
        #expect(first.header(.rack) == "5000 3 INVITE" && first.body == "v=0\r\n" && first.toTag == "live")
        #expect(first.text.contains("X-Prack: captured"))
        rig.answer(invite, 183, "Require: 100rel\r\nRSeq: 5000")
        #expect(rig.next() == nil)
        rig.answer(first, 200)
        rig.answer(invite, 180, "Require: 100rel\r\nRSeq: 5001")
        let second = try #require(rig.next())
        #expect(second.method == "PRACK" && second.header(.rack) == "5001 3 INVITE" && second.sequence == 5)
        rig.answer(second, 200)
        rig.answer(invite, 200)
        #expect(rig.next()?.method == "ACK")
        let bye = try #require(rig.next())
        #expect(bye.method == "BYE" && bye.sequence == 6)
    }

    @Test("A BYE of the server is awaited, answered 200, and answered again when it is repeated")
    func foreignBye() throws {
        let rig = try Rig(Self.endedByServer.plan()) { $0.speed = 0 }
        let invite = try #require(rig.next())
        rig.answer(invite, 200)
        #expect(rig.next()?.method == "ACK")
        #expect(!rig.isFinished)
        rig.request("BYE", in: invite)
        let answer = try #require(rig.next())
        #expect(answer.message.status == 200 && answer.header(.cseq) == "900 BYE")
        #expect(rig.isFinished && rig.reports.first?.differences.isEmpty == true)
        rig.request("BYE", in: invite)
        #expect(rig.next()?.message.status == 200)
    }

    @Test("When the server's BYE does not come the replay ends the call, and tells")
    func foreignByeMissing() throws {
        let rig = try Rig(Self.endedByServer.plan()) { $0.speed = 0 }
        let invite = try #require(rig.next())
        rig.answer(invite, 200)
        #expect(rig.next()?.method == "ACK")
        rig.pass(40_000)
        let bye = try #require(rig.next())
        #expect(bye.method == "BYE")
        rig.answer(bye, 200)
        let report = try #require(rig.reports.first)
        #expect(!report.differs)
        #expect(report.differences.map(\.kind) == [.foreignRequest] && report.differences.first?.captured == "BYE")
    }

    static var endedByServer: Trace {
        var trace = Trace()
        trace.sends(0, "INVITE", 1)
        trace.gets(100, 200, "INVITE", 1)
        trace.sends(110, "ACK", 1, toTag: "b")
        trace.add(
            2_000,
            Trace.server,
            Trace.phone,
            """
            BYE sip:alice@192.0.2.10:5060 SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-far
            From: <sip:+12025550123@pbx.example.com>;tag=b
            To: <sip:alice@pbx.example.com>;tag=a-call-1
            Call-ID: call-1
            CSeq: 900 BYE
            """
        )
        return trace
    }

    @Test("RFC 3261 §13.2.2.4: a 2xx of another branch is acknowledged and ended; a repeated 2xx gets the same ACK")
    func forked() throws {
        let rig = try Rig(Trace.call().plan())
        let invite = try #require(rig.next())
        rig.answer(invite, 200, tag: "one", contact: "sip:one@127.0.0.1")
        let first = try #require(rig.next())
        rig.answer(invite, 200, tag: "one", contact: "sip:one@127.0.0.1")
        #expect(rig.next()?.text == first.text)
        rig.answer(invite, 200, tag: "two", contact: "sip:two@127.0.0.1")
        let second = try #require(rig.next())
        #expect(second.method == "ACK" && second.toTag == "two" && second.uri == "sip:two@127.0.0.1")
        let bye = try #require(rig.next())
        #expect(bye.method == "BYE" && bye.toTag == "two" && bye.uri == "sip:two@127.0.0.1")
    }

    @Test("A call whose end the capture does not hold is ended")
    func endNotCaptured() throws {
        var trace = Trace()
        trace.sends(0, "INVITE", 1)
        trace.gets(100, 200, "INVITE", 1)
        let rig = try Rig(trace.plan())
        let invite = try #require(rig.next())
        rig.answer(invite, 200)
        #expect(rig.next()?.method == "ACK")
        let bye = try #require(rig.next())
        #expect(bye.method == "BYE")
        rig.answer(bye, 200)
        #expect(rig.isFinished && rig.reports.first?.differs == false)
    }

    @Test("An INVITE that rings on beyond its time in the capture and --timeout is cancelled")
    func timeout() throws {
        let rig = try Rig(Trace.call().plan()) { $0.timeout = .seconds(4) }
        let invite = try #require(rig.next())
        rig.answer(invite, 180)
        rig.pass(4_990)
        #expect(rig.next() == nil)
        rig.pass(20)
        let cancel = try #require(rig.next())
        #expect(cancel.method == "CANCEL" && cancel.branch == invite.branch)
        rig.answer(cancel, 200)
        rig.answer(invite, 487)
        #expect(rig.next()?.method == "ACK")
        #expect(rig.reports.first?.live.status == 487 && rig.isFinished)
    }

    @Test("What differs beside the outcome is told: progress, identities, codecs")
    func details() throws {
        var trace = Trace()
        trace.sends(0, "INVITE", 1)
        trace.gets(10, 180, "INVITE", 1, "P-Asserted-Identity: <tel:+1>")
        trace.gets(100, 200, "INVITE", 1, "Content-Type: application/sdp", body: Trace.offer)
        let rig = try Rig(trace.plan())
        let invite = try #require(rig.next())
        rig.answer(invite, 183)
        let answer = Trace.offer.replacing("RTP/AVP 0 8", with: "RTP/AVP 8")
        rig.answer(invite, 200, "Content-Type: application/sdp", body: answer)
        _ = rig.next()
        rig.answer(try #require(rig.next()), 200)
        let report = try #require(rig.reports.first)
        #expect(!report.differs)
        #expect(report.differences.map(\.kind) == [.progress, .progress, .identity, .codecs])
        #expect(report.captured.codecs == ["audio: PCMU PCMA"] && report.live.codecs == ["audio: PCMA"])
    }

    @Test("An interrupt ends the call that is up and reports the rest")
    func interrupt() throws {
        let rig = try Rig(Trace.call().plan())
        let invite = try #require(rig.next())
        rig.answer(invite, 180)
        rig.answer(invite, 200)
        _ = rig.next()
        rig.interrupt()
        #expect(rig.next()?.method == "BYE")
        #expect(rig.isFinished)
    }

    @Test("A connection that breaks in a call leaves nothing waiting")
    func brokenInCall() throws {
        var trace = Trace()
        trace.transport = .tcp
        trace.addCall()
        let rig = try Rig(trace.plan())
        let invite = try #require(rig.next())
        rig.answer(invite, 180)
        rig.answer(invite, 200)
        rig.fail(0, "the connection was closed")
        rig.pass(6_000)
        #expect(rig.isFinished)
        let report = try #require(rig.reports.first)
        #expect(report.live.status == 200 && report.differs)
        #expect(report.differences.map(\.method) == ["BYE"])
        #expect(report.differences.first?.live == "the connection is gone")
    }

    @Test("A connection that breaks ends what is on it")
    func broken() throws {
        let rig = try Rig(Trace.call().plan())
        _ = rig.next()
        rig.fail(0, "nobody listens there")
        #expect(rig.isFinished)
        #expect(rig.reports.first?.failure == "nobody listens there")
    }
}
