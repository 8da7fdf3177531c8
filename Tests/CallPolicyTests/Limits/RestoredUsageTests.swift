// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

@Suite("Limits: history after a restart")
struct RestoredUsageTests {
    /// What a call's record would say.
    private struct Record {
        var number: E164Number
        var country: Country?
        var endpoint: ResourceIdentifier?
        var attempted: Instant
        var answered: Instant?
        var ended: Instant?
    }

    /// A life: calls at random, with their records.
    private struct Life {
        var caller = LimitedCaller()
        var records: [Record] = []
        var now: Int64
        var random: SeededGenerator
        let numbers: [E164Number]
        let countries: [Country?]

        init(seed: UInt64) throws {
            random = SeededGenerator(seed: seed)
            now = -Int64.random(in: 0...(60 * hour), using: &random)
            numbers = try (0..<4).map { try Dialled.number($0) }
            countries = [try Dialled.country("gb"), try Dialled.country("fr"), try Dialled.country("us"), nil]
            let us = try Dialled.country("us")
            caller.customer = Self.limits(using: &random)
            caller.customer.homeCountries = [us]
            caller.endpoint = Self.limits(using: &random)
        }

        private static func limits(using random: inout SeededGenerator) -> CallLimits {
            func levels(_ range: ClosedRange<Int>) -> LimitLevels {
                let soft = Int.random(in: range, using: &random)
                return LimitLevels(soft: soft, hard: 2 * soft)
            }
            return CallLimits(
                callsPerMinuteToCountry: levels(2...5),
                callsPerMinuteToNumber: levels(1...3),
                dailyCallsToCountry: levels(20...60),
                dailyMinutesToCountry: levels(100...900)
            )
        }

        mutating func step() {
            // Mostly a busy line, now and then hours of silence.
            let pause = Int.random(in: 0..<20, using: &random) == 0 ? 3 * hour : 20_000
            now += Int64.random(in: 0...pause, using: &random)
            let open = records.indices.filter { records[$0].ended == nil }
            if let index = open.randomElement(using: &random), Bool.random(using: &random) {
                change(index)
            } else {
                attempt()
            }
            if Int.random(in: 0..<10, using: &random) == 0 { caller.usage.sweep(at: Instant(milliseconds: now)) }
        }

        private mutating func attempt() {
            let endpoint = [nil, LimitedCaller.first, LimitedCaller.second].randomElement(using: &random) ?? nil
            let number = numbers[Int.random(in: 0..<4, using: &random)]
            let country = countries[Int.random(in: 0..<4, using: &random)]
            guard caller.dial(number, country, by: endpoint, at: now).refusal == nil else { return }
            caller.usage.callBegan(by: endpoint)
            let instant = Instant(milliseconds: now)
            records.append(Record(number: number, country: country, endpoint: endpoint, attempted: instant))
        }

        private mutating func change(_ index: Int) {
            let instant = Instant(milliseconds: now)
            let record = records[index]
            if record.answered == nil, Bool.random(using: &random) {
                records[index].answered = instant
                caller.usage.callAnswered(by: record.endpoint, to: record.country, at: instant)
            } else {
                records[index].ended = instant
                caller.usage.callEnded(
                    by: record.endpoint,
                    to: record.country,
                    answered: record.answered,
                    at: instant
                )
            }
        }

        /// A caller that knows the records only, which come in any order.
        mutating func restored() -> LimitedCaller {
            var fresh = LimitedCaller(customer: caller.customer, endpoint: caller.endpoint)
            for record in records.shuffled(using: &random) {
                fresh.usage.restore(
                    attemptTo: record.number,
                    in: record.country,
                    by: record.endpoint,
                    at: record.attempted,
                    answered: record.answered,
                    ended: record.ended,
                    now: Instant(milliseconds: now)
                )
            }
            for record in records where record.ended == nil {
                fresh.usage.callBegan(by: record.endpoint)
                guard let answered = record.answered else { continue }
                fresh.usage.callAnswered(by: record.endpoint, to: record.country, at: answered)
            }
            return fresh
        }
    }

    @Test(
        "records restore what living through them left behind, verdict for verdict",
        arguments: 0..<40 as Range<UInt64>
    )
    func sameVerdicts(seed: UInt64) throws {
        var life = try Life(seed: seed)
        for _ in 0..<Int.random(in: 50...600, using: &life.random) { life.step() }
        var restored = life.restored()
        #expect(restored.usage.concurrentCalls == life.caller.usage.concurrentCalls)
        var open = life.records.filter { $0.ended == nil }
        var eventful = 0
        for _ in 0..<300 {
            let pause = Int.random(in: 0..<10, using: &life.random) == 0 ? 2 * hour : 8000
            life.now += Int64.random(in: 0...pause, using: &life.random)
            if Bool.random(using: &life.random), let record = open.popLast() {
                let now = Instant(milliseconds: life.now)
                life.caller.usage.callEnded(
                    by: record.endpoint,
                    to: record.country,
                    answered: record.answered,
                    at: now
                )
                restored.usage.callEnded(
                    by: record.endpoint,
                    to: record.country,
                    answered: record.answered,
                    at: now
                )
            }
            let number = life.numbers[Int.random(in: 0..<4, using: &life.random)]
            let country = life.countries[Int.random(in: 0..<4, using: &life.random)]
            let endpoint = [nil, LimitedCaller.first, LimitedCaller.second].randomElement(using: &life.random) ?? nil
            let lived = life.caller.dial(number, country, by: endpoint, at: life.now)
            #expect(restored.dial(number, country, by: endpoint, at: life.now) == lived)
            eventful += lived == LimitReport() ? 0 : 1
        }
        #expect(eventful > 0)
    }

