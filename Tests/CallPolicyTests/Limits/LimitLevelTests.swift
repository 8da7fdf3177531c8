// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

@Suite("Limits: every kind, scope and level")
struct LimitLevelTests {
    /// Lets the caller use `used` of what `kind` counts, then asks for one call more.
    private func attempt(_ kind: LimitKind, after used: Int, of caller: inout LimitedCaller) throws -> LimitReport {
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        switch kind {
        case .concurrentCalls, .callsPerSecond:
            for _ in 0..<used {
                #expect(caller.begin(at: 0).refusal == nil)
                caller.usage.callBegan(by: LimitedCaller.first)
            }
            return caller.begin(at: 0)
        case .dailyMinutesToCountry:
            if used > 0 {
                #expect(caller.dial(number, gb, at: 0).refusal == nil)
                caller.talk(to: gb, from: 0, until: Int64(used) * minute)
            }
            return caller.dial(number, gb, at: Int64(used) * minute)
        default:
            for _ in 0..<used { #expect(caller.dial(number, gb, at: 0) == LimitReport()) }
            return caller.dial(number, gb, at: 0)
        }
    }

    @Test(
        "hard 3 refuses what comes when 3 are used, and not before",
        arguments: LimitKind.judged,
        LimitScope.allCases
    )
    func hard(kind: LimitKind, scope: LimitScope) throws {
        var caller = LimitedCaller()
        caller.limit(kind, of: scope, LimitLevels(hard: 3))
        var other = caller
        #expect(try attempt(kind, after: 2, of: &other) == LimitReport())
        let report = try attempt(kind, after: 3, of: &caller)
        let event = try #require(report.refusal)
        #expect(event.kind == kind)
        #expect(event.scope == scope)
        #expect(event.used == 3)
        #expect(event.limit == 3)
        #expect((event.retryAfter == nil) == (kind == .concurrentCalls))
        #expect(event.retryAfter.map { $0 >= 1 } ?? true)
        #expect(report.warnings == [])
    }

    @Test("soft 3 notes what passes when 3 are used", arguments: LimitKind.judged, LimitScope.allCases)
    func soft(kind: LimitKind, scope: LimitScope) throws {
        var caller = LimitedCaller()
        caller.limit(kind, of: scope, LimitLevels(soft: 3))
        var other = caller
        #expect(try attempt(kind, after: 2, of: &other) == LimitReport())
        let report = try attempt(kind, after: 3, of: &caller)
        #expect(report.refusal == nil)
        #expect(report.warnings == [LimitEvent(kind: kind, scope: scope, used: 3, limit: 3)])
    }

    @Test("a hard level of 0 refuses the first call", arguments: LimitKind.judged, LimitScope.allCases)
    func zero(kind: LimitKind, scope: LimitScope) throws {
        var caller = LimitedCaller()
        caller.limit(kind, of: scope, LimitLevels(hard: 0))
        let event = try #require(try attempt(kind, after: 0, of: &caller).refusal)
        #expect(event == LimitEvent(kind: kind, scope: scope, used: 0, limit: 0))
    }

    @Test("without limits nothing is refused, noted, or kept")
    func none() throws {
        var caller = LimitedCaller()
        let gb = try Dialled.country("gb")
        for last in 0..<1000 {
            #expect(caller.begin(at: 0) == LimitReport())
            #expect(try caller.dial(Dialled.number(last), gb, at: 0) == LimitReport())
        }
        #expect(caller.usage.counterCount == 0)
        caller.customer.maximumDuration = LimitLevels(soft: 1, hard: 2)
        #expect(caller.begin(at: 0) == LimitReport())
        #expect(try caller.dial(Dialled.number(0), gb, at: 0) == LimitReport())
    }

    @Test("an endpoint's limits do not concern a call without endpoint; the customer's do")
    func noEndpoint() throws {
        var caller = LimitedCaller()
        for kind in LimitKind.judged { caller.limit(kind, of: .endpoint, LimitLevels(hard: 0)) }
        let gb = try Dialled.country("gb")
        #expect(caller.begin(by: nil, at: 0) == LimitReport())
        #expect(try caller.dial(Dialled.number(0), gb, by: nil, at: 0) == LimitReport())
        caller.customer.callsPerSecond.hard = 0
        caller.customer.callsPerMinuteToNumber.hard = 0
        #expect(caller.begin(by: nil, at: 0).refusal?.scope == .customer)
        #expect(try caller.dial(Dialled.number(0), gb, by: nil, at: 0).refusal?.scope == .customer)
    }

    @Test("one endpoint's calls do not use another's limit, but both use the customer's", arguments: LimitKind.judged)
    func endpointsApart(kind: LimitKind) throws {
        var caller = LimitedCaller()
        caller.limit(kind, of: .endpoint, LimitLevels(hard: 3))
        caller.limit(kind, of: .customer, LimitLevels(soft: 3))
        #expect(try attempt(kind, after: 3, of: &caller).refusal?.scope == .endpoint)
        let now = kind == .dailyMinutesToCountry ? 3 * minute : 0
        let gb = try Dialled.country("gb")
        let reports = [
            caller.begin(by: LimitedCaller.second, at: now),
            try caller.dial(Dialled.number(0), gb, by: LimitedCaller.second, at: now),
        ]
        #expect(reports.allSatisfy { $0.refusal == nil })
        #expect(reports.flatMap(\.warnings).map(\.kind) == [kind])
    }

    @Test("soft and hard levels of several limits are all reported, the customer's first")
    func several() throws {
        var caller = LimitedCaller()
        let gb = try Dialled.country("gb")
        for scope in LimitScope.allCases {
            caller.limit(.callsPerMinuteToCountry, of: scope, LimitLevels(soft: 1, hard: 2))
            caller.limit(.callsPerMinuteToNumber, of: scope, LimitLevels(soft: 1))
        }
        let number = try Dialled.number(0)
        #expect(caller.dial(number, gb, at: 0) == LimitReport())
        let noted = caller.dial(number, gb, at: 0)
        #expect(noted.warnings.map(\.scope) == [.customer, .customer, .endpoint, .endpoint])
        #expect(
            noted.warnings.map(\.kind) == [
                .callsPerMinuteToCountry, .callsPerMinuteToNumber, .callsPerMinuteToCountry, .callsPerMinuteToNumber,
            ]
        )
        let refused = caller.dial(number, gb, at: 0)
        #expect(refused.refusal?.scope == .customer)
        #expect(refused.warnings == [])
    }

