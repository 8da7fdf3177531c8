// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What makes a session description unfit to be carried on.
package struct MalformedSessionDescription: Error, Hashable, Sendable {
    /// What is wrong, in words.
    package let reason: String
    /// The line it stands on, counted from 1 within the session description.
    package let line: Int
}

/// A session description as an index of places in its bytes (RFC 8866): m-lines, their formats, and the attribute
/// lines that name a payload type. The bytes stay where they are.
///
/// Lines may end in CRLF, LF or CR. More than 2048 lines, 64 m-lines or 128 formats on one m-line are refused.
package struct SessionDescription: Sendable {
    /// The limits beyond which a session description is refused.
    package enum Limit {
        /// Lines in one session description.
        package static let lines = 2048
        /// m-lines in one session description.
        package static let media = 64
        /// Formats on one m-line.
        package static let formats = 128
    }

    /// One m-line with the section it opens.
    package struct Media: Sendable {
        /// The medium.
        package let kind: MediaKind
        /// The transport port; 0 in a rejected line (RFC 3264 §6).
        package let port: Int
        /// Where the port stands, with its `/count` if it has one.
        package let portField: Range<Int>
        /// Whether the transport protocol is one of the RTP profiles.
        package let isRTP: Bool
        /// The line's formats, as places in `SessionDescription.formats`.
        package let formats: Range<Int>
        /// Where the format list stands, first format to last.
        package let formatField: Range<Int>
        /// The section's payload attributes, as places in `SessionDescription.attributes`.
        package internal(set) var attributes: Range<Int>
        /// Whether the section has `a=bundle-only`, so that its port 0 does not reject it (RFC 9143 §6).
        package internal(set) var isBundleOnly = false

        /// Whether the line offers a stream: its port is not 0, or it is bundle-only.
        package var isActive: Bool { port != 0 || isBundleOnly }
    }

    /// One format of an m-line.
    package struct Format: Sendable {
        /// The payload type, 0 to 255; nil when the format is no such number or repeats an earlier one.
        package let payloadType: Int?
        /// Where the format stands.
        package let field: Range<Int>
        /// What an rtpmap line says of it.
        var mapping: Encoding?
        /// Where the parameters of its first fmtp line stand; empty without one.
        var parameters: Range<Int> = 0..<0

        /// What the payload type carries, by rtpmap line or static assignment.
        var encoding: Encoding {
            if let mapping { return mapping }
            guard let payloadType else { return .unknown }
            return Encoding(staticPayloadType: payloadType)
        }
    }

    /// An `a=rtpmap`, `a=fmtp` or `a=rtcp-fb` line of one payload type, or an `a=bundle-only` line.
    package struct Attribute: Sendable {
        /// The payload type, 0 to 255; nil on a bundle-only line.
        package let payloadType: Int?
        /// Where the line stands, line end included.
        package let line: Range<Int>
    }

    /// The m-lines in order.
    package internal(set) var media: [Media] = []
    /// The formats of all m-lines in order.
    package internal(set) var formats: [Format] = []
    /// The payload attributes of all sections in order.
    package internal(set) var attributes: [Attribute] = []

    /// Indexes a whole body; throws where a line is not `type=value`, an m-line is incomplete or a limit is passed.
    package init(_ body: [UInt8]) throws(MalformedSessionDescription) {
        try self.init(body.span, in: 0..<body.count)
    }

    /// Indexes the part of `bytes` that lies in `range`.
    init(_ bytes: Span<UInt8>, in range: Range<Int>) throws(MalformedSessionDescription) {
        var indexer = SessionDescriptionIndexer()
        try indexer.index(bytes, in: range)
        media = indexer.media
        formats = indexer.formats
        attributes = indexer.attributes
    }

    /// The encoding name of a format; for one that has none, the format as it stands.
    package func name(of format: Format, in bytes: Span<UInt8>) -> String {
        if let mapping = format.mapping {
            return bytes.text(mapping.name.isEmpty ? format.field : mapping.name)
        }
        let assigned = format.payloadType.flatMap { Encoding.staticPayloadType($0) }
        return assigned?.name ?? bytes.text(format.field)
    }
}
