// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What passed through a reader, counted.
package struct CaptureCounts: Hashable, Sendable {
    /// Packets that the capture holds and the filter let through.
    package var packets = 0
    /// Packets that the filter held back.
    package var filtered = 0
    /// Captured octets of packets, or octets of text.
    package var bytes = 0
    /// SIP messages delivered, the cut ones among them.
    package var messages = 0
    /// Messages delivered without their end.
    package var truncatedMessages = 0
    /// Packets of which the capture holds only the head.
    package var truncatedPackets = 0
    /// IP fragments.
    package var fragments = 0
    /// Datagrams put together from fragments.
    package var reassembled = 0
    /// Fragmented datagrams given up: fragments overlap, or are missing.
    package var abandonedDatagrams = 0
    /// TCP connections that carried octets.
    package var streams = 0
    /// Places of streams where octets were not captured.
    package var gaps = 0
    /// Segments that came before an earlier one.
    package var outOfOrder = 0
    /// Segments that brought nothing new.
    package var retransmissions = 0
    /// Octets of SIP streams that belong to no message.
    package var skippedBytes = 0
    /// Messages that came wrapped in HEP3.
    package var encapsulated = 0
    /// Keep-alives: empty datagrams, those of nothing but line ends or NUL, and line ends between a stream's messages.
    package var keepAlives = 0
    /// Packets that are TLS, DTLS or ESP.
    package var encrypted = 0
    /// Packets whose headers contradict themselves.
    package var unreadable = 0
    /// Streams and datagrams given up because a limit was reached.
    package var evicted = 0
    private var foreignCounts = [Int](repeating: 0, count: ForeignTraffic.allCases.count)

    /// Makes counts of nothing.
    package init() {}

    /// Packets of one kind that are no SIP.
    package func foreign(_ kind: ForeignTraffic) -> Int {
        foreignCounts[Int(kind.rawValue)]
    }

    /// All packets that are no SIP and could be read well enough to say so.
    package var foreign: Int { foreignCounts.reduce(0, +) }

    mutating func addForeign(_ kind: ForeignTraffic) {
        foreignCounts[Int(kind.rawValue)] += 1
    }
}

/// The kinds of packets that carry no SIP.
package enum ForeignTraffic: UInt8, Hashable, Sendable, CaseIterable {
    /// A link-layer protocol other than IP, PPP and ARP.
    case link
    case arp
    case icmp
    case sctp
    /// An IP protocol that is not among the others.
    case otherProtocol
    /// A UDP datagram that is no SIP.
    case udp
    /// A TCP segment of a stream that carries no SIP.
    case tcp
    /// A TCP segment without octets.
    case emptySegment
    /// HEP3 with something else than SIP.
    case encapsulated

    /// The kind in words.
    package var name: StaticString {
        switch self {
        case .link: "other link-layer traffic"
        case .arp: "ARP"
        case .icmp: "ICMP"
        case .sctp: "SCTP"
        case .otherProtocol: "other IP protocols"
        case .udp: "other UDP"
        case .tcp: "other TCP"
        case .emptySegment: "TCP without data"
        case .encapsulated: "HEP3 without SIP"
        }
    }
}
