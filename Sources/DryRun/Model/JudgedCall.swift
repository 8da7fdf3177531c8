// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import SIPMessage
package import TraceCapture

/// One call of a capture, with what the policy makes of it.
package struct JudgedCall: Sendable {
    /// What becomes of the call.
    package enum Verdict: Sendable {
        /// The policy decided.
        case decided(PolicyDecision, CallAttempt)
        /// The gateway refuses it before the policy is asked.
        case refused(EarlyRefusal)
        /// It cannot be judged; the text says why and what to do.
        case unjudged(String)
    }

    /// Its place among the capture's calls, from 1, in the order in which they began.
    package let number: Int
    /// Which of the capture's messages opened it, from 1: the same whatever policy judges.
    package let ordinal: Int
    /// Where the INVITE that was judged stands.
    package let place: CapturePlace
    /// When that INVITE was captured; nil when the trace does not tell.
    package let time: CaptureTime?
    /// Its sender; nil when the trace does not tell.
    package let source: CaptureAddress?
    /// Its receiver; nil when the trace does not tell.
    package let destination: CaptureAddress?
    /// Its Call-ID; empty when it cannot be read.
    package let callID: String
    /// The INVITE that was judged; nil when it cannot be read.
    package let invite: SIPMessage?
    /// What was called: the Request-URI as it stood.
    package let dialled: String
    /// Who called; nil when nobody was found.
    package let caller: FoundCaller?
    /// What becomes of it.
    package let verdict: Verdict
    /// The INVITEs that would go out, in the order of attempts.
    package let attempts: [OutboundAttempt]
    /// What became of it in the capture.
    package let outcome: CapturedOutcome
    /// The call's messages in the order captured.
    package let steps: [CapturedStep]
    /// How many messages of it were captured beyond `steps`.
    package let furtherSteps: Int
    /// What else there is to say.
    package let notes: [String]
}

/// A refusal that needs no policy.
package struct EarlyRefusal: Hashable, Sendable {
    /// What refuses.
    package enum Stage: String, Hashable, Sendable {
        /// The message readers.
        case message
        /// The check of who calls.
        case authentication
    }

    /// What refuses.
    package let stage: Stage
    /// The SIP status.
    package let status: Int
    /// Why, in words.
    package let reason: String
}

/// An INVITE as it would go out.
package struct OutboundAttempt: Hashable, Sendable {
    /// The trunk's name; nil toward an endpoint or a SIP URI.
    package let trunk: String?
    /// Where it would be sent, as `udp:192.0.2.1:5060`.
    package let address: String
    /// The message.
    package let bytes: [UInt8]
}

/// One message of a call, as captured.
package struct CapturedStep: Hashable, Sendable {
    /// When; nil when the trace does not tell.
    package let time: CaptureTime?
    /// The sender; nil when the trace does not tell.
    package let source: CaptureAddress?
    /// The receiver; nil when the trace does not tell.
    package let destination: CaptureAddress?
    /// The method, or the status with its phrase.
    package let label: String
    /// Whether it is a request.
    package let isRequest: Bool
    /// Where it stands.
    package let place: CapturePlace
    /// The CSeq number of the INVITE that it answers; nil when it is something else.
    var answeredInvite: UInt32?
}
