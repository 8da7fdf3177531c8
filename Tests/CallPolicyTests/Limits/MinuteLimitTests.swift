// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

@Suite("Limits: calls within a minute")
struct MinuteLimitTests {
    @Test(
        "an attempt counts for a minute at least and 65 seconds at most",
        arguments: [(0, 64_999), (1, 64_999), (4999, 64_999), (-65_000, -1), (-1, 59_999), (-60_001, -1)]
            as [(Int64, Int64)]
    )
    func edges(attempt: Int64, last: Int64) throws {
        let kinds = [LimitKind.callsPerMinuteToCountry, .callsPerMinuteToNumber]
        for (kind, scope) in kinds.flatMap({ kind in LimitScope.allCases.map { (kind, $0) } }) {
            var caller = LimitedCaller()
            caller.limit(kind, of: scope, LimitLevels(hard: 1))
            let gb = try Dialled.country("gb")
            let number = try Dialled.number(0)
            #expect(caller.dial(number, gb, at: attempt).refusal == nil)
            for later: Int64 in [0, 30_000, 59_900, 60_000] {
                let event = caller.dial(number, gb, at: attempt + later).refusal
                let rest = last + 1 - attempt - later
                #expect(event?.retryAfter == Int((rest + 999) / 1000))
            }
            #expect(caller.dial(number, gb, at: last).refusal?.retryAfter == 1)
            #expect(caller.dial(number, gb, at: last + 1).refusal == nil)
        }
    }

    @Test("no minute lets more through than the limit, whatever the arrivals", arguments: 0..<24 as Range<UInt64>)
    func neverMore(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let limit = Int.random(in: 1...25, using: &random)
        let kind: LimitKind = seed.isMultiple(of: 2) ? .callsPerMinuteToCountry : .callsPerMinuteToNumber
        var caller = LimitedCaller()
        caller.limit(kind, of: seed % 4 < 2 ? .customer : .endpoint, LimitLevels(hard: limit))
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        var admitted: [Int64] = []
        var now = Int64.random(in: -500_000...0, using: &random)
        let gap = Int64.random(in: 100...8000, using: &random)
        for _ in 0..<2000 {
            now += Int64.random(in: 0...gap, using: &random)
            let report = caller.dial(number, gb, at: now)
            let lastMinute = admitted.reversed().prefix { $0 > now - minute }.count
            let lastBuckets = admitted.reversed().prefix { $0 > now - 65_000 }.count
            if report.refusal == nil {
                admitted.append(now)
                #expect(lastMinute < limit)
            } else {
                #expect(lastBuckets >= limit)
            }
        }
        #expect(admitted.count > limit)
    }

    @Test("after retryAfter the next attempt passes", arguments: 0..<12 as Range<UInt64>)
    func retryAfterIsTrue(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var caller = LimitedCaller(customer: CallLimits(callsPerMinuteToCountry: LimitLevels(hard: 20)))
        let gb = try Dialled.country("gb")
        var now: Int64 = -100_000
        for _ in 0..<20 {
            now += Int64.random(in: 0...3000, using: &random)
            #expect(try caller.dial(Dialled.number(0), gb, at: now).refusal == nil)
        }
        caller.customer.callsPerMinuteToCountry.hard = Int.random(in: 1...20, using: &random)
        let wait = try #require(try caller.dial(Dialled.number(0), gb, at: now).refusal?.retryAfter)
        if wait > 1 {
            #expect(try caller.dial(Dialled.number(0), gb, at: now + Int64(wait - 1) * 1000 - 1).refusal != nil)
        }
        #expect(try caller.dial(Dialled.number(0), gb, at: now + Int64(wait) * 1000).refusal == nil)
    }

