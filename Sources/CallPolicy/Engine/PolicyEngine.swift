// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// Decides who the callee may see and where a call may go.
///
/// A pure function: the live gateway, the control API, the command line and the dry run of captures ask the same one, and
/// get the same answer for the same question.
package enum PolicyEngine {
    private static let order = RuleIdentifier.allCases

    /// Judges one attempt by every rule in order; the first that refuses ends it.
    ///
    /// `usage` is the caller's customer's: the limits count the attempt there. When the call is approved, whoever carries
    /// it says so with `callBegan`.
    package static func decide(
        _ attempt: CallAttempt,
        under snapshot: PolicySnapshot,
        counting usage: inout CustomerUsage,
        at now: Instant
    ) -> PolicyDecision {
        guard let caller = caller(of: attempt, in: snapshot) else {
            return refusal(ofUnknown: attempt.caller, in: snapshot, at: now)
        }
        var evaluation = Evaluation(attempt: attempt, snapshot: snapshot, caller: caller)
        return decide(&evaluation, counting: &usage, at: now)
    }

    /// Whether a destination is an emergency service for this caller, as `decide` would find; false for a caller that is
    /// not known.
    package static func isEmergency(
        _ destination: DialledDestination,
        of caller: Caller,
        under snapshot: PolicySnapshot
    ) -> Bool {
        let attempt = CallAttempt(caller: caller, destination: destination)
        guard let known = self.caller(of: attempt, in: snapshot) else { return false }
        var evaluation = Evaluation(attempt: attempt, snapshot: snapshot, caller: known)
        _ = DestinationClassify.judge(&evaluation)
        return evaluation.destination?.kind == .emergency
    }

    private static func caller(of attempt: CallAttempt, in snapshot: PolicySnapshot) -> KnownCaller? {
        switch attempt.caller {
        case .endpoint(let id): snapshot.endpointCallers[id]
        case .customer(let id): snapshot.customerCallers[id]
        }
    }

    private static func refusal(
        ofUnknown caller: Caller,
        in snapshot: PolicySnapshot,
        at now: Instant
    ) -> PolicyDecision {
        let detail: FindingDetail =
            switch caller {
            case .endpoint(let id): snapshot.endpoints[id].map { .unknownCustomer($0.customer) } ?? .unknownEndpoint(id)
            case .customer(let id): .unknownCustomer(id)
            }
        let rule = RuleIdentifier.customerActive
        let rejection = Rejection(rule: rule, answer: .callerUnknown, detail: detail)
        let finding = Finding(rule: rule, outcome: .rejected, detail: detail)
        return PolicyDecision(verdict: .rejected(rejection), findings: [finding], decidedAt: now)
    }

    private static func decide(
        _ evaluation: inout Evaluation,
        counting usage: inout CustomerUsage,
        at now: Instant
    ) -> PolicyDecision {
        var findings: [Finding] = []
        findings.reserveCapacity(order.count)
        for rule in order {
            switch outcome(of: rule, &evaluation, &usage, now) {
            case .passed(let detail):
                findings.append(Finding(rule: rule, outcome: .passed, detail: detail))
            case .adjusted(let detail):
                findings.append(Finding(rule: rule, outcome: .adjusted, detail: detail))
            case .skipped(let detail):
                findings.append(Finding(rule: rule, outcome: .skipped, detail: detail))
            case .rejected(let detail, let answer):
                findings.append(Finding(rule: rule, outcome: .rejected, detail: detail))
                let rejection = Rejection(rule: rule, answer: answer, detail: detail)
                return PolicyDecision(verdict: .rejected(rejection), findings: findings, decidedAt: now)
            }
        }
        guard let call = ApprovedCall(evaluation) else {
            let rejection = Rejection(rule: .routeSelect, answer: .internalError, detail: .internalError)
            findings.append(Finding(rule: .routeSelect, outcome: .rejected, detail: .internalError))
            return PolicyDecision(verdict: .rejected(rejection), findings: findings, decidedAt: now)
        }
        return PolicyDecision(verdict: .approved(call), findings: findings, decidedAt: now)
    }

    private static func outcome(
        of rule: RuleIdentifier,
        _ evaluation: inout Evaluation,
        _ usage: inout CustomerUsage,
        _ now: Instant
    ) -> RuleOutcome {
        if let kind = evaluation.destination?.kind {
            if kind == .emergency {
                if rule.isWaivedForEmergency { return .skipped(.waivedForEmergency) }
            } else if !rule.applies(to: kind) {
                return .skipped(.notForDestination(kind))
            }
        }
        return switch rule {
        case .destinationClassify: DestinationClassify.judge(&evaluation)
        case .emergencyExempt: EmergencyExempt.judge(&evaluation)
        case .customerActive: CustomerActive.judge(evaluation)
        case .customerIdentityVerified: CustomerIdentityVerified.judge(evaluation)
        case .customerBalance: CustomerBalance.judge(evaluation)
        case .customerLimits: CustomerLimitsRule.judge(evaluation, &usage, now)
        case .destinationWhitelist: DestinationWhitelist.judge(evaluation)
        case .destinationClass: DestinationClass.judge(evaluation)
        case .destinationLimits: DestinationLimits.judge(evaluation, &usage, now)
        case .sourceValidate: SourceValidate.judge(&evaluation)
        case .privacyResolve: PrivacyResolve.judge(&evaluation)
        case .codecsFilter: CodecsFilter.judge(&evaluation)
        case .routeSelect: RouteSelect.judge(&evaluation)
        }
    }
}
