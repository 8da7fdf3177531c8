// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// Whether a trunk answers OPTIONS (RFC 3261 §11), with hysteresis: some failures in a row take it down, some answers in
/// a row bring it back.
///
/// A value without a clock: time and chance are parameters. A trunk counts as up until it is known to be down.
package struct TrunkHealth: Sendable {
    /// How it is asked.
    package let settings: TrunkHealthSettings
    /// Whether the trunk counts as up.
    package private(set) var isUp = true
    /// When the next request is due, or when the one under way has taken too long.
    package private(set) var due: Instant
    /// Whether a request is under way.
    package private(set) var isAsking = false
    /// Results in a row that speak against the present state.
    private var contrary = 0

    /// Makes the health of a trunk that was never asked; the first request is due within one interval.
    ///
    /// - Parameters:
    ///   - settings: How it is asked.
    ///   - now: The present.
    ///   - chance: A random value: trunks, and gateways, are not all asked at once.
    package init(_ settings: TrunkHealthSettings, at now: Instant, chance: UInt64) {
        self.settings = settings
        due = now
        due = now + .milliseconds(Self.part(of: Int64(settings.interval) * 1000, chance))
    }

    /// What the clock asks for.
    package enum Step: Hashable, Sendable {
        /// Nothing before `due`.
        case wait
        /// Send a request.
        case ask
        /// The request under way has no answer in time: let go of it. The state may have changed.
        case giveUp
    }

    /// The time is `now`.
    package mutating func advance(to now: Instant, chance: UInt64) -> Step {
        guard now >= due else { return .wait }
        if isAsking {
            conclude(isAlive: false, at: now, chance: chance)
            return .giveUp
        }
        isAsking = true
        due = now + .seconds(Int64(settings.timeout))
        return .ask
    }

    /// A final response came: any but 503 says that the trunk is there.
    package mutating func answered(status: Int, at now: Instant, chance: UInt64) {
        guard isAsking else { return }
        conclude(isAlive: status != 503, at: now, chance: chance)
    }

    /// The request under way could not be sent, or nothing was heard.
    package mutating func failed(at now: Instant, chance: UInt64) {
        guard isAsking else { return }
        conclude(isAlive: false, at: now, chance: chance)
    }

    private mutating func conclude(isAlive: Bool, at now: Instant, chance: UInt64) {
        isAsking = false
        contrary = isAlive == isUp ? 0 : contrary + 1
        if contrary >= (isUp ? settings.failures : settings.successes) {
            isUp.toggle()
            contrary = 0
        }
        // From nine to eleven tenths of the interval, which keeps requests from falling into step.
        let interval = Int64(settings.interval) * 1000
        due = now + .milliseconds(interval - interval / 10 + Self.part(of: interval / 5, chance))
    }

    /// A random part of a length, 0 to the length.
    private static func part(of length: Int64, _ chance: UInt64) -> Int64 {
        Int64(clamping: chance.multipliedFullWidth(by: UInt64(clamping: length + 1)).high)
    }
}
