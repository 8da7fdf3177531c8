// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Ccares
internal import Glibc
internal import Synchronization

/// The one thread that DNS queries are made on: it sleeps in `poll` until a question, an answer or a timeout comes.
final class QueryThread: Sendable {
    private struct Orders {
        var questions: [Question] = []
        var isClosed = false
        var handle: pthread_t?
    }

    private let orders = Mutex(Orders())
    /// An event descriptor, written to wake the thread.
    private let bell: Int32
    /// How long the thread sleeps at most, in milliseconds, so that whoever waits is given up in time.
    private static let longestSleep: Int32 = 500

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - settings: The servers and how to ask them.
    ///   - answered: Takes answers, on the thread; also called without any, at least twice a second.
    /// - Throws: `ResolverError` when there can be no channel or no thread.
    init(
        _ settings: DNSSettings,
        answered: @escaping @Sendable ([(Question, Answer)]) -> Void
    ) throws(ResolverError) {
        let channel = try QueryChannel(settings)
        bell = tollgate_event_descriptor()
        guard bell >= 0 else {
            channel.close()
            throw ResolverError(description: "no descriptor for DNS queries: \(String(cString: strerror(errno)))")
        }
        let body = Unmanaged.passRetained(Body { self.run(channel, answered) })
        var handle = pthread_t()
        let code = pthread_create(
            &handle,
            nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            body.toOpaque()
        )
        guard code == 0 else {
            body.release()
            channel.close()
            throw ResolverError(description: "no thread for DNS queries: \(String(cString: strerror(code)))")
        }
        orders.withLock { $0.handle = handle }
    }

    deinit {
        Glibc.close(bell)
    }

    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// Has questions asked.
    func ask(_ questions: [Question]) {
        guard !questions.isEmpty else { return }
        orders.withLock { $0.questions += questions }
        ring()
    }

    /// Ends all queries without an answer, and waits for the thread to end.
    func close() {
        let handle = orders.withLock { orders in
            orders.isClosed = true
            return orders.handle.take()
        }
        ring()
        if let handle { pthread_join(handle, nil) }
    }

    private func ring() {
        var one: UInt64 = 1
        write(bell, &one, MemoryLayout<UInt64>.size)
    }

    private func run(_ channel: QueryChannel, _ answered: ([(Question, Answer)]) -> Void) {
        defer { channel.close() }
        while true {
            let (questions, isClosed) = orders.withLock { orders in
                defer { orders.questions = [] }
                return (orders.questions, orders.isClosed)
            }
            guard !isClosed else { return }
            for question in questions { channel.ask(question) }
            channel.process(sleep(channel, hasAnswers: channel.hasAnswers))
            answered(channel.takeAnswers())
        }
    }

    /// Waits for something to happen, and gives the sockets that are ready.
    private func sleep(_ channel: QueryChannel, hasAnswers: Bool) -> [(socket: Int32, events: Int16)] {
        var descriptors = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
        for (socket, events) in channel.interest { descriptors.append(pollfd(fd: socket, events: events, revents: 0)) }
        let longest = hasAnswers ? 0 : min(channel.patience ?? Self.longestSleep, Self.longestSleep)
        guard poll(&descriptors, nfds_t(descriptors.count), longest) > 0 else { return [] }
        if descriptors[0].revents != 0 {
            var count: UInt64 = 0
            read(bell, &count, MemoryLayout<UInt64>.size)
        }
        return descriptors.dropFirst().filter { $0.revents != 0 }.map { ($0.fd, $0.revents) }
    }
}
