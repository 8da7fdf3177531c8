// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// The bindings of one address of record.
extension [Binding] {
    /// The bindings that still hold at `now`, in the same order.
    package func pruned(at now: WallTime) -> [Binding] {
        // Nearly always all of them hold, and then nothing is copied.
        for binding in self where !binding.isLive(at: now) {
            return filter { $0.isLive(at: now) }
        }
        return self
    }

    /// When the first of them ends; nil when there are none.
    package var nextExpiry: WallTime? {
        var earliest: WallTime?
        for binding in self {
            if let current = earliest, current <= binding.expires { continue }
            earliest = binding.expires
        }
        return earliest
    }

    /// Whether any of them holds at `now`.
    package func hasLiveBinding(at now: WallTime) -> Bool {
        for binding in self where binding.isLive(at: now) { return true }
        return false
    }

    /// The bindings that hold at `now` in the order to try them: highest q first, among equals the one refreshed last
    /// (RFC 3261 §16.6).
    package func inForkingOrder(at now: WallTime) -> [Binding] {
        var live = pruned(at: now)
        guard live.count > 1 else { return live }
        live.sort { left, right in
            guard left.quality == right.quality else { return left.quality > right.quality }
            return right.registered < left.registered
        }
        return live
    }

    /// How many bytes of outside text they keep together.
    var byteCount: Int {
        var count = 0
        for binding in self { count += binding.byteCount }
        return count
    }
}
