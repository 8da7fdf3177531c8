// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransaction
import Testing

/// A small seeded generator, so that a failure can be run again.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Tokens as plain numbers, which read better in the tests.
extension TimerWheel {
    fileprivate mutating func arm(at deadline: Instant, _ number: Int) -> TimerHandle {
        arm(at: deadline, TimerToken(owner: UInt32(number >> 8), purpose: UInt32(number & 255)))
    }

    fileprivate mutating func pop(at now: Instant) -> Int? {
        popExpired(at: now).map { Int($0.owner) << 8 | Int($0.purpose) }
    }
}

struct TimerWheelTests {
    private static let origin: Int64 = 123_456_789

    private func at(_ milliseconds: Int64) -> Instant {
        Instant(milliseconds: Self.origin + milliseconds)
    }

    private func drain(_ wheel: inout TimerWheel, _ milliseconds: Int64) -> [Int] {
        var fired: [Int] = []
        while let token = wheel.pop(at: at(milliseconds)) { fired.append(token) }
        return fired
    }

    @Test("a handle and a token take eight bytes each")
    func sizes() {
        #expect(MemoryLayout<TimerHandle>.size == 8)
        #expect(MemoryLayout<TimerToken>.size == 8)
    }

    @Test("a timer never fires before its deadline, and fires at the tick that follows it")
    func neverEarly() {
        var wheel = TimerWheel(startingAt: at(0))
        _ = wheel.arm(at: at(501), 1)
        #expect(wheel.nextDeadline == at(510))
        #expect(drain(&wheel, 500) == [])
        #expect(drain(&wheel, 509) == [])
        #expect(drain(&wheel, 510) == [1])
        #expect(wheel.nextDeadline == nil)
        #expect(wheel.count == 0)
    }

    @Test("timers fire in deadline order, whatever order they were armed in, near and far")
    func order() {
        var wheel = TimerWheel(startingAt: at(0))
        let waits: [Int64] = [
            900_000_000, 40_970, 40_950, 10, 0, 3_600_000, 86_400_000, 10_485_760, 10_485_770, 32_000,
        ]
        for (index, wait) in waits.enumerated() { _ = wheel.arm(at: at(wait), index) }
        #expect(drain(&wheel, 1_000_000_000) == [4, 3, 9, 2, 1, 5, 7, 8, 6, 0])
    }

    @Test("timers of one tick fire in the order of arming")
    func withinTick() {
        var wheel = TimerWheel(startingAt: at(0))
        for token in 0..<5 { _ = wheel.arm(at: at(100), token) }
        #expect(drain(&wheel, 100) == [0, 1, 2, 3, 4])
    }

    @Test("a cancelled timer does not fire, and stale handles are harmless")
    func cancellation() {
        var wheel = TimerWheel(startingAt: at(0))
        let first = wheel.arm(at: at(100), 1)
        #expect(wheel.cancel(first) == true)
        #expect(wheel.cancel(first) == false)
        let second = wheel.arm(at: at(100), 2)
        #expect(wheel.cancel(first) == false)
        #expect(drain(&wheel, 100) == [2])
        #expect(wheel.cancel(second) == false)
        #expect(wheel.cancel(.none) == false)
        #expect(wheel.count == 0)
    }

    @Test("`none` cancels nothing, even in the first place of the slab")
    func noneHandle() {
        var wheel = TimerWheel(startingAt: at(0))
        _ = wheel.arm(at: at(100), 1)
        #expect(wheel.cancel(.none) == false)
        #expect(wheel.count == 1)
    }

    @Test("timers can be armed and cancelled while others of the same tick are handed out")
    func whileFiring() {
        var wheel = TimerWheel(startingAt: at(0))
        _ = wheel.arm(at: at(100), 1)
        let sibling = wheel.arm(at: at(100), 2)
        _ = wheel.arm(at: at(100), 3)
        #expect(wheel.pop(at: at(100)) == 1)
        #expect(wheel.cancel(sibling) == true)
        // A deadline that has passed waits for the next tick, or a loop over popExpired would not end.
        _ = wheel.arm(at: at(50), 4)
        _ = wheel.arm(at: at(100), 5)
        #expect(wheel.pop(at: at(100)) == 3)
        #expect(wheel.pop(at: at(100)) == nil)
        #expect(wheel.nextDeadline == at(110))
        #expect(drain(&wheel, 110) == [4, 5])
    }

    @Test("a timer that is armed one turn of the wheel ahead while firing does not fire at once")
    func fullTurn() {
        var wheel = TimerWheel(startingAt: at(0))
        _ = wheel.arm(at: at(100), 1)
        _ = wheel.arm(at: at(100), 2)
        #expect(wheel.pop(at: at(100)) == 1)
        _ = wheel.arm(at: at(100 + 40_960), 3)
        #expect(drain(&wheel, 100) == [2])
        #expect(drain(&wheel, 41_050) == [])
        #expect(drain(&wheel, 41_060) == [3])
    }

