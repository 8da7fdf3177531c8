// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("Canonicaliser properties")
struct CanonicalPropertyTests {
    private static let spellingsPerSeed = 100_000

    @Test(
        "RFC 3966 §3: a second reading, straight from the grammar, accepts, refuses and yields the same",
        arguments: [3966, 4694, 3261, 5341] as [UInt64]
    )
    func oracle(seed: UInt64) {
        var spellings = CanonicalSpellings(seed: seed)
        var counts = (numbers: 0, locals: 0, refused: 0)
        for _ in 0..<Self.spellingsPerSeed {
            let text = spellings.next()
            let result = NumberCanonicaliser.canonicalise(user: text)
            let expected = CanonicalOracle(text)
            if !expected.agrees(with: result, in: text) {
                Issue.record("\(String(decoding: text, as: UTF8.self)): \(result), and the grammar says \(expected)")
            }
            switch result {
            case .number: counts.numbers += 1
            case .notInternational: counts.locals += 1
            case .refused: counts.refused += 1
            }
        }
        let least = Self.spellingsPerSeed / 20
        #expect(counts.numbers > least && counts.locals > least && counts.refused > least, "\(counts)")
    }

    @Test("What comes out is + and 7 to 15 digits, reads back as itself, and holds the spelling's digits in order")
    func output() {
        var spellings = CanonicalSpellings(seed: 164)
        var readings: [String: CanonicalNumber] = [:]
        for _ in 0..<Self.spellingsPerSeed {
            let text = spellings.next()
            let result = NumberCanonicaliser.canonicalise(user: text)
            guard case .number(let number) = result else { continue }
            let output = number.description
            let digits = output.utf8.dropFirst()
            #expect(output.utf8.first == UInt8(ascii: "+") && (7...15).contains(digits.count))
            #expect(digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            #expect(NumberCanonicaliser.canonicalise(user: Array(output.utf8)) == result)
            let dialled = Self.dialledDigits(text)
            #expect(
                digits.elementsEqual(dialled) || !Self.beginsWithPlus(text) && output.hasSuffix(Self.string(dialled))
            )
            guard Self.beginsWithPlus(text) else { continue }
            // One dialled number, one value, whatever the spelling.
            #expect(readings.updateValue(result, forKey: Self.string(dialled)) ?? result == result)
        }
        #expect(readings.count > 20)
    }

    @Test("No bytes stop the canonicaliser or its explanation, in whatever range")
    func anyBytes() {
        var spellings = CanonicalSpellings(seed: 7)
        for round in 0..<20_000 {
            let text = spellings.next()
            let first = round % (text.count + 1)
            let range = first..<max(first, text.count - round % 3)
            let result = NumberCanonicaliser.canonicalise(user: text, in: range)
            #expect(result == NumberCanonicaliser.explain(user: text, in: range).result)
            if range == text.indices { #expect(result == NumberCanonicaliser.canonicalise(user: text)) }
        }
    }

    /// The ASCII digits before the first `;`, escapes decoded.
    private static func dialledDigits(_ text: [UInt8]) -> [UInt8] {
        let number = text.prefix { $0 != UInt8(ascii: ";") }
        var digits: [UInt8] = []
        var index = number.startIndex
        while index < number.endIndex {
            var byte = number[index]
            if byte == UInt8(ascii: "%"), index + 2 < number.endIndex {
                byte = UInt8(string(number[index + 1...index + 2]), radix: 16) ?? 0
                index += 2
            }
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { digits.append(byte) }
            index += 1
        }
        return digits
    }

    private static func beginsWithPlus(_ text: [UInt8]) -> Bool {
        let start = string(text.prefix(3)).lowercased()
        return start.hasPrefix("+") || start == "%2b"
    }

    private static func string(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }
}
