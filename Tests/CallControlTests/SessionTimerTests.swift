// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import Testing

/// Session timers (RFC 4028), the ends' and the gateway's own.
struct SessionTimerTests {
    private static func harness(_ headers: [String] = [], interval: Int64 = 1800) throws -> Harness {
        let settings = CallSettings(sessionInterval: .seconds(interval), gatewayHost: "gw.example")
        return try Harness(headers: headers, settings: settings)
    }

    private static func isRefresh(_ sent: Sent) -> Bool {
        !sent.isResponse && (sent.method == .update || sent.method == .options)
    }

    @Test("§10 Half way each end is asked: UPDATE where Allow lists it, OPTIONS otherwise; answers keep the call")
    func refreshes() throws {
        let harness = try Self.harness(["Allow: INVITE, ACK, BYE, UPDATE"])
        try harness.establish()
        for _ in 0..<3 {
            harness.toCaller = []
            harness.toOutside = []
            harness.advance(seconds: 899)
            #expect(
                !harness.toCaller.contains(where: Self.isRefresh) && !harness.toOutside.contains(where: Self.isRefresh)
            )
            harness.advance(seconds: 1)
            let toCaller = try harness.caller(.update)
            #expect(toCaller.body.isEmpty && toCaller.headers(.contact) == ["<sip:192.0.2.253:5060>"])
            let toOutside = try harness.outside(.options)
            #expect(toOutside.header(.to)?.contains(";tag=bt") == true)
            try harness.answer(toCaller, 500)
            try harness.answer(toOutside, 200)
        }
        harness.expectSound(finished: false)
    }

    @Test("The latest Allow of an end counts")
    func latestAllow() throws {
        let harness = try Self.harness(["Allow: UPDATE"])
        let invite = try harness.establish(["Allow: INVITE, UPDATE"])
        try harness.outsideSends("INFO", in: invite, ["Allow: INVITE"])
        try harness.settle()
        harness.advance(seconds: 900)
        _ = try harness.outside(.options)
        _ = try harness.caller(.update)
    }

    @Test("§10 408, 481 or silence of either end ends the call with the recovery cause", arguments: [408, 481, 0])
    func gone(status: Int) throws {
        for isCaller in [true, false] {
            let harness = try Self.harness()
            try harness.establish()
            harness.advance(seconds: 900)
            let asked = try isCaller ? harness.caller(.options) : harness.outside(.options)
            let other = try isCaller ? harness.outside(.options) : harness.caller(.options)
            try harness.answer(other, 200)
            if status == 0 { harness.advance(seconds: 33) } else { try harness.answer(asked, status) }
            _ = try harness.caller(.bye)
            #expect(try harness.outside(.bye).header(.reason)?.hasPrefix("Q.850;cause=102") == true)
            try harness.settle()
            harness.expectSound()
            #expect(harness.ends == [.ended(finalStatus: 0, cause: .recoveryOnTimerExpiry)])
        }
    }

    @Test("§10 An end that cannot be reached gets a second chance, half an interval later")
    func unreachable() throws {
        let harness = try Self.harness()
        try harness.establish()
        for isLast in [false, true] {
            harness.advance(seconds: 900)
            try harness.answer(try harness.outside(.options), 200)
            harness.fail(try harness.caller(.options).transaction, .transport)
            #expect(harness.ends.isEmpty != isLast)
        }
        try harness.settle()
        harness.expectSound()
    }

    @Test("§10 An end that answers between two failures is there")
    func reachableBetween() throws {
        let harness = try Self.harness()
        try harness.establish()
        for isReached in [false, true, false] {
            harness.advance(seconds: 900)
            try harness.answer(try harness.outside(.options), 200)
            let asked = try harness.caller(.options)
            if isReached { try harness.answer(asked, 200) } else { harness.fail(asked.transaction, .transport) }
        }
        harness.expectSound(finished: false)
        #expect(harness.ends.isEmpty)
    }

    @Test("§7.2 Where the ends keep a timer the gateway asks nothing, until a 2xx comes without one")
    func negotiated() throws {
        let harness = try Self.harness(["Session-Expires: 600", "Supported: timer"])
        let invite = try harness.establish(["Session-Expires: 600;refresher=uac", "Require: timer"])
        #expect(invite.header(.sessionExpires) == "600")
        #expect(try harness.response().header(.sessionExpires) == "600;refresher=uac")
        harness.advance(seconds: 3000)
        #expect(!harness.toCaller.contains(where: Self.isRefresh) && !harness.toOutside.contains(where: Self.isRefresh))
        try harness.callerSends("UPDATE", ["Session-Expires: 600;refresher=uac"])
        try harness.answer(try harness.outside(.update), 200)
        #expect(harness.timers[.sessionRefresh] == harness.now + 900_000)
        let reinvite = try harness.callerSends("INVITE", ["Session-Expires: 600"], body: Caller.offer)
        try harness.answer(try harness.outside(.invite), 200, ["Session-Expires: 600"], body: Caller.offer)
        #expect(harness.timers[.sessionRefresh] == nil)
        #expect(harness.final(reinvite) == 200)
    }

    @Test("An interval of zero asks nothing")
    func off() throws {
        let harness = try Self.harness(interval: 0)
        try harness.establish()
        #expect(harness.timers[.sessionRefresh] == nil)
        try harness.restart()
        #expect(harness.timers[.sessionRefresh] == nil)
    }

    @Test("§7.3 A 422 with Min-SE reaches the caller at once, in the call and before it, and the retry goes through")
    func tooSmall() throws {
        var deployment = Deployment()
        deployment.trunks = (1...2).map { Deployment.trunk($0) }
        let first = try Harness(deployment, headers: ["Session-Expires: 60", "Supported: timer"])
        first.begin()
        try first.answer(try first.outside(.invite), 422, ["Min-SE: 300"])
        #expect(first.final() == 422)
        #expect(try first.response().header(.minSE) == "300")
        #expect(first.toOutside.count == 1)
        first.expectSound()
        let harness = try Self.harness()
        try harness.establish()
        let small = try harness.callerSends("UPDATE", ["Session-Expires: 90", "Supported: timer"])
        try harness.answer(try harness.outside(.update), 422, ["Min-SE: 300"])
        #expect(harness.final(small) == 422)
        #expect(try harness.response(small).header(.minSE) == "300")
        let retried = try harness.callerSends("UPDATE", ["Session-Expires: 300", "Min-SE: 300"])
        let passed = try harness.outside(.update)
        #expect(passed.header(.sessionExpires) == "300" && passed.header(.minSE) == "300")
        try harness.answer(passed, 200, ["Session-Expires: 300;refresher=uac"])
        #expect(try harness.response(retried).header(.sessionExpires) == "300;refresher=uac")
        #expect(harness.timers[.sessionRefresh] == nil)
    }

    @Test("After a restart the ends are asked with OPTIONS")
    func restart() throws {
        let harness = try Self.harness(["Allow: UPDATE"])
        try harness.establish()
        try harness.restart()
        harness.advance(seconds: 900)
        _ = try harness.caller(.options)
        _ = try harness.outside(.options)
        try harness.settle()
        harness.expectSound(finished: false)
    }

    @Test("An end that owes an answer is not asked beside, and the end of the call stops the refreshes")
    func quiet() throws {
        let harness = try Self.harness()
        try harness.establish()
        harness.advance(seconds: 890)
        try harness.callerSends("INFO")
        harness.advance(seconds: 10)
        #expect(!harness.toOutside.contains { $0.method == .options })
        _ = try harness.caller(.options)
        try harness.callerSends("BYE")
        #expect(harness.timers.isEmpty)
        try harness.answer(try harness.caller(.options), 481)
        try harness.settle()
        harness.expectSound()
    }

    @Test("§22.2 A refresh that the trunk challenges is repeated with credentials")
    func challenged() throws {
        let harness = try Self.harness()
        harness.credentials = { _, method, _, _ in
            TrunkCredentials(isProxy: true, value: Array("Digest \(method)".utf8))
        }
        try harness.establish(["Allow: UPDATE"])
        harness.advance(seconds: 900)
        let first = try harness.outside(.update)
        try harness.answer(first, 407)
        let second = try harness.outside(.update)
        #expect(second.headers(.proxyAuthorization) == ["Digest update"])
        #expect(second.message.mandatory.sequenceNumber == first.message.mandatory.sequenceNumber + 1)
        try harness.answer(second, 407)
        try harness.answer(try harness.caller(.options), 200)
        harness.expectSound(finished: false)
    }
}
