// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPTransport
import Testing

@Suite("Wake-ups", .timeLimit(.minutes(1)))
struct WakeTests {
    @Test("A wake comes no earlier than asked for, once")
    func once() async throws {
        let node = try await Node.make()
        var told = node.reader()
        let due = try await node.run { transport in
            let due = transport.now() + .milliseconds(20)
            transport.scheduleWake(at: due)
            transport.scheduleWake(at: due)
            transport.scheduleWake(at: due + .milliseconds(5))
            return due
        }
        guard case .wake(let now)? = await told.next() else {
            Issue.record("no wake")
            return
        }
        #expect(now >= due)
        let next = try await node.run { transport in
            let next = transport.now() + .milliseconds(30)
            transport.scheduleWake(at: next)
            return next
        }
        // Had the repeated and the later request each made a wake of their own, one would come before this one.
        guard case .wake(let second)? = await told.next() else {
            Issue.record("no second wake")
            return
        }
        #expect(second >= next)
        try await node.shutdown()
    }

    @Test("An earlier instant moves the wake forward")
    func earlier() async throws {
        let node = try await Node.make()
        var told = node.reader()
        let far = try await node.run { transport in
            let now = transport.now()
            transport.scheduleWake(at: now + .seconds(3_600))
            transport.scheduleWake(at: now + .milliseconds(10))
            return now + .seconds(3_600)
        }
        guard case .wake(let now)? = await told.next() else {
            Issue.record("no wake")
            return
        }
        #expect(now < far)
        try await node.shutdown()
    }

    @Test("An instant in the past, and one beyond any clock, do no harm")
    func extremes() async throws {
        let node = try await Node.make()
        var told = node.reader()
        try await node.run { transport in
            transport.scheduleWake(at: Instant(milliseconds: .max))
            transport.scheduleWake(at: Instant(milliseconds: .min))
        }
        guard case .wake? = await told.next() else {
            Issue.record("no wake")
            return
        }
        try await node.shutdown()
    }

    @Test("What is sent from a wake is flushed by itself")
    func flushed() async throws {
        let (server, address) = try await Node.listening(.tcp)
        let (client, _) = try await Node.listening(.tcp)
        var arrived = server.reader()
        try await client.send(message("ONE"), .tcp, to: address)
        #expect(await arrived.message()?.bytes == message("ONE"))
        try await client.run { transport in
            transport.delegate = WakeSender(transport: transport, peer: address)
            transport.scheduleWake(at: transport.now())
        }
        #expect(await arrived.message()?.bytes == message("WOKEN"))
        try await client.shutdown()
        try await server.shutdown()
    }
}

/// A delegate that sends one message when it is woken.
private final class WakeSender: TransportDelegate {
    let peer: PeerAddress
    weak var transport: ShardTransport?

    init(transport: ShardTransport, peer: PeerAddress) {
        self.transport = transport
        self.peer = peer
    }

    func wake(at now: Instant) {
        transport?.send(message("WOKEN"), kind: .tcp, to: peer, listener: 0)
    }

    func received(_ bytes: [UInt8], from source: ReceivedFrom) {}
    func readComplete() {}
    func sendFailed(token: UInt64, reason: TransportFailure) {}
    func connectionClosed(_ connection: ConnectionIdentifier, peer: PeerAddress) {}
    func truncatedDatagram(_ bytes: [UInt8], from source: ReceivedFrom) {}
    func framingFailed(from source: ReceivedFrom, reason: StreamFramingError, head: [UInt8]) {}
    func listenerFailed(_ listener: Int, reason: TransportFailure) {}
}
