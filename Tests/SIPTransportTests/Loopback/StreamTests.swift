// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NIOCore
import SIPTransport
import Testing

@Suite("TCP on loopback", .timeLimit(.minutes(1)))
struct StreamTests {
    @Test("§18.2.2 Requests and responses share one connection", arguments: ["127.0.0.1", "::1"])
    func echo(host: String) async throws {
        let (server, address) = try await Node.listening(.tcp, host, echoes: true)
        let (client, _) = try await Node.listening(.tcp, host)
        var heard = client.reader()
        var arrived = server.reader()
        var connections: Set<ConnectionIdentifier> = []
        for round in 0..<5 {
            let sent = message("M\(round)", body: 100 * round)
            try await client.send(sent, .tcp, to: address, token: 1)
            let request = try #require(await arrived.message())
            #expect(request.bytes == sent)
            #expect(request.source.kind == .tcp)
            #expect(request.source.connection != .none)
            connections.insert(request.source.connection)
            let reply = try #require(await heard.message())
            #expect(reply.bytes == sent)
            #expect(reply.source.peer == address)
        }
        #expect(connections.count == 1)
        let clientCounters = try await client.counters()
        #expect(clientCounters.connectionsOpened == 1)
        #expect(clientCounters.streamMessagesIn == 5)
        let serverCounters = try await server.counters()
        #expect(serverCounters.connectionsAccepted == 1)
        #expect(serverCounters.connectionsOpened == 0)
        #expect(serverCounters.bytesIn == clientCounters.bytesOut)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("RFC 5923 §5 An accepted connection is reused for the address it came from")
    func acceptedReuse() async throws {
        let (server, _, client, source) = try await Self.connected()
        var heard = client.reader()
        try await server.send(message("BACK"), .tcp, to: source.peer)
        #expect(await heard.message()?.bytes == message("BACK"))
        #expect((try await server.counters()).connectionsOpened == 0)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("RFC 5923 §5 An accepted connection is reused for another address only when aliased to it")
    func alias() async throws {
        let (server, _, client, source) = try await Self.connected()
        var heard = client.reader()
        var told = server.reader()
        let (dead, contact) = try await Node.listening(.tcp)
        try await dead.shutdown()
        try await server.send(message("LOST"), .tcp, to: contact, token: 9)
        #expect(await told.sendFailed()?.reason == .refused)
        #expect(try await server.run { $0.addAlias(contact, to: source.connection) })
        try await server.send(message("FOUND"), .tcp, to: contact, token: 10)
        #expect(await heard.message()?.bytes == message("FOUND"))
        let unknown = ConnectionIdentifier(shard: 0, serial: 999)
        #expect(try await server.run { !$0.addAlias(contact, to: unknown) })
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("What is sent before the connection is established goes out in order, on one connection")
    func queued() async throws {
        let (server, address) = try await Node.listening(.tcp)
        let (client, _) = try await Node.listening(.tcp)
        var arrived = server.reader()
        try await client.run { transport in
            for index in 0..<50 {
                transport.send(message("M\(index)", body: index), kind: .tcp, to: address, listener: 0, token: 3)
            }
        }
        for index in 0..<50 {
            #expect(await arrived.message()?.bytes == message("M\(index)", body: index))
        }
        #expect((try await client.counters()).connectionsOpened == 1)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("§18.1.1 A message of the greatest length crosses a stream")
    func large() async throws {
        let (server, address) = try await Node.listening(.tcp, echoes: true)
        let (client, _) = try await Node.listening(.tcp)
        var heard = client.reader()
        let sent = message("LARGE", body: 65_000)
        try await client.send(sent, .tcp, to: address)
        #expect(await heard.message()?.bytes == sent)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("A message for a connection that is gone opens a new one")
    func reconnect() async throws {
        let (server, address, client, _) = try await Self.connected()
        var arrived = server.reader()
        var heard = client.reader()
        let old = try await client.run { $0.connectionIdentifiers.first }
        try await client.run { transport in
            if let old { transport.close(old) }
        }
        #expect(await heard.closed() == old)
        #expect(try await client.run { transport in !(old.map { transport.isAlive($0) } ?? true) })
        try await client.send(message("AGAIN"), .tcp, to: address, connection: old)
        #expect(await arrived.message()?.bytes == message("AGAIN"))
        #expect((try await client.counters()).connectionsOpened == 2)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("§18.4 A refused connection is reported for each token, after the call that sent")
    func refused() async throws {
        let (dead, address) = try await Node.listening(.tcp)
        try await dead.shutdown()
        let (client, _) = try await Node.listening(.tcp)
        var heard = client.reader()
        try await client.run { transport in
            transport.send(message("A"), kind: .tcp, to: address, listener: 0, token: 1)
            transport.send(message("B"), kind: .tcp, to: address, listener: 0, token: 0)
            transport.send(message("C"), kind: .tcp, to: address, listener: 0, token: 2)
        }
        #expect(await heard.next() == .sendFailed(1, .refused))
        #expect(await heard.next() == .sendFailed(2, .refused))
        #expect((try await client.counters()).connectFailures == 1)
        #expect(try await client.run { $0.connectionCount } == 0)
        try await client.shutdown()
    }

    @Test("The limit on connections holds for those opened from this side")
    func tooMany() async throws {
        let (server, address) = try await Node.listening(.tcp)
        var limits = TransportLimits()
        limits.maxConnections = 0
        let (client, _) = try await Node.listening(.tcp, limits: limits)
        var heard = client.reader()
        try await client.send(message("A"), .tcp, to: address, token: 4)
        #expect(await heard.next() == .sendFailed(4, .tooManyConnections))
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("A connection closed while it is being opened fails what waits, and is gone")
    func closedWhileConnecting() async throws {
        let (server, address) = try await Node.listening(.tcp)
        let (client, _) = try await Node.listening(.tcp)
        var heard = client.reader()
        try await client.run { transport in
            transport.send(message("A"), kind: .tcp, to: address, listener: 0, token: 8)
            for identifier in transport.connectionIdentifiers {
                transport.close(identifier)
            }
        }
        #expect(await heard.next() == .sendFailed(8, .connectionClosed))
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("What waits for a connection is bounded")
    func boundedQueue() async throws {
        let (server, address) = try await Node.listening(.tcp)
        var limits = TransportLimits()
        limits.maxOutboundBufferedBytes = 1_000
        let (client, _) = try await Node.listening(.tcp, limits: limits)
        var heard = client.reader()
        try await client.run { transport in
            transport.send([UInt8](repeating: 65, count: 600), kind: .tcp, to: address, listener: 0, token: 1)
            transport.send([UInt8](repeating: 65, count: 600), kind: .tcp, to: address, listener: 0, token: 2)
        }
        #expect(await heard.next() == .sendFailed(2, .congested))
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("Shutdown sends what was taken, closes the connections and tells them, and refuses what comes after")
    func shutdown() async throws {
        let (server, address, client, _) = try await Self.connected()
        var arrived = server.reader()
        var heard = client.reader()
        let sent = message("LAST", body: 60_000)
        try await client.run { transport in
            transport.send(sent, kind: .tcp, to: address, listener: 0)
        }
        try await client.shutdown()
        #expect(await arrived.message()?.bytes == sent)
        guard case .closed? = await heard.next() else {
            Issue.record("the connection's end was not told first")
            return
        }
        #expect(try await client.run { $0.delegate == nil && $0.connectionCount == 0 })
        try await client.shutdown()
        try await server.shutdown()
    }

    /// A client that has sent one message to a server, and where the server says it came from.
    private static func connected() async throws -> (Node, PeerAddress, Node, ReceivedFrom) {
        let (server, address) = try await Node.listening(.tcp)
        let (client, _) = try await Node.listening(.tcp)
        let events = server.reader()
        var arrived = events
        try await client.send(message("FIRST"), .tcp, to: address)
        let (_, source) = try #require(await arrived.message())
        return (server, address, client, source)
    }
}
