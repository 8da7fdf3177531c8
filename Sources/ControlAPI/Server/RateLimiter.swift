// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// Token buckets by key, so many at most: the ones that were not asked for longest are let go, and so are full again.
struct RateLimiter<Key: Hashable & Sendable>: Sendable {
    private struct Bucket: Sendable {
        var tokens: Double
        var updated: WallTime
    }

    // Two generations stand in for an order of use: what is asked for moves to the younger one, and when that is half
    // of what may be kept, the older one is let go whole.
    private var younger: [Key: Bucket] = [:]
    private var older: [Key: Bucket] = [:]
    private let capacity: Int

    /// Makes a limiter that keeps so many buckets at most, 2 or more.
    init(capacity: Int) {
        self.capacity = max(2, capacity)
    }

    /// How many buckets are kept.
    var count: Int { younger.count + older.count }

    /// Takes a token out of a key's bucket.
    ///
    /// - Returns: Nil when there was one; else the seconds, 1 or more, after which there will be.
    mutating func take(_ key: Key, _ rate: ControlAPISettings.Rate, at now: WallTime) -> Int? {
        guard rate.perSecond > 0, rate.burst > 0 else { return nil }
        let depth = max(1, rate.burst)
        var bucket = younger[key] ?? older[key] ?? Bucket(tokens: depth, updated: now)
        // A clock that was set back refills nothing, once.
        let elapsed = Double(max(0, now.milliseconds - bucket.updated.milliseconds)) / 1000
        bucket.tokens = min(depth, bucket.tokens + elapsed * rate.perSecond)
        bucket.updated = now
        let wait = (1 - bucket.tokens) / rate.perSecond
        if wait <= 0 { bucket.tokens -= 1 }
        keep(bucket, key)
        return wait <= 0 ? nil : Int(min(86_400, max(1, wait.rounded(.up))))
    }

    /// Puts a token back that turned out not to count.
    mutating func giveBack(_ key: Key, _ rate: ControlAPISettings.Rate) {
        guard var bucket = younger[key] ?? older[key] else { return }
        bucket.tokens = min(max(1, rate.burst), bucket.tokens + 1)
        keep(bucket, key)
    }

    private mutating func keep(_ bucket: Bucket, _ key: Key) {
        older[key] = nil
        younger[key] = bucket
        guard younger.count >= capacity / 2 else { return }
        older = younger
        younger = [:]
    }
}
