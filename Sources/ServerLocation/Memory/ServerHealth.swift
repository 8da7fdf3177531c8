// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// Which places failed lately (RFC 3263 §4.3), so that the next request does not wait for them again.
///
/// A value without a clock: time is a parameter.
package struct ServerHealth: Sendable {
    private struct Place: Hashable {
        let transport: ServerTransport
        let address: ServerAddress
        let port: UInt16

        init(_ server: LocatedServer) {
            transport = server.transport
            address = server.address
            port = server.port
        }
    }

    /// How long a failure counts when nobody says for how long, and at most.
    package static let standard = Interval.seconds(30)
    /// The longest that a failure counts.
    package static let longest = Interval.seconds(300)
    /// The most places that are remembered.
    static let limit = 4096

    private var failedUntil: [Place: Instant] = [:]

    /// Makes a memory in which nothing has failed.
    package init() {}

    /// Whether no place has failed lately.
    package var isEmpty: Bool { failedUntil.isEmpty }

    /// Notes that a place failed.
    ///
    /// - Parameters:
    ///   - server: The place.
    ///   - interval: For how long to avoid it, as a 503's Retry-After says; nil when nothing does.
    ///   - now: The present.
    package mutating func noteFailure(of server: LocatedServer, for interval: Interval? = nil, at now: Instant) {
        if failedUntil.count >= Self.limit { failedUntil = failedUntil.filter { $0.value > now } }
        if failedUntil.count >= Self.limit { failedUntil.removeAll() }
        let length = min(max(interval ?? Self.standard, .seconds(1)), Self.longest)
        failedUntil[Place(server)] = now + length
    }

    /// Notes that a place answered.
    package mutating func noteSuccess(of server: LocatedServer) {
        guard !failedUntil.isEmpty else { return }
        failedUntil[Place(server)] = nil
    }

    /// The places with those behind that failed lately, otherwise in the same order.
    ///
    /// None is left out: when all have failed, trying is better than giving up.
    package func order(_ servers: [LocatedServer], at now: Instant) -> [LocatedServer] {
        guard !failedUntil.isEmpty else { return servers }
        let failed = servers.filter { (failedUntil[Place($0)] ?? now) > now }
        return failed.isEmpty ? servers : servers.filter { !failed.contains($0) } + failed
    }
}
