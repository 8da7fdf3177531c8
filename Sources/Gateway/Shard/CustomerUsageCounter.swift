// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import Synchronization

/// What one customer is doing now, counted over all shards without a lock.
package final class CustomerUsageCounter: Sendable {
    private let concurrent = Atomic<Int>(0)
    private let second = Atomic<Int64>(0)
    private let begun = Atomic<Int>(0)

    init() {}

    /// The counts for a decision, this attempt not counted.
    func usage(at now: Instant) -> CustomerUsage {
        let current = now.milliseconds / 1000
        let inSecond = second.load(ordering: .relaxed) == current ? begun.load(ordering: .relaxed) : 0
        return CustomerUsage(
            concurrentCalls: concurrent.load(ordering: .relaxed),
            callsThisSecond: inSecond
        )
    }

    /// Counts an approved call.
    func callBegan(at now: Instant) {
        let current = now.milliseconds / 1000
        if second.exchange(current, ordering: .relaxed) != current { begun.store(0, ordering: .relaxed) }
        begun.wrappingAdd(1, ordering: .relaxed)
        concurrent.wrappingAdd(1, ordering: .relaxed)
    }

    /// Counts a call of the last run that goes on; it did not begin now.
    func callRestored() {
        concurrent.wrappingAdd(1, ordering: .relaxed)
    }

    /// Counts the end of an approved call.
    func callEnded() {
        concurrent.wrappingSubtract(1, ordering: .relaxed)
    }
}
