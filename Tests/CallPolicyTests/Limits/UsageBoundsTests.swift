// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

@Suite("Limits: clocks and memory")
struct UsageBoundsTests {
    private static let all = CallLimits(
        concurrentCalls: LimitLevels(soft: 1, hard: 1000),
        callsPerSecond: LimitLevels(soft: 1, hard: 1000),
        callsPerMinuteToCountry: LimitLevels(soft: 1, hard: 1000),
        callsPerMinuteToNumber: LimitLevels(soft: 1, hard: 1000),
        dailyCallsToCountry: LimitLevels(soft: 1, hard: 1000),
        dailyMinutesToCountry: LimitLevels(soft: 1, hard: 1000)
    )

    @Test(
        "time that steps backward forgets nothing and opens nothing",
        arguments: [1, 5000, minute, 100 * minute, 30 * hour] as [Int64]
    )
    func backward(step: Int64) throws {
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        for kind in LimitKind.judged where kind != .concurrentCalls && kind != .dailyMinutesToCountry {
            var caller = LimitedCaller()
            caller.limit(kind, of: .customer, LimitLevels(hard: 3))
            caller.limit(kind, of: .endpoint, LimitLevels(hard: 3))
            var admitted = 0
            for attempt in 0..<20 {
                let now = attempt.isMultiple(of: 2) ? 1000 : 1000 - step
                let passes = caller.begin(at: now).refusal == nil && caller.dial(number, gb, at: now).refusal == nil
                admitted += passes ? 1 : 0
                caller.usage.sweep(at: Instant(milliseconds: now))
            }
            #expect(admitted == 3, "\(kind)")
        }
    }

    @Test("a call that seems to end before its answer has no minutes, and takes none away")
    func negativeDuration() throws {
        var caller = LimitedCaller(customer: CallLimits(dailyMinutesToCountry: LimitLevels(soft: 1)))
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        #expect(caller.dial(number, gb, at: 0) == LimitReport())
        caller.talk(to: gb, from: 0, until: minute)
        caller.talk(to: gb, from: 50 * minute, until: minute)
        #expect(caller.dial(number, gb, at: minute).warnings.map(\.used) == [1])
        caller.usage.restore(
            attemptTo: number,
            in: gb,
            by: nil,
            at: Instant(milliseconds: 0),
            answered: Instant(milliseconds: 40 * minute),
            ended: Instant(milliseconds: 0),
            now: Instant(milliseconds: 50 * minute)
        )
        #expect(caller.dial(number, gb, at: 50 * minute).warnings.map(\.used) == [1])
    }

    @Test("no instant and no level traps")
    func extremes() throws {
        let instants = [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max].map(Instant.init(milliseconds:))
        let levels = [Int.min, -1, 0, 1, 2, .max - 1, .max]
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        for first in instants {
            for second in instants {
                for level in levels {
                    var caller = LimitedCaller()
                    for kind in LimitKind.judged {
                        caller.limit(kind, of: .customer, LimitLevels(soft: level, hard: .max))
                        caller.limit(kind, of: .endpoint, LimitLevels(hard: level))
                    }
                    caller.usage.restore(
                        attemptTo: number,
                        in: gb,
                        by: LimitedCaller.first,
                        at: second,
                        answered: first,
                        ended: second,
                        now: first
                    )
                    for now in [first, second, first] {
                        _ = caller.begin(at: now.milliseconds)
                        _ = caller.dial(number, gb, at: now.milliseconds)
                        caller.usage.callBegan(by: LimitedCaller.first)
                        caller.usage.callAnswered(by: LimitedCaller.first, to: gb, at: now)
                        _ = caller.dial(number, gb, at: now.milliseconds)
                        caller.usage.sweep(at: now)
                    }
                    for answered in [first, second, first] {
                        caller.usage.callEnded(by: LimitedCaller.first, to: gb, answered: answered, at: second)
                    }
                    #expect(caller.usage.concurrentCalls == 0)
                    #expect(
                        caller.usage.usage(
                            of: LimitedCaller.first,
                            customer: caller.customer,
                            endpoint: caller.endpoint,
                            at: second
                        ).allSatisfy { $0.used >= 0 }
                    )
                }
            }
        }
    }

    @Test("a dialer's numbers are forgotten while it dials on, without any sweep", arguments: [0, -50 * hour])
    func dialer(start: Int64) throws {
        var caller = LimitedCaller(
            customer: CallLimits(callsPerMinuteToNumber: LimitLevels(hard: 1)),
            endpoint: CallLimits(callsPerMinuteToNumber: LimitLevels(hard: 1))
        )
        let gb = try Dialled.country("gb")
        var most = 0
        for call in 0..<30_000 {
            // A hundred calls a second.
            #expect(try caller.dial(Dialled.number(call), gb, at: start + Int64(call) * 10).refusal == nil)
            most = max(most, caller.usage.counterCount)
        }
        #expect(most > 2 * 6000)
        #expect(most <= 2 * 13_000 + 10)
    }

    @Test("a sweep drops what is over: numbers within 130 seconds, days after 25 hours, then the endpoint itself")
    func sweep() throws {
        var caller = LimitedCaller(customer: Self.all, endpoint: Self.all)
        let gb = try Dialled.country("gb")
        for call in 0..<500 {
            #expect(caller.begin(at: Int64(call) * 100).refusal == nil)
            #expect(try caller.dial(Dialled.number(call), gb, at: Int64(call) * 100).refusal == nil)
            caller.talk(to: gb, from: Int64(call) * 100, until: Int64(call) * 100 + 50)
        }
        #expect(caller.usage.counterCount > 1000)
        let last: Int64 = 49_900
        for wait in [65_000, 130_000] as [Int64] { caller.usage.sweep(at: Instant(milliseconds: last + wait)) }
        // The endpoint, and for it and the customer the day of one country.
        #expect(caller.usage.counterCount == 3)
        #expect(try caller.dial(Dialled.number(501), gb, at: 24 * hour).warnings.map(\.used) == [500, 8, 500, 8])
        caller.usage.sweep(at: Instant(milliseconds: 49 * hour + minute))
        #expect(caller.usage.counterCount == 0)
    }

    @Test("a sweep changes no verdict", arguments: 0..<8 as Range<UInt64>)
    func sweepIsNeutral(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var limits = Self.all
        limits.callsPerSecond.hard = 2
        limits.callsPerMinuteToCountry.hard = 15
        limits.callsPerMinuteToNumber.hard = 6
        var swept = LimitedCaller(customer: limits, endpoint: limits)
        var unswept = swept
        let gb = try Dialled.country("gb")
        var now: Int64 = -30 * hour
        for _ in 0..<3000 {
            now += Int64.random(in: 0...4000, using: &random)
            if Int.random(in: 0..<100, using: &random) == 0 { now += 2 * hour }
            let number = try Dialled.number(Int.random(in: 0..<3, using: &random))
            let endpoint = Bool.random(using: &random) ? LimitedCaller.first : LimitedCaller.second
            swept.usage.sweep(at: Instant(milliseconds: now))
            #expect(swept.begin(by: endpoint, at: now) == unswept.begin(by: endpoint, at: now))
            #expect(
                swept.dial(number, gb, by: endpoint, at: now) == unswept.dial(number, gb, by: endpoint, at: now)
            )
        }
    }
}
