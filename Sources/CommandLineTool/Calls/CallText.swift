// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan

/// Calls as text for people.
enum CallText {
    /// A table with a call a line, fitted to a width; nil fits nothing in.
    static func table(_ records: [CallRecord], width: Int?) -> String {
        guard !records.isEmpty else { return "no calls\n" }
        var table = TextTable([
            .init("TIME (UTC)"), .init("CALLER", least: 6), .init("SOURCE", least: 8), .init("DESTINATION", least: 8),
            .init("CC"), .init("TRUNK", least: 5), .init("STATUS", least: 6), .init("SIP"), .init("RESULT", least: 6),
            .init("TALK"), .init("ID"),
        ])
        for record in records { table.add(cells(record)) }
        return table.text(width: width)
    }

    private static func cells(_ record: CallRecord) -> [String] {
        [
            Timestamp.brief(record.created),
            record.callerUsername,
            record.source.isEmpty ? record.sourceAsked : record.source + (record.isAnonymous ? " (hidden)" : ""),
            record.destination,
            record.country?.description ?? "",
            record.trunk?.name ?? "",
            record.status.name,
            record.finalStatus == 0 ? "" : "\(record.finalStatus)",
            record.isApproved ? record.hangupReason.name : "rejected: \(record.rejectingRule)",
            talk(record) ?? "",
            record.id.description,
        ]
    }

    private static func talk(_ record: CallRecord) -> String? {
        guard let answer = record.progressing, let end = record.hangup else { return nil }
        return Timestamp.span(answer, end)
    }

    /// Everything about one call, a field a line, and its findings.
    static func whole(_ record: CallRecord) -> String {
        var report = CallReport(record)
        report.addFindings(of: record)
        var fields = TextTable([.init("call"), .init(report.id)])
        for (name, value) in fieldPairs(report, talk: talk(record)) {
            if let value, !value.isEmpty { fields.add([name, value]) }
        }
        let attempts = attemptTable(report.attempts ?? [])
        let findings = report.findings ?? []
        guard !findings.isEmpty else { return fields.text(width: nil) + attempts + "no findings are stored\n" }
        var table = TextTable([.init("  RULE"), .init("OUTCOME"), .init("REASON")])
        for finding in findings { table.add(["  " + finding.rule, finding.outcome, finding.reason]) }
        return fields.text(width: nil) + attempts + "findings:\n" + table.text(width: nil)
    }

    /// What each trunk was shown and told, and how it answered; empty without attempts.
    private static func attemptTable(_ attempts: [CallReport.AttemptLine]) -> String {
        guard !attempts.isEmpty else { return "" }
        var table = TextTable([
            .init("  TRUNK"), .init("STARTED"), .init("ENDED"), .init("SHOWN"), .init("ASSERTED"), .init("PRIVACY"),
            .init("SIP"), .init("CAUSE"),
        ])
        for attempt in attempts {
            table.add([
                "  " + attempt.trunk, attempt.started, attempt.ended ?? "", attempt.shown, attempt.asserted ?? "",
                attempt.privacy ?? "", attempt.status.map { "\($0)" } ?? "", attempt.cause.map { "\($0)" } ?? "",
            ])
        }
        return "attempts:\n" + table.text(width: nil)
    }

    private static func fieldPairs(_ report: CallReport, talk: String?) -> [(String, String?)] {
        let kind = [report.destinationKind, report.country, report.numberClass].compactMap(\.self)
            .filter { !$0.isEmpty }.joined(separator: ", ")
        let verdict = report.isApproved ? "approved" : "rejected by \(report.rejectingRule ?? "policy")"
        return [
            ("verdict", verdict),
            ("status", report.status),
            ("caller", report.caller),
            ("source asked for", report.sourceAsked),
            ("source", report.source),
            ("shown to callee", report.isApproved ? (report.isAnonymous ? "no (anonymous)" : "yes") : nil),
            ("destination", kind.isEmpty ? report.destination : "\(report.destination) (\(kind))"),
            ("trunk", report.trunk),
            ("created", report.created),
            ("ringing", report.ringing),
            ("answered", report.progressing),
            ("ended", report.hangup),
            ("talked", talk),
            ("ended by", report.hangupBy),
            ("reason", report.hangupReason),
            ("SIP status", report.finalStatus.map { "\($0)" }),
            ("Q.850 cause", report.cause.map { "\($0)" }),
            ("Call-ID, endpoint", report.endpointCallId),
            ("Call-ID, outbound", report.outboundCallId),
            ("call API id", report.callApiId),
            ("customer id", report.customerId),
            ("endpoint id", report.endpointId),
        ]
    }
}
