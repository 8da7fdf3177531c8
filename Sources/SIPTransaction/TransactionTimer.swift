// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// A timer of a transaction machine, by its letter in RFC 3261 Table 4 and RFC 6026 §8.
///
/// Timer C is missing on purpose: it belongs to the transaction user (RFC 3261 §16.8).
package enum TransactionTimer: UInt8, CaseIterable, Hashable, Sendable {
    /// INVITE request retransmission.
    case a
    /// INVITE transaction timeout.
    case b
    /// Wait for retransmitted final responses to an INVITE.
    case d
    /// Non-INVITE request retransmission.
    case e
    /// Non-INVITE transaction timeout.
    case f
    /// INVITE response retransmission.
    case g
    /// Wait for the ACK.
    case h
    /// Wait for retransmitted ACKs.
    case i
    /// Wait for retransmitted non-INVITE requests.
    case j
    /// Wait for retransmitted responses to a non-INVITE request.
    case k
    /// Wait for retransmissions of an accepted INVITE.
    case l
    /// Wait for further 2xx responses.
    case m
    /// The 200 ms after which an INVITE that the transaction user has not answered gets 100 (Trying).
    case trying100

    /// Which of the two timers a transaction can have running at once this one is.
    package enum Slot: UInt8, Hashable, Sendable {
        /// Something is sent when it fires: A, E, G and the 100 (Trying) delay.
        case retransmission
        /// The transaction ends when it fires: all others.
        case lifetime
    }

    /// The slot of this timer.
    ///
    /// INVARIANT: a machine never has two timers of one slot running, so a driver needs two handles per transaction.
    package var slot: Slot {
        switch self {
        case .a, .e, .g, .trying100: .retransmission
        case .b, .d, .f, .h, .i, .j, .k, .l, .m: .lifetime
        }
    }
}

/// A set of transaction timers in one machine word.
package struct TransactionTimerSet: OptionSet, Hashable, Sendable {
    /// One bit per timer, at the position of the timer's raw value.
    package let rawValue: UInt16

    /// Makes a set from its bits.
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Makes a set of one timer.
    package init(_ timer: TransactionTimer) {
        self.init(rawValue: 1 << UInt16(timer.rawValue))
    }

    /// Every timer of the retransmission slot.
    package static var retransmission: TransactionTimerSet { [.a, .e, .g, .trying100] }

    /// Every timer of the lifetime slot.
    package static var lifetime: TransactionTimerSet { [.b, .d, .f, .h, .i, .j, .k, .l, .m] }

    /// Whether the set holds a timer.
    package func includes(_ timer: TransactionTimer) -> Bool {
        !isDisjoint(with: TransactionTimerSet(timer))
    }

    /// Timer A alone.
    package static var a: TransactionTimerSet { TransactionTimerSet(TransactionTimer.a) }
    /// Timer B alone.
    package static var b: TransactionTimerSet { TransactionTimerSet(TransactionTimer.b) }
    /// Timer D alone.
    package static var d: TransactionTimerSet { TransactionTimerSet(TransactionTimer.d) }
    /// Timer E alone.
    package static var e: TransactionTimerSet { TransactionTimerSet(TransactionTimer.e) }
    /// Timer F alone.
    package static var f: TransactionTimerSet { TransactionTimerSet(TransactionTimer.f) }
    /// Timer G alone.
    package static var g: TransactionTimerSet { TransactionTimerSet(TransactionTimer.g) }
    /// Timer H alone.
    package static var h: TransactionTimerSet { TransactionTimerSet(TransactionTimer.h) }
    /// Timer I alone.
    package static var i: TransactionTimerSet { TransactionTimerSet(TransactionTimer.i) }
    /// Timer J alone.
    package static var j: TransactionTimerSet { TransactionTimerSet(TransactionTimer.j) }
    /// Timer K alone.
    package static var k: TransactionTimerSet { TransactionTimerSet(TransactionTimer.k) }
    /// Timer L alone.
    package static var l: TransactionTimerSet { TransactionTimerSet(TransactionTimer.l) }
    /// Timer M alone.
    package static var m: TransactionTimerSet { TransactionTimerSet(TransactionTimer.m) }
    /// The 100 (Trying) delay alone.
    package static var trying100: TransactionTimerSet { TransactionTimerSet(TransactionTimer.trying100) }
}

/// A request to start a timer.
package struct TimerRequest: Hashable, Sendable {
    /// The timer to start.
    package let timer: TransactionTimer

    /// After how long it fires; always more than zero.
    package let interval: Interval

    /// Makes a request.
    package init(_ timer: TransactionTimer, after interval: Interval) {
        self.timer = timer
        self.interval = interval
    }
}
