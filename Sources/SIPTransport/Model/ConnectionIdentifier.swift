// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Names a stream connection for as long as the process lives; never reused.
package struct ConnectionIdentifier: Hashable, Sendable {
    /// The shard's index in the top 12 bits, a serial number below; 0 means no connection.
    package let rawValue: UInt64

    /// Takes a raw value as kept in a table or a Via branch.
    @inlinable
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Joins a shard's index (0…4095) and its serial number (from 1).
    @inlinable
    package init(shard: Int, serial: UInt64) {
        rawValue = UInt64(truncatingIfNeeded: shard) << 52 | (serial & 0x000F_FFFF_FFFF_FFFF)
    }

    /// No connection: what a datagram came over.
    package static var none: ConnectionIdentifier { ConnectionIdentifier(rawValue: 0) }

    /// The shard that owns the connection.
    @inlinable
    package var shard: Int {
        Int(truncatingIfNeeded: rawValue >> 52)
    }
}

/// Where a message came from: the transport facts that travel beside it.
package struct ReceivedFrom: Hashable, Sendable {
    /// The transport protocol.
    package let kind: TransportKind
    /// The listener it arrived at, as an index into the list given to `bind`. For a connection opened from this side,
    /// the listener named when it was opened.
    package let listener: Int
    /// The peer's address and port.
    package let peer: PeerAddress
    /// The connection, or `.none` for a datagram.
    package let connection: ConnectionIdentifier
    /// Whether the peer's certificate was verified; never without TLS.
    package let isVerified: Bool

    /// States the facts.
    @inlinable
    package init(
        kind: TransportKind,
        listener: Int,
        peer: PeerAddress,
        connection: ConnectionIdentifier = .none,
        isVerified: Bool = false
    ) {
        self.kind = kind
        self.listener = listener
        self.peer = peer
        self.connection = connection
        self.isVerified = isVerified
    }
}
