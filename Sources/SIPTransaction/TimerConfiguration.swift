// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// The base values from which every RFC 3261 transaction timer is derived.
///
/// RFC 3261 Appendix A, Table 4, and RFC 6026 §8. The derived values are properties or take the reliability of the
/// transport, because several timers are zero over TCP and TLS.
package struct TimerConfiguration: Hashable, Sendable {
    /// The round-trip estimate. RFC 3261 §17.1.1.1: 500 ms unless a closed network justifies less.
    package let t1: Interval

    /// The longest interval between retransmissions of non-INVITE requests and INVITE responses; never below T1.
    package let t2: Interval

    /// The longest time a message stays in the network.
    package let t4: Interval

    /// How long a call may stay unanswered after its last provisional response. RFC 3261 §16.6: more than 3 minutes.
    ///
    /// The transaction user runs this timer; no machine here arms it.
    package let timerC: Interval

    /// The wait for retransmitted final responses over unreliable transports. RFC 3261 §17.1.1.2: at least 32 s.
    package let unreliableTimerD: Interval

    /// How long the transaction user may stay silent before 100 (Trying) is sent for it. RFC 3261 §17.2.1: 200 ms.
    package let tryingDelay: Interval

    /// Makes a configuration; values outside what RFC 3261 permits are raised to the nearest permitted one.
    ///
    /// T1, T4 and the 100 (Trying) delay are at least 1 ms, T1 at most one hour, T2 at least T1, timer C more than
    /// 3 minutes, timer D at least 32 s.
    package init(
        t1: Interval = .milliseconds(500),
        t2: Interval = .seconds(4),
        t4: Interval = .seconds(5),
        timerC: Interval = .seconds(181),
        unreliableTimerD: Interval = .seconds(32),
        tryingDelay: Interval = .milliseconds(200)
    ) {
        let shortest = Interval.milliseconds(1)
        self.t1 = min(max(t1, shortest), .seconds(3600))
        self.t2 = max(t2, self.t1)
        self.t4 = max(t4, shortest)
        self.timerC = max(timerC, .milliseconds(180_001))
        self.unreliableTimerD = max(unreliableTimerD, .seconds(32))
        self.tryingDelay = max(tryingDelay, shortest)
    }

    /// 64*T1, the time within which a transaction must have made progress.
    package var transactionTimeout: Interval { t1 * 64 }

    /// Timer B: an INVITE without any answer fails after 64*T1. RFC 3261 §17.1.1.2.
    package var timerB: Interval { transactionTimeout }

    /// Timer F: a non-INVITE request without a final response fails after 64*T1. RFC 3261 §17.1.2.2.
    package var timerF: Interval { transactionTimeout }

    /// Timer H: the wait for an ACK, 64*T1. RFC 3261 §17.2.1.
    package var timerH: Interval { transactionTimeout }

    /// Timer L: how long an accepted INVITE's retransmissions are absorbed, 64*T1. RFC 6026 §8.5.
    package var timerL: Interval { transactionTimeout }

    /// Timer M: how long further 2xx responses are awaited, 64*T1. RFC 6026 §8.4.
    package var timerM: Interval { transactionTimeout }

    /// Timer D: the wait for retransmitted final responses; zero over reliable transports. RFC 3261 §17.1.1.2.
    package func timerD(reliable: Bool) -> Interval {
        reliable ? .milliseconds(0) : unreliableTimerD
    }

    /// Timer I: the wait for retransmitted ACKs, T4; zero over reliable transports. RFC 3261 §17.2.1.
    package func timerI(reliable: Bool) -> Interval {
        reliable ? .milliseconds(0) : t4
    }

    /// Timer J: the wait for retransmitted requests, 64*T1; zero over reliable transports. RFC 3261 §17.2.2.
    package func timerJ(reliable: Bool) -> Interval {
        reliable ? .milliseconds(0) : transactionTimeout
    }

    /// Timer K: the wait for retransmitted responses, T4; zero over reliable transports. RFC 3261 §17.1.2.2.
    package func timerK(reliable: Bool) -> Interval {
        reliable ? .milliseconds(0) : t4
    }

    /// Twice an interval, but no more than T2.
    func doubled(_ interval: Interval) -> Interval {
        min(interval * 2, t2)
    }
}
