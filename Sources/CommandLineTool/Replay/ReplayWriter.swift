// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Replay
import TraceCapture

/// The output of a replay, dialog by dialog and then as a whole.
struct ReplayWriter {
    private let isVerbose: Bool
    private let isJSON: Bool
    private let plan: ReplayPlan
    private var summary: ReplaySummary

    init(_ command: ReplayCommand, _ plan: ReplayPlan) {
        isVerbose = command.verbose
        isJSON = command.format == .json
        self.plan = plan
        summary = ReplaySummary(plan)
    }

    var hasDifferences: Bool { summary.different > 0 }

    /// Why nothing at all came back; nil when something did.
    var silence: String? { summary.isSilent ? summary.lastFailure : nil }

    /// How far the replay has come.
    var progress: String { "\(summary.dialogs) of \(plan.dialogs.count) dialogs" }

    func begin(_ target: ReplayTarget) -> String {
        guard !isJSON else { return "" }
        let servers = plan.servers.map(\.description).joined(separator: ", ")
        let server =
            servers.isEmpty ? "the trace names no addresses" : "captured server \(servers): \(plan.serverEvidence)"
        let dialogs = PlainText.count(plan.dialogs.count, "dialog")
        return "\(dialogs) of \(PlainText.count(plan.lines.count, "client")) to \(target.domain) (\(server))\n"
    }

    mutating func report(_ report: ReplayReport) throws -> String {
        summary.add(report)
        return isJSON ? try JSONText.line(ReplayEntry(report)) : text(report)
    }

    func end() throws -> String {
        isJSON ? try JSONText.line(summary) : summary.text(isVerbose: isVerbose)
    }

    // MARK: - Text

    private func text(_ report: ReplayReport) -> String {
        let captured = report.captured.status.map { "\($0)" } ?? "no answer"
        let live = report.live.status.map { "\($0)" } ?? (report.failure.isEmpty ? "no answer" : report.failure)
        let mark = report.differs ? "!" : "="
        let number = PlainText.padded("\(report.number)", to: 4)
        let arrow = "\(report.caller) -> \(report.called)\(report.isAwaited ? " (awaited)" : "")"
        var line = "\(mark) \(number) \(PlainText.padded(report.method, to: 9)) \(PlainText.padded(arrow, to: 40))"
        line += "  captured \(captured), live \(live)"
        if let why = report.live.reasons.first, report.differs || isVerbose { line += "  \(why)" }
        line = PlainText.harmless(line) + "\n"
        if report.differs {
            for difference in report.differences where difference.isOutcome && difference.method != report.method {
                line += detail(difference)
            }
        }
        for note in report.notes { line += PlainText.harmless("       \(note)") + "\n" }
        guard isVerbose else { return line }
        line += PlainText.harmless("       \(report.place)") + "\n"
        for reason in report.live.reasons.dropFirst() { line += PlainText.harmless("       \(reason)") + "\n" }
        for difference in report.differences where !difference.isOutcome { line += detail(difference) }
        return line
    }

    private func detail(_ difference: ReplayDifference) -> String {
        func shown(_ text: String) -> String { text.isEmpty ? "nothing" : text }
        let text =
            switch difference.kind {
            case .status: "\(difference.method): captured \(difference.captured), live \(shown(difference.live))"
            case .progress:
                "\(difference.method): provisional captured \(shown(difference.captured)), live \(shown(difference.live))"
            case .identity: "identity: captured \(shown(difference.captured)), live \(shown(difference.live))"
            case .codecs: "codecs: captured \(shown(difference.captured)), live \(shown(difference.live))"
            case .foreignRequest where difference.live.isEmpty: "the server's \(difference.method) did not come"
            case .foreignRequest: "the server sent \(difference.method), which the capture does not show"
            case .unsent: "\(difference.method) was not sent: \(difference.live)"
            }
        return PlainText.harmless("       \(text)") + "\n"
    }
}

/// A dialog as JSON has it.
struct ReplayEntry: Encodable {
    struct Answer: Encodable {
        var status: Int?
        var reasonPhrase: String?
        var provisional: [Int]
        var identities: [String]
        var codecs: [String]
        var reasons: [String]
        var failure: String?

