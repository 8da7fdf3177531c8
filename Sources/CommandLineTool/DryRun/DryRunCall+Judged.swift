// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import DryRun
import MonotonicTime
import TraceCapture

extension DryRunCall {
    /// Reports a judged call.
    init(_ judged: JudgedCall, in world: DecisionWorld) {
        self.init(
            call: judged.number,
            message: judged.ordinal,
            place: Place(judged.place),
            time: judged.time.map(\.text),
            callId: judged.callID,
            fromAddress: judged.source?.description,
            toAddress: judged.destination?.description,
            caller: judged.caller.map { CallerEntry($0, in: world.snapshot) },
            dialled: judged.dialled,
            verdict: "unjudged",
            captured: Captured(judged.outcome),
            steps: judged.steps.map(Step.init),
            furtherSteps: judged.furtherSteps,
            notes: judged.notes
        )
        switch judged.verdict {
        case .unjudged(let why): unjudged = why
        case .refused(let refusal):
            verdict = "rejected"
            rejection = Rejection(rule: refusal.stage.rawValue, status: refusal.status, text: refusal.reason)
        case .decided(let decision, let attempt): read(decision, DecisionReport(decision, on: attempt, in: world))
        }
        guard let invite = judged.invite else { return }
        outbound = judged.attempts.map { attempt in
            Outbound(
                trunk: attempt.trunk,
                address: attempt.address,
                lines: MessageComparison.lines(captured: invite, sent: attempt.bytes)
            )
        }
    }

    private mutating func read(_ decision: PolicyDecision, _ report: DecisionReport) {
        verdict = report.verdict
        findings = report.findings
        limitWarnings = decision.limitWarnings.map { event in
            "\(event.kind.rawValue) of the \(event.scope.rawValue): \(event.used) of \(event.limit)"
        }
        rejection = report.rejection.map { answer in
            Rejection(
                rule: answer.rule,
                status: answer.status,
                reasonPhrase: answer.reasonPhrase,
                text: answer.text,
                cause: answer.cause,
                retryAfter: answer.retryAfter
            )
        }
        destination = report.destination ?? classified(report)
        trunks = report.legs.compactMap(\.trunk)
        legs = report.legs
        let leg = report.legs.first
        codecs = leg?.codecs ?? []
        guard let source = report.source else { return }
        identity = Identity(
            asked: source.asked,
            defect: source.defect,
            resolved: source.resolved,
            shown: leg?.from,
            asserted: leg?.pAssertedIdentity,
            privacy: leg?.privacy,
            anonymous: report.isAnonymous ?? false
        )
    }

    /// What the first rule made of a destination that a later one refused.
    private func classified(_ report: DecisionReport) -> DecisionReport.Destination? {
        guard let finding = report.findings.first, finding.rule == RuleIdentifier.destinationClassify.rawValue,
            finding.outcome != FindingOutcome.rejected.rawValue, let values = finding.values,
            let text = values["destination"]
        else { return nil }
        let kind = values["class"] != nil ? "tel" : values["endpoints"] != nil ? "extension" : "other"
        let country = values["country"].flatMap { $0.isEmpty ? nil : $0 }
        return DecisionReport.Destination(kind: kind, text: text, country: country, numberClass: values["class"])
    }
}

extension DryRunCall.Place {
    fileprivate init(_ place: CapturePlace) {
        self.init(
            file: place.file,
            packet: place.packet,
            line: place.line,
            offset: place.offset,
            text: place.description
        )
    }
}

extension DryRunCall.CallerEntry {
    fileprivate init(_ caller: FoundCaller, in snapshot: PolicySnapshot) {
        self.init(
            endpoint: caller.endpoint.username,
            customer: snapshot.customers[caller.endpoint.customer]?.name,
            foundBy: caller.evidence.rawValue,
            digest: caller.digest?.name,
            digestText: caller.digest?.text
        )
    }
}

extension DryRunCall.Captured {
    fileprivate init(_ outcome: CapturedOutcome) {
        self.init(
            status: outcome.status,
            answeredAfterMs: outcome.answeredAfter,
            lastedMs: outcome.lasted,
            endedBy: outcome.endedBy?.rawValue,
            cancelled: outcome.isCancelled,
            challenged: outcome.isChallenged,
            text: outcome.text
        )
    }
}

extension DryRunCall.Step {
    fileprivate init(_ step: CapturedStep) {
        self.init(
            time: step.time?.text,
            source: step.source?.description,
            destination: step.destination?.description,
            label: step.label,
            isRequest: step.isRequest,
            place: step.place.description
        )
    }
}

extension CaptureTime {
    /// The moment to the millisecond, RFC 3339 in UTC.
    var text: String { Timestamp.full(WallTime(milliseconds: nanoseconds / 1_000_000)) }
}
