// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransaction
import Testing

struct INVITEServerTransactionTests {
    typealias Time = VirtualTime<INVITEServerTransaction>

    @Test("§17.2.1 100 (Trying) is sent after 200 ms of silence, once", arguments: [false, true])
    func trying(reliable: Bool) {
        let time = Time(reliable: reliable)
        time.take(.request, at: 150)
        time.take(.request, at: 500)
        time.run(until: 60_000)
        #expect(time.times(.deliver) == [0])
        #expect(time.times(.sendTrying) == [200])
        #expect(time.times(.sendResponse) == [500])
        #expect(time.machine.state == .proceeding)
    }

    @Test("§17.2.1 no 100 (Trying) is added when the transaction user answers within 200 ms")
    func answersInTime() {
        let time = Time(reliable: false)
        time.take(.respond(180), at: 190)
        #expect(time.runningTimers == 0)
        time.run(until: 60_000)
        #expect(time.times(.sendTrying).isEmpty)
        #expect(time.times(.sendResponse) == [190])
    }

    @Test("§17.2.1 100 (Trying) at once arms nothing, and is repeated for a retransmitted INVITE")
    func tryingAtOnce() {
        var machine = INVITEServerTransaction(reliable: false, timers: TimerConfiguration())
        #expect(machine.start(sendsTryingAtOnce: true) == .perform([.deliver, .sendTrying]))
        #expect(machine.requestReceived() == .perform(.sendResponse))
        #expect(machine.timerFired(.trying100) == .none)
    }

