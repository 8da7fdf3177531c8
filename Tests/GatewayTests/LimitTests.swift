// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3)))
struct LimitTests {
    private static func limits(_ words: String) -> String { "    limits: {\(words)}\n" }

    /// Calls, is refused, and hands back the refusal.
    private static func refusal(_ scene: Scene, _ uri: String = Scene.number) async throws -> WireMessage {
        try await scene.alice.invite(uri)
        let refusal = try await scene.alice.peer.response(403)
        try await scene.alice.acknowledgeRefusal(refusal, uri)
        return refusal
    }

    @Test("a burst to one number is refused with Retry-After, the rule's id is on record, and other numbers pass")
    func burst() async throws {
        let records = try await withScene(customer: Self.limits("calls_per_minute_to_number: {soft: 1, hard: 2}")) {
            scene in
            for _ in 0..<2 {
                let invite = try await scene.dial()
                try await scene.trunk.reply(486, to: invite)
                try await scene.trunk.request("ACK")
                try await scene.alice.acknowledgeRefusal(try await scene.alice.peer.response(486), Scene.number)
            }
            let refusal = try await Self.refusal(scene)
            let wait = Int(refusal.first("Retry-After")) ?? 0
            #expect((1...65).contains(wait))
            #expect(refusal.first("Reason").contains("Q.850"))
            #expect(refusal.first("Warning").contains("calls_per_minute_to_number"))
            let other = "sip:+12025550124@edge.example.com"
            let invite = try await scene.dial(other)
            try await scene.trunk.reply(486, to: invite)
            try await scene.trunk.request("ACK")
            let counters = try #require(await scene.gateway.server.counters().first)
            #expect(counters.limitWarnings[.callsPerMinuteToNumber] == 1)
            #expect(counters.limitRefusals[.callsPerMinuteToNumber] == 1)
        }
        #expect(records.map(\.isApproved) == [true, true, false, true])
        #expect(records[2].rejectingRule == "destination.limits")
    }

    @Test("concurrent calls are counted from INVITE to end, for the endpoint by itself as well")
    func concurrent() async throws {
        try await withScene(alice: " limits: {concurrent_calls: 1},") { scene in
            _ = try await scene.answered()
            let second = Phone(scene.alice.peer)
            try await second.invite(Scene.number)
            let refusal = try await second.peer.response(403)
            try await second.acknowledgeRefusal(refusal, Scene.number)
            #expect(refusal.first("Warning").contains("concurrent_calls of the endpoint"))
            #expect(refusal.first("Retry-After") == "5")
            try await scene.hangUp()
            let third = Phone(scene.alice.peer)
            try await third.invite(Scene.number)
            try await scene.trunk.request("INVITE")
        }
    }

    @Test("what was dialled before a restart counts after it")
    func restart() async throws {
        let carrier = try await Peer.udp()
        let deployment = try Deployment(
            trunks: trunk("carrier", carrier.port),
            customer: Self.limits("daily_calls_to_country: 2, home_countries: [gb]")
        )
        defer { deployment.remove() }
        for expected in [486, 486, 403] {
            let gateway = try await deployment.start()
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number)
            if expected == 486 {
                try await carrier.reply(486, to: try await carrier.request("INVITE"))
                try await carrier.request("ACK")
            }
            let answer = try await alice.peer.response(expected)
            try await alice.acknowledgeRefusal(answer, Scene.number)
            if expected == 403 {
                #expect(answer.first("Warning").contains("daily_calls_to_country"))
                let home = Phone(alice.peer)
                try await home.invite("sip:+442079460000@edge.example.com")
                try await carrier.reply(486, to: try await carrier.request("INVITE"))
            }
            await gateway.server.shutdown()
        }
        let records = try deployment.calls()
        #expect(records.map(\.isApproved) == [true, true, false, true])
    }

    @Test("the customer's longest duration ends the call with BYE to both sides")
    func duration() async throws {
        let records = try await withScene(customer: Self.limits("max_call_duration_seconds: 1")) { scene in
            _ = try await scene.answered()
            let outward = try await scene.trunk.request("BYE")
            #expect(outward.first("Reason").contains("longest duration"))
            try await scene.trunk.reply(200, to: outward)
            try await scene.alice.peer.reply(200, to: try await scene.alice.peer.request("BYE"))
        }
        #expect(records.map(\.hangupReason) == [.timeout])
    }

    @Test("notices of one limit come once in a while and say how many were left out")
    func notices() {
        var notices = LimitNotices()
        let subject = LimitNotices.Subject(
            customer: .zero,
            endpoint: nil,
            kind: .callsPerSecond,
            scope: .customer,
            isRefusal: true
        )
        #expect(notices.unsaid(of: subject, at: Instant(milliseconds: 0)) == 0)
        for time in 1...5 {
            #expect(notices.unsaid(of: subject, at: Instant(milliseconds: Int64(time) * 1000)) == nil)
        }
        #expect(notices.unsaid(of: subject, at: Instant(milliseconds: 10_000)) == 5)
        #expect(notices.unsaid(of: subject, at: Instant(milliseconds: 19_999)) == nil)
    }
}
