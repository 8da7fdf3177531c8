// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The transport protocols that a server may be located for.
package enum ServerTransport: String, Sendable, CaseIterable {
    case udp
    case tcp
    case tls

    /// The port when nothing names one (RFC 3261 §19.1.2).
    package var defaultPort: UInt16 { self == .tls ? 5061 : 5060 }

    /// The two labels before the domain in the SRV name (RFC 3263 §4.1, RFC 3261 §26.2.2 for `sips`).
    var serviceLabels: (service: String, protocolName: String) {
        switch self {
        case .udp: ("sip", "udp")
        case .tcp: ("sip", "tcp")
        case .tls: ("sips", "tcp")
        }
    }

    /// The transport of a NAPTR service field (RFC 3263 §4.1), in any case; nil for another service.
    init?(naptrService: String) {
        switch naptrService.lowercased() {
        case "sip+d2u": self = .udp
        case "sip+d2t": self = .tcp
        case "sips+d2t": self = .tls
        default: return nil
        }
    }
}

/// The transports that requests can be sent by, for each address family: those the gateway has listeners for.
package struct ServerCapabilities: Hashable, Sendable {
    private var ipv4: Set<ServerTransport>
    private var ipv6: Set<ServerTransport>

    /// Everything: for whoever wants to know all the addresses of a name.
    package static let all = ServerCapabilities(
        ipv4: Set(ServerTransport.allCases),
        ipv6: Set(ServerTransport.allCases)
    )

    /// Makes capabilities out of the transports of either family.
    package init(ipv4: Set<ServerTransport>, ipv6: Set<ServerTransport> = []) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
    }

    /// The transports there are, the preferred first: UDP, as RFC 3261 §18.1.1 has it for short requests, then TCP.
    var transports: [ServerTransport] {
        ServerTransport.allCases.filter { ipv4.contains($0) || ipv6.contains($0) }
    }

    /// Whether requests can be sent by a transport in an address family.
    func reaches(_ transport: ServerTransport, isIPv6: Bool) -> Bool {
        isIPv6 ? ipv6.contains(transport) : ipv4.contains(transport)
    }
}
