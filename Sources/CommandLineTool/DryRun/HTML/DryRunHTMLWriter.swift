// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DryRun

/// HTML: one file without anything from elsewhere, readable without its script, on a telephone too.
struct DryRunHTMLWriter: DryRunWriter {
    /// The day of the call before, which the next one does not repeat.
    private var day = ""

    init() {}

    func begin(_ captures: [String]) -> String { ReportPage.head(captures) }

    mutating func call(_ call: DryRunCall) -> String {
        let country = call.destination?.country ?? ""
        let values = [
            ("verdict", call.verdict), ("country", country), ("rule", call.rejection?.rule ?? ""),
            ("caller", call.caller?.endpoint ?? ""),
        ]
        let data = values.map { " data-\($0)=\"\(HTMLText.escaped($1))\"" }.joined()
        return "<details class=\"call\" id=\"call-\(call.call)\"\(data)>\n"
            + row(call) + "<div class=\"body\">\n" + facts(call) + findings(call) + ladder(call)
            + call.outbound.map(outbound).joined() + "</div>\n</details>\n"
    }

    func end(_ summary: DryRunSummary) -> String {
        var lines: [(String, String)] = [("calls", "\(summary.calls): \(Self.list(summary.byVerdict))")]
        if !summary.byRule.isEmpty { lines.append(("rejected by", Self.list(summary.byRule))) }
        if !summary.byCountry.isEmpty { lines.append(("countries", Self.list(summary.byCountry))) }
        if !summary.byCaptured.isEmpty { lines.append(("in the capture", Self.outcomes(summary.byCaptured))) }
        lines.append(("messages", "\(summary.messages) read, \(summary.unreadable) refused"))
        let kinds =
            "\(summary.invites) INVITEs outside dialogs (\(summary.otherLegs) of other legs), "
            + "\(summary.registrations) REGISTERs, \(PlainText.count(summary.retransmissions, "retransmission"))"
        lines.append(("among them", kinds))
        if summary.evictedCalls > 0 { lines.append(("given up early", "\(summary.evictedCalls) calls")) }
        var html = "</main>\n<section class=\"summary\"><h2>Summary</h2><dl>\n"
        html += lines.map(Self.pair).joined() + "</dl>\n"
        let notes = summary.errors + summary.notes
        if !notes.isEmpty {
            let more = summary.noteCount - summary.notes.count
            let count = summary.noteCount + summary.errors.count
            html += "<details><summary>Remarks on the capture: \(count)</summary><ul>\n"
            html += notes.map { HTMLText.element("li", $0) + "\n" }.joined()
            html += (more > 0 ? "<li>and \(more) more</li>\n" : "") + "</ul></details>\n"
        }
        return html + "</section>\n" + ReportPage.foot
    }

