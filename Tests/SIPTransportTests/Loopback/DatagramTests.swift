// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPTransport
import Testing

@Suite("UDP on loopback", .timeLimit(.minutes(1)))
struct DatagramTests {
    @Test("§18.1.1 A datagram goes there and back", arguments: ["127.0.0.1", "::1"])
    func echo(host: String) async throws {
        let (server, address) = try await Node.listening(.udp, host, echoes: true)
        let (client, local) = try await Node.listening(.udp, host)
        var heard = client.reader()
        var arrived = server.reader()
        let sent = message("PING", body: 1_200)
        try await client.send(sent, .udp, to: address)
        let request = try #require(await arrived.message())
        #expect(request.bytes == sent)
        #expect(request.source == ReceivedFrom(kind: .udp, listener: 0, peer: local))
        let reply = try #require(await heard.message())
        #expect(reply.bytes == sent)
        #expect(reply.source.peer == address)
        #expect(reply.source.connection == .none)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("A burst longer than one vector read arrives whole")
    func burst() async throws {
        let (server, address) = try await Node.listening(.udp)
        let (client, _) = try await Node.listening(.udp)
        var arrived = server.reader()
        try await client.run { transport in
            for index in 0..<100 {
                transport.send(message("M\(index)"), kind: .udp, to: address, listener: 0)
            }
        }
        for index in 0..<100 {
            #expect(await arrived.message()?.bytes == message("M\(index)"))
        }
        let counters = try await server.counters()
        #expect(counters.datagramsIn == 100)
        #expect(counters.bytesIn == (try await client.counters()).bytesOut)
        #expect((try await client.counters()).datagramsOut == 100)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("RFC 5626 §4.4 Keep-alive datagrams are counted and nothing else")
    func keepAlives() async throws {
        let (server, address) = try await Node.listening(.udp)
        let (client, _) = try await Node.listening(.udp)
        var arrived = server.reader()
        let junk: [[UInt8]] = [
            Array("\r\n\r\n".utf8), [0], [0, 0, 0, 0], Array("jaK\r\n".utf8), Array("\r\n\r\n\r\n\r\n".utf8), [],
        ]
        for bytes in junk {
            try await client.send(bytes, .udp, to: address)
        }
        try await client.send(Array("\r\nREGISTER".utf8), .udp, to: address)
        #expect(await arrived.next().map(Self.bytes) == Array("\r\nREGISTER".utf8))
        #expect((try await server.counters()).keepAlives == UInt64(junk.count))
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("A datagram that fills its slot is reported as cut; one byte less is not")
    func truncation() async throws {
        let (server, address) = try await Node.listening(.udp)
        let (client, _) = try await Node.listening(.udp)
        var arrived = server.reader()
        let long = message("LONG", body: 9_000)
        try await client.send(long, .udp, to: address)
        guard case .truncated(let bytes, let source)? = await arrived.next() else {
            Issue.record("not reported as cut")
            return
        }
        #expect(bytes == Array(long[..<8_192]))
        #expect(source.kind == .udp)
        let fits = Array(long[..<8_191])
        try await client.send(fits, .udp, to: address)
        #expect(await arrived.next().map(Self.bytes) == fits)
        #expect((try await server.counters()).truncated == 1)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("The longest datagram UDP can carry arrives whole in a slot that is large enough")
    func largest() async throws {
        var limits = TransportLimits()
        limits.udpSlotBytes = 65_536
        limits.udpVectorCount = 4
        let (server, address) = try await Node.listening(.udp, limits: limits)
        let (client, _) = try await Node.listening(.udp)
        var arrived = server.reader()
        let sent = [UInt8](repeating: UInt8(ascii: "x"), count: 65_507)
        try await client.send(sent, .udp, to: address)
        #expect(await arrived.message()?.bytes == sent)
        try await client.shutdown()
        try await server.shutdown()
    }

    @Test("§18.4 A datagram too long for UDP is reported by its token, after the call that sent it")
    func tooLong() async throws {
        let (client, address) = try await Node.listening(.udp)
        var heard = client.reader()
        let long = [UInt8](repeating: 1, count: 70_000)
        try await client.send(long, .udp, to: address, token: 0)
        try await client.send(long, .udp, to: address, token: 77)
        #expect(await heard.next() == .sendFailed(77, .tooLong))
        #expect((try await client.counters()).datagramsFailed == 2)
        try await client.shutdown()
    }

    @Test("§18.4 A listener that does not exist or has the other address family is reported")
    func noListener() async throws {
        let (client, _) = try await Node.listening(.udp)
        var heard = client.reader()
        let ipv6 = try #require(PeerAddress(host: "::1", port: 9))
        let ipv4 = try #require(PeerAddress(host: "127.0.0.1", port: 9))
        try await client.send([1], .udp, to: ipv6, token: 5)
        #expect(await heard.next() == .sendFailed(5, .noSuitableListener))
        for index in [-1, 1, Int.max] {
            try await client.run { $0.send([1], kind: .udp, to: ipv4, listener: index, token: 6) }
            #expect(await heard.next() == .sendFailed(6, .noSuitableListener))
        }
        try await client.shutdown()
    }

    private static func bytes(_ event: Event) -> [UInt8] {
        guard case .received(let bytes, _) = event else { return [] }
        return bytes
    }
}
