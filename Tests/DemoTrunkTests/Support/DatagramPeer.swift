// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A UDP socket whose datagrams are awaited one by one.
struct DatagramPeer {
    /// The peer's side of a test ended without what it waited for.
    struct Ended: Error {}

    let channel: any Channel
    private var datagrams: AsyncStream<[UInt8]>.Iterator

    var port: Int { channel.localAddress?.port ?? 0 }

    static func open() async throws -> DatagramPeer {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Inlet(continuation: continuation))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return DatagramPeer(channel: channel, datagrams: stream.makeAsyncIterator())
    }

    func send(_ bytes: [UInt8], to port: Int) async throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        try await channel.writeAndFlush(AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: bytes)))
    }

    mutating func receive() async throws -> [UInt8] {
        guard let datagram = await datagrams.next() else { throw Ended() }
        return datagram
    }
}

private final class Inlet: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let continuation: AsyncStream<[UInt8]>.Continuation

    init(continuation: AsyncStream<[UInt8]>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(Array(buffer: unwrapInboundIn(data).data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
    }
}
