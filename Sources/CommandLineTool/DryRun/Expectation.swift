// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a call should come to, as `--record` writes and `--expect` reads it: a JSON object on a line of its own.
struct Expectation: Codable, Hashable {
    var call: Int
    var callId: String
    var dialled: String
    var caller: String?
    var digest: String?
    var verdict: String
    var rule: String?
    var status: Int?
    var unjudged: String?
    var number: String?
    var shown: String?
    var asserted: String?
    var privacy: String?
    var codecs: String?
    var trunk: String?

    init(_ judged: DryRunCall) {
        let facts = DryRunFacts(judged)
        call = judged.call
        callId = judged.callId
        dialled = judged.dialled
        caller = judged.caller?.endpoint
        digest = judged.caller?.digest
        verdict = judged.verdict
        rule = judged.rejection?.rule
        status = judged.rejection?.status
        unjudged = judged.unjudged
        number = judged.destination?.text
        shown = judged.identity?.shown
        asserted = facts.asserted.isEmpty ? nil : facts.asserted
        privacy = facts.privacy.isEmpty ? nil : facts.privacy
        codecs = facts.codecs.isEmpty ? nil : facts.codecs
        trunk = judged.trunks.isEmpty ? nil : judged.trunks.joined(separator: ", ")
    }

    /// What tells which call is meant.
    struct Key: Hashable {
        let call: Int
        let callId: String
        let dialled: String
    }

    var key: Key { Key(call: call, callId: callId, dialled: dialled) }

    private var facts: [(name: String, value: String?)] {
        [
            ("caller", caller), ("digest", digest), ("verdict", verdict), ("rule", rule),
            ("status", status.map(String.init)), ("unjudged", unjudged), ("number", number), ("shown", shown),
            ("asserted", asserted), ("privacy", privacy), ("codecs", codecs), ("trunk", trunk),
        ]
    }

    /// What is different in what the call came to.
    func differences(in found: Expectation) -> [DryRunFacts.Difference] {
        zip(facts, found.facts).compactMap { before, after in
            before.value == after.value
                ? nil : .init(fact: before.name, before: before.value ?? "", after: after.value ?? "")
        }
    }
}
