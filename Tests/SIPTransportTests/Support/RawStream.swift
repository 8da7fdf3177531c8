// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SIPTransport

/// A TCP client that knows nothing of SIP: it sends what it is told and keeps what it hears.
struct RawStream: Sendable {
    let channel: any Channel
    let chunks: AsyncStream<[UInt8]>

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let continuation: AsyncStream<[UInt8]>.Continuation

        init(continuation: AsyncStream<[UInt8]>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    static func connect(to peer: PeerAddress, reads: Bool = true) async throws -> RawStream {
        let (chunks, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation: continuation))
                }
            }
            .connect(to: peer.socketAddress)
            .get()
        return RawStream(channel: channel, chunks: chunks)
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Everything heard until the other side closed.
    func untilClosed() async -> [UInt8] {
        var heard: [UInt8] = []
        for await chunk in chunks {
            heard += chunk
        }
        return heard
    }

    /// The first so many bytes.
    func first(_ count: Int) async -> [UInt8] {
        var heard: [UInt8] = []
        for await chunk in chunks {
            heard += chunk
            if heard.count >= count { break }
        }
        return heard
    }

    /// Closes, or finds that the other side was faster.
    func close() async throws {
        do {
            try await channel.close().get()
        } catch ChannelError.alreadyClosed {
            return
        }
    }
}
