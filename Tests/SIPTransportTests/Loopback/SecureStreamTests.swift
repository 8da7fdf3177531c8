// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MonotonicTime
import NIOCore
import SIPTransport
import SpawnedProgram
import Testing
import TransportLayerSecurity

@Suite("TLS on loopback", .timeLimit(.minutes(2)))
struct SecureStreamTests {
    let folder: URL

    struct Failure: Error {}

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tollgate-transport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
            "-keyout", path("a.key"), "-out", path("a.pem"), "-subj", "/CN=a", "-addext",
            "subjectAltName=DNS:a.example,DNS:b.example",
        ]
        guard try SpawnedProgram("/usr/bin/openssl", arguments).wait() == 0 else { throw Failure() }
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func client() throws -> TLSClientContext {
        var settings = TLSClientSettings()
        settings.common.authorities = path("a.pem")
        return try TLSClientContext(settings)
    }

    private func listening(limits: TransportLimits = TransportLimits()) async throws -> (Node, PeerAddress) {
        let node = try await Node.make(limits: limits, echoes: true)
        let identity = TLSIdentity(certificate: path("a.pem"), key: path("a.key"))
        let bound = try await node.bind(
            [ListenerConfiguration(kind: .tls, address: "127.0.0.1", port: 0)],
            security: [0: try TLSServerContext(TLSServerSettings(identity: identity))]
        )
        return (node, bound[0].address)
    }

    @Test("RFC 5922 §7.3 messages to one name share a verified connection; another name has its own")
    func reuse() async throws {
        let (server, address) = try await listening()
        let (node, _) = try await Node.listening(.tcp)
        var heard = node.reader()
        let context = try client()
        for (round, name) in ["a.example", "a.example", "b.example"].enumerated() {
            let destination = SecureDestination(context: context, peer: PeerName(name))
            let sent = message("M\(round)")
            try await node.send(sent, .tls, to: address, destination: destination, token: 1)
            let reply = try #require(await heard.message())
            #expect(reply.bytes == sent && reply.source.kind == .tls && reply.source.isVerified)
            #expect(try await node.counters().connectionsOpened == (round < 2 ? 1 : 2))
        }
        #expect(try await server.counters().handshakes == 2)
        try await node.shutdown()
        try await server.shutdown()
    }

    @Test("A name that the certificate is not for: the message fails with the reason, and nothing is delivered")
    func wrongName() async throws {
        let (server, address) = try await listening()
        let (node, _) = try await Node.listening(.tcp)
        var told = node.reader()
        let destination = SecureDestination(context: try client(), peer: PeerName("c.example"))
        try await node.send(message("LOST"), .tls, to: address, destination: destination, token: 7)
        let failure = try #require(await told.sendFailed())
        let words = "the certificate is for a.example, b.example, not for c.example"
        #expect(failure.token == 7 && failure.reason == .insecure(words))
        #expect(try await node.counters().handshakesFailed == 1)
        #expect(try await server.counters().streamMessagesIn == 0)
        try await node.shutdown()
        try await server.shutdown()
    }

    @Test("Without a destination only the named connection will do: none is opened, and no accepted one stands in")
    func noStranger() async throws {
        let (server, address) = try await listening()
        let (node, _) = try await Node.listening(.tcp)
        var told = node.reader()
        try await node.send(message("LOST"), .tls, to: address, token: 5)
        #expect(await told.sendFailed()?.reason == .connectionClosed)
        try await node.shutdown()
        try await server.shutdown()
    }

    @Test("Half-open handshakes from one address are limited, and those that end make room")
    func flood() async throws {
        var limits = TransportLimits()
        limits.handshakesPerPeer = 3
        limits.handshakeTimeout = .seconds(50)
        let (server, address) = try await listening(limits: limits)
        var told = server.reader()
        var streams: [RawStream] = []
        for _ in 0..<5 { streams.append(try await RawStream.connect(to: address)) }
        for stream in streams[3...] {
            for await _ in stream.chunks {}
        }
        #expect(try await server.counters().connectionsRefused == 2)
        for stream in streams[..<3] { try await stream.channel.close() }
        var failures = 0
        while failures < 3, let event = await told.next() {
            if case .securityFailed(_, "connection ended during the TLS handshake") = event { failures += 1 }
        }
        #expect(try await server.counters().handshakesFailed == 3)
        let (node, _) = try await Node.listening(.tcp)
        var heard = node.reader()
        let destination = SecureDestination(context: try client(), peer: PeerName("a.example"))
        try await node.send(message("GOOD"), .tls, to: address, destination: destination)
        #expect(await heard.message()?.bytes == message("GOOD"))
        try await node.shutdown()
        try await server.shutdown()
    }
}
