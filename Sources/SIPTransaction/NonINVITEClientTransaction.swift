// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// The non-INVITE client transaction: RFC 3261 §17.1.2 and Figure 6.
package struct NonINVITEClientTransaction: Sendable {
    /// The states of Figure 6.
    package enum State: Hashable, Sendable {
        /// The request is out and nothing has come back.
        case trying
        /// A provisional response came.
        case proceeding
        /// The final response came; its retransmissions are absorbed.
        case completed
        /// The transaction is over.
        case terminated
    }

    /// The state the machine is in.
    package private(set) var state: State = .trying

    private let reliable: Bool
    private let timers: TimerConfiguration
    private var retransmissionInterval: Interval

    /// Makes the machine in the Trying state; `start()` says what to do first.
    package init(reliable: Bool, timers: TimerConfiguration) {
        self.reliable = reliable
        self.timers = timers
        retransmissionInterval = timers.t1
    }

    /// The first actions: the request is sent, timer F starts, and timer E too over unreliable transports.
    package func start() -> TransactionActions {
        let actions = TransactionActions.perform(.sendRequest).arming(.f, after: timers.timerF)
        return reliable ? actions : actions.arming(.e, after: timers.t1)
    }

    /// A response that matches this transaction arrived.
    package mutating func responseReceived(status: Int) -> TransactionActions {
        guard let kind = ResponseClass(status: status) else { return .none }
        switch state {
        case .trying, .proceeding:
            switch kind {
            case .provisional:
                // Timer E runs on: RFC 3261 §17.1.2.1 keeps retransmitting after a provisional response.
                state = .proceeding
                return .perform(.deliver)
            case .success, .failure: return completed()
            }
        case .completed, .terminated: return .none
        }
    }

    /// A timer of this transaction fired; one that has no meaning in the present state is ignored.
    package mutating func timerFired(_ timer: TransactionTimer) -> TransactionActions {
        switch state {
        case .trying:
            if timer == .e, !reliable {
                retransmissionInterval = timers.doubled(retransmissionInterval)
                return .perform(.sendRequest).arming(.e, after: retransmissionInterval)
            }
            return timer == .f ? terminate(.timeout, expired: .f) : .none
        case .proceeding:
            if timer == .e, !reliable {
                return .perform(.sendRequest).arming(.e, after: timers.t2)
            }
            return timer == .f ? terminate(.timeout, expired: .f) : .none
        case .completed: return timer == .k ? terminate([], expired: .k) : .none
        case .terminated: return .none
        }
    }

    /// The transport could not send the request. RFC 3261 §17.1.4.
    package mutating func transportFailed() -> TransactionActions {
        switch state {
        case .trying, .proceeding: terminate(.transportError)
        case .completed, .terminated: .none
        }
    }

    /// The transaction user gives the transaction up.
    package mutating func abandoned() -> TransactionActions {
        state == .terminated ? .none : terminate([])
    }

    private var runningTimers: TransactionTimerSet {
        switch state {
        case .trying, .proceeding: reliable ? .f : [.e, .f]
        case .completed: .k
        case .terminated: []
        }
    }

    private mutating func completed() -> TransactionActions {
        // Timer K is zero over reliable transports: the Completed state lasts no time.
        guard !reliable else { return terminate(.deliver) }
        let running = runningTimers
        state = .completed
        return .perform(.deliver).cancelling(running).arming(.k, after: timers.timerK(reliable: false))
    }

    private mutating func terminate(
        _ flags: TransactionActions.Flags,
        expired: TransactionTimerSet = []
    ) -> TransactionActions {
        let running = runningTimers.subtracting(expired)
        state = .terminated
        return .perform(flags).performing(.terminated).cancelling(running)
    }
}
