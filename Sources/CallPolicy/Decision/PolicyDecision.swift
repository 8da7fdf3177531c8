// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime
package import SessionDescription

/// What the policy engine decided about one attempt, and why.
package struct PolicyDecision: Sendable {
    /// Whether the call may go on, and how.
    package enum Verdict: Sendable {
        /// The call may go on as described.
        case approved(ApprovedCall)
        /// The call is refused.
        case rejected(Rejection)
    }

    /// Whether the call may go on, and how.
    package let verdict: Verdict
    /// A finding per rule, in order, up to the one that refused.
    package let findings: [Finding]
    /// When it was decided.
    package let decidedAt: Instant

    /// The approval; nil when the call is refused.
    package var approved: ApprovedCall? {
        if case .approved(let call) = verdict { call } else { nil }
    }

    /// The refusal; nil when the call is approved.
    package var rejection: Rejection? {
        if case .rejected(let rejection) = verdict { rejection } else { nil }
    }

    /// The soft levels that the call passed, whatever became of it afterwards.
    package var limitWarnings: [LimitEvent] {
        findings.flatMap(\.limitWarnings)
    }
}

/// Proof that the policy approved a call, with all that sending it needs. Only the engine makes one.
package struct ApprovedCall: Sendable {
    /// The customer whose rules approved the call.
    package let customer: ResourceIdentifier
    /// The calling endpoint; nil for a call of the control API.
    package let endpoint: ResourceIdentifier?
    /// Where the call goes.
    package let destination: ApprovedDestination
    /// Who the caller is to the outside.
    package let identity: OutboundIdentity
    /// The numbers that stand for the caller, whether shown or not.
    package let callerNumbers: CallerNumbers
    /// The trunks to try, in order; empty for extensions and SIP URIs.
    package let route: RoutePlan
    /// The customer's codec list, which every offer on this call goes through; nil toward trunks.
    package let codecs: CodecList?
    /// The body to send in place of the offer; nil when the offer crosses as it came.
    package let filteredOffer: [UInt8]?
    /// How long the call may last, in seconds; never limited for an emergency call.
    package let maximumDuration: LimitLevels
    private let serviceNumber: String?

    /// Fails when a rule that had to run left no result; the engine refuses such a call.
    init?(_ evaluation: borrowing Evaluation) {
        guard let destination = evaluation.destination, let identity = evaluation.outboundIdentity else { return nil }
        let isBehindTrunk = destination.kind == .telephone || destination.kind == .emergency
        guard !isBehindTrunk || !evaluation.routeOrder.isEmpty else { return nil }
        customer = evaluation.caller.customer.id
        endpoint = evaluation.caller.endpointID
        self.destination = destination
        self.identity = identity
        callerNumbers = CallerNumbers(identity.source.resolved, identity.source.asked, evaluation.caller.endpointNumber)
        route = RoutePlan(snapshot: evaluation.snapshot, order: evaluation.routeOrder)
        codecs = isBehindTrunk ? nil : evaluation.caller.customer.outbound?.codecs
        filteredOffer = evaluation.filteredOffer
        maximumDuration = destination.kind == .emergency ? LimitLevels() : evaluation.caller.maximumDuration
        serviceNumber = evaluation.serviceNumber
    }

    /// Whether this is an emergency call.
    package var isEmergency: Bool { destination.kind == .emergency }

    /// What an emergency call asks a trunk for: the number as dialled, or the service URN where the trunk takes it, else
    /// the number that stands for it. Without meaning for any other call.
    package func emergencyTarget(for trunk: Trunk) -> EmergencyTarget {
        switch destination {
        case .emergency(.service(let urn)) where trunk.takesServiceURNs: .serviceURN(urn)
        case .emergency(.number(let number)): .number(number)
        case .emergency, .telephone, .extensions, .sipURI: .number(serviceNumber ?? EmergencyTarget.lastResort)
        }
    }

    /// Exactly what may be shown to a trunk; every attempt and every message of the call asks again.
    package func identity(for trunk: Trunk) -> LegIdentity {
        identity.identity(for: trunk)
    }
    /// What may be shown to a trunk that refused the call because its caller is hidden (RFC 5079); nil, as a rule, when
    /// the caller stays hidden whatever becomes of the call.
    package func revealedIdentity(for trunk: Trunk) -> LegIdentity? {
        identity.revealedIdentity(for: trunk)
    }
}