    @Test("of several hard levels reached the first is reported, the customer's before the endpoint's")
    func firstRefusal() throws {
        var caller = LimitedCaller()
        for kind in LimitKind.judged { caller.limit(kind, of: .endpoint, LimitLevels(soft: 0, hard: 0)) }
        let gb = try Dialled.country("gb")
        #expect(caller.begin(at: 0) == LimitReport(refusal: event(.concurrentCalls, .endpoint)))
        #expect(
            try caller.dial(Dialled.number(0), gb, at: 0)
                == LimitReport(refusal: event(.callsPerMinuteToCountry, .endpoint))
        )
        caller.customer.callsPerSecond.hard = 0
        caller.customer.dailyCallsToCountry.hard = 0
        caller.customer.dailyMinutesToCountry.hard = 0
        #expect(caller.begin(at: 0) == LimitReport(refusal: event(.callsPerSecond, .customer)))
        #expect(
            try caller.dial(Dialled.number(0), gb, at: 0)
                == LimitReport(refusal: event(.dailyCallsToCountry, .customer))
        )
    }

    private func event(_ kind: LimitKind, _ scope: LimitScope) -> LimitEvent {
        LimitEvent(kind: kind, scope: scope, used: 0, limit: 0)
    }

    @Test("readings name where each limit stands")
    func readings() throws {
        var caller = LimitedCaller()
        let gb = try Dialled.country("gb")
        for kind in LimitKind.judged { caller.limit(kind, of: .customer, LimitLevels(soft: 50, hard: 100)) }
        caller.limit(.callsPerMinuteToNumber, of: .endpoint, LimitLevels(hard: 9))
        caller.customer.homeCountries = [try Dialled.country("us")]
        for last in [1, 2, 2] {
            #expect(caller.begin(at: 0).refusal == nil)
            #expect(try caller.dial(Dialled.number(last), gb, at: 0).refusal == nil)
        }
        caller.usage.callBegan(by: LimitedCaller.first)
        caller.usage.callAnswered(by: LimitedCaller.first, to: gb, at: Instant(milliseconds: 0))
        let readings = caller.usage.usage(
            of: LimitedCaller.first,
            customer: caller.customer,
            endpoint: caller.endpoint,
            at: Instant(milliseconds: 900)
        )
        #expect(readings.map(\.kind) == LimitKind.judged + [.callsPerMinuteToNumber])
        #expect(readings.map(\.used) == [1, 0, 3, 2, 3, 0, 2])
        #expect(readings.map(\.subject).contains(.number(try Dialled.number(2))))
        #expect(readings.last?.scope == .endpoint)
    }
}
