// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransaction
import Testing

struct ResponseRetransmissionTests {
    @Test("§13.3.1.4 a 2xx is retransmitted at T1, doubling to T2, until 64*T1 are over")
    func success() {
        var machine = SuccessResponseRetransmission(timers: TimerConfiguration())
        var now = machine.start().milliseconds
        var sent: [Int64] = []
        while case .retransmit(let next) = machine.timerFired() {
            sent.append(now)
            now += next.milliseconds
        }
        #expect(sent == [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
        #expect(now == 32_000)
        #expect(!machine.isActive)
        #expect(machine.timerFired() == .ignored)
        #expect(machine.ackReceived() == false)
    }

    @Test("§13.3.1.4 the 64*T1 end with expiry, not with silence")
    func successExpires() {
        var machine = SuccessResponseRetransmission(timers: TimerConfiguration())
        _ = machine.start()
        var last = RetransmissionStep.ignored
        for _ in 0..<11 { last = machine.timerFired() }
        #expect(last == .expired)
    }

    @Test("§13.3.1.4 retransmissions cease when the ACK is received, and a late timer is ignored")
    func acknowledged() {
        var machine = SuccessResponseRetransmission(timers: TimerConfiguration())
        #expect(machine.start() == .milliseconds(500))
        #expect(machine.timerFired() == .retransmit(next: .seconds(1)))
        #expect(machine.ackReceived() == true)
        #expect(machine.ackReceived() == false)
        #expect(machine.timerFired() == .ignored)
    }

    @Test("RFC 3262 §3 a reliable provisional response doubles without the ceiling T2")
    func provisional() {
        var machine = ProvisionalResponseRetransmission(timers: TimerConfiguration())
        var now = machine.start().milliseconds
        var sent: [Int64] = []
        while case .retransmit(let next) = machine.timerFired() {
            sent.append(now)
            now += next.milliseconds
        }
        #expect(sent == [500, 1500, 3500, 7500, 15_500, 31_500])
        #expect(now == 32_000)
    }

    @Test("RFC 3262 §3 the PRACK ends the retransmission")
    func pracked() {
        var machine = ProvisionalResponseRetransmission(timers: TimerConfiguration())
        _ = machine.start()
        #expect(machine.prackReceived() == true)
        #expect(machine.prackReceived() == false)
        #expect(machine.timerFired() == .ignored)
    }
}
