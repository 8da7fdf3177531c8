// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage

/// Why a message was refused, with what is needed to answer it.
package struct ParseError: Error, Sendable {
    /// The kinds of refusal, each counted on its own.
    package enum Code: String, Sendable, CaseIterable {
        /// The first line is neither a request line nor a status line.
        case startLine = "start_line"
        /// The protocol version is not SIP/2.0.
        case version
        /// A count or size limit is exceeded.
        case limit
        /// A line end, control character or name breaks the header section.
        case structure
        /// A header field's value departs from its grammar.
        case field
        /// A header field that every message needs is missing.
        case missing
        /// A header field that may stand once stands twice.
        case duplicate
        /// Content-Length is not a number, contradicts the bytes, or is missing on a stream.
        case contentLength = "content_length"
        /// The two readers do not agree on what the message says.
        case disagreement
    }

    /// The kind of refusal.
    package let code: Code
    /// What is wrong, in words fit for a Warning's text.
    package let reason: String
    /// The offset of the offending byte.
    package let offset: Int
    /// The answer a request gets; nil for what is dropped in silence: responses, ACKs, and what is not SIP.
    package var status: Int?
    /// The message's bytes.
    package var bytes: [UInt8]
    /// The header fields found before and after the fault, for the answer to repeat.
    package var fields: [HeaderField]

    /// Makes a refusal.
    package init(
        _ code: Code,
        _ reason: String,
        at offset: Int,
        status: Int? = nil,
        bytes: [UInt8] = [],
        fields: [HeaderField] = []
    ) {
        self.code = code
        self.reason = reason
        self.offset = offset
        self.status = status
        self.bytes = bytes
        self.fields = fields
    }
}