    @Test("a burst of 100 calls to one range of a country is stopped at the country's limit")
    func burstToRange() throws {
        var caller = LimitedCaller(
            endpoint: CallLimits(
                callsPerMinuteToCountry: LimitLevels(soft: 5, hard: 10),
                callsPerMinuteToNumber: LimitLevels(hard: 3)
            )
        )
        let gb = try Dialled.country("gb")
        let reports = try (0..<100).map { try caller.dial(Dialled.number($0), gb, at: Int64($0) * 100) }
        #expect(reports.filter { $0.refusal == nil }.count == 10)
        #expect(reports.prefix(10).flatMap(\.warnings).map(\.used) == [5, 6, 7, 8, 9])
        #expect(reports.dropFirst(10).allSatisfy { $0.refusal?.kind == .callsPerMinuteToCountry })
        #expect(reports.last?.refusal?.used == 10)
        let elsewhere = try Dialled.number(0, of: 33_199_000_000)
        #expect(try caller.dial(elsewhere, Dialled.country("fr"), at: 10_000) == LimitReport())
    }

    @Test("a burst of 100 calls to one number is stopped at the number's limit")
    func burstToNumber() throws {
        var caller = LimitedCaller(
            customer: CallLimits(
                callsPerMinuteToCountry: LimitLevels(hard: 50),
                callsPerMinuteToNumber: LimitLevels(hard: 3)
            )
        )
        let gb = try Dialled.country("gb")
        let reports = try (0..<100).map { try caller.dial(Dialled.number(7), gb, at: Int64($0) * 100) }
        #expect(reports.filter { $0.refusal == nil }.count == 3)
        #expect(reports.dropFirst(3).allSatisfy { $0.refusal?.kind == .callsPerMinuteToNumber })
        // What was refused has not been counted for the country.
        for last in 8..<55 { #expect(try caller.dial(Dialled.number(last), gb, at: 10_000).refusal == nil) }
        #expect(try caller.dial(Dialled.number(60), gb, at: 10_000).refusal?.kind == .callsPerMinuteToCountry)
    }

    @Test("numbers without a country are counted together")
    func noCountry() throws {
        var caller = LimitedCaller(
            customer: CallLimits(
                callsPerMinuteToCountry: LimitLevels(hard: 2),
                homeCountries: [try Dialled.country("us")]
            )
        )
        for last in 0..<2 {
            #expect(try caller.dial(Dialled.number(last, of: 881_600_000_000), nil, at: 0).refusal == nil)
        }
        #expect(try caller.dial(Dialled.number(9, of: 870_700_000_000), nil, at: 0).refusal?.used == 2)
        #expect(try caller.dial(Dialled.number(0), Dialled.country("gb"), at: 0).refusal == nil)
    }

    @Test("a refusal by the endpoint's limit counts nothing for the customer, and the other way round")
    func refusalIsFree() throws {
        var caller = LimitedCaller(
            customer: CallLimits(
                callsPerMinuteToNumber: LimitLevels(hard: 3),
                dailyCallsToCountry: LimitLevels(soft: 3)
            ),
            endpoint: CallLimits(callsPerMinuteToCountry: LimitLevels(hard: 1))
        )
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        #expect(caller.dial(number, gb, at: 0).refusal == nil)
        for _ in 0..<20 { #expect(caller.dial(number, gb, at: 0).refusal?.scope == .endpoint) }
        let second = LimitedCaller.second
        #expect(caller.dial(number, gb, by: second, at: 0) == LimitReport())
        #expect(caller.dial(number, gb, by: ResourceIdentifier(high: 1, low: 3), at: 0) == LimitReport())
        let fourth = ResourceIdentifier(high: 1, low: 4)
        #expect(caller.dial(number, gb, by: fourth, at: 0).refusal?.scope == .customer)
        let fr = try Dialled.country("fr")
        #expect(caller.dial(number, gb, by: fourth, at: 65_000).warnings.map(\.kind) == [.dailyCallsToCountry])
        #expect(try caller.dial(Dialled.number(1), fr, by: fourth, at: 65_000) == LimitReport())
    }
}
