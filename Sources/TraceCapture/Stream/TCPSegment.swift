// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A TCP segment: its header's fields, and where its octets lie.
struct TCPSegment {
    var source: CaptureAddress
    var destination: CaptureAddress
    var sequence: UInt32
    var flags: UInt8
    /// The octets as far as they were captured.
    var content: Range<Int>
    /// Octets behind them that were not.
    var missing: Int
    var stamp: PacketStamp

    var length: Int { content.count + missing }
    var ends: Bool { flags & 1 != 0 }
    var begins: Bool { flags & 2 != 0 }
    var resets: Bool { flags & 4 != 0 }

    /// The sequence number of the first octet: a SYN takes one itself.
    var firstOctet: UInt32 { begins ? sequence &+ 1 : sequence }
}

extension StreamHalf {
    /// Takes a segment of this direction.
    mutating func receive(
        _ segment: TCPSegment,
        _ packet: Span<UInt8>,
        _ limits: CaptureLimits,
        _ findings: inout [Finding]
    ) {
        if segment.begins { begin(segment.sequence, segment.stamp, &findings) }
        if segment.length > 0, !segment.resets {
            let first = segment.firstOctet
            take(packet, segment.content, first, missing: segment.missing, segment.stamp, limits, &findings)
        }
        let end = segment.firstOctet &+ UInt32(truncatingIfNeeded: segment.length)
        if segment.resets || segment.ends && hasReached(end) { flush(segment.stamp, limits, &findings) }
    }
}
