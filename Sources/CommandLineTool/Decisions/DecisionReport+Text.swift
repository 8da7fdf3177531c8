// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension DecisionReport {
    /// The decision for people: the verdict, what each peer is sent, and what each rule found.
    package var text: String {
        let lines = [verdictLine] + sourceLines + legs.enumerated().flatMap { Self.lines(of: $1, at: $0 + 1) }
        let body = lines.map { PlainText.harmless($0) + "\n" }.joined()
        return body + "findings:\n" + findingLines
    }

    private var verdictLine: String {
        let caller = endpoint ?? customer ?? "an unknown caller"
        if let rejection {
            let answer = "\(rejection.status) \(rejection.reasonPhrase), Q.850 cause \(rejection.cause)"
            return "rejected: \(caller) is answered \(answer): \(rejection.text)"
        }
        guard let destination else { return verdict }
        let details = [destination.kind, destination.country, destination.numberClass].compactMap(\.self)
        return "approved: \(caller) calls \(destination.text) (\(details.joined(separator: ", ")))"
    }

    private var sourceLines: [String] {
        guard let source else { return [] }
        var line = "  source: \(source.resolved ?? "no number") (\(source.resolvedBy))"
        if let asked = source.asked, asked != source.resolved {
            line += "; asked for \(asked) (\(source.askedBy))"
            if let defect = source.defect { line += ", which is \(defect)" }
        }
        return [line, "  the callee sees \(isAnonymous == true ? "no caller" : "the caller")"]
    }

    private static func lines(of leg: Leg, at place: Int) -> [String] {
        let trust = leg.isTrusted ? "trusted" : "not trusted"
        let peer = leg.trunk.map { "trunk \($0)  \(leg.address ?? "")" } ?? leg.peer ?? ""
        var lines = [
            "\(place). \(peer)  \(trust)",
            "   From: \(leg.from)",
            "   P-Asserted-Identity: \(leg.pAssertedIdentity ?? "not sent")",
            "   Privacy: \(leg.privacy ?? "not sent")",
        ]
        lines += (leg.otherIdentity ?? []).map { "   \($0)" }
        for codecs in leg.codecs ?? [] {
            let after = codecs.after.isEmpty ? "none, so the offer is not sent" : codecs.after.joined(separator: ", ")
            lines.append("   codecs, \(codecs.media): \(codecs.before.joined(separator: ", ")) → \(after)")
        }
        return lines
    }

    private var findingLines: String {
        var table = TextTable([.init("  RULE"), .init("OUTCOME"), .init("REASON")])
        for finding in findings { table.add(["  " + finding.rule, finding.outcome, finding.reason]) }
        return table.text(width: nil)
    }
}
