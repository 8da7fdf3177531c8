// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// Hands datagrams to whoever owns the socket, on the socket's event loop.
final class DatagramReceiver: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    /// Takes each datagram and where it came from.
    var onDatagram: (([UInt8], SocketAddress) -> Void)?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        onDatagram?(Array(buffer: envelope.data), envelope.remoteAddress)
    }

    // One unreachable peer's ICMP answer must not close a socket that serves all calls.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    /// Opens a UDP socket with a receiver in its pipeline.
    static func bind(on eventLoop: any EventLoop, address: String, port: Int) -> EventLoopFuture<any Channel> {
        DatagramBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramReceiver())
                }
            }
            .bind(host: address, port: port)
    }

    /// Opens a UDP socket on an even port of the range, beginning anywhere in it.
    static func bindEven(
        on eventLoop: any EventLoop,
        address: String,
        ports: ClosedRange<Int>
    ) -> EventLoopFuture<any Channel> {
        let lowest = (max(ports.lowerBound, 2) + 1) / 2
        let highest = min(ports.upperBound, 65_534) / 2
        guard lowest <= highest else { return eventLoop.makeFailedFuture(NoMediaPort()) }
        let halves = lowest...highest
        return bind(on: eventLoop, address: address, half: Int.random(in: halves), of: halves, min(halves.count, 64))
    }

    private static func bind(
        on eventLoop: any EventLoop,
        address: String,
        half: Int,
        of halves: ClosedRange<Int>,
        _ attempts: Int
    ) -> EventLoopFuture<any Channel> {
        bind(on: eventLoop, address: address, port: half * 2).flatMapError { error in
            guard attempts > 1 else { return eventLoop.makeFailedFuture(error) }
            let next = half == halves.upperBound ? halves.lowerBound : half + 1
            return bind(on: eventLoop, address: address, half: next, of: halves, attempts - 1)
        }
    }
}

/// The configured range holds no even port.
struct NoMediaPort: Error {}

extension Channel {
    /// Sends one datagram; a failure to send is what a lost datagram is.
    func send(_ bytes: [UInt8], to address: SocketAddress) {
        writeAndFlush(AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: bytes)), promise: nil)
    }
}
