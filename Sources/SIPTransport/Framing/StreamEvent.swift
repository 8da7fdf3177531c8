// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a `StreamFramer` found in a stream.
package enum StreamEvent: Hashable, Sendable {
    /// A whole message, from its start line to the last byte of its body.
    case message([UInt8])
    /// A double-CRLF keep-alive, which a single CRLF answers (RFC 5626 §3.5.1).
    case ping
    /// The stream cannot be framed any further. `head` holds the bytes of the offending message so far, at most a
    /// header section long, for a 400 response.
    case failed(StreamFramingError, head: [UInt8])
}

/// Why a stream cannot be framed (RFC 3261 §18.3: on a stream, Content-Length alone tells where a message ends).
package enum StreamFramingError: UInt8, Error, Hashable, Sendable {
    /// The first byte cannot begin a start line.
    case notSIP
    /// A line ends in LF without CR.
    case bareLineFeed
    /// The header section is longer than the limit.
    case headerSectionTooLong
    /// There is no Content-Length.
    case contentLengthMissing
    /// Content-Length is not a plain decimal number.
    case contentLengthMalformed
    /// Two Content-Length header fields differ.
    case contentLengthConflicting
    /// Header section and announced body together are longer than the limit.
    case messageTooLong

    /// The reason in words, fit for a reason phrase.
    package var text: String {
        switch self {
        case .notSIP: "Not a SIP Message"
        case .bareLineFeed: "Line Without CRLF"
        case .headerSectionTooLong: "Header Section Too Long"
        case .contentLengthMissing: "Missing Content-Length"
        case .contentLengthMalformed: "Malformed Content-Length"
        case .contentLengthConflicting: "Conflicting Content-Length"
        case .messageTooLong: "Message Too Long"
        }
    }
}
