// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Tells the transport when a TCP listener's socket is gone.
final class ListenerWatch: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let transport: ShardTransport
    private let index: Int

    init(transport: ShardTransport, index: Int) {
        self.transport = transport
        self.index = index
    }

    func channelInactive(context: ChannelHandlerContext) {
        transport.listenerClosed(index, channel: context.channel)
        context.fireChannelInactive()
    }
}
