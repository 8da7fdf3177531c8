// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The stream connections of one shard, by identifier and by the addresses they may be reused for.
struct ConnectionTable {
    private(set) var byIdentifier: [ConnectionIdentifier: StreamConnection] = [:]
    private var byPeer: [PeerAddress: StreamConnection] = [:]
    /// TLS connections opened from this side, by whom they were verified to lead to.
    private var byDestination: [SecureDestination.Key: StreamConnection] = [:]
    /// Accepted connections whose handshake is under way, by network.
    private var handshakes: [PeerAddress: Int] = [:]
    private(set) var handshakeCount = 0
    private var acceptedPerNetwork: [PeerAddress: Int] = [:]

    var count: Int { byIdentifier.count }

    subscript(identifier: ConnectionIdentifier) -> StreamConnection? {
        byIdentifier[identifier]
    }

    /// The connection that may carry a message to this address (RFC 5923 §5).
    func reusable(for peer: PeerAddress) -> StreamConnection? {
        byPeer[peer]
    }

    /// The TLS connection that leads to this destination.
    func reusable(for destination: SecureDestination, at peer: PeerAddress) -> StreamConnection? {
        byDestination[destination.key(at: peer)]
    }

    /// How many accepted connections from the address, or for IPv6 from its /64, are in their handshake.
    func handshakes(from peer: PeerAddress) -> Int {
        handshakes[ConnectionTable.network(of: peer)] ?? 0
    }

    /// Counts an accepted connection's handshake.
    mutating func beginHandshake(of connection: StreamConnection) {
        handshakes[ConnectionTable.network(of: connection.peer), default: 0] += 1
        handshakeCount += 1
    }

    /// Counts an accepted connection's handshake no more.
    mutating func endHandshake(of connection: StreamConnection) {
        let network = ConnectionTable.network(of: connection.peer)
        let left = (handshakes[network] ?? 1) - 1
        handshakes[network] = left > 0 ? left : nil
        handshakeCount -= 1
    }

    /// How many connections were accepted from the address, or for IPv6 from its /64.
    func accepted(from peer: PeerAddress) -> Int {
        acceptedPerNetwork[ConnectionTable.network(of: peer)] ?? 0
    }

    mutating func insert(_ connection: StreamConnection) {
        byIdentifier[connection.identifier] = connection
        if connection.kind == .tls {
            // Only what was verified for a name may carry other messages than answers (RFC 5922 §7.3, RFC 5923 §5).
            if let key = connection.destination?.key(at: connection.peer) { byDestination[key] = connection }
        } else {
            byPeer[connection.peer] = connection
        }
        if connection.origin == .accepted {
            acceptedPerNetwork[ConnectionTable.network(of: connection.peer), default: 0] += 1
        }
    }

    /// Lets a connection be reused for another address; returns false when there is no such connection.
    mutating func addAlias(_ alias: PeerAddress, to identifier: ConnectionIdentifier) -> Bool {
        guard let connection = byIdentifier[identifier], connection.kind == .tcp else { return false }
        if !connection.aliases.contains(alias) {
            connection.aliases.append(alias)
        }
        byPeer[alias] = connection
        return true
    }

    /// Keeps a connection from being chosen for new messages, while it still closes.
    mutating func retire(_ connection: StreamConnection) {
        if let key = connection.destination?.key(at: connection.peer), byDestination[key] === connection {
            byDestination[key] = nil
        }
        forget(connection.peer, of: connection)
        for alias in connection.aliases {
            forget(alias, of: connection)
        }
    }

    /// Removes a connection; returns false when it was not there.
    mutating func remove(_ connection: StreamConnection) -> Bool {
        guard byIdentifier.removeValue(forKey: connection.identifier) != nil else { return false }
        retire(connection)
        if connection.origin == .accepted {
            let network = ConnectionTable.network(of: connection.peer)
            let left = (acceptedPerNetwork[network] ?? 1) - 1
            acceptedPerNetwork[network] = left > 0 ? left : nil
        }
        return true
    }

    private mutating func forget(_ peer: PeerAddress, of connection: StreamConnection) {
        if byPeer[peer] === connection {
            byPeer[peer] = nil
        }
    }

    /// What a limit counts: an IPv4 address, or an IPv6 /64, which is what one host gets at the least.
    private static func network(of peer: PeerAddress) -> PeerAddress {
        peer.isIPv6 ? PeerAddress(ipv6High: peer.high, low: 0, port: 0) : peer.withPort(0)
    }
}
