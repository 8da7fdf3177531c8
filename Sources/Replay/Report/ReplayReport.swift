// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import TraceCapture

/// Something that was otherwise live than in the capture.
package struct ReplayDifference: Hashable, Sendable {
    /// The kinds of difference.
    package enum Kind: String, Hashable, Sendable {
        /// The final status of a request.
        case status
        /// Whether 180 or 183 came.
        case progress
        /// Who the answers say was reached.
        case identity
        /// The codecs in the answer.
        case codecs
        /// A request of the other side came, or did not.
        case foreignRequest = "foreign_request"
        /// A request of the capture was not sent.
        case unsent
    }

    /// What is different.
    package let kind: Kind
    /// The request it is about, as `INVITE` or `BYE`.
    package let method: String
    /// How it was in the capture; empty for nothing.
    package let captured: String
    /// How it was live; empty for nothing.
    package let live: String

    /// Whether the outcome itself differs, and not only its circumstances.
    package var isOutcome: Bool { kind == .status }
}

/// What became of one dialog.
package struct ReplayReport: Hashable, Sendable {
    /// The dialog's place among those replayed, from 1.
    package let number: Int
    /// Where its first request stands in the capture.
    package let place: CapturePlace
    /// The first request's method.
    package let method: String
    /// Who called.
    package let caller: String
    /// What was called.
    package let called: String
    /// The captured Call-ID.
    package let callID: String
    /// Whether the client was called rather than calling.
    package let isAwaited: Bool
    /// What the capture shows as the answer to the request that opened the dialog.
    package internal(set) var captured = ObservedAnswer()
    /// What came live.
    package internal(set) var live = ObservedAnswer()
    /// Why nothing came live; empty when something did.
    package internal(set) var failure = ""
    /// What differs.
    package internal(set) var differences: [ReplayDifference] = []
    /// What else there is to say.
    package internal(set) var notes: [String] = []

    /// Whether an outcome differs.
    package var differs: Bool { differences.contains(where: \.isOutcome) }
}
