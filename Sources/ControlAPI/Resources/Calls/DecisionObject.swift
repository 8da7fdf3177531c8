// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan

/// What policy decided of a call, and what came of it on the trunks.
enum DecisionObject {
    /// The decision of a call that was read with its findings and attempts.
    static func json(_ call: StoredCall) -> JSONValue {
        let record = call.record
        let findings = findings(of: record)
        return [
            "call_id": .string(record.id.description),
            "customer_id": .string(record.customer.description),
            "verdict": record.isApproved ? "approved" : "rejected",
            "rejecting_rule": .string(record.rejectingRule),
            "identity": identity(record),
            "destination": CallAddress.json(record.destinationKind.name, record.destination),
            "country": record.country.map { .string($0.description) } ?? "",
            "number_class": record.numberClass.map { .string($0.description) } ?? "",
            "codecs": .string(findings.first { $0.rule == RuleIdentifier.codecsFilter.rawValue }?.reason ?? ""),
            "findings": .array(findings.map(\.json)),
            "attempts": .array(record.attempts.map(attempt)),
            "sip_status": .integer(Int64(record.finalStatus)),
            "cause": record.cause.map { .integer(Int64($0.value)) } ?? .null,
            "tm_create": Timestamp.json(record.created),
        ]
    }

    /// Asked for, found by policy, shown to the far end, and told to it in trust.
    private static func identity(_ record: CallRecord) -> JSONValue {
        let shown = record.attempts.last?.shown ?? (record.isAnonymous ? "anonymous" : record.source)
        return [
            "asked": .string(record.sourceAsked),
            "resolved": .string(record.source),
            "shown": .string(record.isApproved ? shown : ""),
            "asserted": .string(record.attempts.last?.asserted ?? ""),
            "privacy": .string(record.attempts.last?.privacy ?? ""),
            "is_anonymous": .boolean(record.isAnonymous),
        ]
    }

    private static func attempt(_ attempt: AttemptRecord) -> JSONValue {
        [
            "position": .integer(Int64(attempt.position)),
            "provider_id": .string(attempt.trunk.id.description),
            "provider": .string(attempt.trunk.name),
            "shown": .string(attempt.shown),
            "asserted": .string(attempt.asserted),
            "privacy": .string(attempt.privacy),
            "sip_status": attempt.status.map { .integer(Int64($0)) } ?? .null,
            "cause": attempt.cause.map { .integer(Int64($0.value)) } ?? .null,
            "tm_start": Timestamp.json(attempt.started),
            "tm_end": Timestamp.json(attempt.ended),
        ]
    }

    /// One rule's finding as the record keeps it: a line, its fields separated by tabs.
    private struct FindingLine {
        var rule: String
        var outcome: String
        var reason: String

        var json: JSONValue { ["rule": .string(rule), "outcome": .string(outcome), "reason": .string(reason)] }
    }

    private static func findings(of record: CallRecord) -> [FindingLine] {
        String(decoding: record.findings, as: UTF8.self).split(separator: "\n").map { line in
            var fields = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            while fields.count < 3 { fields.append("") }
            return FindingLine(rule: fields[0], outcome: fields[1], reason: fields[2])
        }
    }

    /// The form of the object.
    static let schema = Schema.answer([
        ("call_id", .uuid), ("customer_id", .uuid), ("verdict", .string(values: ["approved", "rejected"])),
        ("rejecting_rule", .text),
        (
            "identity",
            .answer([
                ("asked", .text), ("resolved", .text), ("shown", .text), ("asserted", .text), ("privacy", .text),
                ("is_anonymous", .boolean),
            ])
        ), ("destination", .reference("Address")), ("country", .text), ("number_class", .text), ("codecs", .text),
        ("findings", .array(.answer([("rule", .text), ("outcome", .text), ("reason", .text)]))),
        (
            "attempts",
            .array(
                .answer([
                    ("position", .integer()), ("provider_id", .uuid), ("provider", .text), ("shown", .text),
                    ("asserted", .text), ("privacy", .text), ("sip_status", .nullable(.integer())),
                    ("cause", .nullable(.integer())), ("tm_start", .time), ("tm_end", .nullable(.time)),
                ])
            )
        ), ("sip_status", .integer()), ("cause", .nullable(.integer())), ("tm_create", .time),
    ])
}
