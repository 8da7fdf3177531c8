// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SIPTransport
import Testing

@Suite("Binding listeners", .timeLimit(.minutes(1)))
struct BindTests {
    private static func configuration(_ kind: TransportKind, _ address: PeerAddress) -> ListenerConfiguration {
        ListenerConfiguration(kind: kind, address: address.hostText, port: address.port)
    }

    private static func bindError(_ node: Node, _ listeners: [ListenerConfiguration]) async -> TransportBindError? {
        do {
            _ = try await node.bind(listeners)
            return nil
        } catch {
            return error as? TransportBindError
        }
    }

    @Test("A second process is refused in words an operator can act on", arguments: [TransportKind.udp, .tcp])
    func conflict(kind: TransportKind) async throws {
        let (first, address) = try await Node.listening(kind)
        let second = try await Node.make()
        let error = try #require(await Self.bindError(second, [Self.configuration(kind, address)]))
        let place = "127.0.0.1:\(address.port)/\(kind.text)"
        #expect(error.description == "another program listens on \(place); stop it or change `sip.listen`")
        #expect(error.address == place)
        try await second.shutdown()
        try await first.shutdown()
    }

    @Test(
        "Shards of one process share an address, and a second process is still refused",
        arguments: [TransportKind.udp, .tcp]
    )
    func shards(kind: TransportKind) async throws {
        let (first, address) = try await Node.listening(kind)
        let second = try await Node.make(shard: 1)
        let third = try await Node.make(shard: 2)
        let configuration = Self.configuration(kind, address)
        #expect(try await second.bind([configuration]).map(\.address) == [address])
        #expect(try await third.bind([configuration]).map(\.address) == [address])
        let stranger = try await Node.make()
        #expect(await Self.bindError(stranger, [configuration]) != nil)
        for node in [first, second, third, stranger] {
            try await node.shutdown()
        }
    }

    @Test(
        "The shards of a shared address each get some of many peers, and none gets lost",
        arguments: [TransportKind.udp, .tcp]
    )
    func spreading(kind: TransportKind) async throws {
        let first = try await Node.make(echoes: true)
        let any = ListenerConfiguration(kind: kind, address: "127.0.0.1", port: 0)
        let address = try await first.bind([any])[0].address
        let second = try await Node.make(shard: 1, echoes: true)
        _ = try await second.bind([Self.configuration(kind, address)])
        for index in 0..<40 {
            let (client, _) = try await Node.listening(kind)
            var heard = client.reader()
            try await client.send(message("M\(index)"), kind, to: address)
            #expect(await heard.message()?.bytes == message("M\(index)"))
            try await client.shutdown()
        }
        let counters = try await [first.counters(), second.counters()]
        let counts = counters.map { $0.datagramsIn + $0.streamMessagesIn }
        #expect(counts[0] + counts[1] == 40)
        #expect(counts[0] > 0 && counts[1] > 0)
        try await first.shutdown()
        try await second.shutdown()
    }

    @Test("Several listeners open together, in the order given")
    func several() async throws {
        let node = try await Node.make()
        let bound = try await node.bind([
            ListenerConfiguration(kind: .udp, address: "127.0.0.1", port: 0),
            ListenerConfiguration(kind: .tcp, address: "[::1]", port: 0),
            ListenerConfiguration(kind: .udp, address: "::1", port: 0),
        ])
        #expect(bound.map(\.kind) == [.udp, .tcp, .udp])
        #expect(bound.map(\.index) == [0, 1, 2])
        #expect(bound.map(\.address.isIPv6) == [false, true, true])
        #expect(bound.allSatisfy { $0.address.port != 0 })
        try await node.shutdown()
    }

    @Test("The IPv4 and the IPv6 wildcard live on one port", arguments: [TransportKind.udp, .tcp])
    func wildcards(kind: TransportKind) async throws {
        let (first, address) = try await Node.listening(kind, "0.0.0.0")
        let second = try await Node.make()
        _ = try await second.bind([ListenerConfiguration(kind: kind, address: "::", port: address.port)])
        try await first.shutdown()
        try await second.shutdown()
    }

    @Test("A failed listener closes those that were open already")
    func allOrNone() async throws {
        let (occupant, occupied) = try await Node.listening(.udp)
        let (probe, free) = try await Node.listening(.tcp)
        try await probe.shutdown()
        let node = try await Node.make()
        let listeners = [Self.configuration(.tcp, free), Self.configuration(.udp, occupied)]
        #expect(await Self.bindError(node, listeners)?.listener == listeners[1])
        #expect(await Self.bindError(node, listeners)?.listener == listeners[1])
        var told = node.reader()
        try await node.run { $0.scheduleWake(at: $0.now()) }
        guard case .wake? = await told.next() else {
            Issue.record("a listener that was never promised must not be told as failed")
            return
        }
        try await node.shutdown()
        let successor = try await Node.make()
        #expect(try await successor.bind([listeners[0]]).count == 1)
        try await successor.shutdown()
        try await occupant.shutdown()
    }

    @Test("A host name is refused without a lookup, and a foreign address by name")
    func unusable() async throws {
        let node = try await Node.make()
        let name = await Self.bindError(node, [ListenerConfiguration(kind: .udp, address: "localhost", port: 5060)])
        #expect(name?.description == "`localhost` is not an IP address; correct `sip.listen`")
        let foreign = await Self.bindError(
            node,
            [ListenerConfiguration(kind: .tcp, address: "2001:db8::1", port: 5060)]
        )
        #expect(foreign?.address == "[2001:db8::1]:5060/tcp")
        #expect(foreign?.reason == "no interface of this host has the address of [2001:db8::1]:5060/tcp")
        try await node.shutdown()
    }
}
