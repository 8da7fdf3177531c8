// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DemoTrunk
import MonotonicTime
import NIOCore
import NIOPosix
import SIPMessage
import SIPTransaction
import Testing

@Suite("Calls to the demo trunk", .timeLimit(.minutes(1)))
struct CallTests {
    @Test("an INVITE gets 100, 180, and 200 with one description; BYE ends the call")
    func answer() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", body: caller.session()))
            #expect(try await caller.next().status == 100)
            #expect(try await caller.next().status == 180)
            let answer = try await caller.next()
            #expect(answer.status == 200)
            #expect(Caller.mediaPort(of: answer) % 2 == 0)
            #expect(answer.text(answer.body).contains("a=rtpmap:101 telephone-event/8000"))
            caller.toTag = answer.text(answer.mandatory.toTag)
            try await caller.send(caller.request("ACK"))
            caller.sequence = 2
            try await caller.send(caller.request("BYE"))
            _ = try await caller.response(200)
            #expect(await trunk.activeCalls() == 0)
            #expect(await trunk.counts().answered == 1)
            #expect(await trunk.counts().byesReceived == 1)
        }
    }

    @Test("a number of the script is refused with its status", arguments: [404, 486, 500, 503, 603])
    func refusal(status: Int) async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            let number = "12025550\(status)"
            try await caller.send(caller.request("INVITE", to: number, branch: "busy", body: caller.session()))
            _ = try await caller.response(status)
            try await caller.send(caller.request("ACK", to: number, branch: "busy"))
            #expect(await trunk.activeCalls() == 0)
        }
    }

    @Test("RFC 3261 §9.2 CANCEL gets 200 and its INVITE 487, both with one tag")
    func cancel() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", to: "0480", branch: "c1", body: caller.session()))
            let ringing = try await caller.response(180)
            let tag = caller.toTag
            caller.toTag = ""
            try await caller.send(caller.request("CANCEL", to: "0480", branch: "c1"))
            let confirmation = try await caller.response(200)
            #expect(confirmation.mandatory.sequenceMethod == .cancel)
            #expect(caller.toTag == tag)
            _ = try await caller.response(487)
            #expect(caller.toTag == tag)
            #expect(ringing.mandatory.sequenceMethod == .invite)
            #expect(await trunk.activeCalls() == 0)
            #expect(await trunk.counts().cancels == 1)
        }
    }

    @Test("RFC 3261 §9.2 a CANCEL that matches nothing gets 481")
    func strayCancel() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("CANCEL"))
            _ = try await caller.response(481)
        }
    }

    @Test("the trunk hangs up with a BYE inside the dialog")
    func trunkHangsUp() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            _ = try await caller.call("12025550002")
            let bye = try await caller.awaitRequest()
            #expect(bye.method == .bye)
            #expect(bye.text(bye.mandatory.toTag) == "caller")
            #expect(bye.text(bye.mandatory.fromTag) == caller.toTag)
            #expect(bye.requestURI.map { bye.text($0.whole) } == "sip:caller@127.0.0.1:\(caller.signalling.port)")
            var composer = ResponseTemplate(bye, source: RequestSource(host: "127.0.0.1", port: 1)).start(
                status: 200,
                toTag: nil
            )
            composer.finish()
            try await caller.send(composer.bytes)
            #expect(await trunk.activeCalls() == 0)
            #expect(await trunk.counts().byesSent == 1)
        }
    }

    @Test("RFC 3261 §17.2.1 a retransmitted INVITE is answered anew and makes no second call")
    func retransmittedInvite() async throws {
        try await withTrunk(configured { $0.ringAfter = .seconds(3) }) { trunk in
            var caller = try await Caller(trunk)
            let invite = caller.request("INVITE", to: "0480", body: caller.session())
            try await caller.send(invite)
            let first = try await caller.signalling.receive()
            try await caller.send(invite)
            #expect(try await caller.signalling.receive() == first)
            #expect(await trunk.seenInvites().count == 1)
            #expect(await trunk.activeCalls() == 1)
        }
    }

    @Test("RFC 3261 §13.3.1.4 the 200 is repeated until the ACK, and no longer")
    func answerRepeated() async throws {
        let quick = TimerConfiguration(t1: .milliseconds(20), t2: .milliseconds(20))
        try await withTrunk(
            configured {
                $0.timers = quick
                $0.hangUpAfter = .seconds(1)
            }
        ) { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", body: caller.session()))
            let first = try await caller.response(200).bytes
            for _ in 0..<3 { #expect(try await caller.signalling.receive() == first) }
            try await caller.send(caller.request("ACK"))
            var late = 0
            while try await caller.next().status == 200 { late += 1 }
            // Some were on their way when the ACK was sent; without it there would be fifty before the BYE.
            #expect(late < 30)
        }
    }

    @Test("RFC 3261 §13.3.1.4 a 200 that nobody acknowledges ends in BYE after 64*T1")
    func answerNeverAcknowledged() async throws {
        try await withTrunk(configured { $0.timers = TimerConfiguration(t1: .milliseconds(5), t2: .milliseconds(20)) })
        { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", body: caller.session()))
            #expect(try await caller.awaitRequest().method == .bye)
            #expect(await trunk.activeCalls() == 0)
        }
    }

    @Test("the silent number gets nothing, not even for its CANCEL")
    func silence() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", to: "0100", branch: "s", body: caller.session()))
            try await caller.send(caller.request("CANCEL", to: "0100", branch: "s"))
            try await caller.send(caller.request("OPTIONS"))
            #expect(try await caller.next().mandatory.sequenceMethod == .options)
            #expect(await trunk.seenInvites().first?.script.behaviour == .silent)
        }
    }

    @Test("one call more than the limit gets 503 with Retry-After")
    func limit() async throws {
        try await withTrunk(configured { $0.maximumCalls = 1 }) { trunk in
            var first = try await Caller(trunk)
            _ = try await first.call()
            var second = try await Caller(trunk)
            try await second.send(second.request("INVITE", body: second.session()))
            #expect(try await second.response(503).first(.retryAfter) != nil)
        }
    }

    @Test("media takes the even ports of the configured range; without a free one the call gets 500")
    func mediaPorts() async throws {
        let taken = try await DatagramPeer.open()
        let even = taken.port & ~1
        try await withTrunk(configured { $0.mediaPorts = even...even + 1 }) { trunk in
            var first = try await Caller(trunk)
            try await first.send(first.request("INVITE", to: "0480", body: first.session()))
            var second = try await Caller(trunk)
            try await second.send(second.request("INVITE", body: second.session()))
            _ = try await second.response(500)
        }
    }

    @Test("an offer without G.711 gets 488, one that is not SDP 415, one that is broken 400")
    func unacceptableOffers() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", body: caller.session(formats: "18 101")))
            _ = try await caller.response(488)
            caller.toTag = ""
            try await caller.send(caller.request("INVITE", body: "v=0\r\nm=audio\r\n"))
            _ = try await caller.response(400)
            caller.toTag = ""
            let text = String(decoding: caller.request("INVITE", body: caller.session()), as: UTF8.self)
            let altered = text.split(separator: "application/sdp").joined(separator: "text/plain;q=1")
            try await caller.send(Array(altered.utf8))
            _ = try await caller.response(415)
        }
    }
}
