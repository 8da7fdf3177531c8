// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// Answers kept for as long as they are good, and a while longer for when no server answers (RFC 8767).
///
/// A value without a clock: time is a parameter.
package struct AnswerCache: Sendable {
    /// How long answers are kept, and how many.
    package struct Limits: Hashable, Sendable {
        /// The shortest and the longest that records count as good, whatever they say themselves.
        package var shortest = Interval.seconds(5)
        package var longest = Interval.seconds(86_400)
        /// How long an answer that there is nothing counts, when it does not say, and at most (RFC 2308 §5).
        package var nothing = Interval.seconds(30)
        package var longestNothing = Interval.seconds(300)
        /// How long it counts that no server answered.
        package var failure = Interval.seconds(5)
        /// How long records may still stand in when no server answers, and until the servers are asked again.
        package var stale = Interval.seconds(3600)
        package var recheck = Interval.seconds(30)
        /// The most answers.
        package var count = 4096

        /// Makes the default limits.
        package init() {}
    }

    private struct Entry {
        var answer: Answer
        var until: Instant
        var staleUntil: Instant
    }

    private let limits: Limits
    private var entries: [Question: Entry] = [:]

    /// Makes an empty cache.
    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How many answers it holds.
    package var count: Int { entries.count }

    /// The answer to a question, with the seconds that are left of it; nil when it has to be asked.
    package func answer(to question: Question, at now: Instant) -> Answer? {
        guard let entry = entries[question], entry.until > now else { return nil }
        return entry.answer.lasting(entry.until - now)
    }

    /// Keeps what a server answered, or that none did.
    ///
    /// - Returns: The answer to go on with: records that were kept from before when there is none now.
    package mutating func store(_ answer: Answer, to question: Question, at now: Instant) -> Answer {
        let kept = kept(answer, at: now)
        if case .failed = answer, var known = entries[question], known.staleUntil > now, known.answer.isUseful {
            known.until = min(now + limits.recheck, known.staleUntil)
            entries[question] = known
            return known.answer.lasting(known.until - now)
        }
        if case .failed(.overload) = answer { return answer }
        if entries[question] == nil { makeRoom(at: now) }
        entries[question] = Entry(answer: answer, until: now + kept, staleUntil: now + kept + limits.stale)
        return answer.lasting(kept)
    }

    private func kept(_ answer: Answer, at now: Instant) -> Interval {
        switch answer {
        case .records(_, let seconds), .alias(_, let seconds):
            min(max(.seconds(Int64(seconds)), limits.shortest), limits.longest)
        case .nothing(let seconds):
            min(max(seconds.map { .seconds(Int64($0)) } ?? limits.nothing, limits.shortest), limits.longestNothing)
        case .failed:
            limits.failure
        }
    }

    /// Makes room for one more: what is of no use any more goes first, then an eighth of what ends soonest.
    private mutating func makeRoom(at now: Instant) {
        guard entries.count >= limits.count else { return }
        entries = entries.filter { $0.value.until > now || ($0.value.staleUntil > now && $0.value.answer.isUseful) }
        guard entries.count >= limits.count else { return }
        let soonest = entries.sorted { $0.value.until < $1.value.until }.prefix(max(1, limits.count / 8))
        for (question, _) in soonest { entries[question] = nil }
    }
}

extension Answer {
    /// Whether it may stand in while no server answers.
    fileprivate var isUseful: Bool {
        switch self {
        case .records, .alias: true
        case .nothing, .failed: false
        }
    }

    /// The same answer, good for so long.
    fileprivate func lasting(_ interval: Interval) -> Answer {
        let seconds = UInt32(clamping: max(1, interval.milliseconds / 1000))
        switch self {
        case .records(let data, _): return .records(data, timeToLive: seconds)
        case .alias(let name, _): return .alias(name, timeToLive: seconds)
        case .nothing: return .nothing(timeToLive: seconds)
        case .failed: return self
        }
    }
}
