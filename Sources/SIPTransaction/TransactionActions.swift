// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// What a transaction machine asks of its driver after one event; trivially copyable, without heap storage.
///
/// The driver performs it in this order: what is sent, then what the transaction user is told, then `cancel`, then the
/// two timer requests, and `.terminated` last, when it removes the transaction from its table.
package struct TransactionActions: Hashable, Sendable {
    /// The things to do that carry no value.
    package struct Flags: OptionSet, Hashable, Sendable {
        /// One bit per thing to do.
        package let rawValue: UInt8

        /// Makes a set from its bits.
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Pass the request to the transport, for the first time or once more.
        package static var sendRequest: Flags { Flags(rawValue: 1 << 0) }

        /// Pass the most recent response to the transport, for the first time or once more.
        package static var sendResponse: Flags { Flags(rawValue: 1 << 1) }

        /// Make a 100 (Trying) by RFC 3261 §8.2.6, keep it as the most recent response, and send it.
        package static var sendTrying: Flags { Flags(rawValue: 1 << 2) }

        /// Make the ACK of RFC 3261 §17.1.1.3 unless it was made before, and send it.
        package static var sendACK: Flags { Flags(rawValue: 1 << 3) }

        /// Hand the message that was this event to the transaction user.
        package static var deliver: Flags { Flags(rawValue: 1 << 4) }

        /// Tell the transaction user that no answer, or no ACK, came in time.
        package static var timeout: Flags { Flags(rawValue: 1 << 5) }

        /// Tell the transaction user that the transport could not send.
        package static var transportError: Flags { Flags(rawValue: 1 << 6) }

        /// Destroy the transaction; every timer of it that still ran is in `cancel`.
        package static var terminated: Flags { Flags(rawValue: 1 << 7) }
    }

    /// The things to do that carry no value.
    package private(set) var flags: Flags

    /// Running timers to stop; stopping one that has fired meanwhile is harmless.
    package private(set) var cancel: TransactionTimerSet

    /// The timer to start in the retransmission slot, if any.
    package private(set) var retransmission: TimerRequest?

    /// The timer to start in the lifetime slot, if any.
    package private(set) var lifetime: TimerRequest?

    /// Nothing to do.
    package static var none: TransactionActions { TransactionActions(flags: [], cancel: []) }

    private init(flags: Flags, cancel: TransactionTimerSet) {
        self.flags = flags
        self.cancel = cancel
    }

    /// Actions that consist of flags alone.
    package static func perform(_ flags: Flags) -> TransactionActions {
        TransactionActions(flags: flags, cancel: [])
    }

    /// The same actions, and a timer started in the slot that is the timer's own.
    package func arming(_ timer: TransactionTimer, after interval: Interval) -> TransactionActions {
        var copy = self
        switch timer.slot {
        case .retransmission: copy.retransmission = TimerRequest(timer, after: interval)
        case .lifetime: copy.lifetime = TimerRequest(timer, after: interval)
        }
        return copy
    }

    /// The same actions, and timers stopped.
    package func cancelling(_ timers: TransactionTimerSet) -> TransactionActions {
        var copy = self
        copy.cancel.formUnion(timers)
        return copy
    }

    /// The same actions, and more flags.
    package func performing(_ more: Flags) -> TransactionActions {
        var copy = self
        copy.flags.formUnion(more)
        return copy
    }

    /// Whether a flag is set.
    package func contains(_ flag: Flags) -> Bool {
        flags.isSuperset(of: flag)
    }
}
