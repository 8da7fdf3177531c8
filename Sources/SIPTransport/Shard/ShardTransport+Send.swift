// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import MonotonicTime
internal import NIOCore
internal import NIOPosix

extension ShardTransport {
    /// Sends a composed message.
    ///
    /// A datagram goes out at once. On a stream the named connection is used if it is alive, else one that is open to
    /// the peer's address (or accepted from it, or aliased to it), else one is opened and the message waits for it.
    ///
    /// - Parameters:
    ///   - bytes: the message.
    ///   - kind: the transport protocol.
    ///   - peer: where to.
    ///   - listener: the listener whose socket, or for a stream whose local address, is used.
    ///   - destination: whom a TLS connection must lead to; without it only the named connection is used.
    ///   - connection: the connection to prefer, for example the one a request came over (RFC 3261 §18.2.2).
    ///   - token: returned in `sendFailed`; 0 when nobody wants to know.
    package func send(
        _ bytes: [UInt8],
        kind: TransportKind,
        to peer: PeerAddress,
        listener: Int,
        destination: SecureDestination? = nil,
        connection: ConnectionIdentifier? = nil,
        token: UInt64 = 0
    ) {
        let failure =
            switch kind {
            case .udp: sendDatagram(bytes, to: peer, listener: listener, token: token)
            case .tcp: sendOnStream(bytes, to: peer, listener: listener, connection: connection, token: token)
            case .tls: sendSecurely(bytes, to: peer, listener, destination, connection: connection, token: token)
            }
        if let failure {
            failed(token: token, reason: failure)
        }
    }

    /// Closes a connection after sending what was given to it. Unknown identifiers are ignored.
    package func close(_ connection: ConnectionIdentifier) {
        connections[connection]?.close()
    }

    /// Lets a connection carry messages to another address than its own, as a Via `alias` of an authenticated peer
    /// allows (RFC 5923 §5). Returns false when the connection is gone.
    package func addAlias(_ alias: PeerAddress, to connection: ConnectionIdentifier) -> Bool {
        connections.addAlias(alias, to: connection)
    }

    /// Whether a connection is open or being opened.
    package func isAlive(_ connection: ConnectionIdentifier) -> Bool {
        switch connections[connection]?.state {
        case .connecting, .open: true
        case .closing, .closed, nil: false
        }
    }

    /// How many connections there are.
    package var connectionCount: Int { connections.count }

    /// The connections there are, in no particular order.
    package var connectionIdentifiers: [ConnectionIdentifier] { Array(connections.byIdentifier.keys) }

    private func sendDatagram(_ bytes: [UInt8], to peer: PeerAddress, listener: Int, token: UInt64) -> TransportFailure?
    {
        guard shutdownPromise == nil else { return .shutDown }
        guard listener >= 0, listener < listeners.count, let socket = listeners[listener].datagramSocket else {
            return .noSuitableListener
        }
        let failure = socket.send(bytes, to: peer, token: token)
        if failure != nil {
            counters.datagramsFailed &+= 1
        }
        return failure
    }

    private func sendOnStream(
        _ bytes: [UInt8],
        to peer: PeerAddress,
        listener: Int,
        connection: ConnectionIdentifier?,
        token: UInt64
    ) -> TransportFailure? {
        if let connection, isAlive(connection), let named = connections[connection], named.kind == .tcp {
            return named.send(bytes, token: token)
        }
        if let existing = connections.reusable(for: peer) {
            return existing.send(bytes, token: token)
        }
        if let failure = mayOpen() { return failure }
        return open(to: peer, listener: listener).send(bytes, token: token)
    }

    /// Why no connection can be opened; nil when one can.
    func mayOpen() -> TransportFailure? {
        guard shutdownPromise == nil else { return .shutDown }
        guard connections.count < limits.maxConnections else {
            counters.connectionsRefused &+= 1
            return .tooManyConnections
        }
        return nil
    }

    func open(to peer: PeerAddress, listener: Int, _ destination: SecureDestination? = nil) -> StreamConnection {
        let connection = StreamConnection(
            transport: self,
            identifier: nextIdentifier(),
            origin: .opened,
            listener: listener,
            peer: peer,
            kind: destination == nil ? .tcp : .tls,
            destination: destination
        )
        connections.insert(connection)
        startSweeping()
        let handler = NIOLoopBound(connection, eventLoop: eventLoop)
        let isolated = NIOLoopBound(self, eventLoop: eventLoop)
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(.milliseconds(limits.connectTimeout.milliseconds))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.writeBufferWaterMark, value: limits.writeWaterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let destination = handler.value.destination {
                        try isolated.value.secure(channel, opened: handler.value, to: destination)
                    }
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
        if let local = localAddress(for: peer, listener: listener) {
            bootstrap = bootstrap.bind(to: local)
        }
        // SAFETY: everything here runs on the one loop; NIO checks it.
        bootstrap.connect(to: peer.socketAddress).assumeIsolated().whenFailure { [self] error in
            counters.connectFailures &+= 1
            connection.connectFailed(SystemError.failure(error))
            connectionEnded(connection)
        }
        return connection
    }

    /// A stream leaves from the address its listener is bound to, so that a host with several keeps to one.
    private func localAddress(for peer: PeerAddress, listener: Int) -> SocketAddress? {
        guard listener >= 0, listener < listeners.count else { return nil }
        let local = listeners[listener].address
        guard local.isIPv6 == peer.isIPv6, !local.isWildcard else { return nil }
        return local.withPort(0).socketAddress
    }

    func nextIdentifier() -> ConnectionIdentifier {
        serial &+= 1
        return ConnectionIdentifier(shard: shard, serial: serial)
    }
}

extension TransportLimits {
    /// Above the high mark a peer counts as one that does not read.
    var writeWaterMark: ChannelOptions.Types.WriteBufferWaterMark {
        let high = max(2, maxOutboundBufferedBytes)
        return .init(low: high / 2, high: high)
    }
}
