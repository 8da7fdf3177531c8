// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a shard's transport has seen since it started. Plain numbers: read them on the shard's event loop.
package struct TransportCounters: Hashable, Sendable {
    /// Datagrams handed to the delegate.
    package var datagramsIn: UInt64 = 0
    /// Datagrams handed to the system.
    package var datagramsOut: UInt64 = 0
    /// Datagrams the system refused to send.
    package var datagramsFailed: UInt64 = 0
    /// Datagrams longer than a receive slot.
    package var truncated: UInt64 = 0
    /// Keep-alives: junk datagrams and CRLF pings on streams (RFC 5626 §4.4.1).
    package var keepAlives: UInt64 = 0
    /// Messages framed out of streams.
    package var streamMessagesIn: UInt64 = 0
    /// Messages written to streams.
    package var streamMessagesOut: UInt64 = 0
    /// Bytes received, on all transports.
    package var bytesIn: UInt64 = 0
    /// Bytes of messages sent, on all transports.
    package var bytesOut: UInt64 = 0
    /// Connections accepted.
    package var connectionsAccepted: UInt64 = 0
    /// Connections opened from this side.
    package var connectionsOpened: UInt64 = 0
    /// Connections turned away because of a limit.
    package var connectionsRefused: UInt64 = 0
    /// Attempts to open a connection that failed.
    package var connectFailures: UInt64 = 0
    /// Connections closed for want of traffic.
    package var idleClosed: UInt64 = 0
    /// Connections closed because a message stayed unfinished.
    package var stalledClosed: UInt64 = 0
    /// Connections closed because the peer did not read.
    package var congestedClosed: UInt64 = 0
    /// Streams that could not be framed.
    package var framingErrors: UInt64 = 0
    /// TLS handshakes that succeeded.
    package var handshakes: UInt64 = 0
    /// Those of them that resumed a session.
    package var handshakesResumed: UInt64 = 0
    /// TLS handshakes that failed, for whatever reason.
    package var handshakesFailed: UInt64 = 0
    /// TLS connections that ended without close_notify.
    package var truncatedStreams: UInt64 = 0

    /// All zero.
    package init() {}
}
