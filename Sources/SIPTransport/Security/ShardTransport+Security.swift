// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import MonotonicTime
internal import NIOCore
package import TransportLayerSecurity

extension ShardTransport {
    /// Gives a TLS listener the certificates that connections accepted from now on see; those there are keep theirs.
    ///
    /// - Parameters:
    ///   - context: The certificates and rules.
    ///   - listener: The place of the listener in the list given to `bind`.
    package func setSecurity(_ context: TLSServerContext, listener: Int) {
        guard listeners.indices.contains(listener), listeners[listener].configuration.kind == .tls else { return }
        listeners[listener].security = context
    }

    /// What is known of a TLS connection after its handshake; nil for any other connection, and before.
    package func security(of connection: ConnectionIdentifier) -> ConnectionSecurity? {
        connections[connection]?.security
    }

    /// Sends on the named TLS connection if it is alive, else on one that was verified for the destination, else on a
    /// new one. Without a destination nothing but the named connection will do: whoever else answers at the peer's
    /// address would be a stranger.
    func sendSecurely(
        _ bytes: [UInt8],
        to peer: PeerAddress,
        _ listener: Int,
        _ destination: SecureDestination?,
        connection: ConnectionIdentifier?,
        token: UInt64
    ) -> TransportFailure? {
        if let connection, isAlive(connection), let named = connections[connection], named.kind == .tls {
            return named.send(bytes, token: token)
        }
        guard let destination else { return .connectionClosed }
        if let existing = connections.reusable(for: destination, at: peer) {
            return existing.send(bytes, token: token)
        }
        if let failure = mayOpen() { return failure }
        return open(to: peer, listener: listener, destination).send(bytes, token: token)
    }

    /// Puts TLS before an accepted connection.
    func secure(_ channel: any Channel, accepted connection: StreamConnection) throws {
        guard listeners.indices.contains(connection.listener), let context = listeners[connection.listener].security
        else { throw ChannelError.operationUnsupported }
        try add(.server(context), to: channel, of: connection)
    }

    /// Puts TLS before a connection that is being opened.
    func secure(_ channel: any Channel, opened connection: StreamConnection, to destination: SecureDestination) throws {
        try add(.client(destination.context, destination.peer), to: channel, of: connection)
    }

    private func add(_ side: TLSHandler.Side, to channel: any Channel, of connection: StreamConnection) throws {
        let timeout = TimeAmount.milliseconds(limits.handshakeTimeout.milliseconds)
        let handler = TLSHandler(side, timeout: timeout, delegate: connection)
        try channel.pipeline.syncOperations.addHandler(handler)
    }
}
