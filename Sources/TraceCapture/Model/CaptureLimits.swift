// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// How much a reader holds at most, whatever the capture is.
package struct CaptureLimits: Hashable, Sendable {
    /// TCP connections remembered; the one that was silent longest is forgotten first.
    package var streams = 50_000
    /// IP fragments held of datagrams that are not complete.
    package var fragments = 4_096
    /// Octets held of streams and fragments together.
    package var heldBytes = 256 << 20
    /// Segments that one direction of a connection holds behind a missing one.
    package var waitingSegments = 256
    /// Octets that one direction of a connection holds behind a missing one.
    package var waitingBytes = 1 << 20
    /// How long a missing segment is waited for, in nanoseconds of the capture's time.
    package var segmentWait: Int64 = 10_000_000_000
    /// How long missing fragments are waited for, in nanoseconds of the capture's time; RFC 791 §3.2 and RFC 8200 §4.5
    /// name 15 and 60 seconds.
    package var fragmentWait: Int64 = 30_000_000_000
    /// Octets of a header section in a stream or text.
    package var headerBytes = 64 << 10
    /// Octets of a message in a stream or text.
    package var messageBytes = 1 << 20
    /// Octets of a stream looked through for a first message, before it is taken for something else.
    package var searchedBytes = 64 << 10
    /// Packets within packets: tunnels, and fragments of what was in fragments.
    package var nesting = 4

    /// Makes the usual limits.
    package init() {}
}
