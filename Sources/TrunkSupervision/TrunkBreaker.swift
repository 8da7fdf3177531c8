// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// What live calls have found out about a trunk: it asked to be left alone, or one call after the other came to nothing.
///
/// A value without a clock: time is a parameter. Once the time is over, one call tries the trunk; the others wait for
/// what becomes of it.
package struct TrunkBreaker: Hashable, Sendable {
    /// How long the one call that tries may take until another does.
    static let trial = Interval.seconds(60)
    /// The longest that a Retry-After is believed.
    package static let longest = Interval.seconds(300)

    private enum State: Hashable {
        /// Calls go there; so many in a row came to nothing.
        case closed(failures: Int)
        /// None goes there before then.
        case open(until: Instant)
        /// One tries; another may from then on.
        case trying(until: Instant)
    }

    private var state = State.closed(failures: 0)

    /// Makes the breaker of a trunk that nothing is known of.
    package init() {}

    /// Whether nothing speaks against the trunk.
    package var isQuiet: Bool { state == .closed(failures: 0) }

    /// Whether calls are kept away.
    package func isOpen(at now: Instant) -> Bool {
        switch state {
        case .closed: false
        case .open(let until), .trying(let until): now < until
        }
    }

    /// A call goes there.
    package mutating func callBegan(at now: Instant) {
        switch state {
        case .closed: break
        case .open(let until), .trying(let until):
            if now >= until { state = .trying(until: now + Self.trial) }
        }
    }

    /// A call found the trunk unreachable, silent or refusing with 503.
    ///
    /// - Parameters:
    ///   - interval: For how long it asked to be left alone (RFC 3261 §21.5.4); nil when it did not.
    ///   - settings: When calls are kept away otherwise; nil for never.
    ///   - now: The present.
    package mutating func callFailed(
        _ interval: Interval? = nil,
        _ settings: TrunkBreakerSettings?,
        at now: Instant
    ) {
        if let interval {
            let wanted = now + min(max(interval, .seconds(1)), Self.longest)
            if case .open(let until) = state, until > wanted { return }
            state = .open(until: wanted)
            return
        }
        switch state {
        case .closed(let failures):
            guard let settings else { return }
            let failures = failures + 1
            state =
                failures >= settings.failures
                ? .open(until: now + .seconds(Int64(settings.seconds))) : .closed(failures: failures)
        case .trying:
            state = settings.map { .open(until: now + .seconds(Int64($0.seconds))) } ?? .closed(failures: 0)
        case .open(let until):
            // A call for help goes there all the same, and says nothing new.
            guard now >= until, let settings else { return }
            state = .open(until: now + .seconds(Int64(settings.seconds)))
        }
    }

    /// The trunk answered a call with something else than 503.
    ///
    /// Calls that began before it asked to be left alone do not end that: only the one that tries does.
    package mutating func callAnswered(at now: Instant) {
        if case .open(let until) = state, now < until { return }
        state = .closed(failures: 0)
    }
}