        init(_ answer: ObservedAnswer, failure: String = "") {
            status = answer.status
            reasonPhrase = answer.phrase.isEmpty ? nil : answer.phrase
            provisional = answer.provisional.sorted()
            identities = answer.identities
            codecs = answer.codecs
            reasons = answer.reasons
            self.failure = failure.isEmpty ? nil : failure
        }
    }

    struct Difference: Encodable {
        let kind: String
        let method: String
        let captured: String
        let live: String
    }

    let type = "dialog"
    let dialog: Int
    let place: String
    let method: String
    let caller: String
    let called: String
    let callId: String
    let awaited: Bool
    let captured: Answer
    let live: Answer
    let differs: Bool
    let differences: [Difference]
    let notes: [String]

    private enum CodingKeys: String, CodingKey {
        case type, dialog, place, method, caller, called, callId, awaited, captured, live, differs, differences, notes
    }

    init(_ report: ReplayReport) {
        dialog = report.number
        place = report.place.description
        method = report.method
        caller = report.caller
        called = report.called
        callId = report.callID
        awaited = report.isAwaited
        captured = Answer(report.captured)
        live = Answer(report.live, failure: report.failure)
        differs = report.differs
        differences = report.differences.map {
            Difference(kind: $0.kind.rawValue, method: $0.method, captured: $0.captured, live: $0.live)
        }
        notes = report.notes
    }
}

/// What a replay came to: the last line.
struct ReplaySummary: Encodable {
    let type = "summary"
    var dialogs = 0
    var same = 0
    var different = 0
    var byCaptured: [String: Int] = [:]
    var byLive: [String: Int] = [:]
    /// Whether not one answer came.
    private(set) var isSilent = true
    /// Why the last dialog without an answer had none.
    private(set) var lastFailure: String?
    let servers: [String]
    let messages: Int
    let unreadable: Int
    let truncated: Int
    let retransmissions: Int
    let otherLegs: Int
    let partial: Int
    let beyondLimit: Int
    let notes: [String]

    private enum CodingKeys: String, CodingKey {
        case type, dialogs, same, different, byCaptured, byLive, servers, messages, unreadable, truncated
        case retransmissions, otherLegs, partial, beyondLimit, notes
    }

    init(_ plan: ReplayPlan) {
        servers = plan.servers.map(\.description)
        messages = plan.counts.messages
        unreadable = plan.counts.unreadable
        truncated = plan.counts.truncated
        retransmissions = plan.counts.retransmissions
        otherLegs = plan.counts.otherLegs
        partial = plan.counts.partial
        beyondLimit = plan.counts.beyondLimit
        notes = plan.notes
    }

    mutating func add(_ report: ReplayReport) {
        dialogs += 1
        if report.differs { different += 1 } else { same += 1 }
        byCaptured[report.captured.status.map(String.init) ?? "none", default: 0] += 1
        byLive[report.live.status.map(String.init) ?? "none", default: 0] += 1
        if report.live.status == nil, !report.failure.isEmpty { lastFailure = report.failure }
        if report.live.status != nil || !report.live.provisional.isEmpty { isSilent = false }
    }

    func text(isVerbose: Bool) -> String {
        var text = "\n\(PlainText.count(dialogs, "dialog")): \(same) as captured, \(different) different\n"
        text += "  captured: \(Self.list(byCaptured)); live: \(Self.list(byLive))\n"
        var rest = ["\(PlainText.count(messages, "message")) read"]
        for (count, words) in [
            (unreadable, "could not be read"), (truncated, "captured in part"), (retransmissions, "repeated"),
        ] where count > 0 { rest.append("\(count) \(words)") }
        for (count, words) in [
            (otherLegs, "of other legs"), (partial, "without their beginning"), (beyondLimit, "beyond --limit"),
        ] where count > 0 { rest.append("\(PlainText.count(count, "dialog")) \(words)") }
        text += "  \(rest.joined(separator: ", "))\n"
        if isVerbose { for note in notes { text += PlainText.harmless("  \(note)") + "\n" } }
        return text
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
    }
}
