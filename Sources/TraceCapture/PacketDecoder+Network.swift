// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension PacketDecoder {
    mutating func readIP(_ packet: Span<UInt8>, _ range: Range<Int>, _ stamp: PacketStamp, depth: Int) {
        guard depth <= limits.nesting else { return unreadable("packets are nested too deep", stamp) }
        guard let header = IPHeader.read(packet, range) else { return unreadable("the IP header is unsound", stamp) }
        var piece = NetworkPayload(header, stamp, depth: depth)
        if let fragment = header.fragment { return readFragment(packet, fragment, piece) }
        readPayload(packet, &piece)
    }

    /// Reads what an IP packet carries, behind extension headers.
    private mutating func readPayload(_ packet: Span<UInt8>, _ payload: inout NetworkPayload) {
        // Each extension header takes eight octets at least: this ends.
        while true {
            switch ExtensionHeader.read(packet, payload.next, payload.range) {
            case .none: return readProtocol(packet, payload)
            case .next(let number, let start):
                payload.next = number
                payload.range = start..<payload.range.upperBound
            case .fragment(let position, let number, let start):
                payload.next = number
                payload.range = start..<payload.range.upperBound
                return readFragment(packet, position, payload)
            case .malformed: return unreadable("an extension header is unsound", payload.stamp)
            }
        }
    }

    private mutating func readProtocol(_ packet: Span<UInt8>, _ payload: NetworkPayload) {
        switch payload.next {
        case 17: readDatagram(packet, payload)
        case 6: readSegment(packet, payload)
        case 4, 41: readIP(packet, payload.range, payload.stamp, depth: payload.depth + 1)
        case 47: readGRE(packet, payload)
        case 50: counts.encrypted += 1
        case 1, 58: counts.addForeign(.icmp)
        case 132: counts.addForeign(.sctp)
        default: counts.addForeign(.otherProtocol)
        }
    }

    private mutating func readFragment(_ packet: Span<UInt8>, _ position: FragmentPosition, _ payload: NetworkPayload) {
        counts.fragments += 1
        guard payload.missing == 0 else {
            counts.abandonedDatagrams += 1
            return note(.fragments, "a fragment was captured in part", payload.stamp)
        }
        guard payload.depth < limits.nesting else { return unreadable("packets are nested too deep", payload.stamp) }
        let key = FragmentTable.Key(
            source: payload.source,
            destination: payload.destination,
            identification: position.identification,
            next: payload.next
        )
        switch fragments.add(packet.copy(payload.range), position, of: key, payload.stamp) {
        case .waiting, .ignored: break
        case .refused(let reason):
            counts.abandonedDatagrams += 1
            note(.fragments, "\(reason): the datagram is refused", payload.stamp)
        case .whole(let bytes):
            counts.reassembled += 1
            var whole = payload
            whole.range = 0..<bytes.count
            whole.depth += 1
            readPayload(bytes.span, &whole)
        }
    }

    /// RFC 2784 §2.1 and RFC 2890 §2; version 1 is that of PPTP (RFC 2637 §4.1).
    private mutating func readGRE(_ packet: Span<UInt8>, _ payload: NetworkPayload) {
        guard payload.depth < limits.nesting else { return unreadable("packets are nested too deep", payload.stamp) }
        guard payload.range.count >= 4, let flags = packet.uint16(at: payload.range.lowerBound),
            let type = packet.uint16(at: payload.range.lowerBound + 2), flags & 7 <= 1
        else { return unreadable("the GRE header is unsound", payload.stamp) }
        var start = payload.range.lowerBound + 4
        for bit in [0x8000, 0x2000, 0x1000] where flags & bit != 0 { start += 4 }
        if flags & 7 == 1, flags & 0x80 != 0 { start += 4 }
        guard start < payload.range.upperBound else {
            // PPTP acknowledges with a header alone.
            return counts.addForeign(.otherProtocol)
        }
        let inner = packet.extracting(start..<payload.range.upperBound)
        let depth = payload.depth + 1
        switch type {
        case 0x0800, 0x86DD: readIP(inner, 0..<inner.count, payload.stamp, depth: depth)
        case 0x880B: read(LinkLayer.ppp(inner, 0), inner, payload.stamp, depth: depth)
        case 0x6558: read(LinkLayer.ethernet(inner, 0), inner, payload.stamp, depth: depth)
        default: counts.addForeign(.otherProtocol)
        }
    }
}

/// What an IP packet carries, and between whom.
struct NetworkPayload {
    var source: IPAddress
    var destination: IPAddress
    var next: UInt8
    /// Where it lies, as far as it was captured.
    var range: Range<Int>
    /// Octets behind the range that were not captured.
    var missing: Int
    var stamp: PacketStamp
    /// Tunnels and reassemblies around it.
    var depth: Int

    init(_ header: IPHeader, _ stamp: PacketStamp, depth: Int) {
        source = header.source
        destination = header.destination
        next = header.next
        range = header.payload
        missing = header.missing
        self.stamp = stamp
        self.depth = depth
    }
}
