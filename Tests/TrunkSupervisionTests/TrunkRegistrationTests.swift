// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import Testing

@testable import TrunkSupervision

struct TrunkRegistrationTests {
    private static let start = Instant(milliseconds: 1_000_000)

    private static func asked(_ expires: Int = 3600) -> TrunkRegistration {
        var registration = TrunkRegistration(expires: expires, at: start)
        #expect(registration.advance(to: start, chance: 0) == .init(expires: expires, sequenceNumber: 1))
        return registration
    }

    @Test("RFC 3261 §10.2 a registration is due at once, its refresh before it runs out, with a higher CSeq")
    func refresh() {
        var registration = Self.asked()
        #expect(!registration.isRegistered(at: Self.start))
        registration.accepted(granted: nil, at: Self.start)
        #expect(registration.isRegistered(at: Self.start + .seconds(3599)))
        #expect(!registration.isRegistered(at: Self.start + .seconds(3600)))
        let due = Self.start + .seconds(3240)
        #expect(registration.due == due)
        #expect(registration.advance(to: due, chance: 0) == .init(expires: 3600, sequenceNumber: 2))
    }

    @Test(
        "RFC 3261 §10.2.4 what the trunk grants counts, however little",
        arguments: [(60, 50), (20, 10), (6, 3), (1, 1)]
    )
    func granted(seconds: Int, refresh: Int64) {
        var registration = Self.asked()
        registration.accepted(granted: seconds, at: Self.start)
        #expect(registration.due == Self.start + .seconds(refresh))
        #expect(registration.isRegistered(at: Self.start + .milliseconds(Int64(seconds) * 1000 - 1)))
    }

    @Test("RFC 3261 §22.1 a challenge is answered once, and once more when its nonce was stale")
    func challenges() {
        var registration = Self.asked()
        let first = registration.challenged(isStale: false, at: Self.start, chance: 0)
        #expect(first == .init(expires: 3600, sequenceNumber: 2))
        var wrong = registration
        #expect(wrong.challenged(isStale: false, at: Self.start, chance: 0) == nil)
        #expect(!wrong.isAsking)
        let again = registration.challenged(isStale: true, at: Self.start, chance: 0)
        #expect(again?.sequenceNumber == 3)
        #expect(registration.challenged(isStale: true, at: Self.start, chance: 0) == nil)
    }

    @Test("RFC 3261 §10.2.8 423 has the same asked for longer, once")
    func tooBrief() {
        var registration = Self.asked(60)
        let longer = registration.tooBrief(minimum: 600, at: Self.start, chance: 0)
        #expect(longer == .init(expires: 600, sequenceNumber: 2))
        #expect(registration.tooBrief(minimum: 900, at: Self.start, chance: 0) == nil)
        for minimum in [nil, 60, 30, 1_000_000] {
            var registration = Self.asked(60)
            #expect(registration.tooBrief(minimum: minimum, at: Self.start, chance: 0) == nil)
            #expect(!registration.isAsking)
        }
    }

    @Test(
        "RFC 5626 §4.5 failures are retried after waits that double up to half an hour, cut by chance to no less than half"
    )
    func backOff() {
        for (chance, waits) in [(UInt64.max, [30, 60, 120, 240, 480, 960, 1800, 1800]), (0, [15, 30, 60, 120])] {
            var registration = Self.asked()
            var time = Self.start
            for wait in waits {
                registration.refused(at: time, chance: chance)
                #expect(registration.due == time + .seconds(Int64(wait)))
                time = registration.due ?? time
                #expect(registration.advance(to: time, chance: chance) != nil)
            }
        }
    }

    @Test("Retry-After lengthens the wait, up to half an hour")
    func retryAfter() {
        var registration = Self.asked()
        registration.refused(retryAfter: .seconds(300), at: Self.start, chance: 0)
        #expect(registration.due == Self.start + .seconds(300))
        registration = Self.asked()
        registration.refused(retryAfter: .seconds(1_000_000), at: Self.start, chance: 0)
        #expect(registration.due == Self.start + .seconds(1800))
    }

    @Test("a refresh that fails does not end the registration before it runs out")
    func failedRefresh() {
        var registration = Self.asked()
        registration.accepted(granted: 100, at: Self.start)
        let due = Self.start + .seconds(90)
        #expect(registration.advance(to: due, chance: 0) != nil)
        registration.refused(at: due, chance: 0)
        #expect(registration.isRegistered(at: due))
        #expect(!registration.isRegistered(at: Self.start + .seconds(100)))
    }

    @Test("a request that nothing is heard of is given up, and tried again later")
    func lost() {
        var registration = Self.asked()
        let late = Self.start + TrunkRegistration.patience
        #expect(registration.advance(to: late, chance: 0) == nil)
        #expect(registration.due == late + .seconds(15))
    }

    @Test("RFC 3261 §10.2.2 a contact is taken back with Expires 0, with credentials where they are asked for")
    func end() {
        var registration = Self.asked()
        registration.accepted(granted: nil, at: Self.start)
        #expect(registration.end(at: Self.start) == .init(expires: 0, sequenceNumber: 2))
        #expect(!registration.isOver)
        #expect(registration.challenged(isStale: false, at: Self.start, chance: 0)?.expires == 0)
        registration.accepted(granted: 0, at: Self.start)
        #expect(registration.isOver && registration.due == nil && !registration.isRegistered(at: Self.start))
    }

    @Test("what was never registered is not taken back, and a refused end is an end")
    func otherEnds() {
        var registration = TrunkRegistration(expires: 60, at: Self.start)
        #expect(registration.end(at: Self.start) == nil)
        #expect(registration.isOver && registration.due == nil)
        registration = Self.asked()
        registration.accepted(granted: nil, at: Self.start)
        #expect(registration.end(at: Self.start) != nil)
        registration.refused(at: Self.start, chance: 0)
        #expect(registration.isOver && registration.due == nil)
    }

    @Test("a successor goes on with the numbers of the one before it")
    func successor() {
        var former = Self.asked()
        former.accepted(granted: nil, at: Self.start)
        var registration = TrunkRegistration(expires: 600, following: former, at: Self.start)
        #expect(registration.isRegistered(at: Self.start))
        #expect(registration.advance(to: Self.start, chance: 0) == .init(expires: 600, sequenceNumber: 2))
    }
}
