// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// How much of a trunk is in use.
///
/// A value without a clock: time is a parameter.
package struct TrunkUsage: Sendable {
    /// The calls under way on the trunk.
    package private(set) var calls = 0
    private var bucket = TokenBucket()

    /// Makes the usage of an idle trunk.
    package init() {}

    /// Whether one more call would be more than the limits allow.
    package func isFull(under limits: TrunkLimits, at now: Instant) -> Bool {
        if let most = limits.concurrentCalls, calls >= most { return true }
        if let rate = limits.callsPerSecond, bucket.used(of: rate, at: now) >= rate { return true }
        return false
    }

    /// Counts a new call, whether there was room for it or not.
    package mutating func callBegan(under limits: TrunkLimits, at now: Instant) {
        calls += 1
        if let rate = limits.callsPerSecond { bucket.take(of: rate, at: now) }
    }

    /// Counts a call of the last run that goes on.
    package mutating func callRestored() {
        calls += 1
    }

    /// Counts the end of a call.
    package mutating func callEnded() {
        calls = max(0, calls - 1)
    }
}
