// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import NIOCore
internal import NIOPosix
package import TransportLayerSecurity

extension ShardTransport {
    /// Opens the listeners, all or none. Call it once; again only after a failure.
    ///
    /// Shard 0 takes each address exclusively and then opens it to the other shards, which must bind after it; so a
    /// second process cannot slip in. With port 0 the others must be given the port that shard 0 got.
    /// Fails with `TransportBindError`.
    ///
    /// - Parameters:
    ///   - configurations: The listeners.
    ///   - security: The certificates of TLS listeners, by their place in `configurations`; a TLS listener without any
    ///     turns every connection away until `setSecurity` gives it some.
    /// - Returns: What was bound.
    package func bind(
        _ configurations: [ListenerConfiguration],
        security: [Int: TLSServerContext] = [:]
    ) -> EventLoopFuture<[BoundListener]> {
        var unopened: [Listener] = []
        for configuration in configurations {
            guard let address = PeerAddress(host: configuration.address, port: configuration.port) else {
                return eventLoop.makeFailedFuture(TransportBindError(listener: configuration, code: nil))
            }
            unopened.append(Listener(configuration: configuration, address: address))
        }
        listeners = unopened
        for (index, context) in security { setSecurity(context, listener: index) }
        let opening = unopened.enumerated().map { index, listener in open(listener, index: index) }
        let bound = EventLoopFuture.whenAllComplete(opening, on: eventLoop)
        // SAFETY: everything here runs on the one loop; NIO checks it.
        return bound.assumeIsolated().flatMapThrowing { results in
            do {
                return try results.map { result in try result.get() }
            } catch {
                self.abandonListeners()
                throw error
            }
        }.nonisolated()
    }

    private func open(_ listener: Listener, index: Int) -> EventLoopFuture<BoundListener> {
        let configuration = listener.configuration
        let channel =
            switch configuration.kind {
            case .udp: openDatagram(listener, index: index)
            case .tcp, .tls: openStream(listener, index: index)
            }
        // SAFETY: everything here runs on the one loop; NIO checks it.
        return channel.assumeIsolated().flatMapThrowing { channel in
            // Exclusive until here; from here on this user's other shards may join.
            try channel.syncOptions?.setOption(.socketOption(.reusePort), value: 1)
            listener.channel = channel
            if let address = channel.localAddress.flatMap({ PeerAddress($0) }) {
                listener.address = address
            }
            return BoundListener(kind: configuration.kind, index: index, address: listener.address)
        }.flatMapErrorThrowing { error in
            throw TransportBindError(listener: configuration, code: (error as? IOError)?.errnoCode ?? EINVAL)
        }.nonisolated()
    }

    private func openDatagram(_ listener: Listener, index: Int) -> EventLoopFuture<any Channel> {
        let socket = DatagramSocket(transport: self, index: index, isIPv6: listener.address.isIPv6)
        listener.datagramSocket = socket
        let handler = NIOLoopBound(socket, eventLoop: eventLoop)
        let isolated = NIOLoopBound(self, eventLoop: eventLoop)
        let isIPv6 = listener.address.isIPv6
        let slab = FixedSizeRecvByteBufferAllocator(capacity: limits.udpSlabBytes)
        let reads: UInt = max(1, limits.udpReadsPerWake)
        return DatagramBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: slab)
            .channelOption(.datagramVectorReadMessageCount, value: limits.udpSlots)
            .channelOption(.maxMessagesPerRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try isolated.value.prepare(channel, isIPv6: isIPv6)
                    isolated.value.enlargeBuffers(of: channel)
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .bind(to: listener.address.socketAddress)
    }

    private func openStream(_ listener: Listener, index: Int) -> EventLoopFuture<any Channel> {
        let isolated = NIOLoopBound(self, eventLoop: eventLoop)
        let isIPv6 = listener.address.isIPv6
        let kind = listener.configuration.kind
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try isolated.value.prepare(channel, isIPv6: isIPv6)
                    let watch = ListenerWatch(transport: isolated.value, index: index)
                    try channel.pipeline.syncOperations.addHandler(watch)
                }
            }
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: limits.writeWaterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = isolated.value.accepted(at: index, isIPv6: isIPv6, kind: kind)
                    if kind == .tls {
                        try isolated.value.secure(channel, accepted: connection)
                    }
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .bind(to: listener.address.socketAddress)
    }

    /// A connection whose peer is not known before it is active.
    private func accepted(at index: Int, isIPv6: Bool, kind: TransportKind) -> StreamConnection {
        let unknown = isIPv6 ? PeerAddress(ipv6High: 0, low: 0, port: 0) : PeerAddress(ipv4: 0, port: 0)
        return StreamConnection(
            transport: self,
            identifier: nextIdentifier(),
            origin: .accepted,
            listener: index,
            peer: unknown,
            kind: kind
        )
    }

    private func prepare(_ channel: any Channel, isIPv6: Bool) throws {
        if isIPv6 {
            // `[::]` and `0.0.0.0` are two listeners; IPv4 peers must not appear under IPv6 addresses.
            let option = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
            try channel.syncOptions?.setOption(option, value: 1)
        }
        if shard != 0 {
            try channel.syncOptions?.setOption(.socketOption(.reusePort), value: 1)
        }
    }

    /// Best effort: the system may cap the size, and smaller buffers only mean loss under heavier bursts.
    private func enlargeBuffers(of channel: any Channel) {
        let size = ChannelOptions.Types.SocketOption.Value(clamping: limits.udpSocketBufferBytes)
        try? channel.syncOptions?.setOption(.socketOption(.so_rcvbuf), value: size)
        try? channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: size)
    }
}

extension NIOBSDSocket.Option {
    /// NIO 2.101 has no name of its own for it.
    fileprivate static var reusePort: NIOBSDSocket.Option { NIOBSDSocket.Option(rawValue: SO_REUSEPORT) }
}
