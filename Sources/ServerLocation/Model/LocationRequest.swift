// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What is to be located: what RFC 3263 §4 reads of a URI, or §5 of a Via.
package struct LocationRequest: Hashable, Sendable {
    /// The host: the URI's `maddr` if it has one, else its host, or the sent-by of a Via; IPv6 with or without brackets.
    package var host: String
    /// The port, 1 to 65535; nil when none is named, so that SRV records are looked for.
    package var port: UInt16?
    /// The transport that is named; nil leaves it to NAPTR and SRV records.
    package var transport: ServerTransport?
    /// Whether the URI is a `sips` one: nothing but TLS will do.
    package var isSecure: Bool

    /// Makes a request.
    package init(host: String, port: UInt16? = nil, transport: ServerTransport? = nil, isSecure: Bool = false) {
        self.host = host
        self.port = port == 0 ? nil : port
        self.transport = transport
        self.isSecure = isSecure
    }

    /// The transport when neither the request nor a record names one (RFC 3263 §4.1).
    var defaultTransport: ServerTransport { isSecure ? .tls : .udp }
}

/// A place that a request may be sent to.
package struct LocatedServer: Hashable, Sendable {
    /// The transport.
    package let transport: ServerTransport
    /// The address.
    package let address: ServerAddress
    /// The port, 1 to 65535.
    package let port: UInt16
    /// The name that was asked for, which a certificate has to bear (RFC 5922 §7.1); the literal for an address.
    package let name: String

    /// Makes a place.
    package init(transport: ServerTransport, address: ServerAddress, port: UInt16, name: String) {
        self.transport = transport
        self.address = address
        self.port = port
        self.name = name
    }

    /// Whether two are the same socket, by whatever name.
    func isSamePlace(as other: LocatedServer) -> Bool {
        transport == other.transport && address == other.address && port == other.port
    }
}

/// Places in the order to try them in; never empty.
package struct LocatedServers: Hashable, Sendable {
    /// The places.
    package var servers: [LocatedServer]
    /// For how many seconds they are good.
    package let timeToLive: UInt32
}

/// Why nothing was located.
package enum LocationFailure: Error, Hashable, Sendable {
    /// The host is neither an address nor a name.
    case malformedName
    /// The name has no address that requests could be sent to.
    case noAddress
    /// The domain says that it does not offer SIP (RFC 2782: a target of `.`).
    case notOffered
    /// The domain offers transports or address families only that the gateway has no listener for.
    case noCommonTransport
    /// No DNS server answered in time, or none could say.
    case serversSilent
    /// What a DNS server answered makes no sense.
    case malformedAnswer
    /// Too many other questions are open.
    case overloaded

    /// The reason in words that name no host.
    package var text: String {
        switch self {
        case .malformedName: "the next hop's host is not a name"
        case .noAddress: "the next hop's name has no address"
        case .notOffered: "the next hop's domain does not offer SIP"
        case .noCommonTransport: "the next hop offers no transport that this gateway has"
        case .serversSilent: "no DNS server could say where the next hop is"
        case .malformedAnswer: "DNS answers about the next hop make no sense"
        case .overloaded: "too many DNS queries are open"
        }
    }
}
