// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// Leaves a service alone that fails: a value without clock, asked before each request and told of each outcome.
///
/// Closed, it lets everything through. It opens after failures in a row, or when too large a share of a window's requests
/// fails; open, it lets nothing through. After a while it lets a few probes through: if all succeed it closes, if one
/// fails it opens anew.
package struct CircuitBreaker: Hashable, Sendable {
    /// When a breaker opens and closes.
    package struct Limits: Hashable, Sendable {
        /// Failures in a row that open it, 1 or more.
        package var consecutiveFailures = 10
        /// The share of failures in a window that opens it, in per cent, 1 to 100.
        package var failurePercent = 50
        /// The length of that window.
        package var window = Interval.seconds(10)
        /// Requests that a window needs before its share counts.
        package var minimumRequests = 20
        /// How long it stays open.
        package var openTime = Interval.seconds(5)
        /// Requests let through after that, 1 or more.
        package var probes = 1

        /// Makes the default limits.
        package init() {}
    }

    /// What a request must know to report its outcome; one that began before the breaker last changed counts no more.
    package struct Permit: Hashable, Sendable {
        fileprivate let generation: UInt64
    }

    /// Whether a request may go out.
    package enum Admission: Hashable, Sendable {
        /// It may; report how it went.
        case allowed(Permit)
        /// It may not; asking makes sense again after this time.
        case refused(retryAfter: Interval)
    }

    private enum State: Hashable {
        case closed
        case open(until: Instant)
        case probing(sent: Int, succeeded: Int, since: Instant)
    }

    private let limits: Limits
    private var state = State.closed
    private var generation: UInt64 = 0
    private var failuresInARow = 0
    private var windowStart: Instant?
    private var requests = 0
    private var failures = 0

    /// Makes a closed breaker.
    package init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether requests pass without limit.
    package var isClosed: Bool { state == .closed }

    /// Asks for a request.
    package mutating func admit(at now: Instant) -> Admission {
        switch state {
        case .closed:
            return .allowed(Permit(generation: generation))
        case .open(let until):
            guard now >= until else { return .refused(retryAfter: until - now) }
            return probe(sent: 0, succeeded: 0, now)
        case .probing(let sent, let succeeded, let since):
            // A probe whose outcome never comes must not keep the breaker as it is for ever.
            if now - since >= limits.openTime { return probe(sent: 0, succeeded: 0, now) }
            guard sent < max(1, limits.probes) else {
                return .refused(retryAfter: since + limits.openTime - now)
            }
            return probe(sent: sent, succeeded: succeeded, now)
        }
    }

    private mutating func probe(sent: Int, succeeded: Int, _ now: Instant) -> Admission {
        if sent == 0 { generation &+= 1 }
        state = .probing(sent: sent + 1, succeeded: succeeded, since: now)
        return .allowed(Permit(generation: generation))
    }

    /// Reports that the service answered.
    ///
    /// - Returns: Whether the breaker closed because of it.
    package mutating func succeeded(_ permit: Permit, at now: Instant) -> Bool {
        guard permit.generation == generation else { return false }
        switch state {
        case .closed:
            failuresInARow = 0
            count(failed: false, now)
            return false
        case .open: return false
        case .probing(let sent, let succeeded, let since):
            guard succeeded + 1 >= max(1, limits.probes) else {
                state = .probing(sent: sent, succeeded: succeeded + 1, since: since)
                return false
            }
            change(to: .closed)
            return true
        }
    }

    /// Reports that the service failed.
    ///
    /// - Returns: Whether the breaker opened because of it.
    package mutating func failed(_ permit: Permit, at now: Instant) -> Bool {
        guard permit.generation == generation else { return false }
        switch state {
        case .closed:
            failuresInARow += 1
            count(failed: true, now)
            let share = requests >= limits.minimumRequests && failures * 100 >= requests * limits.failurePercent
            guard failuresInARow >= limits.consecutiveFailures || share else { return false }
        case .open: return false
        case .probing: break
        }
        change(to: .open(until: now + limits.openTime))
        return true
    }

    private mutating func count(failed: Bool, _ now: Instant) {
        if windowStart.map({ now - $0 >= limits.window }) ?? true {
            windowStart = now
            requests = 0
            failures = 0
        }
        requests += 1
        if failed { failures += 1 }
    }

    private mutating func change(to next: State) {
        state = next
        generation &+= 1
        failuresInARow = 0
        windowStart = nil
        requests = 0
        failures = 0
    }
}
