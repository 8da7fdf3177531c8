// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import TraceCapture

/// What became of a call in the capture.
package struct CapturedOutcome: Hashable, Sendable {
    /// The two sides.
    package enum Side: String, Hashable, Sendable {
        case caller
        case callee
    }

    /// The last final status of the INVITE that reached the caller; nil when none was captured.
    package internal(set) var status: Int?
    /// From the INVITE to its final status, in milliseconds; nil when there is none, or the trace names no times.
    package internal(set) var answeredAfter: Int64?
    /// From the answer to the BYE, in milliseconds; nil when the call was not answered, or its end not captured.
    package internal(set) var lasted: Int64?
    /// Who sent the BYE.
    package internal(set) var endedBy: Side?
    /// Whether the caller gave up before the answer.
    package internal(set) var isCancelled = false
    /// Whether the caller was asked for credentials.
    package internal(set) var isChallenged = false

    var answeredAt: CaptureTime?

    init() {}

    /// Whether a 2xx was captured.
    package var isAnswered: Bool { status.map { (200..<300).contains($0) } ?? false }

    /// `200 after 3.1 s, lasted 62.0 s`.
    package var text: String {
        guard let status else { return isCancelled ? "given up by the caller" : "no final answer" }
        var text = "\(status)"
        if let answeredAfter { text += " after \(Self.seconds(answeredAfter))" }
        if isAnswered {
            text += lasted.map { ", lasted \(Self.seconds($0))" } ?? (endedBy == nil ? ", no end captured" : "")
        }
        if isCancelled { text += ", given up by the caller" }
        return text
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        guard milliseconds >= 1_000 else { return "\(milliseconds) ms" }
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
