// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import DryRun

/// A judged call as `tollgate dry-run` prints it; keys are in snake case in JSON, and absent values left out.
///
/// | key | what |
/// | --- | --- |
/// | `type` | always `call` |
/// | `call`, `message` | the call's number, and that of the message which opened it, both from 1 |
/// | `place` | `file` and `packet` or `line`, `offset` |
/// | `time` | when the INVITE was captured, RFC 3339 in UTC |
/// | `call_id`, `from_address`, `to_address` | of the INVITE that was judged |
/// | `caller` | `endpoint`, `customer`, `found_by`; `digest` and `digest_text` when it had credentials |
/// | `dialled` | the Request-URI as it stood |
/// | `destination` | `kind`, `text`, `country`, `class`; for a refused number too |
/// | `verdict` | `approved`, `rejected`, or `unjudged` |
/// | `rejection` | `rule`, `status`, `reason_phrase`, `text`, and for the policy's rules `q850_cause` and the rest |
/// | `unjudged` | why the call could not be judged, and what to do |
/// | `identity` | `asked`, `resolved`, `shown`, `asserted`, `privacy`, `anonymous` |
/// | `legs` | what each trunk or peer is told, as `tollgate decide` has it |
/// | `codecs` | for each medium `before` and `after`, on the first attempt |
/// | `trunks` | the trunks' names in the order of attempts |
/// | `limit_warnings` | soft limits that were passed |
/// | `findings` | for each rule `rule`, `outcome`, `reason`, `values` |
/// | `outbound` | for each attempt `trunk`, `address`, and `lines` with `mark`, `text`, `before` |
/// | `captured` | `status`, `answered_after_ms`, `lasted_ms`, `ended_by`, `cancelled`, `challenged`, `text` |
/// | `steps` | the captured messages: `time`, `source`, `destination`, `label`, `is_request`, `place` |
/// | `further_steps`, `notes` | how many messages more there were, and what else there is to say |
package struct DryRunCall: Encodable, Hashable, Sendable {
    package let type = "call"
    package var call: Int
    package var message: Int
    package var place: Place
    package var time: String?
    package var callId: String
    package var fromAddress: String?
    package var toAddress: String?
    package var caller: CallerEntry?
    package var dialled: String
    package var destination: DecisionReport.Destination?
    package var verdict: String
    package var rejection: Rejection?
    package var unjudged: String?
    package var identity: Identity?
    package var legs: [DecisionReport.Leg] = []
    package var codecs: [DecisionReport.Codecs] = []
    package var trunks: [String] = []
    package var limitWarnings: [String] = []
    package var findings: [DecisionReport.FindingEntry] = []
    package var outbound: [Outbound] = []
    package var captured: Captured
    package var steps: [Step] = []
    package var furtherSteps: Int
    package var notes: [String]

    private enum CodingKeys: String, CodingKey {
        case type, call, message, place, time, callId, fromAddress, toAddress, caller, dialled, destination, verdict
        case rejection, unjudged, identity, legs, codecs, trunks, limitWarnings, findings, outbound, captured, steps
        case furtherSteps, notes
    }

    /// Where something stands in a capture.
    package struct Place: Encodable, Hashable, Sendable {
        package var file: String
        package var packet: Int?
        package var line: Int?
        package var offset: Int64?
        /// All of it in words.
        package var text: String
    }

    /// Who called.
    package struct CallerEntry: Encodable, Hashable, Sendable {
        package var endpoint: String
        package var customer: String?
        package var foundBy: String
        package var digest: String?
        package var digestText: String?
    }

    /// Who refuses a call, and how.
    package struct Rejection: Encodable, Hashable, Sendable {
        /// The rule; `message` or `authentication` for what is refused before the policy is asked.
        package var rule: String
        package var status: Int
        package var reasonPhrase: String?
        package var text: String
        package var cause: Int?
        package var retryAfter: Int?

        private enum CodingKeys: String, CodingKey {
            case rule, status, reasonPhrase, text
            case cause = "q850Cause"
            case retryAfter
        }
    }

    /// The caller as asked for and as shown.
    package struct Identity: Encodable, Hashable, Sendable {
        /// The number asked for.
        package var asked: String?
        /// Why it was not taken.
        package var defect: String?
        /// The number the call stands under.
        package var resolved: String?
        /// From on the first attempt, without its tag.
        package var shown: String?
        /// P-Asserted-Identity on the first attempt.
        package var asserted: String?
        /// Privacy on the first attempt.
        package var privacy: String?
        /// Whether the callee sees no caller.
        package var anonymous: Bool
    }

    /// One INVITE that would go out.
    package struct Outbound: Encodable, Hashable, Sendable {
        package var trunk: String?
        package var address: String
        package var lines: [MarkedLine]
    }

    /// What became of the call in the capture.
    package struct Captured: Encodable, Hashable, Sendable {
        package var status: Int?
        package var answeredAfterMs: Int64?
        package var lastedMs: Int64?
        package var endedBy: String?
        package var cancelled: Bool
        package var challenged: Bool
        package var text: String
    }

    /// One captured message.
    package struct Step: Encodable, Hashable, Sendable {
        package var time: String?
        package var source: String?
        package var destination: String?
        package var label: String
        package var isRequest: Bool
        package var place: String
    }
}
