// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import DigestAuthentication
import NumberingPlan
import SIPMessage
import TraceCapture

/// A call that is being followed through the capture.
final class OpenCall {
    let number: Int
    let ordinal: Int
    let key: DialogKey
    /// The INVITE that will be, or was, judged.
    var invite: SIPMessage
    var place: CapturePlace
    var time: CaptureTime?
    let source: CaptureAddress?
    let destination: CaptureAddress?
    let callID: String
    /// Other dialogs that are legs of this call.
    var legs: [DialogKey] = []
    var fingerprint: OfferFingerprint?
    var judgement: Judgement?
    var outcome = CapturedOutcome()
    var steps: [CapturedStep] = []
    var furtherSteps = 0
    private(set) var notes: [String] = []
    /// Nonces of captured challenges, and where they stand.
    var challenges: [[UInt8]: CapturePlace] = [:]
    /// Octets of its messages that it holds.
    var heldBytes = 0
    /// The capture's time in milliseconds at which the call is given up.
    var deadline: Int64

    init(_ number: Int, ordinal: Int, _ invite: SIPMessage, _ captured: CapturedMessage, deadline: Int64) {
        self.number = number
        self.ordinal = ordinal
        key = DialogKey(fromCaller: invite)
        self.invite = invite
        place = captured.place
        time = captured.time
        source = captured.source
        destination = captured.destination
        callID = invite.text(invite.mandatory.callID)
        fingerprint = OfferFingerprint(invite)
        self.deadline = deadline
    }

    /// What was made of the call, with what its end needs.
    struct Judgement {
        var caller: FoundCaller?
        var verdict: JudgedCall.Verdict
        var targets: [OutboundTarget] = []
        /// Whom it counts against while it lasts; nil when it counts against nobody, or no more.
        var account: Account?
    }

    /// Whom an approved call counts against.
    struct Account {
        let customer: ResourceIdentifier
        let endpoint: ResourceIdentifier?
        let isTelephone: Bool
        let country: Country?
        var answered: Int64?

        init(_ approved: ApprovedCall) {
            customer = approved.customer
            endpoint = approved.endpoint
            if case .telephone(_, let found) = approved.destination {
                isTelephone = true
                country = found.country
            } else {
                isTelephone = false
                country = nil
            }
        }
    }

    var branch: ArraySlice<UInt8> { invite.bytes[invite.mandatory.via.branch.indices] }

    /// Whether a response answers the INVITE that the caller sent, and not a copy of it on another leg.
    func isAnswered(by response: SIPMessage) -> Bool {
        let branch = response.bytes[response.mandatory.via.branch.indices]
        return response.mandatory.sequenceNumber == invite.mandatory.sequenceNumber && branch == self.branch
    }

    /// Whether a final response to the INVITE was captured on the same way before.
    func isRepeated(_ response: SIPMessage, _ captured: CapturedMessage) -> Bool {
        guard response.mandatory.sequenceMethod == .invite, response.status >= 200 else { return false }
        let step = CapturedStep(response, captured)
        let last = steps.last { $0.source == step.source && $0.destination == step.destination && !$0.isRequest }
        return last?.label == step.label && last?.answeredInvite == step.answeredInvite
    }

    /// Notes something for people; what a capture repeats without end is cut off.
    func note(_ text: String) {
        if notes.count < 16 { notes.append(text) }
    }

    /// Keeps a message for the ladder.
    func note(_ message: SIPMessage, _ captured: CapturedMessage, limit: Int) {
        guard steps.count < limit else {
            furtherSteps += 1
            return
        }
        steps.append(CapturedStep(message, captured))
    }

    /// Takes the INVITE that repeats this one, with credentials or otherwise changed.
    func replaceInvite(_ message: SIPMessage, _ captured: CapturedMessage) {
        invite = message
        place = captured.place
        time = captured.time
        fingerprint = OfferFingerprint(message)
        outcome.status = nil
        outcome.answeredAfter = nil
    }

    /// Milliseconds from the INVITE to a later message.
    func elapsed(to time: CaptureTime?, since start: CaptureTime? = nil) -> Int64? {
        guard let begin = start ?? self.time, let time, time >= begin else { return nil }
        let (difference, overflows) = time.nanoseconds.subtractingReportingOverflow(begin.nanoseconds)
        return overflows ? nil : difference / 1_000_000
    }
}

extension CapturedStep {
    init(_ message: SIPMessage, _ captured: CapturedMessage) {
        let label: String
        switch message.startLine {
        case .request(_, let name, _): label = message.text(name)
        case .response(let status, let reason): label = "\(status) \(message.text(reason))"
        }
        let answered = !message.isRequest && message.mandatory.sequenceMethod == .invite
        self.init(
            time: captured.time,
            source: captured.source,
            destination: captured.destination,
            label: String(label.prefix(80)),
            isRequest: message.isRequest,
            place: captured.place,
            answeredInvite: answered ? message.mandatory.sequenceNumber : nil
        )
    }
}
