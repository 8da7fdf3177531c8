// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// A token bucket as deep as its level, refilled with as many tokens a second.
///
/// It keeps what is missing rather than what is there, in thousandths of a token: a new bucket is full whatever its
/// level, and the level may change at any time. A millisecond refills as many thousandths as the level says.
struct TokenBucket: Sendable {
    private var missing: Int64 = 0
    private var updated = Instant(milliseconds: 0)

    /// Tokens that are missing at `now`, a part of one counted as one.
    ///
    /// Less than `level` means that one can be taken.
    func used(of level: Int, at now: Instant) -> Int {
        Int((missing(of: level, at: now) + 999) / 1000)
    }

    /// Takes one token; does nothing when there is none.
    mutating func take(of level: Int, at now: Instant) {
        let missing = missing(of: level, at: now) + 1000
        guard missing <= Self.depth(of: level) * 1000 else { return }
        self.missing = missing
        updated = now
    }

    /// Whether the bucket is full again at `now`, whatever its level.
    func isFull(at now: Instant) -> Bool {
        missing == 0 || elapsed(at: now) >= 1000
    }

    private func missing(of level: Int, at now: Instant) -> Int64 {
        guard !isFull(at: now) else { return 0 }
        let depth = Self.depth(of: level)
        return max(0, min(missing, depth * 1000) - elapsed(at: now) * depth)
    }

    /// Milliseconds since the last change, 0 to 1000: a second fills any bucket.
    private func elapsed(at now: Instant) -> Int64 {
        let (elapsed, overflow) = now.milliseconds.subtractingReportingOverflow(updated.milliseconds)
        if overflow { return now < updated ? 0 : 1000 }
        return min(max(0, elapsed), 1000)
    }

    /// The level, bounded so that its thousandths fit.
    private static func depth(of level: Int) -> Int64 {
        Int64(min(max(0, level), 1_000_000_000))
    }
}
