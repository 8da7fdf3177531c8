// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransaction
import Testing

struct NonINVITEClientTransactionTests {
    typealias Time = VirtualTime<NonINVITEClientTransaction>

    @Test("§17.1.2.2 Timer E doubles up to T2 and Timer F ends an unanswered request over UDP")
    func unanswered() {
        let time = Time(reliable: false)
        time.run(until: 100_000)
        #expect(
            time.times(.sendRequest)
                == [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]
        )
        #expect(time.times(.timeout) == [32_000])
        #expect(time.times(.terminated) == [32_000])
        #expect(time.runningTimers == 0)
    }

    @Test("§17.1.2.2 over a reliable transport the request is sent once and Timer F still runs")
    func unansweredReliable() {
        let time = Time(reliable: true)
        time.run(until: 100_000)
        #expect(time.times(.sendRequest) == [0])
        #expect(time.times(.timeout) == [32_000])
    }

    @Test("§17.1.2.2 Timer E is reset with T2 once a provisional response came, and Timer F runs on")
    func proceedingInterval() {
        let time = Time(reliable: false)
        time.take(.response(100), at: 100)
        time.run(until: 100_000)
        #expect(time.times(.sendRequest) == [0, 500, 4500, 8500, 12_500, 16_500, 20_500, 24_500, 28_500])
        #expect(time.times(.timeout) == [32_000])
    }

    @Test("§17.1.2.2 Timer K: T4 over UDP, in which further responses are absorbed")
    func timerK() {
        let time = Time(reliable: false)
        time.take(.response(200), at: 100)
        time.take(.response(200), at: 600)
        time.run(until: 100_000)
        #expect(time.times(.deliver) == [100])
        #expect(time.times(.terminated) == [5100])
    }

    @Test("§17.1.2.2 Timer K: zero over TCP")
    func timerKReliable() {
        let time = Time(reliable: true)
        time.take(.response(404), at: 100)
        #expect(time.log.last == Time.Entry(at: 100, flags: [.deliver, .terminated]))
        #expect(time.runningTimers == 0)
    }

    @Test("Figure 6, start: the request is sent, F runs, E over UDP alone")
    func start() {
        let udp = NonINVITEClientTransaction(reliable: false, timers: TimerConfiguration())
        #expect(
            udp.start()
                == .perform(.sendRequest).arming(.f, after: .seconds(32)).arming(.e, after: .milliseconds(500))
        )
        let tcp = NonINVITEClientTransaction(reliable: true, timers: TimerConfiguration())
        #expect(tcp.start() == .perform(.sendRequest).arming(.f, after: .seconds(32)))
    }

    @Test("Figure 6, Trying and Proceeding: every event", arguments: [false, true], [false, true])
    func open(reliable: Bool, proceeding: Bool) {
        let running: TransactionTimerSet = reliable ? .f : [.e, .f]
        let here: NonINVITEClientTransaction.State = proceeding ? .proceeding : .trying
        let given = TransactionActions.perform(.deliver).cancelling(running)
        var rows: [(events: [Event], actions: TransactionActions, next: NonINVITEClientTransaction.State)] = [
            (Statuses.provisional.map(Event.response), .perform(.deliver), .proceeding),
            (
                (Statuses.success + Statuses.failure).map(Event.response),
                reliable ? given.performing(.terminated) : given.arming(.k, after: .seconds(5)),
                reliable ? .terminated : .completed
            ),
            ([.timer(.f)], .perform([.timeout, .terminated]).cancelling(reliable ? [] : .e), .terminated),
            ([.transportFailed], .perform([.transportError, .terminated]).cancelling(running), .terminated),
            ([.abandoned], .perform(.terminated).cancelling(running), .terminated),
        ]
        if !reliable {
            let wait = Interval.seconds(proceeding ? 4 : 1)
            rows.append(([.timer(.e)], .perform(.sendRequest).arming(.e, after: wait), here))
        }
        StateTable<NonINVITEClientTransaction>(reliable: reliable, events: Event.client)
            .check(here, reachedBy: proceeding ? [.response(100)] : [], rows)
    }

    @Test("Figure 6, Completed: every event")
    func completed() {
        StateTable<NonINVITEClientTransaction>(reliable: false, events: Event.client).check(
            .completed,
            reachedBy: [.response(100), .response(200)],
            [
                ([.timer(.k)], .perform(.terminated), .terminated),
                ([.abandoned], .perform(.terminated).cancelling(.k), .terminated),
            ]
        )
    }

    @Test("§17.1.2.2, Terminated: nothing happens any more", arguments: [false, true])
    func terminated(reliable: Bool) {
        let table = StateTable<NonINVITEClientTransaction>(reliable: reliable, events: Event.client)
        table.check(.terminated, reachedBy: [.timer(.f)], [])
        table.check(.terminated, reachedBy: [.response(200), .timer(.k)], [])
    }
}
