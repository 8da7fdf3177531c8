// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPTransaction
import Testing

/// A figure of RFC 3261 as a table: what is not listed for a state must do nothing and change nothing.
struct StateTable<M: Machine> {
    typealias Outcome = (actions: TransactionActions, next: M.State)

    let reliable: Bool
    let events: [Event]

    /// Checks one state against every event.
    func check(
        _ state: M.State,
        reachedBy path: [Event],
        _ rows: [(events: [Event], actions: TransactionActions, next: M.State)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var expected: [Event: Outcome] = [:]
        for row in rows {
            for event in row.events { expected[event] = (row.actions, row.next) }
        }
        for event in events {
            var machine = M(reliable: reliable, timers: TimerConfiguration())
            _ = machine.begin()
            for step in path { _ = machine.take(step) }
            #expect(machine.state == state, "path to \(state)", sourceLocation: sourceLocation)
            let actions = machine.take(event)
            let outcome = expected.removeValue(forKey: event) ?? (.none, state)
            #expect(actions == outcome.actions, "\(event) in \(state)", sourceLocation: sourceLocation)
            #expect(machine.state == outcome.next, "\(event) in \(state)", sourceLocation: sourceLocation)
        }
        #expect(expected.isEmpty, "events of the table that were not tried", sourceLocation: sourceLocation)
    }
}

/// Statuses by class, as events from the network and from the transaction user.
enum Statuses {
    static let provisional = [100, 101, 180, 199]
    static let success = [200, 202, 299]
    static let failure = [300, 404, 486, 500, 699]
}
