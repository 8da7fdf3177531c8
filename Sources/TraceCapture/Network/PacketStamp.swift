// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Which packet something came with.
struct PacketStamp: Hashable, Sendable {
    var time: CaptureTime
    /// Counted from 1.
    var packet: Int
    /// Where its record begins in the file.
    var offset: Int64?
}

/// What a capture says about a packet beside its octets.
package struct PacketRecord: Hashable, Sendable {
    /// The packet, counted from 1.
    package var packet: Int
    /// Where its record begins in the file; nil when that is not known.
    package var offset: Int64?
    package var time: CaptureTime
    /// Octets that the packet had on the wire, which may be more than were captured.
    package var wireLength: Int

    /// Makes a record.
    package init(packet: Int, offset: Int64? = nil, time: CaptureTime, wireLength: Int) {
        self.packet = packet
        self.offset = offset
        self.time = time
        self.wireLength = wireLength
    }
}
