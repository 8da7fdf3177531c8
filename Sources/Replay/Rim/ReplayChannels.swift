// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SIPTransport

/// Hands what comes on a socket to the driver, message by message; on the driver's event loop.
final class ReplayInlet {
    var onMessage: (([UInt8]) -> Void)?
    var onFailure: ((String) -> Void)?
}

/// Datagrams.
final class DatagramInlet: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let inlet: ReplayInlet

    init(_ inlet: ReplayInlet) { self.inlet = inlet }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inlet.onMessage?(Array(buffer: unwrapInboundIn(data).data))
    }

    // The system tells here that nobody listens there.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inlet.onFailure?(ReplayDriver.words(error))
    }
}

/// A connection, cut into messages (RFC 3261 §18.3).
final class StreamInlet: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inlet: ReplayInlet
    private var framer = StreamFramer(maxHeaderSectionBytes: 65_536, maxMessageBytes: 1 << 20)

    init(_ inlet: ReplayInlet) { self.inlet = inlet }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framer.append(Array(buffer: unwrapInboundIn(data)))
        while let event = framer.next() {
            switch event {
            case .message(let bytes): inlet.onMessage?(bytes)
            case .failed(let error, _):
                inlet.onFailure?("what came is not SIP: \(error.text)")
                return context.close(promise: nil)
            default: break
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inlet.onFailure?("the connection was closed")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inlet.onFailure?(ReplayDriver.words(error))
        context.close(promise: nil)
    }
}
