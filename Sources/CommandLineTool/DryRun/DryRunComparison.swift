// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Gathers what is different between two policies, call by call.
struct DryRunComparison {
    /// A call that differs, as JSON has it.
    struct Entry: Encodable, Hashable {
        let type = "difference"
        let call: Int
        let place: String
        let time: String?
        let caller: String?
        let dialled: String
        let differences: [DryRunFacts.Difference]

        private enum CodingKeys: String, CodingKey {
            case type, call, place, time, caller, dialled, differences
        }
    }

    /// How many calls there were, and how many differ by each fact.
    struct Counts: Encodable, Hashable {
        let type = "comparison"
        var calls = 0
        var different = 0
        var byFact: [String: Int] = [:]

        private enum CodingKeys: String, CodingKey {
            case type, calls, different, byFact
        }
    }

    private(set) var counts = Counts()
    /// Calls that one world has judged and the other not yet, by the message that opened them.
    private var first: [Int: DryRunCall] = [:]
    private var second: [Int: DryRunCall] = [:]

    init() {}

    /// Takes a call of the first world; returns the entry when both have it and it differs.
    mutating func takeFirst(_ call: DryRunCall) -> Entry? {
        guard let other = second.removeValue(forKey: call.message) else {
            first[call.message] = call
            return nil
        }
        return compare(call, other)
    }

    /// Takes a call of the second world; returns the entry when both have it and it differs.
    mutating func takeSecond(_ call: DryRunCall) -> Entry? {
        guard let other = first.removeValue(forKey: call.message) else {
            second[call.message] = call
            return nil
        }
        return compare(other, call)
    }

    /// The calls that only one of the worlds takes for calls: in the other they are a further leg.
    mutating func finish() -> [Entry] {
        let left =
            first.values.map { ($0, "a call", "another leg") } + second.values.map { ($0, "another leg", "a call") }
        first = [:]
        second = [:]
        return left.sorted { $0.0.message < $1.0.message }.map { call, before, after in
            counts.calls += 1
            return entry(call, [.init(fact: "taken for", before: before, after: after)])
        }
    }

    private mutating func compare(_ before: DryRunCall, _ after: DryRunCall) -> Entry? {
        counts.calls += 1
        let differences = DryRunFacts(after).differences(from: DryRunFacts(before))
        return differences.isEmpty ? nil : entry(before, differences)
    }

    private mutating func entry(_ call: DryRunCall, _ differences: [DryRunFacts.Difference]) -> Entry {
        counts.different += 1
        for difference in differences { counts.byFact[difference.fact, default: 0] += 1 }
        return Entry(
            call: call.call,
            place: call.place.text,
            time: call.time,
            caller: call.caller?.endpoint,
            dialled: call.dialled,
            differences: differences
        )
    }
}

extension DryRunComparison.Entry {
    /// The entry for people.
    var text: String {
        let head = "call \(call)  \(time ?? "")  \(caller ?? "?") dials \(dialled)  (\(place))\n"
        return PlainText.harmless(String(head.dropLast())) + "\n" + differences.map(\.text).joined()
    }
}

extension DryRunFacts.Difference {
    /// `verdict: approved → rejected`.
    var text: String {
        func shown(_ value: String) -> String { value.isEmpty ? "nothing" : value }
        return PlainText.harmless("  \(fact): \(shown(before)) → \(shown(after))") + "\n"
    }
}

extension DryRunComparison.Counts {
    /// The counts for people.
    var text: String {
        guard different > 0 else { return "\(PlainText.count(calls, "call")): no difference\n" }
        let facts = byFact.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let list = facts.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "\(PlainText.count(calls, "call")): \(different) differ (\(list))\n"
    }
}

/// Holds what calls come to against what a file expects.
struct ExpectationFile {
    private var expected: [Expectation.Key: Expectation] = [:]
    private(set) var different = 0
    private(set) var calls = 0

    /// Reads a file that `--record` wrote.
    init(path: String) throws {
        let bytes = try InputFile.read(path, limit: 1 << 30)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        for (place, line) in bytes.split(separator: 0x0A).enumerated() {
            do {
                let entry = try decoder.decode(Expectation.self, from: Data(line))
                expected[entry.key] = entry
            } catch {
                throw CommandFailure(
                    "`\(path)`, line \(place + 1) is no expectation; write the file with --record",
                    status: .noInput
                )
            }
        }
    }

    /// What is wrong with a call, in words; nothing when it is as expected.
    mutating func take(_ call: DryRunCall) -> String {
        calls += 1
        let found = Expectation(call)
        let name = PlainText.harmless("call \(call.call)  \(call.dialled)  (\(call.place.text))") + "\n"
        guard let wanted = expected.removeValue(forKey: found.key) else {
            different += 1
            return name + "  not among the expectations\n"
        }
        let differences = wanted.differences(in: found)
        guard !differences.isEmpty else { return "" }
        different += 1
        return name + differences.map(\.text).joined()
    }

    /// What was expected and did not come, and the sum of it.
    mutating func finish() -> String {
        var text = ""
        for entry in expected.values.sorted(by: { ($0.call, $0.callId) < ($1.call, $1.callId) }) {
            different += 1
            text +=
                PlainText.harmless("call \(entry.call)  \(entry.dialled)") + "\n  expected, and not in the capture\n"
        }
        let verdict = different == 0 ? "all as expected" : "\(different) not as expected"
        return text + "\(PlainText.count(calls, "call")): \(verdict)\n"
    }
}
