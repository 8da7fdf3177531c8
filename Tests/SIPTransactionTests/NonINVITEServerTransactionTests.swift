// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransaction
import Testing

struct NonINVITEServerTransactionTests {
    typealias Time = VirtualTime<NonINVITEServerTransaction>

    @Test("§17.2.2 Timer J: 64*T1 over UDP, in which the final response answers each retransmission")
    func timerJ() {
        let time = Time(reliable: false)
        time.take(.request, at: 50)
        time.take(.respond(200), at: 100)
        time.take(.request, at: 500)
        time.take(.respond(500), at: 600)
        time.take(.request, at: 32_000)
        time.run(until: 100_000)
        #expect(time.times(.deliver) == [0])
        #expect(time.times(.sendResponse) == [100, 500, 32_000])
        #expect(time.times(.terminated) == [32_100])
    }

    @Test("§17.2.2 Timer J: zero over TCP")
    func timerJReliable() {
        let time = Time(reliable: true)
        time.take(.respond(200), at: 100)
        #expect(time.log.last == Time.Entry(at: 100, flags: [.sendResponse, .terminated]))
        #expect(time.runningTimers == 0)
    }

    @Test("Figure 8, Trying and Proceeding: every event", arguments: [false, true], [false, true])
    func open(reliable: Bool, proceeding: Bool) {
        let here: NonINVITEServerTransaction.State = proceeding ? .proceeding : .trying
        let sent = TransactionActions.perform(.sendResponse)
        var rows: [(events: [Event], actions: TransactionActions, next: NonINVITEServerTransaction.State)] = [
            (Statuses.provisional.map(Event.respond), sent, .proceeding),
            (
                (Statuses.success + Statuses.failure).map(Event.respond),
                reliable ? sent.performing(.terminated) : sent.arming(.j, after: .seconds(32)),
                reliable ? .terminated : .completed
            ),
            ([.abandoned], .perform(.terminated), .terminated),
        ]
        if proceeding {
            rows.append(([.request], sent, .proceeding))
            rows.append(([.transportFailed], .perform([.transportError, .terminated]), .terminated))
        }
        StateTable<NonINVITEServerTransaction>(reliable: reliable, events: Event.server)
            .check(here, reachedBy: proceeding ? [.respond(100)] : [], rows)
    }

    @Test("Figure 8, Completed: every event")
    func completed() {
        StateTable<NonINVITEServerTransaction>(reliable: false, events: Event.server).check(
            .completed,
            reachedBy: [.respond(200)],
            [
                ([.request], .perform(.sendResponse), .completed),
                ([.timer(.j)], .perform(.terminated), .terminated),
                ([.transportFailed], .perform([.transportError, .terminated]).cancelling(.j), .terminated),
                ([.abandoned], .perform(.terminated).cancelling(.j), .terminated),
            ]
        )
    }

    @Test("§17.2.2, Terminated: nothing happens any more")
    func terminated() {
        StateTable<NonINVITEServerTransaction>(reliable: true, events: Event.server)
            .check(.terminated, reachedBy: [.respond(200)], [])
        StateTable<NonINVITEServerTransaction>(reliable: false, events: Event.server)
            .check(.terminated, reachedBy: [.respond(200), .timer(.j)], [])
    }
}
