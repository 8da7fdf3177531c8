// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import SIPMessage

/// Where a request is sent next.
package struct NextHop: Hashable, Sendable {
    /// The transport protocol.
    package var transport: SIPTransportProtocol
    /// An IP address without brackets, or a name that still has to be looked up.
    package var host: String
    /// The port, 1 to 65535.
    package var port: UInt16
    /// The connection to send on; zero for none in particular.
    package var connection: UInt64
    /// The listener whose socket to send from.
    package var listener: Int
    /// Whether a request too long for a datagram may go by TCP instead (RFC 3261 §18.1.1).
    package var mayPreferTCP: Bool
    /// What DNS is asked when the host is a name.
    package var search: HopSearch
    /// The name that the host's address was located by; nil when the host is as it was given.
    package var name: String?
    /// The trunk that the host stands for; a TLS connection to it is made and verified as the trunk asks.
    package var trunk: ResourceIdentifier?

    /// Makes a next hop.
    package init(
        transport: SIPTransportProtocol,
        host: String,
        port: UInt16,
        connection: UInt64 = 0,
        listener: Int = 0,
        mayPreferTCP: Bool = false,
        search: HopSearch = .addresses,
        name: String? = nil,
        trunk: ResourceIdentifier? = nil
    ) {
        self.transport = transport
        self.host = host
        self.port = port
        self.connection = connection
        self.listener = listener
        self.mayPreferTCP = mayPreferTCP
        self.search = search
        self.name = name
        self.trunk = trunk
    }

    /// The caller's side of a call that the gateway itself places: nothing goes out there, the gateway is the caller.
    package static let inside = NextHop(transport: .udp, host: "gateway.invalid", port: 5060, listener: -1)

    /// Whether this is the inside of the gateway; no message can name it, since no listener has its number.
    package var isInside: Bool { listener < 0 }

    /// Reads the next hop out of a SIP URI: its host or `maddr`, port and transport parameter (RFC 3263 §4, without look-ups).
    ///
    /// - Parameters:
    ///   - bytes: The buffer that the URI stands in.
    ///   - uri: The URI.
    ///   - listener: The listener to send from.
    package init?(_ bytes: [UInt8], _ uri: URIReference, listener: Int) {
        guard uri.scheme == .sip || uri.scheme == .sips, !uri.host.isEmpty else { return nil }
        let span = bytes.span
        let parameters = Parameters(uri.parameters)
        var transport = SIPTransportProtocol.udp
        var search = HopSearch.transports
        if let value = parameters.value("transport", in: span) {
            search = .services
            if span.equals(value, ignoringCase: "tcp") {
                transport = .tcp
            } else if span.equals(value, ignoringCase: "tls") {
                transport = .tls
            } else if !span.equals(value, ignoringCase: "udp") || uri.scheme == .sips {
                return nil
            }
        }
        // RFC 3261 §26.2.2: every hop of a sips URI is TLS; its transport parameter says what TLS runs over.
        if uri.scheme == .sips {
            transport = .tls
            search = .services
        }
        self.init(
            transport: transport,
            host: span.text(Self.place(parameters, in: span) ?? uri.host.indices),
            port: uri.port ?? UInt16(clamping: transport.defaultPort),
            listener: listener,
            search: uri.port == nil ? search : .addresses
        )
    }
}

/// What DNS is asked about a name (RFC 3263 §4).
package enum HopSearch: UInt8, Sendable {
    /// Its addresses: the port is known.
    case addresses
    /// Its SRV records: the transport is known, the port is not.
    case services
    /// Its NAPTR records: neither is known.
    case transports
}

extension NextHop {
    /// The value of `maddr`, which names the place to send to instead of the host (RFC 3263 §4).
    private static func place(_ parameters: Parameters, in span: Span<UInt8>) -> Range<Int>? {
        guard let value = parameters.value("maddr", in: span), !value.isEmpty else { return nil }
        let isBracketed = span[value.lowerBound] == UInt8(ascii: "[") && span[value.upperBound - 1] == UInt8(ascii: "]")
        return isBracketed && value.count > 2 ? value.lowerBound + 1..<value.upperBound - 1 : value
    }

