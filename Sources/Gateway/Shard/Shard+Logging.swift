// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Logging
import MonotonicTime
import TollgateConfiguration

extension Shard {
    /// One line for each decision; emergency calls and limits that were run into are warnings.
    func log(_ decision: PolicyDecision, _ record: CallRecord) {
        noteLimits(decision, record)
        let isEmergency = record.destinationKind == .emergency
        let level = isEmergency ? Logger.Level.warning : .info
        guard context.logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "call": "\(record.id)",
            "endpoint": "\(record.callerUsername)",
            "source": "\(displayed(record.source.isEmpty ? record.sourceAsked : record.source))",
            "destination": "\(record.destination)",
        ]
        if let country = record.country { metadata["country"] = "\(country)" }
        switch decision.verdict {
        case .approved:
            metadata["anonymous"] = "\(record.isAnonymous)"
            let message: Logger.Message = isEmergency ? "emergency call" : "call approved"
            context.logger.log(level: level, message, metadata: metadata)
        case .rejected(let rejection):
            metadata["rule"] = "\(rejection.rule.rawValue)"
            metadata["status"] = "\(rejection.status)"
            metadata["reason"] = "\(rejection.text)"
            context.logger.log(level: level, "call rejected", metadata: metadata)
        }
    }

    /// Counts the limits that a call ran into, and warns of them: of a refusal as of a call that still passed.
    private func noteLimits(_ decision: PolicyDecision, _ record: CallRecord) {
        for event in decision.limitWarnings {
            counters.limitWarnings[event.kind, default: 0] += 1
            logLimit(event, record, isRefusal: false)
        }
        guard let event = decision.rejection?.limitEvent else { return }
        counters.limitRefusals[event.kind, default: 0] += 1
        logLimit(event, record, isRefusal: true)
    }

    private func logLimit(_ event: LimitEvent, _ record: CallRecord, isRefusal: Bool) {
        guard context.logger.logLevel <= .warning else { return }
        let subject = LimitNotices.Subject(
            customer: record.customer,
            endpoint: event.scope == .endpoint ? record.endpoint : nil,
            kind: event.kind,
            scope: event.scope,
            isRefusal: isRefusal
        )
        guard let unsaid = limitNotices.unsaid(of: subject, at: now) else { return }
        var metadata: Logger.Metadata = [
            "call": "\(record.id)",
            "endpoint": "\(record.callerUsername)",
            "customer": "\(policy.snapshot.customers[record.customer]?.name ?? record.customer.description)",
            "destination": "\(record.destination)",
            "limit": "\(event.kind.rawValue)",
            "of": "\(event.scope.rawValue)",
            "used": "\(event.used)",
            "level": "\(event.limit)",
        ]
        if unsaid > 0 { metadata["not_logged_before"] = "\(unsaid)" }
        if let country = record.country { metadata["country"] = "\(country)" }
        let message: Logger.Message = isRefusal ? "limit reached, call refused" : "limit nearly reached"
        context.logger.warning(message, metadata: metadata)
    }

    /// What the shard has counted since it started, when that has changed since the last line.
    func logCounters() {
        guard counters != loggedCounters, context.logger.logLevel <= .info else { return }
        loggedCounters = counters
        var metadata: Logger.Metadata = [
            "shard": "\(index)",
            "calls_in_progress": "\(activeCalls)",
            "approved": "\(counters.approved)",
            "rejected": "\(counters.rejected)",
            "emergencies": "\(counters.emergencies)",
            "strays": "\(counters.strays)",
            "messages_refused": "\(counters.refused.values.reduce(0, +))",
        ]
        for (kind, count) in counters.limitWarnings { metadata["soft_\(kind.rawValue)"] = "\(count)" }
        for (kind, count) in counters.limitRefusals { metadata["hard_\(kind.rawValue)"] = "\(count)" }
        context.logger.info("counters", metadata: metadata)
    }

    /// One line for a call that lasts longer than its soft limit.
    func logLength(_ active: ActiveCall) {
        counters.limitWarnings[.maximumDuration, default: 0] += 1
        let seconds = active.answered.map { (now - $0).milliseconds / 1000 } ?? 0
        context.logger.warning(
            "call lasts long",
            metadata: [
                "call": "\(active.id)",
                "endpoint": "\(active.summary.caller)",
                "destination": "\(active.summary.destination)",
                "limit": "\(LimitKind.maximumDuration.rawValue)",
                "answered_seconds": "\(seconds)",
            ]
        )
    }

    /// One line for each end.
    func logEnd(_ update: CallUpdate, _ active: ActiveCall) {
        guard context.logger.logLevel <= .info else { return }
        let seconds = active.answered.map { (now - $0).milliseconds / 1000 } ?? 0
        context.logger.info(
            "call ended",
            metadata: [
                "call": "\(active.id)",
                "endpoint": "\(active.summary.caller)",
                "source": "\(displayed(active.summary.source))",
                "destination": "\(active.summary.destination)",
                "status": "\(update.finalStatus ?? 0)",
                "reason": "\(update.hangupReason?.name ?? "")",
                "by": "\(update.hangupBy?.name ?? "")",
                "answered_seconds": "\(seconds)",
            ]
        )
    }

    /// A caller's number as the operator wants it in logs.
    private func displayed(_ number: String) -> String {
        switch context.callerNumbers {
        case .full: number
        case .none: ""
        case .masked:
            number.count > 4 ? String(repeating: "*", count: number.count - 4) + number.suffix(4) : number
        }
    }
}

extension CallSummary {
    /// What log lines say of a call, out of its record.
    init(_ record: CallRecord) {
        self.init(
            caller: record.callerUsername,
            source: record.source,
            destination: record.destination,
            isAnonymous: record.isAnonymous,
            isEmergency: record.destinationKind == .emergency
        )
    }
}
