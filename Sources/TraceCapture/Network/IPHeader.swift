// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What an IPv4 or IPv6 header says.
struct IPHeader {
    var source: IPAddress
    var destination: IPAddress
    /// The protocol of the payload, or the first extension header of IPv6.
    var next: UInt8
    /// The payload as far as it was captured.
    var payload: Range<Int>
    /// Octets of the payload that were not captured.
    var missing: Int
    /// Set for an IPv4 fragment.
    var fragment: FragmentPosition?

    /// Reads the header at the start of a range; nil when it contradicts itself or is not all there.
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> IPHeader? {
        guard let first = range.first, range.upperBound <= bytes.count else { return nil }
        return switch bytes[first] >> 4 {
        case 4: ipv4(bytes, range)
        case 6: ipv6(bytes, range)
        default: nil
        }
    }

    /// RFC 791 §3.1.
    private static func ipv4(_ bytes: Span<UInt8>, _ range: Range<Int>) -> IPHeader? {
        let start = range.lowerBound
        guard range.count >= 20, let total = bytes.uint16(at: start + 2), let flags = bytes.uint16(at: start + 6),
            let identification = bytes.uint16(at: start + 4), let source = bytes.uint32(at: start + 12),
            let destination = bytes.uint32(at: start + 16)
        else { return nil }
        let header = Int(bytes[start] & 15) * 4
        guard header >= 20, header <= range.count else { return nil }
        // A length of 0 is what a capture shows of a packet that the network card was to cut into segments.
        let declared = total == 0 ? range.count : total
        guard declared >= header else { return nil }
        let end = min(range.upperBound, start + declared)
        let offset = (flags & 0x1FFF) * 8
        let more = flags & 0x2000 != 0
        return IPHeader(
            source: IPAddress(high: 0, low: UInt64(source), isIPv6: false),
            destination: IPAddress(high: 0, low: UInt64(destination), isIPv6: false),
            next: bytes[start + 9],
            payload: start + header..<end,
            missing: start + declared - end,
            fragment: offset > 0 || more
                ? FragmentPosition(identification: UInt32(identification), offset: offset, more: more) : nil
        )
    }

    /// RFC 8200 §3.
    private static func ipv6(_ bytes: Span<UInt8>, _ range: Range<Int>) -> IPHeader? {
        let start = range.lowerBound
        guard range.count >= 40, let length = bytes.uint16(at: start + 4), let sourceHigh = bytes.uint64(at: start + 8),
            let sourceLow = bytes.uint64(at: start + 16), let destinationHigh = bytes.uint64(at: start + 24),
            let destinationLow = bytes.uint64(at: start + 32)
        else { return nil }
        let declared = length == 0 ? range.count - 40 : length
        let end = min(range.upperBound, start + 40 + declared)
        return IPHeader(
            source: IPAddress(high: sourceHigh, low: sourceLow, isIPv6: true),
            destination: IPAddress(high: destinationHigh, low: destinationLow, isIPv6: true),
            next: bytes[start + 6],
            payload: start + 40..<end,
            missing: start + 40 + declared - end,
            fragment: nil
        )
    }
}

/// Which part of a datagram a fragment is.
struct FragmentPosition: Equatable {
    var identification: UInt32
    /// Octets of the datagram's payload before this part.
    var offset: Int
    /// Whether parts follow.
    var more: Bool
}

/// A step along IPv6 extension headers (RFC 8200 §4).
enum ExtensionHeader {
    /// Not an extension header: what the protocol number says begins here.
    case none
    /// The next header's number and where it begins.
    case next(UInt8, Int)
    /// A part of a datagram; its content's first header has the number.
    case fragment(FragmentPosition, UInt8, Int)
    case malformed

    static func read(_ bytes: Span<UInt8>, _ number: UInt8, _ range: Range<Int>) -> ExtensionHeader {
        switch number {
        case 0, 43, 60, 135, 139, 140: generic(bytes, range, unit: 8, extra: 1)
        // RFC 4302 §2.2: the authentication header counts in words of four octets, less two.
        case 51: generic(bytes, range, unit: 4, extra: 2)
        case 44: fragmentHeader(bytes, range)
        default: .none
        }
    }

    private static func generic(_ bytes: Span<UInt8>, _ range: Range<Int>, unit: Int, extra: Int) -> ExtensionHeader {
        guard range.count >= 8 else { return .malformed }
        let length = (Int(bytes[range.lowerBound + 1]) + extra) * unit
        return length <= range.count ? .next(bytes[range.lowerBound], range.lowerBound + length) : .malformed
    }

    private static func fragmentHeader(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ExtensionHeader {
        guard range.count >= 8, let field = bytes.uint16(at: range.lowerBound + 2),
            let identification = bytes.uint32(at: range.lowerBound + 4)
        else { return .malformed }
        let next = bytes[range.lowerBound]
        let position = FragmentPosition(identification: identification, offset: field & 0xFFF8, more: field & 1 == 1)
        // RFC 6946: a fragment that is the whole datagram stands alone.
        if position.offset == 0, !position.more { return .next(next, range.lowerBound + 8) }
        return .fragment(position, next, range.lowerBound + 8)
    }
}
