// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A transport protocol of RFC 3261 §18.
package enum TransportKind: UInt8, Hashable, Sendable, CaseIterable {
    /// Datagrams: unreliable, one message each.
    case udp
    /// A stream: reliable, messages framed by Content-Length.
    case tcp
    /// A TCP stream inside TLS (RFC 3261 §26.2.1).
    case tls

    /// The word used in addresses such as `127.0.0.1:5060/udp`.
    package var text: String {
        switch self {
        case .udp: "udp"
        case .tcp: "tcp"
        case .tls: "tls"
        }
    }

    /// Whether messages travel on a connection, framed by Content-Length.
    @inlinable
    package var isStream: Bool { self != .udp }
}

/// One address to listen on.
package struct ListenerConfiguration: Hashable, Sendable {
    /// The transport protocol.
    package var kind: TransportKind
    /// An IP literal; IPv6 with or without brackets. Wildcards (`0.0.0.0`, `::`) are allowed; IPv6 never takes IPv4.
    package var address: String
    /// The port; 0 lets the system choose.
    package var port: UInt16

    /// Names a transport, an IP literal and a port.
    package init(kind: TransportKind, address: String, port: UInt16) {
        self.kind = kind
        self.address = address
        self.port = port
    }
}

/// A listener that is open.
package struct BoundListener: Hashable, Sendable {
    /// The transport protocol.
    package let kind: TransportKind
    /// The place of this listener in the list given to `bind`, which `ReceivedFrom` and `send` use.
    package let index: Int
    /// The address and the port actually bound.
    package let address: PeerAddress
}
