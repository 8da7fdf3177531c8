// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// What a shard allows its peers to make it hold.
package struct TransportLimits: Hashable, Sendable {
    /// The longest message taken from a stream, in bytes, header section and body together.
    package var maxMessageBytes = 65_535
    /// The longest header section taken from a stream, in bytes, with the empty line.
    package var maxHeaderSectionBytes = 16_384
    /// Room for one datagram, in bytes (512…65,536). One that fills it or more is reported as truncated. Slots times
    /// vector count is rounded up to a power of two.
    package var udpSlotBytes = 8_192
    /// How many datagrams one system call may bring.
    package var udpVectorCount = 16
    /// How many such calls may follow each other before other work gets its turn.
    package var udpReadsPerWake: UInt = 4
    /// What to ask of the system for the receive and the send buffer of a UDP socket, in bytes; it may grant less.
    package var udpSocketBufferBytes = 4 << 20
    /// How many connections one IP address may have open to this shard.
    package var tcpConnectionsPerPeer = 64
    /// How many connections this shard keeps, accepted and opened together.
    package var maxConnections = 16_384
    /// A connection without traffic for so long is closed.
    package var idleTimeout = Interval.seconds(120)
    /// A connection whose message stays unfinished for so long is closed.
    package var partialMessageTimeout = Interval.seconds(30)
    /// How long opening a connection may take.
    package var connectTimeout = Interval.seconds(5)
    /// How long a TLS handshake may take.
    package var handshakeTimeout = Interval.seconds(5)
    /// How many accepted connections from one IP address may be in their handshake.
    package var handshakesPerPeer = 32
    /// How many accepted connections may be in their handshake, on this shard.
    package var maxHandshakes = 1_024
    /// How long a closing connection may take to send what it holds and to see the peer close.
    package var closeTimeout = Interval.seconds(2)
    /// How many bytes may wait for a peer that does not read; above it the connection is closed.
    package var maxOutboundBufferedBytes = 1 << 20

    /// The default limits.
    package init() {}
}
