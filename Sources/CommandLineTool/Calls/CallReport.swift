// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
package import CallStore
import MonotonicTime
import NumberingPlan

/// A call as `tollgate calls --json` prints it; keys are in snake case there, and absent values left out.
package struct CallReport: Encodable, Hashable, Sendable {
    /// One rule's finding, as it was written when the call was decided.
    package struct FindingLine: Encodable, Hashable, Sendable {
        /// The rule.
        package var rule: String
        /// `passed`, `adjusted`, `skipped` or `rejected`.
        package var outcome: String
        /// Why, in words.
        package var reason: String
    }

    /// One attempt on a trunk.
    package struct AttemptLine: Encodable, Hashable, Sendable {
        /// The trunk, by the name it had then.
        package var trunk: String
        /// When its INVITE went out.
        package var started: String
        /// When it was over; absent while it is not.
        package var ended: String?
        /// The user part of From.
        package var shown: String
        /// The number the trunk was told in trust; absent when none was.
        package var asserted: String?
        /// The Privacy header field; absent when none was sent.
        package var privacy: String?
        /// The SIP status it ended with.
        package var status: Int?
        /// The Q.850 cause it ended with.
        package var cause: Int?

        init(_ attempt: AttemptRecord) {
            trunk = attempt.trunk.name
            started = Timestamp.full(attempt.started)
            ended = attempt.ended.map(Timestamp.full)
            shown = attempt.shown
            asserted = attempt.asserted.isEmpty ? nil : attempt.asserted
            privacy = attempt.privacy.isEmpty ? nil : attempt.privacy
            status = attempt.status
            cause = attempt.cause?.value
        }
    }

    /// The call's identity, a UUID.
    package var id: String
    /// The customer's identity.
    package var customerId: String
    /// The calling endpoint's identity; absent when the API placed the call.
    package var endpointId: String?
    /// The caller's digest user name.
    package var caller: String
    /// The source the caller asked for, as received.
    package var sourceAsked: String
    /// The source policy resolved, even when the callee saw none; empty without one.
    package var source: String
    /// Whether the callee was shown no source.
    package var isAnonymous: Bool
    /// What was dialled, in canonical form where there is one.
    package var destination: String
    /// `tel`, `extension`, `sip`, `emergency`, or empty.
    package var destinationKind: String
    /// The destination's country.
    package var country: String?
    /// The destination's number class.
    package var numberClass: String?
    /// The trunk of the latest attempt, by the name it had then.
    package var trunk: String?
    /// `dialing`, `ringing`, `progressing`, `terminating`, `canceling` or `hangup`.
    package var status: String
    /// `remote` or `local`; empty while the call goes on.
    package var hangupBy: String
    /// Why the call ended, in the API's words; empty while it goes on.
    package var hangupReason: String
    /// The final SIP status the caller was given; absent while there is none.
    package var finalStatus: Int?
    /// The Q.850 cause of the end.
    package var cause: Int?
    /// Whether policy let the call through.
    package var isApproved: Bool
    /// The rule that rejected it.
    package var rejectingRule: String?
    /// The Call-ID of the endpoint's leg; `endpoint_call_id` in JSON.
    package var endpointCallId: String
    /// The Call-ID of the outbound leg's latest attempt.
    package var outboundCallId: String
    /// What an outside call API knows the call by; only from `show`, and absent without one.
    package var callApiId: String?
    /// When the call was created (RFC 3339, as all times).
    package var created: String
    /// When the record last changed.
    package var updated: String
    /// When the callee's telephone first rang.
    package var ringing: String?
    /// When the call was answered.
    package var progressing: String?
    /// When the call ended.
    package var hangup: String?
    /// What each rule found; only in `calls show`.
    package var findings: [FindingLine]?
    /// The attempts on trunks, in order; only in `calls show`.
    package var attempts: [AttemptLine]?

    /// Reports a record.
    package init(_ record: CallRecord) {
        id = record.id.description
        customerId = record.customer.description
        endpointId = record.endpoint?.description
        caller = record.callerUsername
        sourceAsked = record.sourceAsked
        source = record.source
        isAnonymous = record.isAnonymous
        destination = record.destination
        destinationKind = record.destinationKind.name
        country = record.country?.description
        numberClass = record.numberClass?.description
        trunk = record.trunk?.name
        status = record.status.name
        hangupBy = record.hangupBy.name
        hangupReason = record.hangupReason.name
        finalStatus = record.finalStatus == 0 ? nil : record.finalStatus
        cause = record.cause?.value
        isApproved = record.isApproved
        rejectingRule = record.rejectingRule.isEmpty ? nil : record.rejectingRule
        endpointCallId = record.endpointCallID
        outboundCallId = record.outboundCallID
        created = Timestamp.full(record.created)
        updated = Timestamp.full(record.updated)
        ringing = record.ringing.map(Timestamp.full)
        progressing = record.progressing.map(Timestamp.full)
        hangup = record.hangup.map(Timestamp.full)
    }

    /// Adds the findings and the attempts of a record that was read with them.
    mutating func addFindings(of record: CallRecord) {
        attempts = record.attempts.map(AttemptLine.init)
        callApiId = record.externalIdentifier.isEmpty ? nil : record.externalIdentifier
        let text = String(decoding: record.findings, as: UTF8.self)
        findings = text.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            return FindingLine(
                rule: fields.first ?? "",
                outcome: fields.count > 1 ? fields[1] : "",
                reason: fields.count > 2 ? fields[2] : ""
            )
        }
    }
}
