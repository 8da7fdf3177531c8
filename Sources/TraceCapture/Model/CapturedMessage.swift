// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A SIP message found in a capture, byte for byte, whether or not it is a sound one.
package struct CapturedMessage: Hashable, Sendable {
    /// How a message was carried.
    package enum Transport: String, Hashable, Sendable {
        /// One datagram for each message, at least.
        case udp
        /// A stream, TLS that was decrypted before capture among them.
        case tcp
        /// A text trace does not tell, or something else than UDP and TCP.
        case unknown
    }

    /// The message. From UDP it is the whole datagram with what may stand before or behind the message; from TCP it
    /// ends where Content-Length says (RFC 3261 §18.3); from a text trace its lines end in CRLF.
    package var bytes: [UInt8]
    /// When the packet that completed it was captured; nil when a text trace does not tell. Text traces name no time
    /// zone: they are read as UTC.
    package var time: CaptureTime?
    /// The sender; nil when a text trace does not tell.
    package var source: CaptureAddress?
    /// The receiver; nil when a text trace does not tell.
    package var destination: CaptureAddress?
    /// How it was carried.
    package var transport: Transport
    /// The packet that completed it, or its first line.
    package var place: CapturePlace
    /// Whether octets at its end are missing: the capture kept only the head of packets, or lost some.
    package var isTruncated: Bool

    /// Makes a message.
    package init(
        bytes: [UInt8],
        time: CaptureTime?,
        source: CaptureAddress?,
        destination: CaptureAddress?,
        transport: Transport,
        place: CapturePlace,
        isTruncated: Bool = false
    ) {
        self.bytes = bytes
        self.time = time
        self.source = source
        self.destination = destination
        self.transport = transport
        self.place = place
        self.isTruncated = isTruncated
    }
}

/// Where in which file something stands.
package struct CapturePlace: Hashable, Sendable, CustomStringConvertible {
    /// The file's path, or `-` for standard input.
    package var file: String
    /// The packet, counted from 1; nil in a text trace.
    package var packet: Int?
    /// The octet in the file at which the packet's record or the line begins; nil when libpcap does not tell it, which
    /// is so for pcapng read from a pipe.
    package var offset: Int64?
    /// The line, counted from 1; nil in a packet capture.
    package var line: Int?

    /// Makes a place.
    package init(file: String, packet: Int? = nil, offset: Int64? = nil, line: Int? = nil) {
        self.file = file
        self.packet = packet
        self.offset = offset
        self.line = line
    }

    /// `calls.pcap, packet 12`, `calls.txt, line 3`.
    package var description: String {
        if let packet { return "\(file), packet \(packet)" }
        if let line { return "\(file), line \(line)" }
        return file
    }
}
