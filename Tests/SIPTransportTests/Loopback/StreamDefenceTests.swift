// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NIOCore
import SIPTransport
import Testing

@Suite("TCP peers that misbehave", .timeLimit(.minutes(1)))
struct StreamDefenceTests {
    @Test("RFC 5626 §3.5.1 A double CRLF is answered with a single one")
    func pong() async throws {
        let (server, address) = try await Node.listening(.tcp)
        let stream = try await RawStream.connect(to: address)
        try await stream.write(Array("\r\n\r\n".utf8))
        #expect(await stream.first(2) == Array("\r\n".utf8))
        #expect((try await server.counters()).keepAlives == 1)
        try await stream.close()
        try await server.shutdown()
    }

    @Test("§18.3 A stream without Content-Length gets the delegate's 400 and is closed")
    func framing() async throws {
        let (server, address) = try await Node.listening(.tcp, echoes: true)
        var told = server.reader()
        let stream = try await RawStream.connect(to: address)
        let good = message("GOOD")
        let bad = Array("BAD sip:t SIP/2.0\r\nCall-ID: x\r\n\r\n".utf8)
        try await stream.write(good + bad + good)
        #expect(await told.message()?.bytes == good)
        guard case .framingFailed(let source, let reason, let head)? = await told.next() else {
            Issue.record("the failure was not told")
            return
        }
        #expect(reason == .contentLengthMissing)
        #expect(head.starts(with: bad))
        #expect(await stream.first(good.count + message("400").count) == good + message("400"))
        #expect(try await server.run { !$0.isAlive(source.connection) })
        try await stream.close()
        #expect(await told.next() == .closed(source.connection, source.peer))
        #expect((try await server.counters()).framingErrors == 1)
        try await server.shutdown()
    }

    @Test("A message longer than the limit is refused by its announcement, before its body comes")
    func tooLong() async throws {
        var limits = TransportLimits()
        limits.maxMessageBytes = 1_000
        let (server, address) = try await Node.listening(.tcp, limits: limits)
        var told = server.reader()
        let stream = try await RawStream.connect(to: address)
        let head = Array("LONG sip:t SIP/2.0\r\nContent-Length: 1000\r\n\r\n".utf8)
        try await stream.write(head)
        guard case .framingFailed(_, .messageTooLong, let told)? = await told.next() else {
            Issue.record("the failure was not told")
            return
        }
        #expect(told == head)
        #expect(await stream.untilClosed().isEmpty)
        try await server.shutdown()
    }

    @Test("One address may have only so many connections, and gets its place back")
    func perPeer() async throws {
        var limits = TransportLimits()
        limits.tcpConnectionsPerPeer = 2
        let (server, address) = try await Node.listening(.tcp, limits: limits)
        var arrived = server.reader()
        var streams: [RawStream] = []
        for index in 0..<2 {
            streams.append(try await RawStream.connect(to: address))
            try await streams[index].write(message("M\(index)"))
            #expect(await arrived.message()?.bytes == message("M\(index)"))
        }
        let third = try await RawStream.connect(to: address)
        #expect(await third.untilClosed().isEmpty)
        #expect((try await server.counters()).connectionsRefused == 1)
        try await streams[0].close()
        #expect(await arrived.closed() != nil)
        let fourth = try await RawStream.connect(to: address)
        try await fourth.write(message("M4"))
        #expect(await arrived.message()?.bytes == message("M4"))
        try await fourth.close()
        try await streams[1].close()
        try await server.shutdown()
    }

    @Test("A connection without traffic is closed, and traffic keeps one open")
    func idle() async throws {
        var limits = TransportLimits()
        // Long enough for the busy peer to get its turns on a loaded machine.
        limits.idleTimeout = .milliseconds(1500)
        limits.closeTimeout = .milliseconds(200)
        let (server, address) = try await Node.listening(.tcp, limits: limits)
        var told = server.reader()
        let busy = try await RawStream.connect(to: address)
        let traffic = Task {
            while !Task.isCancelled, (try? await busy.write(Array("\r\n".utf8))) != nil {
                await Task.yield()
            }
        }
        let start = try await server.run { $0.now() }
        let silent = try await RawStream.connect(to: address)
        #expect(await silent.untilClosed().isEmpty)
        let end = try await server.run { $0.now() }
        traffic.cancel()
        #expect(end - start >= .milliseconds(1500))
        #expect(await told.closed() != nil)
        #expect((try await server.counters()).idleClosed == 1)
        try await busy.write(message("ALIVE"))
        #expect(await told.message()?.bytes == message("ALIVE"))
        try await busy.close()
        try await server.shutdown()
    }

    @Test("A message that stays unfinished is cut off, however steadily its bytes drip")
    func slowLoris() async throws {
        var limits = TransportLimits()
        limits.partialMessageTimeout = .milliseconds(100)
        limits.maxHeaderSectionBytes = 1 << 30
        let (server, address) = try await Node.listening(.tcp, limits: limits)
        let stream = try await RawStream.connect(to: address)
        let drip = Task {
            while !Task.isCancelled, (try? await stream.write([UInt8(ascii: "X")])) != nil {
                await Task.yield()
            }
        }
        #expect(await stream.untilClosed().isEmpty)
        drip.cancel()
        #expect((try await server.counters()).stalledClosed == 1)
        try await server.shutdown()
    }

    @Test("An unfinished message without further bytes is cut off")
    func stalled() async throws {
        var limits = TransportLimits()
        limits.partialMessageTimeout = .milliseconds(100)
        let (server, address) = try await Node.listening(.tcp, limits: limits)
        let stream = try await RawStream.connect(to: address)
        try await stream.write(message("WHOLE") + Array("INVITE sip:a SIP/2.0\r\nVia: ".utf8))
        #expect(await stream.untilClosed().isEmpty)
        let counters = try await server.counters()
        #expect(counters.stalledClosed == 1)
        #expect(counters.streamMessagesIn == 1)
        try await server.shutdown()
    }

    @Test("A peer that does not read is cut off when too much waits for it")
    func congested() async throws {
        var limits = TransportLimits()
        limits.maxOutboundBufferedBytes = 100_000
        let (server, address) = try await Node.listening(.tcp, limits: limits)
        var told = server.reader()
        let stream = try await RawStream.connect(to: address, reads: false)
        try await stream.write(message("HELLO"))
        let (_, source) = try #require(await told.message())
        try await server.run { transport in
            // More than the system's own buffers on both sides can take.
            for token in 1...400 {
                let bytes = message("MORE", body: 60_000)
                transport.send(bytes, kind: .tcp, to: source.peer, listener: 0, token: UInt64(token))
                transport.flush()
            }
        }
        #expect(await told.sendFailed()?.reason == .congested)
        #expect(await told.closed() != nil)
        #expect((try await server.counters()).congestedClosed == 1)
        try await stream.close()
        try await server.shutdown()
    }
}
