// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import TraceCapture

/// The endpoint that a captured call is taken to come from.
package struct FoundCaller: Sendable {
    /// What told the endpoint, the surest first.
    package enum Evidence: String, Hashable, Sendable, CaseIterable {
        /// The command line said so.
        case commandLine = "command_line"
        /// The user name of digest credentials, as the gateway itself does it.
        case credentials
        /// An address range of the policy, as the gateway itself does it.
        case sourceAddress = "source_address"
        /// A registration in the capture, from the same address or with the same contact.
        case registration
        /// The user part of From.
        case from

        /// In words.
        package var text: String {
            switch self {
            case .commandLine: "named on the command line"
            case .credentials: "by digest user name"
            case .sourceAddress: "by source address"
            case .registration: "by a captured registration"
            case .from: "by the user part of From"
            }
        }
    }

    /// The endpoint.
    package let endpoint: Endpoint
    /// What told it.
    package let evidence: Evidence
    /// Whether its password fits; nil when the INVITE has no credentials.
    package let digest: DigestFinding?
}

/// What a check of captured digest credentials found.
package enum DigestFinding: Hashable, Sendable {
    /// The response is right for the endpoint's password; with the place of the challenge when it was captured.
    case verified(challenge: CapturePlace?)
    /// The response is wrong for the endpoint's password.
    case wrong
    /// It cannot be told; the text says why.
    case notCheckable(String)

    /// `verified`, `wrong` or `not_checkable`.
    package var name: String {
        switch self {
        case .verified: "verified"
        case .wrong: "wrong"
        case .notCheckable: "not_checkable"
        }
    }

    /// In words.
    package var text: String {
        switch self {
        case .verified(let challenge?): "the digest response is right (challenge: \(challenge))"
        case .verified(nil): "the digest response is right; its challenge was not captured"
        case .wrong: "the digest response is wrong for this endpoint's password: the gateway would answer 407"
        case .notCheckable(let why): "the digest response cannot be checked: \(why)"
        }
    }
}