    private static func list(_ counts: [String: Int]) -> String {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private static func outcomes(_ counts: [String: Int]) -> String {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.map { "\($0.value) × \($0.key == "none" ? "no final answer" : $0.key)" }.joined(separator: ", ")
    }

    private static func pair(_ name: String, _ text: String) -> String {
        HTMLText.element("dt", name) + HTMLText.element("dd", text) + "\n"
    }

    /// The time of day, after the date where that is not the one of the call before.
    private mutating func time(_ call: DryRunCall) -> String {
        guard let time = call.time else { return "" }
        let (date, clock) = (String(time.prefix(10)), String(time.prefix(23).suffix(12)))
        guard date != day else { return clock }
        day = date
        return "\(date) \(clock)"
    }

    private mutating func row(_ call: DryRunCall) -> String {
        func cell(_ style: String, _ heading: String, _ text: String) -> String {
            let label = heading.isEmpty || text.isEmpty ? "" : " data-h=\"\(heading)\""
            return "<span class=\"\(style)\"\(label)>\(HTMLText.escaped(text))</span>"
        }
        let number = call.destination.map(\.text).flatMap { text in
            [call.dialledUser, call.dialled].contains(text) ? nil : " → \(text)"
        }
        let kind = [call.destination?.country, call.destination?.numberClass ?? call.destination?.kind]
        let shown = ([call.shownWords] + [call.trunks.joined(separator: ", ")]).filter { !$0.isEmpty }
        let rule = call.rejection.map { "\($0.status) \($0.rule)" } ?? ""
        return "<summary class=\"row\">"
            + cell("n", "", "\(call.call)") + cell("time dim", "", time(call))
            + cell("caller", "from", call.caller?.endpoint ?? "?")
            + cell("dialled", "to", call.dialledUser + (number ?? ""))
            + cell("dim", "country", kind.compactMap(\.self).joined(separator: ", "))
            + "<span class=\"verdict\"><span class=\"v \(call.verdict)\">\(call.verdict)</span> "
            + HTMLText.element("span", rule, class: "dim") + "</span>"
            + cell("shown", "shown as", shown.joined(separator: " via "))
            + cell("captured dim", "captured", call.captured.text) + "</summary>\n"
    }

    private func facts(_ call: DryRunCall) -> String {
        var pairs: [(String, String)] = []
        if let why = call.unjudged { pairs.append(("cannot be judged", why)) }
        if let rejection = call.rejection {
            let phrase = rejection.reasonPhrase.map { " \($0)" } ?? ""
            pairs.append(("answer", "\(rejection.status)\(phrase): \(rejection.text)"))
        }
        pairs.append(("where", "\(call.place.text); \(call.fromAddress ?? "?") → \(call.toAddress ?? "?")"))
        pairs.append(("Call-ID", call.callId))
        pairs.append(("dialled", call.dialled))
        if let caller = call.caller {
            let customer = caller.customer.map { " of \($0)" } ?? ""
            let found = FoundCaller.Evidence(rawValue: caller.foundBy)?.text ?? caller.foundBy
            pairs.append(("caller", "\(caller.endpoint)\(customer), \(found)"))
            if let digest = caller.digestText { pairs.append(("credentials", digest)) }
        }
        if let identity = call.identity {
            let defect = identity.defect.map { " (\($0))" } ?? ""
            pairs.append(("caller ID", "asked \(identity.asked ?? "none")\(defect) → \(identity.shown ?? "nothing")"))
            pairs.append(("asserted", identity.asserted ?? "nothing"))
            pairs.append(("privacy", identity.privacy ?? "none"))
        }
        pairs += (call.legs.first?.otherIdentity ?? []).map { ("sent as well", $0) }
        for codecs in call.codecs {
            let after = codecs.after.isEmpty ? "none" : codecs.after.joined(separator: ", ")
            pairs.append(("codecs, \(codecs.media)", "\(codecs.before.joined(separator: ", ")) → \(after)"))
        }
        if !call.trunks.isEmpty { pairs.append(("trunks", call.trunks.joined(separator: ", "))) }
        pairs += call.limitWarnings.map { ("soft limit passed", $0) }
        pairs.append(("in the capture", call.captured.text))
        pairs += call.notes.map { ("note", $0) }
        return "<dl>\n" + pairs.map(Self.pair).joined() + "</dl>\n"
    }

    private func findings(_ call: DryRunCall) -> String {
        guard !call.findings.isEmpty else { return "" }
        let rows = call.findings.map { finding in
            "<tr>" + HTMLText.element("td", finding.rule) + HTMLText.element("td", finding.outcome, class: "dim")
                + HTMLText.element("td", finding.reason) + "</tr>\n"
        }
        return "<h2>What each rule found</h2>\n<table class=\"rules\"><thead><tr><th>rule</th><th>outcome</th>"
            + "<th>reason</th></tr></thead><tbody>\n" + rows.joined() + "</tbody></table>\n"
    }

    private func ladder(_ call: DryRunCall) -> String {
        guard !call.steps.isEmpty else { return "" }
        let more = call.furtherSteps > 0 ? "<p class=\"dim\">and \(call.furtherSteps) messages more</p>\n" : ""
        return "<h2>As captured</h2>\n\(LadderDiagram(call.steps).html)\(more)"
    }

    private func outbound(_ attempt: DryRunCall.Outbound) -> String {
        let peer = attempt.trunk.map { "trunk \($0), \(attempt.address)" } ?? attempt.address
        return HTMLText.element("h2", "INVITE to \(peer)")
            + "\n<p class=\"dim\">beside the captured one: = same, ~ changed, + added, - dropped</p>\n"
            + "<div class=\"diff\">\n" + attempt.lines.map(line).joined() + "</div>\n"
    }

    private func line(_ line: MarkedLine) -> String {
        func row(_ mark: String, _ style: String, _ text: String) -> String {
            "<div class=\"\(style)\">\(mark) \(HTMLText.escaped(text))</div>\n"
        }
        switch line.mark {
        case .same: return row("=", "same", line.text)
        case .added: return row("+", "added", line.text)
        case .dropped: return row("-", "dropped", line.text)
        case .changed: return row("~", "changed was", line.before ?? "") + row("~", "changed", line.text)
        }
    }
}
