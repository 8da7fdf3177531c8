// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// The non-INVITE server transaction: RFC 3261 §17.2.2 and Figure 8.
package struct NonINVITEServerTransaction: Sendable {
    /// The states of Figure 8.
    package enum State: Hashable, Sendable {
        /// The request is with the transaction user and nothing was sent.
        case trying
        /// A provisional response was sent.
        case proceeding
        /// The final response was sent; it is repeated for each retransmission of the request.
        case completed
        /// The transaction is over.
        case terminated
    }

    /// The state the machine is in.
    package private(set) var state: State = .trying

    private let reliable: Bool
    private let timers: TimerConfiguration

    /// Makes the machine in the Trying state; `start()` says what to do first.
    package init(reliable: Bool, timers: TimerConfiguration) {
        self.reliable = reliable
        self.timers = timers
    }

    /// The first action: the request goes to the transaction user.
    package func start() -> TransactionActions {
        .perform(.deliver)
    }

    /// A retransmission of the request arrived.
    package mutating func requestReceived() -> TransactionActions {
        switch state {
        case .trying, .terminated: .none
        case .proceeding, .completed: .perform(.sendResponse)
        }
    }

    /// The transaction user answers; a second final response is discarded.
    package mutating func respond(status: Int) -> TransactionActions {
        guard let kind = ResponseClass(status: status) else { return .none }
        switch state {
        case .trying, .proceeding:
            switch kind {
            case .provisional:
                state = .proceeding
                return .perform(.sendResponse)
            case .success, .failure: return completed()
            }
        case .completed, .terminated: return .none
        }
    }

    /// A timer of this transaction fired; one that has no meaning in the present state is ignored.
    package mutating func timerFired(_ timer: TransactionTimer) -> TransactionActions {
        switch state {
        case .completed:
            guard timer == .j else { return .none }
            state = .terminated
            return .perform(.terminated)
        case .trying, .proceeding, .terminated: return .none
        }
    }

    /// The transport could not send a response. RFC 3261 §17.2.4; RFC 6026 amends the INVITE machine alone.
    package mutating func transportFailed() -> TransactionActions {
        switch state {
        case .proceeding, .completed: terminate(.transportError)
        case .trying, .terminated: .none
        }
    }

    /// The transaction user gives the transaction up.
    package mutating func abandoned() -> TransactionActions {
        state == .terminated ? .none : terminate([])
    }

    private mutating func completed() -> TransactionActions {
        // Timer J is zero over reliable transports: the Completed state lasts no time.
        guard !reliable else { return terminate(.sendResponse) }
        state = .completed
        return .perform(.sendResponse).arming(.j, after: timers.timerJ(reliable: false))
    }

    private mutating func terminate(_ flags: TransactionActions.Flags) -> TransactionActions {
        let running: TransactionTimerSet = state == .completed ? .j : []
        state = .terminated
        return .perform(flags).performing(.terminated).cancelling(running)
    }
}