    /// Whether the host is a name, which has to be located before anything can be sent.
    package var isNamed: Bool {
        !host.utf8.contains(UInt8(ascii: ":"))
            && host.utf8.contains { !ASCII.isDigit($0) && $0 != UInt8(ascii: ".") }
    }

    /// The hop that a Contact or Route of the peer leads to.
    ///
    /// A name that this hop was located by goes on meaning the server that has answered, and a connection to the same
    /// place is kept.
    func following(_ next: NextHop) -> NextHop {
        if let name, next.isNamed, Self.isSameName(name, next.host),
            next.search == .transports || next.transport == transport,
            next.search != .addresses || next.port == port
        {
            return self
        }
        var hop = next
        if hop.leads(whereLeads: self) {
            hop.connection = connection
            hop.name = name
        }
        return hop
    }

    private static func isSameName(_ left: String, _ right: String) -> Bool {
        left.lowercased() == right.lowercased()
    }

    /// Takes over from the hop before what a trunk's Contact or route set cannot change: which trunk it is, and that it is
    /// reached inside TLS. A URI that names no transport would otherwise lead the rest of the call into the open.
    mutating func stay(with former: NextHop, hasPort: Bool) {
        trunk = former.trunk
        guard trunk != nil, former.transport == .tls, transport != .tls else { return }
        transport = .tls
        if !hasPort { port = UInt16(clamping: transport.defaultPort) }
    }

    /// Whether two hops lead to one place, be it by different connections.
    func leads(whereLeads other: NextHop) -> Bool {
        port == other.port && transport == other.transport && host == other.host
    }
}

/// How the gateway names itself on a leg.
package struct LocalAddress: Hashable, Sendable {
    /// Host, brackets included where needed, and port, as Via's sent-by and Contact carry them.
    package let sentBy: [UInt8]
    /// The host alone, brackets included where needed.
    package let host: String
    private let datagramContact: [UInt8]
    private let streamContact: [UInt8]
    private let tlsContact: [UInt8]
    private let secureContact: [UInt8]

    /// Makes a local address; an IPv6 host is given without brackets.
    package init(host: String, port: UInt16) {
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        self.init(sentBy: Array("\(bracketed):\(port)".utf8), host: bracketed)
    }

    /// Makes a local address out of its two texts, brackets included.
    init(sentBy: [UInt8], host: String) {
        self.sentBy = sentBy
        self.host = host
        self.datagramContact = Array("<sip:".utf8) + sentBy + Array(">".utf8)
        self.streamContact = Array("<sip:".utf8) + sentBy + Array(";transport=tcp>".utf8)
        self.tlsContact = Array("<sip:".utf8) + sentBy + Array(";transport=tls>".utf8)
        self.secureContact = Array("<sips:".utf8) + sentBy + Array(">".utf8)
    }

    /// The Contact value of the gateway on this leg; where the peer is named by a sips URI, so is the gateway
    /// (RFC 3261 §8.1.1.8).
    func contact(_ transport: SIPTransportProtocol, isSecure: Bool) -> [UInt8] {
        switch transport {
        case .udp: datagramContact
        case .tcp: streamContact
        case .tls: isSecure ? secureContact : tlsContact
        }
    }
}

/// Mints the numbers that name our transactions and dialogs; the first octet is the shard that owns them.
package struct IdentifierMint {
    private let shard: UInt64
    private let random: () -> UInt64

    /// Makes a mint.
    ///
    /// - Parameters:
    ///   - shard: The owning shard, 0 to 255.
    ///   - random: A source of unpredictable numbers; peers must not be able to guess them.
    package init(shard: UInt8, random: @escaping () -> UInt64) {
        self.shard = UInt64(shard) << 56
        self.random = random
    }

    /// A new identifier of this shard.
    package func next() -> UInt64 {
        shard | (random() & 0x00FF_FFFF_FFFF_FFFF)
    }

    /// The shard that minted an identifier.
    package static func shard(of identifier: UInt64) -> Int {
        Int(identifier >> 56)
    }
}
