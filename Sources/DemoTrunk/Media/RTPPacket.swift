// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// An RTP packet (RFC 3550 §5.1) without contributing sources or extension.
package struct RTPPacket: Hashable, Sendable {
    /// The marker bit: the first packet of a talkspurt or of a telephone event.
    package var marker = false
    /// The payload type, 0 to 127.
    package var payloadType: UInt8
    /// The sequence number, one more for each packet.
    package var sequenceNumber: UInt16
    /// The sampling instant of the first octet, in samples.
    package var timestamp: UInt32
    /// The synchronization source.
    package var source: UInt32
    /// What it carries.
    package var payload: [UInt8]

    /// Makes a packet.
    package init(payloadType: UInt8, sequenceNumber: UInt16, timestamp: UInt32, source: UInt32, payload: [UInt8]) {
        self.payloadType = payloadType
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.source = source
        self.payload = payload
    }

    /// Reads a packet; nil when the bytes are not RTP of version 2. Sources, extension and padding are skipped.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 12, bytes[0] >> 6 == 2 else { return nil }
        var start = 12 + Int(bytes[0] & 15) * 4
        if bytes[0] & 0x10 != 0 {
            guard bytes.count >= start + 4 else { return nil }
            start += 4 + (Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])) * 4
        }
        var end = bytes.count
        if bytes[0] & 0x20 != 0 { end -= Int(bytes[end - 1]) }
        guard start <= end else { return nil }
        marker = bytes[1] & 0x80 != 0
        payloadType = bytes[1] & 0x7F
        sequenceNumber = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        timestamp = Self.word(bytes, at: 4)
        source = Self.word(bytes, at: 8)
        payload = Array(bytes[start..<end])
    }

    /// The packet as sent.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [0x80, (marker ? 0x80 : 0) | payloadType & 0x7F]
        bytes.reserveCapacity(12 + payload.count)
        bytes.append(UInt8(truncatingIfNeeded: sequenceNumber >> 8))
        bytes.append(UInt8(truncatingIfNeeded: sequenceNumber))
        for word in [timestamp, source] {
            for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        bytes.append(contentsOf: payload)
        return bytes
    }

    // INVARIANT: callers have checked that four octets follow.
    private static func word(_ bytes: [UInt8], at index: Int) -> UInt32 {
        UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16 | UInt32(bytes[index + 2]) << 8
            | UInt32(bytes[index + 3])
    }
}
