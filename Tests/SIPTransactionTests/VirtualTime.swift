// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransaction

/// A machine, a timer wheel and a clock that only this driver moves.
final class VirtualTime<M: Machine> {
    /// What the machine asked for and when, in milliseconds since the start.
    struct Entry: Equatable {
        let at: Int64
        let flags: TransactionActions.Flags
    }

    private(set) var machine: M
    private(set) var log: [Entry] = []
    private(set) var now = Instant(milliseconds: 1_000_000)
    private let origin: Instant
    private var wheel: TimerWheel
    private var handles: [TransactionTimer.Slot: TimerHandle] = [:]

    init(reliable: Bool, timers: TimerConfiguration = TimerConfiguration()) {
        origin = now
        wheel = TimerWheel(startingAt: now)
        machine = M(reliable: reliable, timers: timers)
        perform(machine.begin())
    }

    /// How many timers run.
    var runningTimers: Int { wheel.count }

    /// The times, in milliseconds, at which something was done.
    func times(_ flag: TransactionActions.Flags) -> [Int64] {
        log.filter { $0.flags.isSuperset(of: flag) }.map(\.at)
    }

    /// Gives the machine an event at a time, after whatever is due until then.
    func take(_ event: Event, at milliseconds: Int64) {
        run(until: milliseconds)
        perform(machine.take(event))
    }

    /// Lets time pass until so many milliseconds after the start.
    func run(until milliseconds: Int64) {
        let end = origin + .milliseconds(milliseconds)
        while let next = wheel.nextDeadline, next <= end {
            now = max(now, next)
            while let token = wheel.popExpired(at: now) {
                guard let timer = TransactionTimer(rawValue: UInt8(token.purpose)) else { continue }
                perform(machine.take(.timer(timer)))
            }
        }
        now = end
    }

    private func perform(_ actions: TransactionActions) {
        if !actions.flags.isEmpty { log.append(Entry(at: (now - origin).milliseconds, flags: actions.flags)) }
        if !actions.cancel.isDisjoint(with: .retransmission) { stop(.retransmission) }
        if !actions.cancel.isDisjoint(with: .lifetime) { stop(.lifetime) }
        for request in [actions.retransmission, actions.lifetime] {
            guard let request else { continue }
            handles[request.timer.slot] = wheel.arm(
                at: now + request.interval,
                TimerToken(owner: 0, purpose: UInt32(request.timer.rawValue))
            )
        }
    }

    private func stop(_ slot: TransactionTimer.Slot) {
        wheel.cancel(handles[slot] ?? .none)
    }
}
