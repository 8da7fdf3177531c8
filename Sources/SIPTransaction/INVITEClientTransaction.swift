// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// The INVITE client transaction: RFC 3261 §17.1.1 and Figure 5, with the Accepted state of RFC 6026 §8.4.
///
/// The ACK for a 2xx is the transaction user's, for every 2xx delivered to it (RFC 3261 §13.2.2.4); the ACK for any
/// other final response is this machine's. Responses are matched to it by the driver (`TransactionKey`).
package struct INVITEClientTransaction: Sendable {
    /// The states of Figure 5 and of RFC 6026.
    package enum State: Hashable, Sendable {
        /// The INVITE is out and nothing has come back.
        case calling
        /// A provisional response came.
        case proceeding
        /// A final response other than 2xx came and was acknowledged.
        case completed
        /// A 2xx came; further ones are delivered until timer M fires (RFC 6026 §7.2).
        case accepted
        /// The transaction is over.
        case terminated
    }

    /// The state the machine is in.
    package private(set) var state: State = .calling

    private let reliable: Bool
    private let timers: TimerConfiguration
    private var retransmissionInterval: Interval

    /// Makes the machine in the Calling state; `start()` says what to do first.
    package init(reliable: Bool, timers: TimerConfiguration) {
        self.reliable = reliable
        self.timers = timers
        retransmissionInterval = timers.t1
    }

    /// The first actions: the INVITE is sent, timer B starts, and timer A too over unreliable transports.
    package func start() -> TransactionActions {
        let actions = TransactionActions.perform(.sendRequest).arming(.b, after: timers.timerB)
        return reliable ? actions : actions.arming(.a, after: timers.t1)
    }

    /// A response that matches this transaction arrived.
    package mutating func responseReceived(status: Int) -> TransactionActions {
        guard let kind = ResponseClass(status: status) else { return .none }
        switch state {
        case .calling, .proceeding: return answered(kind)
        case .completed:
            // RFC 3261 §17.1.1.2: the retransmitted response "MUST NOT be passed up to the TU". Figure 5 names 300-699
            // alone here; a 1xx that was overtaken, or a stray 2xx, is not to be acknowledged hop by hop.
            return kind == .failure ? .perform(.sendACK) : .none
        case .accepted:
            // RFC 6026 §8.4: every 2xx "MUST be passed up to the TU", which alone acknowledges it.
            return kind == .success ? .perform(.deliver) : .none
        case .terminated: return .none
        }
    }

    /// A timer of this transaction fired; one that has no meaning in the present state is ignored.
    package mutating func timerFired(_ timer: TransactionTimer) -> TransactionActions {
        switch state {
        case .calling:
            if timer == .a, !reliable {
                // Unlike timer E, timer A doubles without a ceiling; timer B ends it.
                retransmissionInterval = retransmissionInterval * 2
                return .perform(.sendRequest).arming(.a, after: retransmissionInterval)
            }
            return timer == .b ? terminate(.timeout, expired: .b) : .none
        case .proceeding: return .none
        case .completed: return timer == .d ? terminate([], expired: .d) : .none
        case .accepted: return timer == .m ? terminate([], expired: .m) : .none
        case .terminated: return .none
        }
    }

    /// The transport could not send what it was given. RFC 3261 §17.1.4.
    ///
    /// In Proceeding the INVITE has evidently arrived, and in Accepted the machine sends nothing: there it is ignored.
    package mutating func transportFailed() -> TransactionActions {
        switch state {
        case .calling, .completed: terminate(.transportError)
        case .proceeding, .accepted, .terminated: .none
        }
    }

    /// The transaction user gives the transaction up, as it may 64*T1 after a CANCEL. RFC 3261 §9.1.
    package mutating func abandoned() -> TransactionActions {
        state == .terminated ? .none : terminate([])
    }

    private var runningTimers: TransactionTimerSet {
        switch state {
        case .calling: reliable ? .b : [.a, .b]
        case .completed: .d
        case .accepted: .m
        case .proceeding, .terminated: []
        }
    }

    private mutating func answered(_ kind: ResponseClass) -> TransactionActions {
        let running = runningTimers
        switch kind {
        case .provisional:
            state = .proceeding
            return .perform(.deliver).cancelling(running)
        case .success:
            state = .accepted
            return .perform(.deliver).cancelling(running).arming(.m, after: timers.timerM)
        case .failure:
            // Timer D is zero over reliable transports: the Completed state lasts no time.
            guard !reliable else { return terminate([.sendACK, .deliver]) }
            state = .completed
            let wait = timers.timerD(reliable: false)
            return .perform([.sendACK, .deliver]).cancelling(running).arming(.d, after: wait)
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