    @Test("following nextDeadline reaches every timer at its own tick, without idle turns in plenty")
    func nextDeadline() {
        var wheel = TimerWheel(startingAt: at(0))
        let waits: [Int64] = [70, 32_000, 180_000, 3_600_000, 86_400_000, 2_000_000_000]
        for wait in waits { _ = wheel.arm(at: at(wait), Int(wait)) }
        var wakes = 0
        var fired: [Int] = []
        while let next = wheel.nextDeadline {
            wakes += 1
            while let token = wheel.pop(at: next) {
                #expect(next == at(Int64(token)))
                fired.append(token)
            }
        }
        #expect(fired == waits.map(Int.init))
        #expect(wakes < 24)
    }

    @Test("extreme instants neither trap nor fire early")
    func extremes() {
        var wheel = TimerWheel(startingAt: Instant(milliseconds: -5))
        _ = wheel.arm(at: Instant(milliseconds: .max), 1)
        _ = wheel.arm(at: Instant(milliseconds: .min), 2)
        #expect(wheel.pop(at: Instant(milliseconds: .min)) == nil)
        #expect(wheel.pop(at: Instant(milliseconds: -5)) == 2)
        #expect(wheel.pop(at: Instant(milliseconds: 1_000_000_000_000)) == nil)
        #expect(wheel.count == 1)
    }

    @Test("against a naive model, with random operations", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func model(seed: UInt64) {
        var generator = Generator(state: seed)
        var wheel = TimerWheel(startingAt: at(0))
        var live: [Int: (handle: TimerHandle, tick: Int64)] = [:]
        var stale: [TimerHandle] = []
        var now: Int64 = 0
        var token = 0
        #expect(drain(&wheel, 0) == [])
        let spans: [Int64] = [5, 300, 5_000, 40_960, 200_000, 12_000_000, 800_000_000]
        for _ in 0..<6_000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                let span = spans.randomElement(using: &generator) ?? 5
                let deadline = now + Int64.random(in: -50...span, using: &generator)
                // The current tick has been handed out, so the earliest possible is the one after it.
                let tick = max((max(deadline, 0) + 9) / 10, now / 10 + 1)
                live[token] = (wheel.arm(at: at(deadline), token), tick)
                token += 1
            case 5..<7:
                guard let (key, value) = live.randomElement(using: &generator) else { continue }
                #expect(wheel.cancel(value.handle) == true)
                live[key] = nil
                stale.append(value.handle)
            case 7:
                if let handle = stale.randomElement(using: &generator) { #expect(wheel.cancel(handle) == false) }
            default:
                let span = spans.prefix(Int.random(in: 1...6, using: &generator)).last ?? 5
                now += Int64.random(in: 0...span, using: &generator)
                guard drainAndCheck(&wheel, &live, &stale, now) else { return }
            }
            #expect(wheel.count == live.count)
            let earliest = live.values.map(\.tick).min()
            #expect((wheel.nextDeadline == nil) == (earliest == nil))
            if let next = wheel.nextDeadline, let earliest { #expect(next <= at(earliest * 10)) }
        }
        #expect(token > 2_000)
    }

    private func drainAndCheck(
        _ wheel: inout TimerWheel,
        _ live: inout [Int: (handle: TimerHandle, tick: Int64)],
        _ stale: inout [TimerHandle],
        _ now: Int64
    ) -> Bool {
        let due = Set(live.filter { $0.value.tick <= now / 10 }.keys)
        let fired = drain(&wheel, now)
        let ticks = fired.map { live[$0]?.tick ?? -1 }
        #expect(Set(fired) == due, "at \(now)")
        #expect(fired.count == due.count)
        #expect(ticks == ticks.sorted(), "at \(now)")
        for token in fired {
            if let gone = live.removeValue(forKey: token) { stale.append(gone.handle) }
        }
        return Set(fired) == due
    }

    @Test("200 000 live timers, half of them cancelled, all accounted for")
    func many() {
        var generator = Generator(state: 7)
        var wheel = TimerWheel(startingAt: at(0))
        wheel.reserveCapacity(200_000)
        var handles: [TimerHandle] = []
        for token in 0..<200_000 {
            handles.append(wheel.arm(at: at(Int64.random(in: 1...64_000, using: &generator)), token))
        }
        #expect(wheel.count == 200_000)
        for index in stride(from: 0, to: 200_000, by: 2) { wheel.cancel(handles[index]) }
        #expect(wheel.count == 100_000)
        let fired = drain(&wheel, 64_000)
        #expect(fired.count == 100_000)
        #expect(fired.allSatisfy { $0 & 1 == 1 })
    }
}