    @Test("§17.2.1 Timer G doubles up to T2 and Timer H gives up on the ACK over UDP")
    func timerGAndH() {
        let time = Time(reliable: false)
        time.take(.respond(486), at: 0)
        time.run(until: 100_000)
        #expect(
            time.times(.sendResponse)
                == [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]
        )
        #expect(time.times(.timeout) == [32_000])
        #expect(time.times(.terminated) == [32_000])
        #expect(time.runningTimers == 0)
    }

    @Test("§17.2.1 over a reliable transport the response is sent once and Timer H still runs")
    func timerHReliable() {
        let time = Time(reliable: true)
        time.take(.respond(486), at: 0)
        time.run(until: 100_000)
        #expect(time.times(.sendResponse) == [0])
        #expect(time.times(.timeout) == [32_000])
    }

    @Test("§17.2.1 Timer I: T4 over UDP, in which further ACKs are absorbed")
    func timerI() {
        let time = Time(reliable: false)
        time.take(.respond(486), at: 0)
        time.take(.ack, at: 700)
        time.take(.ack, at: 900)
        time.run(until: 100_000)
        #expect(time.times(.sendResponse) == [0, 500])
        #expect(time.times(.terminated) == [5700])
        #expect(time.times(.timeout).isEmpty)
        #expect(time.times(.deliver) == [0])
    }

    @Test("§17.2.1 Timer I: zero over TCP")
    func timerIReliable() {
        let time = Time(reliable: true)
        time.take(.respond(486), at: 0)
        time.take(.ack, at: 700)
        #expect(time.times(.terminated) == [700])
        #expect(time.runningTimers == 0)
    }

    @Test("RFC 6026 §8.5 Timer L: 64*T1 in which INVITEs are absorbed and ACKs delivered", arguments: [false, true])
    func timerL(reliable: Bool) {
        let time = Time(reliable: reliable)
        time.take(.respond(200), at: 100)
        time.take(.request, at: 500)
        time.take(.respond(200), at: 600)
        time.take(.ack, at: 650)
        time.take(.ack, at: 20_000)
        time.run(until: 100_000)
        #expect(time.times(.sendResponse) == [100, 600])
        #expect(time.times(.deliver) == [0, 650, 20_000])
        #expect(time.times(.terminated) == [32_100])
        #expect(time.times(.timeout).isEmpty)
    }

    @Test("Figure 7 with RFC 6026, Proceeding: every event", arguments: [false, true], [false, true])
    func proceeding(reliable: Bool, answered: Bool) {
        let running: TransactionTimerSet = answered ? [] : .trying100
        let sent = TransactionActions.perform(.sendResponse).cancelling(running)
        let waiting = sent.arming(.h, after: .seconds(32))
        var rows: [(events: [Event], actions: TransactionActions, next: INVITEServerTransaction.State)] = [
            (Statuses.provisional.map(Event.respond), sent, .proceeding),
            (Statuses.success.map(Event.respond), sent.arming(.l, after: .seconds(32)), .accepted),
            (
                Statuses.failure.map(Event.respond),
                reliable ? waiting : waiting.arming(.g, after: .milliseconds(500)), .completed
            ),
            // RFC 6026 §8.8: "MUST remain in the current state".
            ([.transportFailed], .perform(.transportError), .proceeding),
            ([.abandoned], .perform(.terminated).cancelling(running), .terminated),
        ]
        if answered {
            rows.append(([.request], .perform(.sendResponse), .proceeding))
        } else {
            rows.append(([.timer(.trying100)], .perform(.sendTrying), .proceeding))
        }
        StateTable<INVITEServerTransaction>(reliable: reliable, events: Event.server)
            .check(.proceeding, reachedBy: answered ? [.respond(183)] : [], rows)
    }

    @Test("Figure 7 with RFC 6026, Completed: every event", arguments: [false, true])
    func completed(reliable: Bool) {
        let running: TransactionTimerSet = reliable ? .h : [.g, .h]
        let stopped = TransactionActions.none.cancelling(running)
        var rows: [(events: [Event], actions: TransactionActions, next: INVITEServerTransaction.State)] = [
            ([.request], .perform(.sendResponse), .completed),
            (
                [.ack], reliable ? stopped.performing(.terminated) : stopped.arming(.i, after: .seconds(5)),
                reliable ? .terminated : .confirmed
            ),
            ([.timer(.h)], .perform([.timeout, .terminated]).cancelling(reliable ? [] : .g), .terminated),
            ([.transportFailed], .perform(.transportError), .completed),
            ([.abandoned], .perform(.terminated).cancelling(running), .terminated),
        ]
        if !reliable { rows.append(([.timer(.g)], .perform(.sendResponse).arming(.g, after: .seconds(1)), .completed)) }
        StateTable<INVITEServerTransaction>(reliable: reliable, events: Event.server)
            .check(.completed, reachedBy: [.respond(404)], rows)
    }

    @Test("Figure 7, Confirmed: every event")
    func confirmed() {
        StateTable<INVITEServerTransaction>(reliable: false, events: Event.server).check(
            .confirmed,
            reachedBy: [.respond(404), .ack],
            [
                ([.timer(.i)], .perform(.terminated), .terminated),
                ([.abandoned], .perform(.terminated).cancelling(.i), .terminated),
            ]
        )
    }

    @Test("RFC 6026 §8.5, Accepted: every event", arguments: [false, true])
    func accepted(reliable: Bool) {
        StateTable<INVITEServerTransaction>(reliable: reliable, events: Event.server).check(
            .accepted,
            reachedBy: [.respond(180), .respond(200)],
            [
                (Statuses.success.map(Event.respond), .perform(.sendResponse), .accepted),
                ([.ack], .perform(.deliver), .accepted),
                ([.transportFailed], .perform(.transportError), .accepted),
                ([.timer(.l)], .perform(.terminated), .terminated),
                ([.abandoned], .perform(.terminated).cancelling(.l), .terminated),
            ]
        )
    }

    @Test("§17.2.1, Terminated: nothing happens any more", arguments: [false, true])
    func terminated(reliable: Bool) {
        let table = StateTable<INVITEServerTransaction>(reliable: reliable, events: Event.server)
        table.check(.terminated, reachedBy: [.respond(200), .timer(.l)], [])
        table.check(.terminated, reachedBy: [.respond(500), .timer(.h)], [])
    }
}
