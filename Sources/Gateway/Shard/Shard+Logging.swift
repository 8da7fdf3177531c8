// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Configuration
import Logging
import MonotonicTime

extension Shard {
    /// One line for each decision.
    func log(_ decision: PolicyDecision, _ record: CallRecord) {
        guard context.logger.logLevel <= .info else { return }
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
            context.logger.info("call approved", metadata: metadata)
        case .rejected(let rejection):
            metadata["rule"] = "\(rejection.rule.rawValue)"
            metadata["status"] = "\(rejection.status)"
            metadata["reason"] = "\(rejection.text)"
            context.logger.info("call rejected", metadata: metadata)
        }
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
            isAnonymous: record.isAnonymous
        )
    }
}
