// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// The INVITE server transaction: RFC 3261 §17.2.1 and Figure 7, as RFC 6026 §8.5 and §8.7 amend it.
///
/// The transaction user owns the retransmission of 2xx responses (RFC 3261 §13.3.1.4): it runs a
/// `SuccessResponseRetransmission` and passes the 2xx to `respond(status:)` again each time that fires.
package struct INVITEServerTransaction: Sendable {
    /// The states of Figure 7 and of RFC 6026.
    package enum State: Hashable, Sendable {
        /// The INVITE is with the transaction user.
        case proceeding
        /// A final response other than 2xx was sent and no ACK has come.
        case completed
        /// The ACK came; its retransmissions are absorbed.
        case confirmed
        /// A 2xx was sent; retransmitted INVITEs are absorbed until timer L fires (RFC 6026 §7.1).
        case accepted
        /// The transaction is over.
        case terminated
    }

    /// What has been sent in the Proceeding state.
    private enum Provisional: Hashable {
        case nothing
        case delayed
        case sent
    }

    /// The state the machine is in.
    package private(set) var state: State = .proceeding

    private let reliable: Bool
    private var provisional: Provisional = .nothing
    private let timers: TimerConfiguration
    private var retransmissionInterval: Interval

    /// Makes the machine in the Proceeding state; `start` says what to do first.
    package init(reliable: Bool, timers: TimerConfiguration) {
        self.reliable = reliable
        self.timers = timers
        retransmissionInterval = timers.t1
    }

    /// The first actions: the INVITE goes to the transaction user, and 100 (Trying) is sent now or within 200 ms.
    ///
    /// RFC 3261 §17.2.1 lets the 100 wait only for a transaction user that is known to answer that soon.
    package mutating func start(sendsTryingAtOnce: Bool = false) -> TransactionActions {
        guard !sendsTryingAtOnce else {
            provisional = .sent
            return .perform([.deliver, .sendTrying])
        }
        provisional = .delayed
        return .perform(.deliver).arming(.trying100, after: timers.tryingDelay)
    }

    /// A retransmission of the INVITE arrived.
    package mutating func requestReceived() -> TransactionActions {
        switch state {
        case .proceeding: provisional == .sent ? .perform(.sendResponse) : .none
        case .completed: .perform(.sendResponse)
        // RFC 6026 §7.1: absorbed. The 2xx is repeated by the transaction user, not by this machine.
        case .accepted, .confirmed, .terminated: .none
        }
    }

    /// An ACK that matches this transaction arrived.
    package mutating func ackReceived() -> TransactionActions {
        switch state {
        case .completed:
            let running = runningTimers
            // Timer I is zero over reliable transports: the Confirmed state lasts no time.
            guard !reliable else { return terminate([]) }
            state = .confirmed
            return .none.cancelling(running).arming(.i, after: timers.timerI(reliable: false))
        case .accepted: return .perform(.deliver)
        case .proceeding, .confirmed, .terminated: return .none
        }
    }

    /// The transaction user answers; a status that has no meaning in the present state is discarded.
    package mutating func respond(status: Int) -> TransactionActions {
        guard let kind = ResponseClass(status: status) else { return .none }
        switch state {
        case .proceeding: return answered(kind)
        case .accepted: return kind == .success ? .perform(.sendResponse) : .none
        case .completed, .confirmed, .terminated: return .none
        }
    }

    /// A timer of this transaction fired; one that has no meaning in the present state is ignored.
    package mutating func timerFired(_ timer: TransactionTimer) -> TransactionActions {
        switch state {
        case .proceeding:
            guard timer == .trying100, provisional == .delayed else { return .none }
            provisional = .sent
            return .perform(.sendTrying)
        case .completed:
            if timer == .g, !reliable {
                retransmissionInterval = timers.doubled(retransmissionInterval)
                return .perform(.sendResponse).arming(.g, after: retransmissionInterval)
            }
            return timer == .h ? terminate(.timeout, expired: .h) : .none
        case .confirmed: return timer == .i ? terminate([], expired: .i) : .none
        case .accepted: return timer == .l ? terminate([], expired: .l) : .none
        case .terminated: return .none
        }
    }

    /// The transport could not send a response.
    ///
    /// RFC 6026 §8.8: the transaction user is told, and the machine remains in its state, so that a retransmitted
    /// INVITE does not become a new one.
    package mutating func transportFailed() -> TransactionActions {
        switch state {
        case .proceeding, .completed, .accepted: .perform(.transportError)
        case .confirmed, .terminated: .none
        }
    }

    /// The transaction user gives the transaction up.
    package mutating func abandoned() -> TransactionActions {
        state == .terminated ? .none : terminate([])
    }

    private var runningTimers: TransactionTimerSet {
        switch state {
        case .proceeding: provisional == .delayed ? .trying100 : []
        case .completed: reliable ? .h : [.g, .h]
        case .confirmed: .i
        case .accepted: .l
        case .terminated: []
        }
    }

    private mutating func answered(_ kind: ResponseClass) -> TransactionActions {
        let actions = TransactionActions.perform(.sendResponse).cancelling(runningTimers)
        provisional = .sent
        switch kind {
        case .provisional: return actions
        case .success:
            state = .accepted
            return actions.arming(.l, after: timers.timerL)
        case .failure:
            state = .completed
            let waiting = actions.arming(.h, after: timers.timerH)
            return reliable ? waiting : waiting.arming(.g, after: timers.t1)
        }
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