    @Test("an attempt of before the start counts for what is left of its minute and its day")
    func windows() throws {
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        func refused(_ limits: CallLimits, attempted: Int64) -> LimitKind? {
            var caller = LimitedCaller(endpoint: limits)
            caller.usage.restore(
                attemptTo: number,
                in: gb,
                by: LimitedCaller.first,
                at: Instant(milliseconds: attempted),
                answered: nil,
                ended: Instant(milliseconds: attempted + 1),
                now: Instant(milliseconds: 0)
            )
            return caller.dial(number, gb, at: 0).refusal?.kind
        }
        let toNumber = CallLimits(callsPerMinuteToNumber: LimitLevels(hard: 1))
        let toCountry = CallLimits(callsPerMinuteToCountry: LimitLevels(hard: 1))
        let daily = CallLimits(dailyCallsToCountry: LimitLevels(hard: 1))
        #expect(refused(toNumber, attempted: -minute) == .callsPerMinuteToNumber)
        #expect(refused(toNumber, attempted: -minute - 1) == nil)
        #expect(refused(toCountry, attempted: -minute) == .callsPerMinuteToCountry)
        #expect(refused(toCountry, attempted: -minute - 1) == nil)
        #expect(refused(daily, attempted: -24 * hour) == .dailyCallsToCountry)
        #expect(refused(daily, attempted: -24 * hour - 2) == nil)
    }

    @Test("a record from a clock that was ahead counts as one of now")
    func ahead() throws {
        var caller = LimitedCaller(customer: CallLimits(callsPerMinuteToNumber: LimitLevels(hard: 1)))
        let gb = try Dialled.country("gb")
        let later = Instant(milliseconds: hour)
        caller.usage.restore(
            attemptTo: try Dialled.number(0),
            in: gb,
            by: nil,
            at: later,
            answered: later,
            ended: later,
            now: Instant(milliseconds: 0)
        )
        #expect(try caller.dial(Dialled.number(0), gb, at: 0).refusal?.used == 1)
        #expect(try caller.dial(Dialled.number(0), gb, at: 64_999).refusal?.used == 1)
        #expect(try caller.dial(Dialled.number(0), gb, at: 65_000) == LimitReport())
    }

    @Test("a call that began before the day and is in progress brings all its minutes, also when it ends")
    func inProgress() throws {
        var caller = LimitedCaller(customer: CallLimits(dailyMinutesToCountry: LimitLevels(hard: 40 * 60)))
        let gb = try Dialled.country("gb")
        let began = Instant(milliseconds: -40 * hour)
        caller.usage.restore(
            attemptTo: try Dialled.number(0),
            in: gb,
            by: nil,
            at: began,
            answered: began,
            ended: nil,
            now: Instant(milliseconds: 0)
        )
        caller.usage.callBegan(by: nil)
        caller.usage.callAnswered(by: nil, to: gb, at: began)
        var other = caller
        #expect(try other.dial(Dialled.number(0), gb, at: 0).refusal?.used == 40 * 60)
        caller.usage.callEnded(by: nil, to: gb, answered: began, at: Instant(milliseconds: hour))
        #expect(try caller.dial(Dialled.number(0), gb, at: hour).refusal?.used == 41 * 60)
    }

    @Test("a call that began before the day but ended in it brings all its minutes")
    func endedWithinTheDay() throws {
        var caller = LimitedCaller(customer: CallLimits(dailyMinutesToCountry: LimitLevels(soft: 1)))
        let gb = try Dialled.country("gb")
        caller.usage.restore(
            attemptTo: try Dialled.number(0),
            in: gb,
            by: nil,
            at: Instant(milliseconds: -40 * hour),
            answered: Instant(milliseconds: -40 * hour),
            ended: Instant(milliseconds: -10 * hour),
            now: Instant(milliseconds: 0)
        )
        #expect(try caller.dial(Dialled.number(0), gb, at: 0).warnings.map(\.used) == [30 * 60])
        #expect(try caller.dial(Dialled.number(0), gb, at: 15 * hour) == LimitReport())
    }

    @Test("what no window holds any more leaves nothing behind")
    func old() throws {
        var caller = LimitedCaller()
        caller.usage.restore(
            attemptTo: try Dialled.number(0),
            in: nil,
            by: LimitedCaller.first,
            at: Instant(milliseconds: -26 * hour),
            answered: Instant(milliseconds: -26 * hour),
            ended: Instant(milliseconds: -25 * hour),
            now: Instant(milliseconds: 0)
        )
        #expect(caller.usage.counterCount == 0)
        #expect(CustomerUsage.history == .seconds(25 * 3600))
    }
}
