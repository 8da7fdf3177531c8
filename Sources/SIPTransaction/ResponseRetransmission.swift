// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// What to do when a response retransmission's timer fired.
package enum RetransmissionStep: Hashable, Sendable {
    /// Send the response again and start the timer anew.
    case retransmit(next: Interval)
    /// 64*T1 have passed without the acknowledgement.
    case expired
    /// Nothing: it was acknowledged or had expired before.
    case ignored
}

/// Growing intervals within a total of 64*T1, on one timer.
private struct Backoff: Sendable {
    private var next: Interval
    private var remaining: Interval
    private let ceiling: Interval

    init(timers: TimerConfiguration, ceiling: Interval) {
        next = timers.t1
        remaining = timers.transactionTimeout
        self.ceiling = ceiling
    }

    /// The next interval to wait, or nil when the total is used up.
    mutating func advance() -> Interval? {
        guard remaining > .milliseconds(0) else { return nil }
        // The last wait ends where the total ends, so that one timer serves retransmission and expiry alike.
        let interval = min(next, remaining)
        remaining = Interval(milliseconds: remaining.milliseconds &- interval.milliseconds)
        next = min(next * 2, ceiling)
        return interval
    }
}

/// The transaction user's retransmission of a 2xx to INVITE until its ACK comes: RFC 3261 §13.3.1.4.
///
/// It starts at T1, doubles up to T2, and gives up after 64*T1, over every transport; upon `.expired` the session
/// should be ended with BYE.
package struct SuccessResponseRetransmission: Sendable {
    private var backoff: Backoff

    /// Whether the ACK is still awaited.
    package private(set) var isActive = true

    /// Makes a retransmission that has not begun.
    package init(timers: TimerConfiguration) {
        backoff = Backoff(timers: timers, ceiling: timers.t2)
    }

    /// The 2xx was sent for the first time; answers how long to wait before `timerFired()`.
    package mutating func start() -> Interval {
        backoff.advance() ?? .milliseconds(1)
    }

    /// The timer fired.
    package mutating func timerFired() -> RetransmissionStep {
        step(&backoff, &isActive)
    }

    /// The ACK came; answers whether it is the first one, so that the timer is to be cancelled.
    package mutating func ackReceived() -> Bool {
        defer { isActive = false }
        return isActive
    }
}

/// The transaction user's retransmission of a reliable provisional response until its PRACK comes: RFC 3262 §3.
///
/// It starts at T1 and doubles without a ceiling, unlike that of a 2xx, and gives up after 64*T1; upon `.expired` the
/// INVITE should be rejected with a 5xx.
package struct ProvisionalResponseRetransmission: Sendable {
    private var backoff: Backoff

    /// Whether the PRACK is still awaited.
    package private(set) var isActive = true

    /// Makes a retransmission that has not begun.
    package init(timers: TimerConfiguration) {
        backoff = Backoff(timers: timers, ceiling: timers.transactionTimeout)
    }

    /// The response was sent for the first time; answers how long to wait before `timerFired()`.
    package mutating func start() -> Interval {
        backoff.advance() ?? .milliseconds(1)
    }

    /// The timer fired.
    package mutating func timerFired() -> RetransmissionStep {
        step(&backoff, &isActive)
    }

    /// The matching PRACK came; answers whether it is the first one, so that the timer is to be cancelled.
    package mutating func prackReceived() -> Bool {
        defer { isActive = false }
        return isActive
    }
}

/// Advances a retransmission by one firing of its timer.
private func step(_ backoff: inout Backoff, _ isActive: inout Bool) -> RetransmissionStep {
    guard isActive else { return .ignored }
    guard let next = backoff.advance() else {
        isActive = false
        return .expired
    }
    return .retransmit(next: next)
}
