// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import TransportLayerSecurity

extension Peer {
    /// A TLS connection to a port; throws when the handshake fails.
    static func secure(
        to port: Int,
        _ context: TLSClientContext,
        name: String = "edge.example.com",
        told: HandshakeNote = HandshakeNote()
    ) async throws -> Peer {
        let mailbox = Mailbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = TLSHandler(.client(context, PeerName(name)), delegate: told)
                    try channel.pipeline.syncOperations.addHandlers(handler, StreamInlet(mailbox))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let peer = Peer(channel, mailbox)
        peer.keep(told)
        return peer
    }

    /// A socket that takes TLS connections.
    static func secureListen(_ context: TLSServerContext) async throws -> Peer {
        let mailbox = Mailbox()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(TLSHandler(.server(context)), StreamInlet(mailbox))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Peer(channel, mailbox)
    }
}

/// What came of a handshake, for a test that waits for it.
final class HandshakeNote: TLSHandlerDelegate, Sendable {
    private let stream: AsyncStream<Result<ConnectionSecurity, TLSError>>
    private let continuation: AsyncStream<Result<ConnectionSecurity, TLSError>>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func handshakeMayBegin(_ channel: any Channel) -> Bool { true }

    func handshakeEnded(_ result: Result<ConnectionSecurity, TLSError>) {
        continuation.yield(result)
        continuation.finish()
    }

    /// The result, when it is there.
    func result() async -> Result<ConnectionSecurity, TLSError>? {
        for await result in stream { return result }
        return nil
    }
}
