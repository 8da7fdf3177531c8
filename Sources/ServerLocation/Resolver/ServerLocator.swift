// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime
internal import Synchronization

/// Locates SIP servers (RFC 3263): the pure selection, its memory, and the thread that asks DNS.
///
/// May be used from any thread and blocks none. What is known is told at once; else one query goes out for each name and
/// type, however many wait for it.
package final class ServerLocator: Sendable {
    /// What a location comes to.
    package typealias Outcome = Result<LocatedServers, LocationFailure>

    /// The most questions, and the most locations, that may be open at once.
    static let questionLimit = 256
    static let locationLimit = 10_000
    /// How long one location may take, all its questions together.
    static let patience = Interval.seconds(10)

    private struct Location {
        var selection: ServerSelection
        let deadline: Instant
        let completion: @Sendable (Outcome) -> Void
    }

    private struct State {
        var cache = AnswerCache()
        var health = ServerHealth()
        var locations: [UInt64: Location] = [:]
        /// Who waits for a question that was asked.
        var waiting: [Question: [UInt64]] = [:]
        var lastLocation: UInt64 = 0
        /// When the open locations are next looked through for late ones.
        var nextReview = Instant(milliseconds: 0)
        var isClosed = false
    }

    private typealias Ended = (completion: @Sendable (Outcome) -> Void, outcome: Outcome)

    private let state = Mutex(State())
    private let clock: @Sendable () -> Instant
    private let thread = Mutex<QueryThread?>(nil)

    /// Starts to take requests.
    ///
    /// - Parameters:
    ///   - settings: The DNS servers and how to ask them.
    ///   - clock: Tells the time.
    /// - Throws: `ResolverError` when no queries can be made.
    package init(
        _ settings: DNSSettings = DNSSettings(),
        clock: @escaping @Sendable () -> Instant
    ) throws(ResolverError) {
        self.clock = clock
        let thread = try QueryThread(settings) { [weak self] in self?.answered($0) }
        self.thread.withLock { $0 = thread }
    }

    deinit {
        thread.withLock { $0 }?.close()
    }

    /// Locates servers.
    ///
    /// - Parameters:
    ///   - request: What to locate.
    ///   - capabilities: What can be sent by.
    ///   - seed: A random number, for the lots of RFC 2782.
    ///   - completion: Takes the outcome later, once and on a thread of the locator's, when it is not known at once.
    /// - Returns: The outcome when it is known; then the completion is never called.
    package func locate(
        _ request: LocationRequest,
        _ capabilities: ServerCapabilities,
        seed: UInt64,
        _ completion: @escaping @Sendable (Outcome) -> Void
    ) -> Outcome? {
        let now = clock()
        var questions: [Question] = []
        let outcome = state.withLock { state -> Outcome? in
            guard !state.isClosed, state.locations.count < Self.locationLimit else { return .failure(.overloaded) }
            state.lastLocation &+= 1
            let location = Location(
                selection: ServerSelection(request, capabilities: capabilities, seed: seed),
                deadline: now + Self.patience,
                completion: completion
            )
            return Self.advance(location, state.lastLocation, &state, &questions, at: now)
        }
        thread.withLock { $0 }?.ask(questions)
        return outcome
    }

    /// Notes that a place failed: a transport error, no answer in time, or a 503 (RFC 3263 §4.3).
    ///
    /// - Parameters:
    ///   - server: The place.
    ///   - interval: For how long to avoid it; nil for the usual time.
    package func noteFailure(of server: LocatedServer, for interval: Interval? = nil) {
        let now = clock()
        state.withLock { $0.health.noteFailure(of: server, for: interval, at: now) }
    }

    /// Notes that a place answered.
    package func noteSuccess(of server: LocatedServer) {
        state.withLock { $0.health.noteSuccess(of: server) }
    }

    /// Ends all queries; what is still open fails, and the thread ends.
    package func close() {
        let open = state.withLock { state in
            defer {
                state.locations = [:]
                state.waiting = [:]
            }
            state.isClosed = true
            return Array(state.locations.values)
        }
        for location in open { location.completion(.failure(.serversSilent)) }
        thread.withLock { $0.take() }?.close()
    }

    private func answered(_ answers: [(Question, Answer)]) {
        let now = clock()
        var questions: [Question] = []
        let ended = state.withLock { state in
            var touched: Set<UInt64> = []
            for (question, answer) in answers {
                let kept = state.cache.store(answer, to: question, at: now)
                for identifier in state.waiting.removeValue(forKey: question) ?? [] {
                    state.locations[identifier]?.selection.take(kept, to: question)
                    touched.insert(identifier)
                }
            }
            var ended: [Ended] = []
            for identifier in touched {
                guard let location = state.locations[identifier],
                    let outcome = Self.advance(location, identifier, &state, &questions, at: now)
                else { continue }
                ended.append((location.completion, outcome))
            }
            return ended + Self.giveUp(&state, at: now)
        }
        thread.withLock { $0 }?.ask(questions)
        for (completion, outcome) in ended { completion(outcome) }
    }

    /// Ends the locations that have taken too long.
    private static func giveUp(_ state: inout State, at now: Instant) -> [Ended] {
        guard now >= state.nextReview else { return [] }
        state.nextReview = now + .milliseconds(250)
        let late = state.locations.filter { $0.value.deadline <= now }
        for identifier in late.keys { state.locations[identifier] = nil }
        return late.values.map { ($0.completion, .failure(.serversSilent)) }
    }

    /// Goes on with a location as far as the cache reaches; asks for the rest.
    private static func advance(
        _ location: Location,
        _ identifier: UInt64,
        _ state: inout State,
        _ questions: inout [Question],
        at now: Instant
    ) -> Outcome? {
        var location = location
        while true {
            switch location.selection.next() {
            case .found(var servers):
                servers.servers = state.health.order(servers.servers, at: now)
                state.locations[identifier] = nil
                return .success(servers)
            case .failed(let failure):
                state.locations[identifier] = nil
                return .failure(failure)
            case .ask(let open):
                let unknown = open.filter { question in
                    guard let answer = state.cache.answer(to: question, at: now) else { return true }
                    location.selection.take(answer, to: question)
                    return false
                }
                guard unknown.count == open.count else { continue }
                guard ask(unknown, for: identifier, &location, &state, &questions) else { continue }
                state.locations[identifier] = location
                return nil
            }
        }
    }

    /// Has questions asked that nobody has asked yet; false when there are too many, which answers them.
    private static func ask(
        _ unknown: [Question],
        for identifier: UInt64,
        _ location: inout Location,
        _ state: inout State,
        _ questions: inout [Question]
    ) -> Bool {
        var isAsked = false
        for question in unknown {
            if let waiting = state.waiting[question] {
                if !waiting.contains(identifier) { state.waiting[question] = waiting + [identifier] }
                isAsked = true
            } else if state.waiting.count < questionLimit {
                state.waiting[question] = [identifier]
                questions.append(question)
                isAsked = true
            } else {
                location.selection.take(.failed(.overload), to: question)
            }
        }
        return isAsked
    }
}
