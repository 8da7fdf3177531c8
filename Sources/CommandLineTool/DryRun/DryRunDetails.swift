// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DryRun

/// All there is to say of one call, for people.
struct DryRunDetails {
    var hasColour = false

    func text(_ call: DryRunCall) -> String {
        var lines = heading(call)
        lines += call.notes.map { "  note: \($0)" }
        if !call.findings.isEmpty { lines.append("  findings:") }
        let body = lines.map { PlainText.harmless($0) + "\n" }.joined()
        return body + findings(call) + call.outbound.map(outbound).joined()
    }

    private func heading(_ call: DryRunCall) -> [String] {
        var lines = ["call \(call.call)  \(call.time ?? "time not known")  \(call.place.text)"]
        lines.append("  \(call.fromAddress ?? "?") → \(call.toAddress ?? "?")  Call-ID \(call.callId)")
        if let caller = call.caller {
            let customer = caller.customer.map { " of \($0)" } ?? ""
            lines.append("  caller: \(caller.endpoint)\(customer), found \(caller.foundBy)")
            if let digest = caller.digestText { lines.append("  credentials: \(digest)") }
        } else {
            lines.append("  caller: not found")
        }
        let kind = [call.destination?.kind, call.destination?.country, call.destination?.numberClass].compactMap(\.self)
        let target = call.destination.map { " → \($0.text) (\(kind.joined(separator: ", ")))" } ?? ""
        lines.append("  dialled: \(call.dialled)\(target)")
        lines.append("  verdict: \(verdict(call))")
        if let identity = call.identity { lines += self.identity(identity) }
        for other in call.legs.first?.otherIdentity ?? [] { lines.append("  sent as well: \(other)") }
        for codecs in call.codecs {
            let after = codecs.after.isEmpty ? "none" : codecs.after.joined(separator: ", ")
            lines.append("  codecs, \(codecs.media): \(codecs.before.joined(separator: ", ")) → \(after)")
        }
        if !call.trunks.isEmpty { lines.append("  trunks: \(call.trunks.joined(separator: ", "))") }
        lines += call.limitWarnings.map { "  soft limit passed: \($0)" }
        lines.append("  captured: \(call.captured.text)")
        return lines
    }

    private func verdict(_ call: DryRunCall) -> String {
        if let why = call.unjudged { return "cannot be judged: \(why)" }
        guard let rejection = call.rejection else { return call.verdict }
        let phrase = rejection.reasonPhrase.map { " \($0)" } ?? ""
        return "rejected by \(rejection.rule): \(rejection.status)\(phrase): \(rejection.text)"
    }

    private func identity(_ identity: DryRunCall.Identity) -> [String] {
        var asked = "  caller ID: asked \(identity.asked ?? "none")"
        if let defect = identity.defect { asked += " (\(defect))" }
        return [
            asked + " → shown \(identity.shown ?? "nothing")",
            "  asserted: \(identity.asserted ?? "nothing")  privacy: \(identity.privacy ?? "none")",
        ]
    }

    private func findings(_ call: DryRunCall) -> String {
        guard !call.findings.isEmpty else { return "" }
        var table = TextTable([.init("    RULE"), .init("OUTCOME"), .init("REASON")])
        for finding in call.findings { table.add(["    " + finding.rule, finding.outcome, finding.reason]) }
        return table.text(width: nil)
    }

    private func outbound(_ attempt: DryRunCall.Outbound) -> String {
        let peer = attempt.trunk.map { "trunk \($0), \(attempt.address)" } ?? attempt.address
        let heading = PlainText.harmless("  INVITE to \(peer) (= same, ~ changed, + added, - dropped):") + "\n"
        return heading + attempt.lines.map(line).joined()
    }

    private func line(_ line: MarkedLine) -> String {
        let text = PlainText.harmless(line.text)
        switch line.mark {
        case .same: return "    = \(text)\n"
        case .added: return paint("    + \(text)", .green)
        case .dropped: return paint("    - \(text)", .red)
        case .changed:
            return paint("    ~ \(PlainText.harmless(line.before ?? ""))", .faint) + paint("    ~ \(text)", .yellow)
        }
    }

    private func paint(_ text: String, _ colour: Colour) -> String {
        (hasColour ? colour.paint(text) : text) + "\n"
    }
}
