// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import SIPTransport
import ServerLocation

extension ServerTransport {
    /// The transport of a hop; the two name the same protocols alike.
    init(_ transport: SIPTransportProtocol) {
        self = ServerTransport(rawValue: transport.rawValue) ?? .udp
    }
}

extension LocationRequest {
    /// What a hop by name leaves to DNS.
    init(_ hop: NextHop) {
        self.init(
            host: hop.host,
            port: hop.search == .addresses ? hop.port : nil,
            transport: hop.search == .transports ? nil : ServerTransport(hop.transport)
        )
    }
}

extension LocatedServer {
    /// The server that a hop leads to by its located address; nil for a hop that was not located.
    init?(_ hop: NextHop) {
        guard let name = hop.name, let address = ServerAddress(hop.host) else { return nil }
        self.init(transport: ServerTransport(hop.transport), address: address, port: hop.port, name: name)
    }

    /// The server's socket address.
    var peer: PeerAddress {
        address.isIPv6
            ? PeerAddress(ipv6High: address.high, low: address.low, port: port)
            : PeerAddress(ipv4: UInt32(truncatingIfNeeded: address.low), port: port)
    }

    /// The protocol to send by; nil for one that the gateway does not speak.
    var sipTransport: SIPTransportProtocol? {
        SIPTransportProtocol(rawValue: transport.rawValue)
    }
}

extension ServerCapabilities {
    /// What can be sent by from a shard's listeners.
    init(_ listeners: [ShardListener]) {
        self.init(
            ipv4: Set(listeners.lazy.filter { !$0.bound.isIPv6 }.map { ServerTransport($0.transport) }),
            ipv6: Set(listeners.lazy.filter { $0.bound.isIPv6 }.map { ServerTransport($0.transport) })
        )
    }
}
