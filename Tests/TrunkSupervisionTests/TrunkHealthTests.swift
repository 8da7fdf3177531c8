// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import Testing

@testable import TrunkSupervision

struct TrunkHealthTests {
    private static let settings = TrunkHealthSettings(interval: 30, timeout: 5, failures: 3, successes: 2)
    private static let start = Instant(milliseconds: 1_000_000)

    /// Goes to the next request, and hands back when that is.
    private static func ask(_ health: inout TrunkHealth) -> Instant {
        let due = health.due
        #expect(health.advance(to: due, chance: 7) == .ask)
        return due
    }

    private static func answer(_ health: inout TrunkHealth, _ status: Int) {
        let time = ask(&health)
        health.answered(status: status, at: time + .milliseconds(20), chance: 7)
    }

    @Test("the first request comes within one interval, at a time that chance decides")
    func first() {
        let early = TrunkHealth(Self.settings, at: Self.start, chance: 0)
        let late = TrunkHealth(Self.settings, at: Self.start, chance: .max)
        #expect(early.due == Self.start)
        #expect(late.due == Self.start + .seconds(30))
        var health = late
        #expect(health.advance(to: Self.start + .milliseconds(29_999), chance: 0) == .wait)
    }

    @Test("further requests come after nine to eleven tenths of the interval", arguments: [0, UInt64.max])
    func jitter(chance: UInt64) {
        var health = TrunkHealth(Self.settings, at: Self.start, chance: 0)
        #expect(health.advance(to: Self.start, chance: chance) == .ask)
        health.answered(status: 200, at: Self.start, chance: chance)
        #expect(health.due == Self.start + .seconds(chance == 0 ? 27 : 33))
    }

    @Test("hysteresis: three failures in a row take it down, two answers in a row bring it back")
    func hysteresis() {
        var health = TrunkHealth(Self.settings, at: Self.start, chance: 0)
        var states: [Bool] = []
        for status in [503, 503, 200, 503, 503, 503, 200, 503, 200, 200] {
            Self.answer(&health, status)
            states.append(health.isUp)
        }
        #expect(states == [true, true, true, true, true, false, false, false, false, true])
    }

    @Test("any response but 503 says that the trunk is there", arguments: [200, 302, 404, 405, 483, 500, 603])
    func alive(status: Int) {
        var health = TrunkHealth(Self.settings, at: Self.start, chance: 0)
        for _ in 0..<5 { Self.answer(&health, status) }
        #expect(health.isUp)
    }

    @Test("a request without an answer in time is given up, and counts as a failure")
    func timeout() {
        var health = TrunkHealth(Self.settings, at: Self.start, chance: 0)
        for round in 1...3 {
            let time = Self.ask(&health)
            #expect(health.advance(to: time + .milliseconds(4999), chance: 0) == .wait)
            #expect(health.isAsking)
            #expect(health.advance(to: time + .seconds(5), chance: 0) == .giveUp)
            #expect(!health.isAsking)
            #expect(health.isUp == (round < 3))
        }
    }

    @Test("an answer that comes when nothing is asked changes nothing")
    func lateAnswer() {
        var health = TrunkHealth(Self.settings, at: Self.start, chance: 0)
        let due = health.due
        for _ in 0..<5 { health.answered(status: 503, at: Self.start, chance: 0) }
        #expect(health.isUp && health.due == due)
    }
}
