// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NIOCore
import NIOPosix
import SIPTransport
import TransportLayerSecurity

/// What a delegate was told.
enum Event: Sendable, Equatable {
    case received([UInt8], ReceivedFrom)
    case sendFailed(UInt64, TransportFailure)
    case closed(ConnectionIdentifier, PeerAddress)
    case truncated([UInt8], ReceivedFrom)
    case framingFailed(ReceivedFrom, StreamFramingError, [UInt8])
    case listenerFailed(Int, TransportFailure)
    case securityFailed(PeerAddress, String)
    case wake(Instant)
}

/// A delegate that passes on what it is told, and may answer.
final class Recorder: TransportDelegate {
    let events: AsyncStream<Event>.Continuation
    let echoes: Bool
    weak var transport: ShardTransport?

    init(events: AsyncStream<Event>.Continuation, echoes: Bool) {
        self.events = events
        self.echoes = echoes
    }

    private func answer(_ bytes: [UInt8], to source: ReceivedFrom) {
        guard echoes else { return }
        transport?.send(
            bytes,
            kind: source.kind,
            to: source.peer,
            listener: source.listener,
            connection: source.connection
        )
    }

    func received(_ bytes: [UInt8], from source: ReceivedFrom) {
        answer(bytes, to: source)
        events.yield(.received(bytes, source))
    }

    func readComplete() {}

    func sendFailed(token: UInt64, reason: TransportFailure) {
        events.yield(.sendFailed(token, reason))
    }

    func connectionClosed(_ connection: ConnectionIdentifier, peer: PeerAddress) {
        events.yield(.closed(connection, peer))
    }

    func truncatedDatagram(_ bytes: [UInt8], from source: ReceivedFrom) {
        events.yield(.truncated(bytes, source))
    }

    func framingFailed(from source: ReceivedFrom, reason: StreamFramingError, head: [UInt8]) {
        answer(message("400"), to: source)
        events.yield(.framingFailed(source, reason, head))
    }

    func listenerFailed(_ listener: Int, reason: TransportFailure) {
        events.yield(.listenerFailed(listener, reason))
    }

    func securityFailed(with peer: PeerAddress, listener: Int, reason: String) {
        events.yield(.securityFailed(peer, reason))
    }

    func wake(at now: Instant) {
        events.yield(.wake(now))
    }
}

/// A transport on a loop of its own, with the events of its delegate.
struct Node: Sendable {
    let loop: any EventLoop
    let box: NIOLoopBound<ShardTransport>
    let events: AsyncStream<Event>

    /// Makes a transport; bind it with `bind`.
    static func make(
        shard: Int = 0,
        limits: TransportLimits = TransportLimits(),
        echoes: Bool = false
    ) async throws -> Node {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let box = try await loop.submit {
            let recorder = Recorder(events: continuation, echoes: echoes)
            let transport = ShardTransport(eventLoop: loop, shard: shard, limits: limits, delegate: recorder)
            recorder.transport = transport
            return NIOLoopBound(transport, eventLoop: loop)
        }.get()
        return Node(loop: loop, box: box, events: events)
    }

    /// Makes a transport that listens on one address.
    static func listening(
        _ kind: TransportKind,
        _ address: String = "127.0.0.1",
        limits: TransportLimits = TransportLimits(),
        echoes: Bool = false
    ) async throws -> (Node, PeerAddress) {
        let node = try await make(limits: limits, echoes: echoes)
        let bound = try await node.bind([ListenerConfiguration(kind: kind, address: address, port: 0)])
        return (node, bound[0].address)
    }

    func bind(
        _ listeners: [ListenerConfiguration],
        security: [Int: TLSServerContext] = [:]
    ) async throws -> [BoundListener] {
        try await loop.flatSubmit { box.value.bind(listeners, security: security) }.get()
    }

    /// Runs a piece of work on the transport's loop.
    @discardableResult
    func run<Result: Sendable>(_ body: @escaping @Sendable (ShardTransport) -> Result) async throws -> Result {
        try await loop.submit { body(box.value) }.get()
    }

    /// Sends as the owner of a shard would.
    func send(
        _ bytes: [UInt8],
        _ kind: TransportKind,
        to peer: PeerAddress,
        destination: SecureDestination? = nil,
        connection: ConnectionIdentifier? = nil,
        token: UInt64 = 0
    ) async throws {
        try await run { transport in
            transport.send(
                bytes,
                kind: kind,
                to: peer,
                listener: 0,
                destination: destination,
                connection: connection,
                token: token
            )
            transport.flush()
        }
    }

    func counters() async throws -> TransportCounters {
        try await run { $0.counters }
    }

    func shutdown() async throws {
        try await loop.flatSubmit { box.value.shutdown() }.get()
    }

    func reader() -> EventReader {
        EventReader(iterator: events.makeAsyncIterator())
    }
}

/// Reads a node's events in order. A test's time limit bounds the waiting.
struct EventReader {
    var iterator: AsyncStream<Event>.Iterator

    mutating func next() async -> Event? {
        await iterator.next()
    }

    /// The next message, whatever comes before it.
    mutating func message() async -> (bytes: [UInt8], source: ReceivedFrom)? {
        while let event = await next() {
            if case .received(let bytes, let source) = event { return (bytes, source) }
        }
        return nil
    }

    /// The next failed send, whatever comes before it.
    mutating func sendFailed() async -> (token: UInt64, reason: TransportFailure)? {
        while let event = await next() {
            if case .sendFailed(let token, let reason) = event { return (token, reason) }
        }
        return nil
    }

    /// The next connection that ended, whatever comes before it.
    mutating func closed() async -> ConnectionIdentifier? {
        while let event = await next() {
            if case .closed(let connection, _) = event { return connection }
        }
        return nil
    }
}

/// A small message with a body of so many bytes.
func message(_ name: String, body: Int = 0) -> [UInt8] {
    Array("\(name) sip:t SIP/2.0\r\nCall-ID: \(name)\r\nContent-Length: \(body)\r\n\r\n".utf8)
        + [UInt8](repeating: UInt8(ascii: "b"), count: body)
}
