// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import NumberingPlan

/// What the policy reads one spelling as, and how; as `tollgate number --json` prints it, with keys in snake case.
package struct NumberAnswer: Encodable, Hashable, Sendable {
    /// One thing that was done to the spelling.
    package struct Step: Encodable, Hashable, Sendable {
        /// A word for programs.
        package var name: String
        /// What was done, for people.
        package var words: String
    }

    /// The spelling as given, fit for a terminal.
    package var input: String
    /// The canonical form: what is judged, and what is dialled; absent when the spelling is refused.
    package var number: String?
    /// The country; absent when there is none.
    package var country: String?
    /// The class; `class` in JSON.
    package var numberClass: String?
    /// The country calling code.
    package var callingCode: Int?
    /// The word of `allowed_special` without which the number is blocked; absent for a number that needs none.
    package var special: String?
    /// The country whose emergency services the digits call.
    package var emergency: String?
    /// What was done, in order; empty for a number in canonical form.
    package var steps: [Step] = []
    /// What is to be known besides.
    package var note: String?
    /// Why the spelling is no number.
    package var refusal: String?

    private enum CodingKeys: String, CodingKey {
        case input
        case number
        case country
        case numberClass = "class"
        case callingCode
        case special
        case emergency
        case steps
        case note
        case refusal
    }

    /// Reads a spelling; without a dial plan only international numbers are taken.
    package init(_ spelling: String, by plan: DialPlan?) {
        input = PlainText.harmless(spelling)
        let bytes = Array(spelling.utf8)
        let (result, steps) = NumberCanonicaliser.explain(user: bytes, in: bytes.indices)
        self.steps = steps.filter { $0.name != "refused" }.map {
            Step(name: $0.name, words: PlainText.harmless($0.words))
        }
        switch result {
        case .number(let number): take(number)
        case .notInternational(let digits): read(digits, by: plan)
        case .refused(let reason): refusal = reason.words
        }
    }

    private mutating func read(_ digits: LocalNumber, by plan: DialPlan?) {
        guard let plan else { return refusal = NumberReport.notInternational }
        guard digits.context == .none else { return refusal = NumberReport.foreignContext }
        if let country = plan.country, DialledRegion(country)?.isEmergency(digits) == true {
            number = digits.description
            emergency = country.description
            return
        }
        switch DialPlanReader(plan).read(digits) {
        case .number(let number, let reading):
            steps.append(Step(name: "dial_plan", words: reading.words))
            take(number)
        case .extensionPattern(let pattern): refusal = "the digits are an extension by the pattern \(pattern)"
        case .refused(let reason): refusal = reason.words
        }
    }

    private mutating func take(_ canonical: E164Number) {
        let found = NumberingPlan.classify(canonical)
        number = canonical.description
        country = found.country?.description
        numberClass = found.kind.description
        callingCode = found.callingCode.map(Int.init)
        special = found.special?.description
        if found.hasNationalPrefix {
            note = "a national prefix stands behind the calling code: the number is unlikely to be reached so"
        } else if found.kind == .unassigned, country != nil {
            note = "no assigned range holds the number; it counts as one of the calling code's main country"
        } else if found.callingCode == nil {
            note = "no country calling code begins like this"
        }
    }

    /// The answer for people; the canonical number stands alone on the first line.
    package var text: String {
        var lines = [number ?? "refused: \(refusal ?? "")"]
        func line(_ name: String, _ value: String?) {
            if let value { lines.append("  " + PlainText.padded(name, to: 11) + value) }
        }
        line("input", input)
        for step in steps { line("step", step.words) }
        if emergency == nil, number != nil { line("country", country ?? "none") }
        line("class", numberClass)
        line("emergency", emergency.map { "a number of the emergency services in \($0): passes every rule" })
        line("blocked", special.map { "unless the customer's `allowed_special` lists `\($0)`" })
        line("note", note)
        return lines.joined(separator: "\n") + "\n"
    }
}
