// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

@Suite("Limits: calls and minutes within 24 hours")
struct DailyLimitTests {
    @Test("the day is the last 24 hours, by hours of the clock's own: a call counts 24 hours at least, 25 at most")
    func rolls() throws {
        for start: Int64 in [0, hour - 1, -100 * hour, -100 * hour - 1] {
            var caller = LimitedCaller(customer: CallLimits(dailyCallsToCountry: LimitLevels(hard: 2)))
            let gb = try Dialled.country("gb")
            let number = try Dialled.number(0)
            #expect(caller.dial(number, gb, at: start).refusal == nil)
            #expect(caller.dial(number, gb, at: start + 12 * hour).refusal == nil)
            for later in (24...48).map({ Int64($0) * hour / 2 }) {
                let event = try #require(caller.dial(number, gb, at: start + later).refusal)
                let wait = Int64(try #require(event.retryAfter))
                #expect((24 * hour - later) / 1000 <= wait)
                #expect(wait <= (25 * hour - later) / 1000)
            }
            #expect(caller.dial(number, gb, at: start + 25 * hour).refusal == nil)
            #expect(caller.dial(number, gb, at: start + 25 * hour).refusal?.used == 2)
        }
    }

    @Test("midnight means nothing: hour by hour over a week, the limit holds in any 24 hours")
    func anyDay() throws {
        var caller = LimitedCaller(endpoint: CallLimits(dailyCallsToCountry: LimitLevels(hard: 10)))
        let gb = try Dialled.country("gb")
        var admitted: [Int64] = []
        for quarter in 0..<(7 * 96) {
            let now = Int64(quarter) * hour / 4 + 1234
            if try caller.dial(Dialled.number(quarter), gb, at: now).refusal == nil { admitted.append(now) }
            #expect(admitted.filter { $0 > now - 24 * hour }.count <= 10)
        }
        #expect(admitted.count >= 60)
    }

    @Test("home countries are not counted, a number without a country is")
    func home() throws {
        let us = try Dialled.country("us")
        var caller = LimitedCaller(
            customer: CallLimits(dailyCallsToCountry: LimitLevels(hard: 1), homeCountries: [us])
        )
        for _ in 0..<5 { #expect(try caller.dial(Dialled.number(0), us, at: 0).refusal == nil) }
        #expect(try caller.dial(Dialled.number(0), nil, at: 0).refusal == nil)
        #expect(try caller.dial(Dialled.number(0), nil, at: 0).refusal?.used == 1)
        #expect(try caller.dial(Dialled.number(0), Dialled.country("gb"), at: 0).refusal == nil)
        #expect(try caller.dial(Dialled.number(0), Dialled.country("gb"), at: 0).refusal?.used == 1)
    }

    @Test("an endpoint's own home countries stand for its own limits, the customer's where it has none")
    func endpointHome() throws {
        let us = try Dialled.country("us")
        let fr = try Dialled.country("fr")
        var caller = LimitedCaller(
            customer: CallLimits(homeCountries: [us]),
            endpoint: CallLimits(dailyCallsToCountry: LimitLevels(hard: 1))
        )
        let number = try Dialled.number(0)
        for _ in 0..<3 { #expect(caller.dial(number, us, at: 0).refusal == nil) }
        caller.endpoint.homeCountries = [fr]
        for _ in 0..<3 { #expect(caller.dial(number, fr, at: 0).refusal == nil) }
        #expect(caller.dial(number, us, at: 0).refusal == nil)
        #expect(caller.dial(number, us, at: 0).refusal?.scope == .endpoint)
        caller.customer.dailyCallsToCountry.hard = 1
        caller.endpoint.dailyCallsToCountry.hard = nil
        for _ in 0..<3 { #expect(caller.dial(number, us, at: 0).refusal == nil) }
        #expect(caller.dial(number, fr, at: 0).refusal == nil)
        #expect(caller.dial(number, fr, at: 0).refusal?.scope == .customer)
    }

    @Test("calls in progress count their minutes so far", arguments: LimitScope.allCases)
    func inProgress(scope: LimitScope) throws {
        var caller = LimitedCaller()
        caller.limit(.dailyMinutesToCountry, of: scope, LimitLevels(soft: 8, hard: 10))
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        let first = LimitedCaller.first
        #expect(caller.dial(number, gb, at: 0).refusal == nil)
        for _ in 0..<2 {
            caller.usage.callBegan(by: first)
            caller.usage.callAnswered(by: first, to: gb, at: Instant(milliseconds: 0))
        }
        #expect(caller.dial(number, gb, at: 4 * minute - 1) == LimitReport())
        #expect(caller.dial(number, gb, at: 4 * minute).warnings.map(\.used) == [8])
        #expect(caller.dial(number, gb, at: 5 * minute - 1).refusal == nil)
        let event = caller.dial(number, gb, at: 5 * minute).refusal
        #expect(event == LimitEvent(kind: .dailyMinutesToCountry, scope: scope, used: 10, limit: 10))
        caller.usage.callEnded(
            by: first,
            to: gb,
            answered: Instant(milliseconds: 0),
            at: Instant(milliseconds: 5 * minute)
        )
        #expect(caller.dial(number, gb, at: 5 * minute).refusal?.used == 10)
        #expect(caller.dial(number, gb, at: 6 * minute).refusal?.used == 11)
        #expect(try caller.dial(number, Dialled.country("fr"), at: 6 * minute) == LimitReport())
    }

    @Test("the seconds of ended calls add up, each rounded up, from the hour of their end for 24 hours")
    func ended() throws {
        var caller = LimitedCaller(customer: CallLimits(dailyMinutesToCountry: LimitLevels(hard: 2)))
        let gb = try Dialled.country("gb")
        let number = try Dialled.number(0)
        #expect(caller.dial(number, gb, at: 0).refusal == nil)
        for call in 0..<119 { caller.talk(to: gb, from: Int64(call) * 10, until: Int64(call) * 10 + 1) }
        #expect(caller.dial(number, gb, at: 2000).refusal == nil)
        caller.talk(to: gb, from: 2000, until: 3000)
        let event = try #require(caller.dial(number, gb, at: 3000).refusal)
        #expect(event.used == 2)
        #expect(event.retryAfter == Int(25 * hour / 1000) - 3)
        #expect(caller.dial(number, gb, at: 25 * hour - 1).refusal?.retryAfter == 1)
        #expect(caller.dial(number, gb, at: 25 * hour).refusal == nil)
    }

    @Test("calls in progress are not waited for: the time until enough ended minutes have left is told")
    func waitBesideCallsInProgress() throws {
        var caller = LimitedCaller(customer: CallLimits(dailyMinutesToCountry: LimitLevels(hard: 10)))
        let gb = try Dialled.country("gb")
        #expect(try caller.dial(Dialled.number(0), gb, at: 0).refusal == nil)
        caller.talk(to: gb, from: 0, until: 8 * minute)
        caller.usage.callBegan(by: nil)
        caller.usage.callAnswered(by: nil, to: gb, at: Instant(milliseconds: 8 * minute))
        let event = try #require(try caller.dial(Dialled.number(0), gb, at: 10 * minute).refusal)
        #expect(event.used == 10)
        #expect(event.retryAfter == Int((25 * hour - 10 * minute) / 1000))
    }

    @Test("a call without answer has no minutes")
    func unanswered() throws {
        var caller = LimitedCaller(customer: CallLimits(dailyMinutesToCountry: LimitLevels(hard: 1)))
        let gb = try Dialled.country("gb")
        #expect(try caller.dial(Dialled.number(0), gb, at: 0).refusal == nil)
        caller.usage.callBegan(by: LimitedCaller.first)
        caller.usage.callEnded(by: LimitedCaller.first, to: gb, answered: nil, at: Instant(milliseconds: hour))
        #expect(try caller.dial(Dialled.number(0), gb, at: hour).refusal == nil)
    }

    @Test("an answer that was never told does not save the call its minutes")
    func answerNotTold() throws {
        var caller = LimitedCaller(customer: CallLimits(dailyMinutesToCountry: LimitLevels(soft: 1)))
        let gb = try Dialled.country("gb")
        #expect(try caller.dial(Dialled.number(0), gb, at: 0) == LimitReport())
        caller.usage.callBegan(by: nil)
        caller.usage.callEnded(by: nil, to: gb, answered: Instant(milliseconds: 0), at: Instant(milliseconds: hour))
        #expect(try caller.dial(Dialled.number(0), gb, at: hour).warnings.map(\.used) == [60])
    }

    @Test("a call of more than a day counts all its minutes when it ends, whatever was swept meanwhile")
    func longerThanTheDay() throws {
        var caller = LimitedCaller(customer: CallLimits(dailyMinutesToCountry: LimitLevels(soft: 1)))
        let gb = try Dialled.country("gb")
        let first = LimitedCaller.first
        #expect(try caller.dial(Dialled.number(0), gb, at: 0).refusal == nil)
        caller.usage.callBegan(by: first)
        caller.usage.callAnswered(by: first, to: gb, at: Instant(milliseconds: 0))
        for hours in 1...60 { caller.usage.sweep(at: Instant(milliseconds: Int64(hours) * hour)) }
        // Asked of a copy: an attempt would begin the count anew.
        var other = caller
        #expect(try other.dial(Dialled.number(0), gb, at: 60 * hour).warnings.map(\.used) == [3600])
        let end = Instant(milliseconds: 61 * hour)
        caller.usage.sweep(at: end)
        caller.usage.callEnded(by: first, to: gb, answered: Instant(milliseconds: 0), at: end)
        #expect(try caller.dial(Dialled.number(0), gb, at: 62 * hour).warnings.map(\.used) == [3660])
    }

    @Test("a limit that is set while a call lasts counts all its minutes, even if it ends before the next is admitted")
    func setMeanwhile() throws {
        var caller = LimitedCaller()
        let gb = try Dialled.country("gb")
        let first = LimitedCaller.first
        #expect(try caller.dial(Dialled.number(0), gb, at: 0).refusal == nil)
        caller.usage.callBegan(by: first)
        caller.usage.callAnswered(by: first, to: gb, at: Instant(milliseconds: 0))
        for scope in LimitScope.allCases {
            caller.limit(.dailyMinutesToCountry, of: scope, LimitLevels(hard: 60))
        }
        #expect(try caller.dial(Dialled.number(0), gb, at: hour).refusal?.used == 60)
        caller.usage.callEnded(
            by: first,
            to: gb,
            answered: Instant(milliseconds: 0),
            at: Instant(milliseconds: hour)
        )
        #expect(try caller.dial(Dialled.number(0), gb, at: 2 * hour).refusal?.scope == .customer)
        caller.customer.dailyMinutesToCountry.hard = nil
        #expect(try caller.dial(Dialled.number(0), gb, at: 2 * hour).refusal?.scope == .endpoint)
    }
}
