// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import MonotonicTime
import Testing

@Suite("The circuit breaker")
struct CircuitBreakerTests {
    private static func limits(
        failures: Int = 3,
        percent: Int = 100,
        minimum: Int = 1000,
        probes: Int = 1
    )
        -> CircuitBreaker.Limits
    {
        var limits = CircuitBreaker.Limits()
        limits.consecutiveFailures = failures
        limits.failurePercent = percent
        limits.minimumRequests = minimum
        limits.window = .seconds(10)
        limits.openTime = .seconds(5)
        limits.probes = probes
        return limits
    }

    /// Sends one request through and reports how it went; false when it was not let through.
    @discardableResult
    private func send(_ breaker: inout CircuitBreaker, _ succeeds: Bool, at time: Int64) -> Bool {
        let now = Instant(milliseconds: time)
        guard case .allowed(let permit) = breaker.admit(at: now) else { return false }
        _ = succeeds ? breaker.succeeded(permit, at: now) : breaker.failed(permit, at: now)
        return true
    }

    @Test("opens after so many failures in a row, and says when to ask again")
    func failuresInARow() {
        var breaker = CircuitBreaker(Self.limits())
        for time in [0, 1, 2] as [Int64] { #expect(send(&breaker, false, at: time)) }
        #expect(!breaker.isClosed)
        #expect(breaker.admit(at: Instant(milliseconds: 1002)) == .refused(retryAfter: .milliseconds(4000)))
    }

    @Test("a success between failures keeps it closed")
    func interrupted() {
        var breaker = CircuitBreaker(Self.limits())
        for round in 0..<20 { #expect(send(&breaker, round % 3 == 2, at: Int64(round))) }
        #expect(breaker.isClosed)
    }

    @Test("opens by the share of failures once a window has enough requests, and an old window counts no more")
    func share() {
        var breaker = CircuitBreaker(Self.limits(failures: 100, percent: 50, minimum: 10))
        for round in 0..<9 { send(&breaker, round % 2 == 0, at: 0) }
        #expect(breaker.isClosed)
        var later = breaker
        send(&breaker, false, at: 9999)
        #expect(!breaker.isClosed)
        send(&later, false, at: 10_000)
        #expect(later.isClosed)
    }

    @Test("half open, it lets through as many probes as it may, and closes when all succeed")
    func probes() throws {
        var breaker = CircuitBreaker(Self.limits(probes: 2))
        for time in [0, 1, 2] as [Int64] { send(&breaker, false, at: time) }
        let now = Instant(milliseconds: 5002)
        guard case .allowed(let first) = breaker.admit(at: now), case .allowed(let second) = breaker.admit(at: now)
        else { throw Unexpected() }
        guard case .refused = breaker.admit(at: now) else { throw Unexpected() }
        let closesEarly = breaker.succeeded(first, at: now)
        #expect(!closesEarly)
        let closes = breaker.succeeded(second, at: now)
        #expect(closes)
        #expect(breaker.isClosed)
    }

    @Test("a probe that fails opens it anew for the whole time")
    func failedProbe() {
        var breaker = CircuitBreaker(Self.limits())
        for time in [0, 1, 2] as [Int64] { send(&breaker, false, at: time) }
        #expect(send(&breaker, false, at: 5002))
        #expect(breaker.admit(at: Instant(milliseconds: 5003)) == .refused(retryAfter: .milliseconds(4999)))
    }

    @Test("the outcome of a request that began before it opened counts no more")
    func lateOutcome() throws {
        var breaker = CircuitBreaker(Self.limits())
        guard case .allowed(let early) = breaker.admit(at: Instant(milliseconds: 0)) else { throw Unexpected() }
        for time in [0, 1, 2] as [Int64] { send(&breaker, false, at: time) }
        let closes = breaker.succeeded(early, at: Instant(milliseconds: 3))
        #expect(!closes)
        guard case .allowed = breaker.admit(at: Instant(milliseconds: 6000)) else { throw Unexpected() }
        let opens = breaker.failed(early, at: Instant(milliseconds: 6001))
        #expect(!opens)
    }

    @Test("a probe whose outcome never comes is followed by another")
    func lostProbe() throws {
        var breaker = CircuitBreaker(Self.limits())
        for time in [0, 1, 2] as [Int64] { send(&breaker, false, at: time) }
        guard case .allowed = breaker.admit(at: Instant(milliseconds: 5002)) else { throw Unexpected() }
        guard case .refused = breaker.admit(at: Instant(milliseconds: 10_001)) else { throw Unexpected() }
        #expect(send(&breaker, true, at: 10_002))
        #expect(breaker.isClosed)
    }
}

/// What a test expected did not happen.
struct Unexpected: Error {}
