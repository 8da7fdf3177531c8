// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded

@testable import TransportLayerSecurity

/// Two TLS handlers joined in memory.
final class Link {
    /// What the handler behind sees, and what the delegate is told.
    final class Witness: ChannelInboundHandler, TLSHandlerDelegate {
        typealias InboundIn = ByteBuffer

        var received: [UInt8] = []
        var errors: [TLSError] = []
        var result: Result<ConnectionSecurity, TLSError>?
        var wasActive = false
        var isGone = false
        var admits = true

        func channelActive(context: ChannelHandlerContext) { wasActive = true }
        func channelInactive(context: ChannelHandlerContext) { isGone = true }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += Array(unwrapInboundIn(data).readableBytesView)
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if let error = error as? TLSError { errors.append(error) }
        }
        func handshakeMayBegin(_ channel: any Channel) -> Bool { admits }
        func handshakeEnded(_ result: Result<ConnectionSecurity, TLSError>) { self.result = result }

        var security: ConnectionSecurity? { try? result?.get() }
        var text: String { String(decoding: received, as: UTF8.self) }
        /// The first error in words.
        var words: String { errors.first.map { "\($0)" } ?? "" }
    }

    let client = EmbeddedChannel()
    let server = EmbeddedChannel()
    let clientSide = Witness()
    let serverSide = Witness()
    let clientHandler: TLSHandler
    let serverHandler: TLSHandler
    /// What an attacker on the path does to what the client sends.
    var tamper: ((inout ByteBuffer) -> Void)?
    private var ended: Set<ObjectIdentifier> = []
    /// How many bytes at a time cross.
    var step = Int.max

    init(_ clientContext: TLSClientContext, _ peer: PeerName, _ serverContext: TLSServerContext) throws {
        clientHandler = TLSHandler(.client(clientContext, peer), delegate: clientSide)
        serverHandler = TLSHandler(.server(serverContext), delegate: serverSide)
        try client.pipeline.syncOperations.addHandlers(clientHandler, clientSide)
        try server.pipeline.syncOperations.addHandlers(serverHandler, serverSide)
    }

    /// Opens both channels and carries bytes until both sides have nothing more to say.
    func connect() throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 5061)
        server.connect(to: address, promise: nil)
        client.connect(to: address, promise: nil)
        pump()
    }

    func pump() {
        var isMoving = true
        while isMoving {
            let there = carry(from: client, to: server, tamper)
            let back = carry(from: server, to: client, nil)
            isMoving = there || back
            (client.eventLoop as? EmbeddedEventLoop)?.run()
            (server.eventLoop as? EmbeddedEventLoop)?.run()
        }
    }

    private func carry(
        from sender: EmbeddedChannel,
        to receiver: EmbeddedChannel,
        _ tamper: ((inout ByteBuffer) -> Void)?
    ) -> Bool {
        guard var bytes = (try? sender.readOutbound(as: ByteBuffer.self)) ?? nil else {
            // An embedded channel closes without an end of stream at its peer.
            if !sender.isActive, receiver.isActive, ended.insert(ObjectIdentifier(receiver)).inserted {
                receiver.pipeline.fireChannelInactive()
            }
            return false
        }
        tamper?(&bytes)
        while let part = bytes.readSlice(length: min(step, bytes.readableBytes)), part.readableBytes > 0 {
            guard receiver.isActive else { break }
            receiver.pipeline.fireChannelRead(part)
            receiver.pipeline.fireChannelReadComplete()
        }
        return true
    }

    func send(_ text: String, from channel: EmbeddedChannel) {
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        pump()
    }
}

/// Contexts for a client and a server that trust one authority.
struct Contexts {
    var server: TLSServerSettings
    var client: TLSClientSettings

    init(_ authority: Authority, _ identity: TLSIdentity) {
        server = TLSServerSettings(identity: identity)
        server.common.authorities = authority.authorities
        client = TLSClientSettings()
        client.common.authorities = authority.authorities
    }

    func link(to name: String, mutual: Bool = false) throws -> Link {
        try Link(TLSClientContext(client), PeerName(name, isMutual: mutual), TLSServerContext(server))
    }
}
