// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The table of all numbers in international form; its layout is described in Scripts/numbering-table/generate.py.
struct NumberingTable: Sendable {
    /// Unpacked once, at first use: 0.1 MB.
    static let generated = NumberingTable(
        DigitAutomaton(GeneratedTable.parts, wordCount: GeneratedTable.wordCount),
        callingCodes: GeneratedTable.callingCodeCount
    )

    /// Calling code entries (code, main country, first state), then the states.
    private let automaton: DigitAutomaton

    /// Where the entry of a calling code begins, by the code's value; -1 for none.
    private let entryByCode: [Int]

    init(_ automaton: DigitAutomaton, callingCodes: Int) {
        self.automaton = automaton
        var entries = [Int](repeating: -1, count: 1000)
        for entry in stride(from: 0, to: callingCodes * 3, by: 3) where automaton.word(entry) < 1000 {
            entries[Int(automaton.word(entry))] = entry
        }
        entryByCode = entries
    }

    /// Finds the calling code in the first one to three digits, then follows the rest.
    func classify(_ number: E164Number) -> NumberClassification {
        var (digits, count) = number.packedDigits
        var code = 0
        for _ in 1...3 {
            code = code * 10 + Int(digits & 0xF)
            digits >>= 4
            count -= 1
            // No calling code is another's beginning, so the first one found is the only one.
            if code < entryByCode.count, entryByCode[code] >= 0 {
                return follow(digits, count: count, entry: entryByCode[code])
            }
        }
        return .unknown
    }

    private func follow(_ digits: UInt64, count: Int, entry: Int) -> NumberClassification {
        var rest = digits
        var state = Int(automaton.word(entry + 2))
        for _ in 0..<count {
            state = automaton.next(state, UInt16(truncatingIfNeeded: rest & 0xF))
            rest >>= 4
        }
        let label = automaton.label(state)
        let own = label >> 5
        return NumberClassification(
            country: Country(letters: own == 0 ? automaton.word(entry + 1) : own),
            kind: NumberClass(rawValue: UInt8(truncatingIfNeeded: label >> 1 & 0xF)) ?? .unassigned,
            callingCode: automaton.word(entry),
            hasNationalPrefix: label & 1 == 1
        )
    }
}
