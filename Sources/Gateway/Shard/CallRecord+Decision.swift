// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan
import SIPMessage

extension CallRecord {
    /// The record of a call as it was decided.
    init(
        _ id: ResourceIdentifier,
        _ request: AuthenticatedRequest,
        _ attempt: CallAttempt,
        _ decision: PolicyDecision,
        _ time: WallTime
    ) {
        self.init(
            id: id,
            customer: request.endpoint.customer,
            endpoint: request.endpoint.id,
            destination: attempt.destination.user.printable,
            destinationKind: .unknown,
            created: time
        )
        callerUsername = request.endpoint.username
        endpointCallID = request.message.text(request.message.mandatory.callID)
        findings = Self.render(decision.findings)
        switch decision.verdict {
        case .approved(let approved): take(approved, attempt)
        case .rejected(let rejection):
            take(rejection, attempt, time)
            take(decision.findings)
        }
    }

    /// The record of a call that a customer had placed, as it was decided.
    init(
        _ id: ResourceIdentifier,
        of customer: ResourceIdentifier,
        _ attempt: CallAttempt,
        _ decision: PolicyDecision,
        _ time: WallTime
    ) {
        self.init(
            id: id,
            customer: customer,
            destination: attempt.destination.user.printable,
            destinationKind: .unknown,
            created: time
        )
        findings = Self.render(decision.findings)
        switch decision.verdict {
        case .approved(let approved): take(approved, attempt)
        case .rejected(let rejection):
            take(rejection, attempt, time)
            take(decision.findings)
        }
    }

    private mutating func take(_ approved: ApprovedCall, _ attempt: CallAttempt) {
        let source = approved.identity.source
        sourceAsked = source.asked?.description ?? attempt.identity.fromUser.printable
        self.source = source.resolved?.description ?? ""
        if case .user(let name, _) = approved.identity.presented { self.source = name }
        isAnonymous = approved.identity.isAnonymous
        switch approved.destination {
        case .telephone(let number, let found):
            destination = number.description
            destinationKind = .tel
            country = found.country
            numberClass = found.kind
        case .extensions: destinationKind = .extension
        case .sipURI(let text):
            destination = text.printable
            destinationKind = .sip
        case .emergency(let service):
            destination = service.text
            destinationKind = .emergency
        }
    }

    private mutating func take(_ rejection: Rejection, _ attempt: CallAttempt, _ time: WallTime) {
        sourceAsked = attempt.identity.fromUser.printable
        isApproved = false
        rejectingRule = rejection.rule.rawValue
        status = .hangup
        hangupBy = .local
        hangupReason = .failed
        finalStatus = rejection.status
        cause = ReleaseCause(rejection.q850Cause)
        hangup = time
    }

    /// What the rules had found out before one of them refused.
    private mutating func take(_ findings: [Finding]) {
        for finding in findings {
            switch finding.detail {
            case .telephoneNumber(let number, let found, _):
                destination = number.description
                destinationKind = .tel
                country = found.country
                numberClass = found.kind
            case .extensions: destinationKind = .extension
            case .sipURI: destinationKind = .sip
            case .sourceTaken(let found), .sourceReplaced(let found):
                source = found.resolved?.description ?? ""
            default: break
            }
        }
    }

    /// One finding a line: rule, outcome and words, separated by tabs.
    private static func render(_ findings: [Finding]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(1024)
        for finding in findings {
            text.append(contentsOf: finding.rule.rawValue.utf8)
            text.append(9)
            text.append(contentsOf: finding.outcome.rawValue.utf8)
            text.append(9)
            text.append(contentsOf: finding.reason.utf8)
            text.append(10)
        }
        return text
    }
}

extension CallUpdate {
    /// What the record learns from a step of the call.
    ///
    /// - Parameters:
    ///   - id: The call.
    ///   - progress: The step.
    ///   - lastStatus: The status before the end, for the reason of the end.
    ///   - time: Now.
    init(_ id: ResourceIdentifier, _ progress: CallProgress, lastStatus: CallStatus, _ time: WallTime) {
        self.init(id: id, time: time)
        switch progress {
        case .attempt(let attempt):
            outboundCallID = attempt.callID
            guard let used = attempt.trunk.map({ UsedTrunk(id: $0, name: attempt.trunkName) }) else { break }
            trunk = used
            let started = AttemptRecord(
                position: attempt.position,
                trunk: used,
                started: time,
                shown: attempt.shown,
                asserted: attempt.told,
                privacy: attempt.privacy?.rawValue ?? ""
            )
            attempts = [.started(started)]
        case .attemptEnded(let status, let cause):
            attempts = [.ended(AttemptEnd(time: time, status: status, cause: cause))]
        case .ringing:
            status = .ringing
            ringing = time
        case .answered:
            status = .progressing
            progressing = time
        case .lastsLong: break
        case .ending(let next):
            status = next
        case .ended(let finalStatus, let cause):
            status = .hangup
            hangup = time
            self.cause = cause
            self.finalStatus = finalStatus == 0 ? 200 : finalStatus
            hangupBy = HangupBy.of(lastStatus: lastStatus)
            hangupReason = HangupReason.of(lastStatus: lastStatus, cause: cause)
        }
    }
}
