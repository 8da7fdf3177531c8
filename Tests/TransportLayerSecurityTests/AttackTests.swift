// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import NIOCore
import NIOEmbedded
import Testing

@testable import TransportLayerSecurity

struct AttackTests {
    let contexts: Contexts

    init() throws {
        let authority = try Authority.shared.get()
        let title = "attack" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
        contexts = Contexts(authority, try authority.issue(title, names: "DNS:sip.example.net"))
    }

    private func connected(_ version: TLSVersion = .version13) throws -> Link {
        var contexts = contexts
        contexts.client.common.maximumVersion = version
        let link = try contexts.link(to: "sip.example.net")
        try link.connect()
        try #require(link.clientSide.security != nil)
        return link
    }

    @Test("A client that speaks plain SIP is told apart by its first byte")
    func plainSIP() throws {
        let link = try contexts.link(to: "sip.example.net")
        link.server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 5061), promise: nil)
        link.server.pipeline.fireChannelRead(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        #expect(link.serverSide.words == "peer speaks no TLS (first byte 0x47)")
        #expect(!link.server.isActive)
    }

    @Test("RFC 8446 §6.1: an end without close_notify is reported")
    func truncation() throws {
        let link = try connected()
        link.send("half a mess", from: link.client)
        link.server.close(mode: .input, promise: nil)
        link.server.pipeline.fireChannelInactive()
        #expect(link.serverSide.errors == [.truncated])
    }

    @Test("Renegotiation asked for by a client is refused")
    func renegotiation() throws {
        let link = try connected(.version12)
        guard case .open(let engine) = link.clientHandler.state else {
            Issue.record("not open")
            return
        }
        SSL_clear_options(engine.pointer, UInt64(1) << 30)
        #expect(SSL_renegotiate(engine.pointer) == 1)
        _ = SSL_do_handshake(engine.pointer)
        let hello = try #require(engine.takeOutput(ByteBufferAllocator()))
        link.server.pipeline.fireChannelRead(hello)
        link.pump()
        guard case .over = link.clientHandler.state else {
            Issue.record("the client was not refused")
            return
        }
        #expect(link.clientSide.words.contains("no renegotiation"))
    }

    @Test("The handshake must be over in time")
    func timeout() throws {
        let link = try contexts.link(to: "sip.example.net")
        link.server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 5061), promise: nil)
        link.server.embeddedEventLoop.advanceTime(by: .milliseconds(4_999))
        #expect(link.server.isActive)
        link.server.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(link.serverSide.errors == [.handshakeTimeout] && !link.server.isActive)
    }

    @Test("Records that come byte by byte are put together")
    func byteByByte() throws {
        let link = try contexts.link(to: "sip.example.net")
        link.step = 1
        try link.connect()
        link.send("OPTIONS", from: link.client)
        #expect(link.serverSide.text == "OPTIONS")
    }

    @Test("A message longer than a record crosses whole, both ways")
    func bigMessages() throws {
        let link = try connected()
        let text = String(repeating: "0123456789abcdef", count: 16_384)
        link.send(text, from: link.client)
        link.send(text, from: link.server)
        #expect(link.serverSide.text == text && link.clientSide.text == text)
    }

    @Test("What is written before the handshake ends waits for it, up to a limit")
    func earlyWrites() throws {
        let link = try contexts.link(to: "sip.example.net")
        link.client.write(ByteBuffer(string: "first"), promise: nil)
        let tooMuch = link.client.eventLoop.makePromise(of: Void.self)
        link.client.write(ByteBuffer(repeating: 0x61, count: TLSHandler.mostWaiting), promise: tooMuch)
        #expect(throws: TLSError.tooMuchWaiting) { try tooMuch.futureResult.wait() }
        try link.connect()
        #expect(link.serverSide.text == "first")
    }

    @Test("A delegate that admits no connection has it closed before a byte is answered")
    func notAdmitted() throws {
        let link = try contexts.link(to: "sip.example.net")
        link.serverSide.admits = false
        try link.connect()
        #expect(!link.server.isActive && link.serverSide.result == nil)
        #expect(link.clientSide.errors == [.closedInHandshake])
    }

    @Test(
        "Flipped bits in the handshake: no crash, no connection that both sides took, an error in words",
        arguments: TLSVersion.allCases
    )
    func flippedHandshakes(version: TLSVersion) throws {
        var contexts = contexts
        contexts.client.common.maximumVersion = version
        let (client, server) = (try TLSClientContext(contexts.client), try TLSServerContext(contexts.server))
        var random = Generator(state: 0x5EED)
        for _ in 0..<300 {
            let link = try Link(client, PeerName("sip.example.net"), server)
            let target = Int(random.next() % 700)
            let bit = UInt8(1) << UInt8(random.next() % 8)
            var place = 0
            var isFlipped = false
            link.tamper = { bytes in
                let end = place + bytes.readableBytes
                if (place..<end).contains(target), !Self.isVersionOfRecord(target - place, bytes),
                    let old = bytes.getInteger(at: bytes.readerIndex + target - place, as: UInt8.self)
                {
                    bytes.setInteger(old ^ bit, at: bytes.readerIndex + target - place)
                    isFlipped = true
                }
                place = end
            }
            try link.connect()
            guard isFlipped else { continue }
            // A length that has grown makes a side wait for bytes that never come.
            link.server.embeddedEventLoop.advanceTime(by: .seconds(5))
            link.client.embeddedEventLoop.advanceTime(by: .seconds(5))
            let bothTook = link.clientSide.security != nil && link.serverSide.security != nil
            #expect(!bothTook)
            #expect(!link.clientSide.words.isEmpty || !link.serverSide.words.isEmpty)
        }
    }

    /// RFC 8446 §5.1: the version in a record's header is ignored.
    private static func isVersionOfRecord(_ place: Int, _ bytes: ByteBuffer) -> Bool {
        var start = 0
        while let length = bytes.getInteger(at: bytes.readerIndex + start + 3, as: UInt16.self), start <= place {
            if place == start + 1 || place == start + 2 { return true }
            start += 5 + Int(length)
        }
        return false
    }

    @Test("A flipped bit in a record ends the connection with words, and its bytes are not delivered")
    func flippedRecords() throws {
        var random = Generator(state: 42)
        for _ in 0..<200 {
            let link = try connected(random.next() % 2 == 0 ? .version12 : .version13)
            link.tamper = { bytes in
                let place = bytes.readerIndex + Int(random.next() % UInt64(max(1, bytes.readableBytes)))
                guard let old = bytes.getInteger(at: place, as: UInt8.self) else { return }
                bytes.setInteger(old ^ (1 << UInt8(random.next() % 8)), at: place)
            }
            link.send("INVITE sip:bob@example.net SIP/2.0", from: link.client)
            link.tamper = nil
            link.client.close(mode: .output, promise: nil)
            link.server.pipeline.fireChannelInactive()
            #expect(link.serverSide.received.isEmpty)
            #expect(!link.serverSide.words.isEmpty)
        }
    }

    @Test("Random bytes that begin like a record end in words")
    func noise() throws {
        var random = Generator(state: 7)
        for _ in 0..<200 {
            let link = try contexts.link(to: "sip.example.net")
            link.server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 5061), promise: nil)
            var bytes: [UInt8] = [0x16, 3, 1, 0, 200]
            for _ in 0..<400 { bytes.append(UInt8(truncatingIfNeeded: random.next())) }
            link.server.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
            link.server.pipeline.fireChannelInactive()
            #expect(!link.serverSide.words.isEmpty && !link.serverSide.wasActive)
        }
    }
}

/// Numbers that are the same in every run (xorshift).
struct Generator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
