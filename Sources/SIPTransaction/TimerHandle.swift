// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Names one armed timer of a `TimerWheel`; eight bytes.
///
/// A handle goes stale when its timer fires or is cancelled; a stale handle is harmless.
package struct TimerHandle: Hashable, Sendable {
    let index: UInt32
    /// Zero is never given to an armed timer.
    let generation: UInt32

    /// A handle that names no timer.
    package static var none: TimerHandle { TimerHandle(index: 0, generation: 0) }
}

/// What a `TimerWheel` hands back when a timer fires; eight bytes, which the wheel does not read.
package struct TimerToken: Hashable, Sendable {
    /// Whose timer it is: a place in a table of the wheel's owner.
    package var owner: UInt32

    /// What it is for, in a numbering of the wheel's owner, such as `TransactionTimer.rawValue`.
    package var purpose: UInt32

    /// Makes a token.
    package init(owner: UInt32, purpose: UInt32) {
        self.owner = owner
        self.purpose = purpose
    }
}
