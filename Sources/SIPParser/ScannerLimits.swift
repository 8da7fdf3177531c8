// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// How much a message may hold before it is refused, counted before any list is built from it.
package struct ScannerLimits: Hashable, Sendable {
    /// Header field lines, folded ones counted once.
    package var headerLines: Int
    /// Comma-separated elements in one header field line.
    package var listElements: Int
    /// Comma-separated elements in all header field lines together.
    package var totalElements: Int
    /// Semicolons in one element, and header fields in one URI.
    package var parameters: Int
    /// Bytes from the start line to the empty line.
    package var headerBytes: Int
    /// Bytes of the whole message.
    package var messageBytes: Int

    /// Makes a set of limits; the defaults admit every real phone's messages.
    package init(
        headerLines: Int = 128,
        listElements: Int = 64,
        totalElements: Int = 384,
        parameters: Int = 32,
        headerBytes: Int = 16_384,
        messageBytes: Int = 65_535
    ) {
        self.headerLines = headerLines
        self.listElements = listElements
        self.totalElements = totalElements
        self.parameters = parameters
        self.headerBytes = headerBytes
        self.messageBytes = messageBytes
    }
}

/// How a message arrived, which decides how its end is found (RFC 3261 §18.3).
package enum Framing: Sendable {
    /// One datagram: without Content-Length the body reaches to its end.
    case datagram
    /// A stream cut by Content-Length, which therefore must be present.
    case stream
}
