// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// The gateway's registration at one trunk (RFC 3261 §10.2): when to send a REGISTER, for how long, under which number.
///
/// A value without a clock: time and chance are parameters. Its driver composes and sends the requests, answers the
/// challenges, and tells what came of them.
package struct TrunkRegistration: Sendable {
    /// One REGISTER to send.
    package struct Request: Hashable, Sendable {
        /// The seconds to ask for; 0 takes the registration back.
        package let expires: Int
        /// The number for CSeq; each is one more than the last (RFC 3261 §10.2).
        package let sequenceNumber: UInt32
    }

    /// RFC 5626 §4.5: the wait after the first failure, doubled with each further one.
    static let shortestWait = Interval.seconds(30)
    /// RFC 5626 §4.5: the longest wait.
    static let longestWait = Interval.seconds(1800)
    /// How long one request may take: Timer F (RFC 3261 §17.1.2.2) and a little more.
    static let patience = Interval.seconds(40)
    /// The longest that is asked for because a registrar wants more.
    static let mostExpires = 86_400

    /// When something is due next; nil when nothing is.
    package private(set) var due: Instant?
    /// Whether a REGISTER waits for its answer.
    package private(set) var isAsking = false
    private let wanted: Int
    private var sequenceNumber: UInt32 = 0
    private var expires: Int
    /// When what the trunk granted runs out; nil without a registration.
    package private(set) var registeredUntil: Instant?
    private var failures = 0
    private var hasAnsweredChallenge = false
    private var hasAnsweredStale = false
    private var hasRaisedExpires = false
    private var isEnding = false

    /// Makes a registration that is due at once.
    ///
    /// - Parameters:
    ///   - expires: What to ask for, in seconds.
    ///   - former: The registration of the same contact until now, whose numbers go on; nil for none.
    ///   - now: The present.
    package init(expires: Int, following former: TrunkRegistration? = nil, at now: Instant) {
        wanted = expires
        self.expires = expires
        sequenceNumber = former?.sequenceNumber ?? 0
        registeredUntil = former?.registeredUntil
        due = now
    }

    /// Whether the trunk knows the gateway's contact.
    package func isRegistered(at now: Instant) -> Bool {
        registeredUntil.map { now < $0 } ?? false
    }

    /// The time is `now`: the request to send, if one is due.
    package mutating func advance(to now: Instant, chance: UInt64) -> Request? {
        guard let due, now >= due else { return nil }
        if isAsking {
            fail(at: now, retryAfter: nil, chance: chance)
            return nil
        }
        hasAnsweredChallenge = false
        hasAnsweredStale = false
        hasRaisedExpires = false
        return request(at: now)
    }

    /// A 401 or 407 came that the driver can answer: the same once more with credentials, or nil when that is no use.
    ///
    /// A password is tried once in a round, and once more when the nonce alone was too old (RFC 3261 §22.1).
    package mutating func challenged(isStale: Bool, at now: Instant, chance: UInt64) -> Request? {
        guard isAsking else { return nil }
        let isOld = isStale && hasAnsweredChallenge && !hasAnsweredStale
        guard !hasAnsweredChallenge || isOld else {
            fail(at: now, retryAfter: nil, chance: chance)
            return nil
        }
        hasAnsweredStale = isOld
        hasAnsweredChallenge = true
        return request(at: now)
    }

    /// A 2xx came.
    ///
    /// - Parameters:
    ///   - granted: The seconds it grants our contact, or that were asked for when it names none.
    ///   - now: The present.
    package mutating func accepted(granted: Int?, at now: Instant) {
        guard isAsking else { return }
        isAsking = false
        failures = 0
        guard !isEnding else { return end() }
        let seconds = min(max(granted ?? expires, 1), Self.mostExpires)
        registeredUntil = now + .seconds(Int64(seconds))
        // Before it runs out, but not so late that one lost request ends it.
        let early = max(seconds / 2, min(seconds * 9 / 10, seconds - 10))
        due = now + .seconds(Int64(max(1, early)))
    }

    /// A 423 came (RFC 3261 §10.2.8): the same for longer, or nil when it was longer already.
    package mutating func tooBrief(minimum: Int?, at now: Instant, chance: UInt64) -> Request? {
        guard isAsking else { return nil }
        guard let minimum, !isEnding, !hasRaisedExpires, minimum > expires, minimum <= Self.mostExpires else {
            fail(at: now, retryAfter: nil, chance: chance)
            return nil
        }
        hasRaisedExpires = true
        hasAnsweredChallenge = false
        expires = minimum
        return request(at: now)
    }

    /// Another final response came, or none at all; `retryAfter` is how long the trunk wants to be left alone.
    package mutating func refused(retryAfter: Interval? = nil, at now: Instant, chance: UInt64) {
        guard isAsking else { return }
        fail(at: now, retryAfter: retryAfter, chance: chance)
    }

    /// Takes the registration back (RFC 3261 §10.2.2): the request to send, if there is anything to take back.
    package mutating func end(at now: Instant) -> Request? {
        guard !isEnding else { return nil }
        isEnding = true
        guard isAsking || isRegistered(at: now) else {
            end()
            return nil
        }
        expires = 0
        hasAnsweredChallenge = false
        hasAnsweredStale = false
        return request(at: now)
    }

    /// Whether it is over.
    package var isOver: Bool { isEnding && !isAsking }

    private mutating func end() {
        isAsking = false
        registeredUntil = nil
        due = nil
    }

    private mutating func request(at now: Instant) -> Request {
        isAsking = true
        sequenceNumber &+= 1
        due = now + Self.patience
        return Request(expires: expires, sequenceNumber: sequenceNumber)
    }

    private mutating func fail(at now: Instant, retryAfter: Interval?, chance: UInt64) {
        isAsking = false
        guard !isEnding else { return end() }
        failures = min(failures + 1, 16)
        expires = wanted
        let wait = min(Self.shortestWait.milliseconds << Int64(failures - 1), Self.longestWait.milliseconds)
        // RFC 5626 §4.5: a random part of it, between a half and the whole.
        let half = wait / 2
        let part = Int64(clamping: chance.multipliedFullWidth(by: UInt64(clamping: half + 1)).high)
        let asked = min(retryAfter?.milliseconds ?? 0, Self.longestWait.milliseconds)
        due = now + .milliseconds(max(half + part, asked))
    }
}
