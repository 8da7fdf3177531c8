// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What makes two judgements of one call the same or not.
struct DryRunFacts: Hashable {
    /// A fact that differs, in words.
    struct Difference: Encodable, Hashable {
        let fact: String
        let before: String
        let after: String
    }

    let verdict: String
    let rule: String
    let number: String
    let country: String
    let shown: String
    let asserted: String
    let privacy: String
    let otherIdentity: String
    let codecs: String
    let trunks: String

    init(_ call: DryRunCall) {
        verdict = call.verdict
        rule = call.rejection.map { "\($0.rule) (\($0.status))" } ?? call.unjudged ?? ""
        number = call.destination?.text ?? ""
        country = call.destination?.country ?? ""
        shown = Self.list(call.legs.map(\.from))
        asserted = Self.list(call.legs.map { $0.pAssertedIdentity ?? "" })
        privacy = Self.list(call.legs.map { $0.privacy ?? "" })
        otherIdentity = Self.list(call.legs.map { ($0.otherIdentity ?? []).joined(separator: "; ") })
        codecs = Self.list(call.legs.map { Self.words($0.codecs ?? []) })
        trunks = call.trunks.joined(separator: ", ")
    }

    /// What all attempts have in common, or what each has.
    private static func list(_ texts: [String]) -> String {
        guard let first = texts.first, texts.contains(where: { $0 != first }) else { return texts.first ?? "" }
        return texts.map { $0.isEmpty ? "nothing" : $0 }.joined(separator: " | ")
    }

    private static func words(_ codecs: [DecisionReport.Codecs]) -> String {
        codecs.map { "\($0.media): \($0.after.joined(separator: " "))" }.joined(separator: "; ")
    }

    private var pairs: [(String, String)] {
        [
            ("verdict", verdict), ("rule", rule), ("number", number), ("country", country), ("shown", shown),
            ("asserted", asserted), ("privacy", privacy), ("other identity", otherIdentity), ("codecs", codecs),
            ("trunks", trunks),
        ]
    }

    /// What is different in `other`, in a fixed order.
    func differences(from other: DryRunFacts) -> [Difference] {
        zip(other.pairs, pairs).compactMap { before, after in
            before.1 == after.1 ? nil : Difference(fact: before.0, before: before.1, after: after.1)
        }
    }
}
