// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Names one nonce among those of a shard.
struct NonceIdentity: Hashable {
    let milliseconds: Int64
    let serial: UInt32
}

/// The nonces that were used at least once, at most `capacity` of them, in memory taken once.
///
/// A nonce that had to make room is forgotten, and a forgotten nonce looks like one never used. Therefore the table
/// keeps the latest minting time among those it dropped early: what was minted then or before and is not in the table
/// is taken for dropped, never for unused.
struct NonceUseTable {
    enum Use {
        case first
        case again
        case replayed
        case dropped
    }

    // Two for each one that comes in, so that expired nonces go sooner than new ones arrive, without a long pause.
    private static let expiredPerUse = 2

    private let lifetime: Int64
    private var windows: [NonceIdentity: NonceCountWindow] = [:]
    // A ring in order of first use, which is nearly the order of minting.
    private var ring: [NonceIdentity]
    private var oldest = 0
    private var droppedThrough = Int64.min

    init(capacity: Int, lifetime: Int64) {
        let capacity = max(1, capacity)
        self.lifetime = lifetime
        ring = Array(repeating: NonceIdentity(milliseconds: 0, serial: 0), count: capacity)
        windows.reserveCapacity(capacity)
    }

    var count: Int { windows.count }

    /// Records a use; a nil count is the single use of a nonce without `qop`.
    mutating func use(_ identity: NonceIdentity, count: UInt32?, at now: Int64) -> Use {
        if let index = windows.index(forKey: identity) {
            guard let count else {
                windows.values[index] = .exhausted
                return .replayed
            }
            return windows.values[index].use(count) ? .again : .replayed
        }
        guard identity.milliseconds > droppedThrough else { return .dropped }
        dropExpired(at: now)
        if windows.count == ring.count {
            droppedThrough = max(droppedThrough, dropOldest().milliseconds)
        }
        ring[(oldest &+ windows.count) % ring.count] = identity
        windows[identity] = count.map(NonceCountWindow.init(first:)) ?? .exhausted
        return .first
    }

    private mutating func dropExpired(at now: Int64) {
        for _ in 0..<NonceUseTable.expiredPerUse where !windows.isEmpty {
            guard now &- ring[oldest].milliseconds >= lifetime else { return }
            dropOldest()
        }
    }

    @discardableResult
    private mutating func dropOldest() -> NonceIdentity {
        let identity = ring[oldest]
        windows[identity] = nil
        oldest = (oldest &+ 1) % ring.count
        return identity
    }
}
