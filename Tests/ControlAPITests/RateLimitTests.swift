// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MonotonicTime
import Testing

@testable import ControlAPI

@Suite("§1.7 Rate limits")
struct RateLimitTests {
    private let rate = ControlAPISettings.Rate(perSecond: 2, burst: 3)

    private func at(_ milliseconds: Int64) -> WallTime { WallTime(milliseconds: 1_000_000 + milliseconds) }

    @Test("a burst passes at once, then so many a second")
    func bucket() {
        var limiter = RateLimiter<String>(capacity: 10)
        for _ in 0..<3 { #expect(limiter.take("a", rate, at: at(0)) == nil) }
        #expect(limiter.take("a", rate, at: at(0)) == 1)
        #expect(limiter.take("b", rate, at: at(0)) == nil)
        #expect(limiter.take("a", rate, at: at(499)) == 1)
        #expect(limiter.take("a", rate, at: at(500)) == nil)
        #expect(limiter.take("a", rate, at: at(501)) == 1)
    }

    @Test("the wait is told in whole seconds, rounded up")
    func wait() {
        var limiter = RateLimiter<String>(capacity: 10)
        let slow = ControlAPISettings.Rate(perSecond: 0.1, burst: 1)
        #expect(limiter.take("a", slow, at: at(0)) == nil)
        #expect(limiter.take("a", slow, at: at(0)) == 10)
        #expect(limiter.take("a", slow, at: at(500)) == 10)
        #expect(limiter.take("a", slow, at: at(9500)) == 1)
        #expect(limiter.take("a", slow, at: at(10_000)) == nil)
    }

    @Test("zero or less of rate or burst is no limit", arguments: [(0.0, 5.0), (5, 0), (-1, 5), (5, -1)])
    func off(perSecond: Double, burst: Double) {
        var limiter = RateLimiter<String>(capacity: 10)
        let off = ControlAPISettings.Rate(perSecond: perSecond, burst: burst)
        for _ in 0..<100 { #expect(limiter.take("a", off, at: at(0)) == nil) }
    }

    @Test("a clock that is set back neither refills nor stops refilling")
    func clock() {
        var limiter = RateLimiter<String>(capacity: 10)
        for _ in 0..<3 { #expect(limiter.take("a", rate, at: at(0)) == nil) }
        #expect(limiter.take("a", rate, at: at(-500_000)) == 1)
        #expect(limiter.take("a", rate, at: at(-499_500)) == nil)
    }

    @Test("the number of buckets is bounded, and who keeps asking stays limited")
    func bounded() {
        var limiter = RateLimiter<Int>(capacity: 100)
        for _ in 0..<3 { #expect(limiter.take(-1, rate, at: at(0)) == nil) }
        for key in 0..<10_000 {
            #expect(limiter.take(key, rate, at: at(0)) == nil)
            #expect(limiter.take(-1, rate, at: at(0)) != nil)
            #expect(limiter.count <= 100)
        }
    }

    @Test("a token that is given back can be taken again")
    func givenBack() {
        var limiter = RateLimiter<String>(capacity: 10)
        for _ in 0..<20 {
            #expect(limiter.take("a", rate, at: at(0)) == nil)
            limiter.giveBack("a", rate)
        }
    }

    @Test("S4: too many requests are 429 with Retry-After, and the details say whose limit it is")
    func addresses() async throws {
        let api = try APIHarness { $0.addressRate = .init(perSecond: 1, burst: 2) }
        let caller = try await api.caller()
        for _ in 0..<2 { #expect(try await api.ask(by: caller, .get, "/v1.0/me").status == 200) }
        let answer = try await api.ask(by: caller, .get, "/v1.0/me")
        #expect(answer.status == 429)
        #expect(answer["error"] == "RATE_LIMIT_EXCEEDED")
        #expect(answer.headers[.retryAfter] == "1")
        #expect(answer["details"] == [["limited_by": "ip"]])
        api.time.advance(.seconds(1))
        #expect(try await api.ask(by: caller, .get, "/v1.0/me").status == 200)
    }

    @Test("agents and keys of a customer share one limit, and other customers have their own")
    func customers() async throws {
        let api = try APIHarness { $0.customerRate = .init(perSecond: 1, burst: 2) }
        let one = try await api.caller(username: "one")
        let colleague = try await api.caller(username: "colleague", of: one.customer)
        let other = try await api.caller(username: "other")
        #expect(try await api.ask(by: one, .get, "/v1.0/me").status == 200)
        #expect(try await api.ask(by: colleague, .get, "/v1.0/me").status == 200)
        let answer = try await api.ask(by: one, .get, "/v1.0/me")
        #expect(answer.status == 429)
        #expect(answer["details"] == [["limited_by": "customer"]])
        #expect(try await api.ask(by: other, .get, "/v1.0/me").status == 200)
    }

    @Test("logins are limited by user name, whether there is such an agent or not, and by address")
    func logins() async throws {
        let api = try APIHarness { settings in
            settings.usernameRate = .init(perSecond: 1, burst: 1)
            settings.authenticationRate = .init(perSecond: 1, burst: 3)
        }
        let body: JSONValue = ["username": "nobody", "password": "wrong one"]
        #expect(try await api.ask(.post, "/auth/login", body: body).status == 400)
        let second = try await api.ask(.post, "/auth/login", body: body)
        #expect(second.status == 429)
        #expect(second["details"] == [["limited_by": "username"]])
        #expect(try await api.ask(.post, "/auth/login", text: "").status == 400)
        let fourth = try await api.ask(.post, "/auth/login", text: "")
        #expect(fourth.status == 429)
        #expect(fourth["details"] == [["limited_by": "ip"]])
    }
}
