// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import Testing

@testable import TrunkSupervision

struct TrunkBreakerTests {
    private static let settings = TrunkBreakerSettings(failures: 3, seconds: 30)
    private static let start = Instant(milliseconds: 1_000_000)

    private static func opened() -> TrunkBreaker {
        var breaker = TrunkBreaker()
        for _ in 0..<3 { breaker.callFailed(nil, settings, at: start) }
        return breaker
    }

    @Test("so many failures in a row keep calls away; an answer between them starts the count anew")
    func opens() {
        var breaker = TrunkBreaker()
        for _ in 0..<2 { breaker.callFailed(nil, Self.settings, at: Self.start) }
        breaker.callAnswered(at: Self.start)
        #expect(breaker.isQuiet)
        for _ in 0..<2 { breaker.callFailed(nil, Self.settings, at: Self.start) }
        #expect(!breaker.isOpen(at: Self.start))
        breaker.callFailed(nil, Self.settings, at: Self.start)
        #expect(breaker.isOpen(at: Self.start))
        #expect(breaker.isOpen(at: Self.start + .milliseconds(29_999)))
        #expect(!breaker.isOpen(at: Self.start + .seconds(30)))
    }

    @Test("once the time is over, one call tries, and the others wait for it")
    func halfOpen() {
        var breaker = Self.opened()
        let later = Self.start + .seconds(31)
        breaker.callBegan(at: later)
        #expect(breaker.isOpen(at: later))
        var failed = breaker
        breaker.callAnswered(at: later)
        #expect(breaker.isQuiet)
        failed.callFailed(nil, Self.settings, at: later)
        #expect(failed.isOpen(at: later + .seconds(29)))
        #expect(!failed.isOpen(at: later + .seconds(30)))
    }

    @Test("a trial that nothing is heard of does not keep the trunk closed for ever")
    func lostTrial() {
        var breaker = Self.opened()
        let later = Self.start + .seconds(31)
        breaker.callBegan(at: later)
        #expect(!breaker.isOpen(at: later + TrunkBreaker.trial))
    }

    @Test(
        "RFC 3261 §21.5.4 Retry-After keeps calls away at once, with the breaker off as well, for five minutes at most"
    )
    func retryAfter() {
        for settings in [Self.settings, nil] {
            var breaker = TrunkBreaker()
            breaker.callFailed(.seconds(10), settings, at: Self.start)
            #expect(breaker.isOpen(at: Self.start + .seconds(9)))
            #expect(!breaker.isOpen(at: Self.start + .seconds(10)))
            breaker.callFailed(.seconds(100_000), settings, at: Self.start)
            #expect(breaker.isOpen(at: Self.start + .seconds(299)))
            #expect(!breaker.isOpen(at: Self.start + .seconds(300)))
        }
    }

    @Test("a shorter Retry-After does not cut a longer one short, nor does an answer to an earlier call")
    func longerStands() {
        var breaker = TrunkBreaker()
        breaker.callFailed(.seconds(100), nil, at: Self.start)
        breaker.callFailed(.seconds(1), nil, at: Self.start)
        breaker.callAnswered(at: Self.start)
        #expect(breaker.isOpen(at: Self.start + .seconds(99)))
    }

    @Test("without settings, failures alone never keep calls away")
    func off() {
        var breaker = TrunkBreaker()
        for _ in 0..<100 { breaker.callFailed(nil, nil, at: Self.start) }
        #expect(!breaker.isOpen(at: Self.start))
    }
}
