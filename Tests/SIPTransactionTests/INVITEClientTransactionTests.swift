// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransaction
import Testing

struct INVITEClientTransactionTests {
    typealias Time = VirtualTime<INVITEClientTransaction>

    @Test("§17.1.1.2 Timer A doubles and Timer B ends an unanswered INVITE over UDP")
    func unanswered() {
        let time = Time(reliable: false)
        time.run(until: 100_000)
        #expect(time.times(.sendRequest) == [0, 500, 1500, 3500, 7500, 15_500, 31_500])
        #expect(time.times(.timeout) == [32_000])
        #expect(time.times(.terminated) == [32_000])
        // "The client transaction MUST NOT generate an ACK."
        #expect(time.times(.sendACK).isEmpty)
        #expect(time.runningTimers == 0)
    }

    @Test("§17.1.1.2 over a reliable transport the INVITE is sent once and Timer B still runs")
    func unansweredReliable() {
        let time = Time(reliable: true)
        time.run(until: 100_000)
        #expect(time.times(.sendRequest) == [0])
        #expect(time.times(.timeout) == [32_000])
        #expect(time.runningTimers == 0)
    }

    @Test("§17.1.1.2 a provisional response stops Timers A and B", arguments: [false, true])
    func provisional(reliable: Bool) {
        let time = Time(reliable: reliable)
        time.take(.response(100), at: 600)
        #expect(time.runningTimers == 0)
        time.take(.response(180), at: 170_000)
        #expect(time.times(.sendRequest) == (reliable ? [0] : [0, 500]))
        #expect(time.times(.deliver) == [600, 170_000])
        #expect(time.machine.state == .proceeding)
    }

    @Test("§17.1.1.2 Timer D: 32 s over UDP, in which each final response is acknowledged anew")
    func timerD() {
        let time = Time(reliable: false)
        time.take(.response(486), at: 100)
        time.take(.response(486), at: 600)
        time.take(.response(486), at: 1600)
        time.run(until: 100_000)
        #expect(time.times(.sendACK) == [100, 600, 1600])
        #expect(time.times(.deliver) == [100])
        #expect(time.times(.terminated) == [32_100])
    }

    @Test("§17.1.1.2 Timer D: zero over TCP, though the ACK is sent")
    func timerDReliable() {
        let time = Time(reliable: true)
        time.take(.response(486), at: 100)
        #expect(time.log.last == Time.Entry(at: 100, flags: [.sendACK, .deliver, .terminated]))
        #expect(time.runningTimers == 0)
    }

    @Test("RFC 6026 §8.4 Timer M: every 2xx within 64*T1 is delivered, none acknowledged", arguments: [false, true])
    func timerM(reliable: Bool) {
        let time = Time(reliable: reliable)
        time.take(.response(180), at: 200)
        time.take(.response(200), at: 1000)
        time.take(.response(200), at: 1500)
        time.take(.response(202), at: 32_900)
        time.run(until: 100_000)
        #expect(time.times(.deliver) == [200, 1000, 1500, 32_900])
        #expect(time.times(.sendACK).isEmpty)
        #expect(time.times(.terminated) == [33_000])
        #expect(time.times(.timeout).isEmpty)
    }

    @Test("Figure 5, start: the INVITE is sent, B runs, A over UDP alone")
    func start() {
        let udp = INVITEClientTransaction(reliable: false, timers: TimerConfiguration())
        #expect(
            udp.start()
                == .perform(.sendRequest).arming(.b, after: .seconds(32)).arming(.a, after: .milliseconds(500))
        )
        let tcp = INVITEClientTransaction(reliable: true, timers: TimerConfiguration())
        #expect(tcp.start() == .perform(.sendRequest).arming(.b, after: .seconds(32)))
    }

    @Test("Figure 5 with RFC 6026, Calling: every event", arguments: [false, true])
    func calling(reliable: Bool) {
        let running: TransactionTimerSet = reliable ? .b : [.a, .b]
        let given = TransactionActions.perform([.sendACK, .deliver]).cancelling(running)
        var rows: [(events: [Event], actions: TransactionActions, next: INVITEClientTransaction.State)] = [
            (Statuses.provisional.map(Event.response), .perform(.deliver).cancelling(running), .proceeding),
            (
                Statuses.success.map(Event.response),
                .perform(.deliver).cancelling(running).arming(.m, after: .seconds(32)), .accepted
            ),
            (
                Statuses.failure.map(Event.response),
                reliable ? given.performing(.terminated) : given.arming(.d, after: .seconds(32)),
                reliable ? .terminated : .completed
            ),
            ([.timer(.b)], .perform([.timeout, .terminated]).cancelling(reliable ? [] : .a), .terminated),
            ([.transportFailed], .perform([.transportError, .terminated]).cancelling(running), .terminated),
            ([.abandoned], .perform(.terminated).cancelling(running), .terminated),
        ]
        if !reliable { rows.append(([.timer(.a)], .perform(.sendRequest).arming(.a, after: .seconds(1)), .calling)) }
        StateTable<INVITEClientTransaction>(reliable: reliable, events: Event.client).check(
            .calling,
            reachedBy: [],
            rows
        )
    }

    @Test("Figure 5 with RFC 6026, Proceeding: every event", arguments: [false, true])
    func proceeding(reliable: Bool) {
        let given = TransactionActions.perform([.sendACK, .deliver])
        StateTable<INVITEClientTransaction>(reliable: reliable, events: Event.client).check(
            .proceeding,
            reachedBy: [.response(180)],
            [
                (Statuses.provisional.map(Event.response), .perform(.deliver), .proceeding),
                (
                    Statuses.success.map(Event.response), .perform(.deliver).arming(.m, after: .seconds(32)),
                    .accepted
                ),
                (
                    Statuses.failure.map(Event.response),
                    reliable ? given.performing(.terminated) : given.arming(.d, after: .seconds(32)),
                    reliable ? .terminated : .completed
                ),
                ([.abandoned], .perform(.terminated), .terminated),
            ]
        )
    }

    @Test("Figure 5, Completed: every event")
    func completed() {
        StateTable<INVITEClientTransaction>(reliable: false, events: Event.client).check(
            .completed,
            reachedBy: [.response(404)],
            [
                (Statuses.failure.map(Event.response), .perform(.sendACK), .completed),
                ([.timer(.d)], .perform(.terminated), .terminated),
                ([.transportFailed], .perform([.transportError, .terminated]).cancelling(.d), .terminated),
                ([.abandoned], .perform(.terminated).cancelling(.d), .terminated),
            ]
        )
    }

    @Test("RFC 6026 §8.4, Accepted: every event", arguments: [false, true])
    func accepted(reliable: Bool) {
        StateTable<INVITEClientTransaction>(reliable: reliable, events: Event.client).check(
            .accepted,
            reachedBy: [.response(100), .response(200)],
            [
                (Statuses.success.map(Event.response), .perform(.deliver), .accepted),
                ([.timer(.m)], .perform(.terminated), .terminated),
                ([.abandoned], .perform(.terminated).cancelling(.m), .terminated),
            ]
        )
    }

    @Test("§17.1.1.2, Terminated: nothing happens any more", arguments: [false, true])
    func terminated(reliable: Bool) {
        let table = StateTable<INVITEClientTransaction>(reliable: reliable, events: Event.client)
        table.check(.terminated, reachedBy: [.timer(.b)], [])
        table.check(.terminated, reachedBy: [.response(200), .timer(.m)], [])
        table.check(.terminated, reachedBy: [.transportFailed], [])
    }
}
