// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Text for people: a table line for each call and a summary; or all there is to say of each call.
struct DryRunTextWriter: DryRunWriter {
    /// How many lines are aligned together: a capture may hold more calls than memory.
    private static let block = 1_000

    /// Whether every call is told in full instead of in a line.
    var isVerbose = false
    /// Whether escape sequences give colours.
    var hasColour = false
    /// How many characters fit into a line; nil for any number.
    var width: Int?

    private var rows: [DryRunCall] = []

    init(isVerbose: Bool = false, hasColour: Bool = false, width: Int? = nil) {
        self.isVerbose = isVerbose
        self.hasColour = hasColour
        self.width = width
    }

    mutating func begin(_ captures: [String]) -> String { "" }

    mutating func call(_ call: DryRunCall) -> String {
        if isVerbose { return DryRunDetails(hasColour: hasColour).text(call) + "\n" }
        rows.append(call)
        return rows.count >= Self.block ? table() : ""
    }

    mutating func end(_ summary: DryRunSummary) -> String {
        (rows.isEmpty ? "" : table() + "\n") + Self.text(summary)
    }

    private mutating func table() -> String {
        var table = TextTable([
            .init("#"), .init("TIME"), .init("CALLER", least: 8), .init("DIALLED", least: 10),
            .init("NUMBER", least: 12),
            .init("CC"), .init("CLASS", least: 6), .init("VERDICT", least: 12), .init("SHOWN AS", least: 12),
            .init("TRUNK", least: 6), .init("CAPTURED", least: 6),
        ])
        for call in rows { table.add(Self.cells(call)) }
        let lines = table.text(width: width).split(separator: "\n")
        var text = (lines.first.map(String.init) ?? "") + "\n"
        for (call, line) in zip(rows, lines.dropFirst()) { text += painted(String(line), call.verdict) + "\n" }
        rows.removeAll(keepingCapacity: true)
        return text
    }

    private func painted(_ line: String, _ verdict: String) -> String {
        guard hasColour else { return line }
        switch verdict {
        case "rejected": return Colour.red.paint(line)
        case "unjudged": return Colour.yellow.paint(line)
        default: return line
        }
    }

    private static func cells(_ call: DryRunCall) -> [String] {
        let time = call.time.map { String($0.prefix(23).suffix(12)) } ?? ""
        return [
            "\(call.call)", time, call.caller?.endpoint ?? "?", call.dialledUser, call.destination?.text ?? "",
            call.destination?.country ?? "", call.destination?.numberClass ?? call.destination?.kind ?? "",
            call.verdictWords, call.shownWords, call.trunks.joined(separator: ", "), call.captured.text,
        ]
    }

    /// The summary for people.
    static func text(_ summary: DryRunSummary) -> String {
        func list(_ counts: [String: Int]) -> String {
            let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            return sorted.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        }
        var lines = [PlainText.count(summary.calls, "call") + (summary.calls > 0 ? ": " + list(summary.byVerdict) : "")]
        if !summary.byRule.isEmpty { lines.append("  rejected by: " + list(summary.byRule)) }
        if !summary.byCountry.isEmpty { lines.append("  countries: " + list(summary.byCountry)) }
        if summary.calls > 0 { lines.append("  in the capture: " + list(summary.byCaptured)) }
        lines.append(
            "\(PlainText.count(summary.messages, "message")) read: \(summary.invites) INVITEs outside dialogs "
                + "(\(summary.otherLegs) of other legs), \(summary.registrations) REGISTERs, "
                + "\(PlainText.count(summary.retransmissions, "retransmission")); \(summary.unreadable) refused"
        )
        if summary.evictedCalls > 0 {
            lines.append("\(summary.evictedCalls) calls were given up before their end: too many were open at once")
        }
        if summary.noteCount > 0 {
            lines.append("remarks on the capture:")
            lines += summary.notes.prefix(20).map { "  " + $0 }
            let rest = summary.noteCount - min(20, summary.notes.count)
            if rest > 0 { lines.append("  and \(rest) more") }
        }
        return lines.map { PlainText.harmless($0) + "\n" }.joined()
    }
}

/// The colours of a terminal.
enum Colour: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case faint = "2"

    /// The text in this colour.
    func paint(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}

extension DryRunCall {
    /// What was dialled without the scheme and the gateway's host.
    var dialledUser: String {
        let rest = dialled.split(separator: ":", maxSplits: 1).dropFirst().first ?? dialled[...]
        if destination?.kind == "sip" { return String(rest) }
        return String(rest.split(separator: "@").first ?? rest)
    }

    /// The verdict with what rejects.
    var verdictWords: String {
        guard let rejection else { return verdict }
        return "\(rejection.status) \(rejection.rule)"
    }

    /// The caller that the callee would see.
    var shownWords: String {
        guard let identity else { return "" }
        guard !identity.anonymous else { return "anonymous" }
        guard let shown = identity.shown else { return identity.resolved ?? "" }
        let user = shown.split(separator: ":", maxSplits: 1).dropFirst().first ?? shown[...]
        return String(user.split(separator: "@").first ?? user)
    }
}
