// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

@Suite("Limits: calls at once and calls a second")
struct CallRateLimitTests {
    @Test("a full bucket lets its depth through at once, then one call for each token", arguments: [1, 3, 10, 40])
    func burstThenRate(level: Int) {
        var caller = LimitedCaller(customer: CallLimits(callsPerSecond: LimitLevels(hard: level)))
        let start: Int64 = -500_000
        for _ in 0..<level { #expect(caller.begin(at: start).refusal == nil) }
        #expect(caller.begin(at: start).refusal?.retryAfter == 1)
        var admitted = 0
        for millisecond in 1...10_000 where caller.begin(at: start + Int64(millisecond)).refusal == nil {
            admitted += 1
        }
        #expect(admitted == 10 * level)
    }

    @Test("a token comes back after a second divided by the level, not a millisecond earlier")
    func tokenReturns() {
        var caller = LimitedCaller(endpoint: CallLimits(callsPerSecond: LimitLevels(hard: 4)))
        for _ in 0..<4 { #expect(caller.begin(at: 1000).refusal == nil) }
        #expect(caller.begin(at: 1249).refusal?.used == 4)
        #expect(caller.begin(at: 1250).refusal == nil)
        #expect(caller.begin(at: 1250).refusal?.used == 4)
    }

    @Test("no span of a second lets more through than twice the level", arguments: 0..<8 as Range<UInt64>)
    func bounded(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let level = Int.random(in: 1...20, using: &random)
        var caller = LimitedCaller(customer: CallLimits(callsPerSecond: LimitLevels(hard: level)))
        var admitted: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<3000 {
            now += Int64.random(in: 0...40, using: &random)
            if caller.begin(at: now).refusal == nil { admitted.append(now) }
        }
        for (index, start) in admitted.enumerated() {
            #expect(admitted[index...].prefix { $0 < start + 1000 }.count <= 2 * level)
        }
    }

    @Test("the soft level has a bucket of its own: what goes beyond its rate is noted, the rest is not")
    func soft() {
        var caller = LimitedCaller(customer: CallLimits(callsPerSecond: LimitLevels(soft: 2, hard: 5)))
        var noted = 0
        for call in 0..<400 {
            let report = caller.begin(at: Int64(call) * 250)
            #expect(report.refusal == nil)
            noted += report.warnings.count
        }
        // Four a second against two: half of them, less the burst.
        #expect((196...200).contains(noted))
    }

    @Test("a refusal takes no token of either scope")
    func refusalIsFree() {
        var caller = LimitedCaller(
            customer: CallLimits(callsPerSecond: LimitLevels(soft: 6, hard: 6)),
            endpoint: CallLimits(
                concurrentCalls: LimitLevels(hard: 1),
                callsPerSecond: LimitLevels(soft: 3, hard: 3)
            )
        )
        let third = ResourceIdentifier(high: 1, low: 3)
        caller.usage.callBegan(by: LimitedCaller.first)
        for _ in 0..<50 { #expect(caller.begin(at: 0).refusal?.kind == .concurrentCalls) }
        caller.usage.callEnded(by: LimitedCaller.first, to: nil, answered: nil, at: Instant(milliseconds: 0))
        for _ in 0..<3 { #expect(caller.begin(at: 0) == LimitReport()) }
        for _ in 0..<50 { #expect(caller.begin(at: 0).refusal?.scope == .endpoint) }
        for _ in 0..<3 { #expect(caller.begin(by: LimitedCaller.second, at: 0) == LimitReport()) }
        for _ in 0..<50 { #expect(caller.begin(by: third, at: 0).refusal?.scope == .customer) }
        caller.customer = .none
        for _ in 0..<3 { #expect(caller.begin(by: third, at: 0) == LimitReport()) }
    }

    @Test("a changed level counts from now on")
    func levelChanges() {
        var caller = LimitedCaller(customer: CallLimits(callsPerSecond: LimitLevels(hard: 10)))
        for _ in 0..<10 { #expect(caller.begin(at: 0).refusal == nil) }
        caller.customer.callsPerSecond.hard = 2
        #expect(caller.begin(at: 0).refusal?.used == 2)
        #expect(caller.begin(at: 500).refusal == nil)
        caller.customer.callsPerSecond.hard = 10
        #expect(caller.begin(at: 500).refusal == nil)
    }

    @Test("any interleaving of calls returns to none at once", arguments: 0..<20 as Range<UInt64>)
    func returnsToNone(seed: UInt64) throws {
        struct Running {
            var endpoint: ResourceIdentifier?
            var answered: Instant?
        }
        var random = SeededGenerator(seed: seed)
        var caller = LimitedCaller()
        let gb = try Dialled.country("gb")
        var running: [Running] = []
        for step in 0..<2000 {
            let now = Instant(milliseconds: Int64(step) * 100)
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let endpoint = [nil, LimitedCaller.first, LimitedCaller.second].randomElement(using: &random) ?? nil
                caller.usage.callBegan(by: endpoint)
                running.append(Running(endpoint: endpoint))
            case 1:
                guard let index = running.indices.randomElement(using: &random) else { continue }
                guard running[index].answered == nil else { continue }
                running[index].answered = now
                caller.usage.callAnswered(by: running[index].endpoint, to: gb, at: now)
            default:
                guard let index = running.indices.randomElement(using: &random) else { continue }
                let call = running.remove(at: index)
                caller.usage.callEnded(by: call.endpoint, to: gb, answered: call.answered, at: now)
            }
            if step % 100 == 0 { caller.usage.sweep(at: now) }
            #expect(caller.usage.concurrentCalls == running.count)
        }
        let end = Instant(milliseconds: 200_000)
        for call in running {
            caller.usage.callEnded(by: call.endpoint, to: gb, answered: call.answered, at: end)
        }
        #expect(caller.usage.concurrentCalls == 0)
        caller.usage.sweep(at: end)
        #expect(caller.usage.counterCount == 0)
    }

    @Test("the end of a call that never began frees nothing")
    func strayEnd() {
        var caller = LimitedCaller(customer: CallLimits(concurrentCalls: LimitLevels(hard: 1)))
        let now = Instant(milliseconds: 0)
        caller.usage.callEnded(by: nil, to: nil, answered: now, at: now)
        #expect(caller.usage.concurrentCalls == 0)
        caller.usage.callBegan(by: LimitedCaller.first)
        caller.usage.callEnded(by: LimitedCaller.second, to: nil, answered: now, at: now)
        #expect(caller.usage.concurrentCalls == 1)
        #expect(caller.begin(at: 0).refusal?.used == 1)
    }
}
