// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Finds the IP packet inside a link-layer frame.
enum LinkLayer {
    /// What a frame carries.
    enum Content {
        /// An IP packet, with what may be padding behind it.
        case ip(Range<Int>)
        case foreign(ForeignTraffic)
        case malformed(StaticString)
    }

    static func content(_ frame: Span<UInt8>, _ link: LinkType) -> Content {
        switch link {
        case .rawIP: ip(frame, 0)
        case .ethernet: ethernet(frame, 0)
        case .loopback: loopback(frame)
        case .ppp: ppp(frame, 0)
        case .pppoe: pppoe(frame, 0)
        case .linuxCooked: etherType(frame, typeAt: 14, then: 16)
        case .linuxCooked2: etherType(frame, typeAt: 0, then: 20)
        }
    }

    /// An Ethernet frame; GRE carries them too.
    static func ethernet(_ frame: Span<UInt8>, _ start: Int) -> Content {
        etherType(frame, typeAt: start + 12, then: start + 14)
    }

    /// Follows an EtherType, through VLAN tags (IEEE 802.1Q, 802.1ad), to what it names.
    static func etherType(_ frame: Span<UInt8>, typeAt: Int, then start: Int) -> Content {
        guard var type = frame.uint16(at: typeAt), start <= frame.count else { return cutShort }
        var start = start
        var tags = 0
        while type == 0x8100 || type == 0x88A8 || type == 0x9100 || type == 0x9200 {
            guard tags < 4, let inner = frame.uint16(at: start + 2) else { return cutShort }
            type = inner
            start += 4
            tags += 1
        }
        return protocolContent(frame, type, start)
    }

    private static func protocolContent(_ frame: Span<UInt8>, _ type: Int, _ start: Int) -> Content {
        switch type {
        case 0x0800, 0x86DD: return ip(frame, start)
        case 0x0806: return .foreign(.arp)
        case 0x8864: return pppoe(frame, start)
        case 0x880B: return ppp(frame, start)
        case 0x8847, 0x8848: return mpls(frame, start)
        case 0...1500: return subnetwork(frame, start)
        default: return .foreign(.link)
        }
    }

    /// IEEE 802.2 with SNAP (RFC 1042): 0xAA 0xAA 0x03, three octets of organisation, an EtherType.
    private static func subnetwork(_ frame: Span<UInt8>, _ start: Int) -> Content {
        guard frame.uint32(at: start) == 0xAAAA_0300, frame.uint16(at: start + 4) == 0,
            let type = frame.uint16(at: start + 6), type > 1500
        else { return .foreign(.link) }
        return protocolContent(frame, type, start + 8)
    }

    private static func loopback(_ frame: Span<UInt8>) -> Content {
        guard let family = frame.uint32(at: 0) else { return cutShort }
        // IPv4 is 2 everywhere; IPv6 is 10, 24, 28 or 30 by system.
        switch family < 1 << 16 ? family : family.byteSwapped {
        case 2, 10, 24, 28, 30: return ip(frame, 4)
        default: return .foreign(.link)
        }
    }

    /// RFC 2516 §4: version and type 1, code 0 in a session.
    private static func pppoe(_ frame: Span<UInt8>, _ start: Int) -> Content {
        guard let kind = frame.uint16(at: start) else { return cutShort }
        guard kind == 0x1100 else { return .foreign(.link) }
        return ppp(frame, start + 6)
    }

    /// RFC 1661 §2 and RFC 1662 §3.1: address and control may be absent, a protocol may be one octet.
    static func ppp(_ frame: Span<UInt8>, _ start: Int) -> Content {
        let begin = frame.uint16(at: start) == 0xFF03 ? start + 2 : start
        guard begin >= 0, begin < frame.count else { return cutShort }
        let short = frame[begin] & 1 == 1
        guard let type = short ? Int(frame[begin]) : frame.uint16(at: begin) else { return cutShort }
        return type == 0x21 || type == 0x57 ? ip(frame, begin + (short ? 1 : 2)) : .foreign(.link)
    }

    /// RFC 3032 §2.1: a stack of labels, the last of which has a bit set; what follows is told by its first octet.
    private static func mpls(_ frame: Span<UInt8>, _ start: Int) -> Content {
        var start = start
        for _ in 0..<16 {
            guard let label = frame.uint32(at: start) else { return cutShort }
            start += 4
            if label & 0x100 != 0 {
                guard start < frame.count else { return cutShort }
                return [4, 6].contains(frame[start] >> 4) ? ip(frame, start) : .foreign(.link)
            }
        }
        return .malformed("more than 16 MPLS labels")
    }

    private static func ip(_ frame: Span<UInt8>, _ start: Int) -> Content {
        start < frame.count ? .ip(start..<frame.count) : cutShort
    }

    private static var cutShort: Content { .malformed("the link-layer header is cut short") }
}
