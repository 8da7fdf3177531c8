// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransaction
import Testing

/// One row of RFC 3261 Table 4, or its like for RFC 6026.
private struct Row: Sendable, CustomTestStringConvertible {
    let timer: String
    let value: @Sendable (TimerConfiguration, Bool) -> Interval
    let unreliable: Int64
    let reliable: Int64

    var testDescription: String { "Timer \(timer)" }
}

struct TimerConfigurationTests {
    private static let rows = [
        Row(timer: "T1", value: { t, _ in t.t1 }, unreliable: 500, reliable: 500),
        Row(timer: "T2", value: { t, _ in t.t2 }, unreliable: 4000, reliable: 4000),
        Row(timer: "T4", value: { t, _ in t.t4 }, unreliable: 5000, reliable: 5000),
        Row(timer: "B", value: { t, _ in t.timerB }, unreliable: 32_000, reliable: 32_000),
        Row(timer: "D", value: { t, r in t.timerD(reliable: r) }, unreliable: 32_000, reliable: 0),
        Row(timer: "F", value: { t, _ in t.timerF }, unreliable: 32_000, reliable: 32_000),
        Row(timer: "H", value: { t, _ in t.timerH }, unreliable: 32_000, reliable: 32_000),
        Row(timer: "I", value: { t, r in t.timerI(reliable: r) }, unreliable: 5000, reliable: 0),
        Row(timer: "J", value: { t, r in t.timerJ(reliable: r) }, unreliable: 32_000, reliable: 0),
        Row(timer: "K", value: { t, r in t.timerK(reliable: r) }, unreliable: 5000, reliable: 0),
        Row(timer: "L (RFC 6026)", value: { t, _ in t.timerL }, unreliable: 32_000, reliable: 32_000),
        Row(timer: "M (RFC 6026)", value: { t, _ in t.timerM }, unreliable: 32_000, reliable: 32_000),
    ]

    @Test("RFC 3261 Table 4: default values over UDP and over TCP", arguments: rows)
    private func tableFour(row: Row) {
        let timers = TimerConfiguration()
        #expect(row.value(timers, false) == .milliseconds(row.unreliable))
        #expect(row.value(timers, true) == .milliseconds(row.reliable))
    }

    @Test("§17.1.1.1 timers scale with T1, but timer D stays at 32 s")
    func scaling() {
        let timers = TimerConfiguration(t1: .milliseconds(100))
        #expect(timers.timerB == .milliseconds(6400))
        #expect(timers.timerJ(reliable: false) == .milliseconds(6400))
        #expect(timers.timerL == .milliseconds(6400))
        #expect(timers.timerD(reliable: false) == .seconds(32))
    }

    @Test("§16.6 timer C is more than 3 minutes, and §17.1.1.2 timer D at least 32 s, whatever is asked for")
    func limits() {
        let timers = TimerConfiguration(
            t1: .milliseconds(-5),
            t2: .milliseconds(0),
            t4: .milliseconds(0),
            timerC: .seconds(180),
            unreliableTimerD: .seconds(3),
            tryingDelay: .milliseconds(0)
        )
        #expect(timers.timerC > .seconds(180))
        #expect(TimerConfiguration().timerC > .seconds(180))
        #expect(timers.timerD(reliable: false) == .seconds(32))
        #expect(timers.t1 == .milliseconds(1))
        #expect(timers.t2 == .milliseconds(1))
        #expect(timers.t4 == .milliseconds(1))
        #expect(timers.tryingDelay == .milliseconds(1))
        #expect(TimerConfiguration(unreliableTimerD: .seconds(40)).timerD(reliable: false) == .seconds(40))
    }
}
