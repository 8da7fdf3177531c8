// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A written trace: who takes part, what each sends, and what each must receive.
struct Scenario: Sendable, CustomStringConvertible {
    /// A telephone or a trunk, and its transport.
    struct Participant: Sendable {
        let name: String
        let isStream: Bool
    }

    struct Step: Sendable {
        enum Kind: Sendable {
            case sends
            case receives
        }

        let who: String
        let kind: Kind
        /// Header lines, then an empty line and the body, all ending in LF.
        let lines: [String]
        let line: Int
    }

    let name: String
    private(set) var endpoints: [Participant] = []
    private(set) var trunks: [Participant] = []
    private(set) var registered: [String] = []
    private(set) var provisioning = ""
    private(set) var steps: [Step] = []
    private(set) var records: [[String: String]] = []

    var description: String { name }

    static let all = [
        "register", "plain-call", "anonymous-call", "default-number", "whitelist-refusal", "codec-filter", "busy",
        "cancel", "failover", "tcp-call",
    ]

    init(named name: String) throws {
        self.name = name
        let text = try String(contentsOf: traces.appending(path: "\(name).txt"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let starts = lines.indices.filter { lines[$0].hasPrefix("=== ") } + [lines.count]
        for line in lines[..<(starts.first ?? 0)] { readHead(line) }
        for (start, end) in zip(starts, starts.dropFirst()) {
            var content = Array(lines[(start + 1)..<end])
            while content.last?.isEmpty == true { content.removeLast() }
            try readSection(lines[start].dropFirst(4).split(separator: " ").map(String.init), content, line: start + 1)
        }
    }

    private mutating func readHead(_ line: String) {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return }
        let values = parts[1].split(separator: ",").map { $0.split(separator: " ").map(String.init) }
        let participants = values.filter { $0.count == 2 }.map { Participant(name: $0[0], isStream: $0[1] == "tcp") }
        switch parts[0] {
        case "endpoints": endpoints = participants
        case "trunks": trunks = participants
        case "registered": registered = values.compactMap(\.first)
        default: break
        }
    }

    private mutating func readSection(_ title: [String], _ content: [String], line: Int) throws {
        switch (title.first, title.last) {
        case ("provisioning", _): provisioning = content.joined(separator: "\n")
        case ("record", _):
            var record: [String: String] = [:]
            for line in content {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                record[String(parts[0])] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
            }
            records.append(record)
        case (let who?, "sends"): steps.append(Step(who: who, kind: .sends, lines: content, line: line))
        case (let who?, "receives"): steps.append(Step(who: who, kind: .receives, lines: content, line: line))
        default: throw Missed(description: "\(name).txt line \(line): no such section")
        }
    }
}
