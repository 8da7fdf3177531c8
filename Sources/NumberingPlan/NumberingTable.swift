// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The generated automaton, unpacked; its layout is described in Scripts/numbering-table/generate.py.
struct NumberingTable: Sendable {
    /// Unpacked once, at first use: 0.1 MB.
    static let generated = NumberingTable(GeneratedTable.parts, callingCodes: GeneratedTable.callingCodeCount)

    /// Calling code entries (code, main country, first state), then the states.
    let words: [UInt16]

    /// Where the entry of a calling code begins, by the code's value; -1 for none.
    private let entryByCode: [Int]

    init(_ parts: [StaticString], callingCodes: Int) {
        words = NumberingTable.decode(parts)
        var entries = [Int](repeating: -1, count: 1000)
        for entry in stride(from: 0, to: min(callingCodes * 3, words.count), by: 3) where words[entry] < 1000 {
            entries[Int(words[entry])] = entry
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
        var state = Int(word(entry + 2))
        for _ in 0..<count {
            let head = word(state)
            // Bit d of the head says that digit d + 1 begins a new run: count the runs begun up to this digit.
            let begun = head & ((1 << UInt16(truncatingIfNeeded: rest & 0xF)) &- 1)
            state = Int(word(state + 1 + Int(head >> 15) + begun.nonzeroBitCount))
            rest >>= 4
        }
        let label = word(state) >> 15 == 0 ? 0 : word(state + 1)
        let own = label >> 5
        return NumberClassification(
            country: own == 0 ? country(word(entry + 1)) : country(own),
            kind: NumberClass(rawValue: UInt8(truncatingIfNeeded: label >> 1 & 0xF)) ?? .unassigned,
            callingCode: word(entry),
            hasNationalPrefix: label & 1 == 1
        )
    }

    /// A damaged table must not stop the process: outside it everything is zero, which is "unassigned".
    @inline(__always)
    private func word(_ index: Int) -> UInt16 {
        index < words.count ? words[index] : 0
    }

    private func country(_ letters: UInt16) -> Country? {
        letters == 0 ? nil : Country(rawValue: (letters >> 5 & 0x1F | 0x60) << 8 | letters & 0x1F | 0x60)
    }

    private static func decode(_ parts: [StaticString]) -> [UInt16] {
        var words: [UInt16] = []
        words.reserveCapacity(GeneratedTable.wordCount)
        var bits: UInt32 = 0
        var held = 0
        for part in parts {
            part.withUTF8Buffer { text in
                for character in text {
                    guard let sextet = sextet(character) else { continue }
                    bits = bits << 6 | sextet
                    held += 6
                    if held >= 16 {
                        held -= 16
                        words.append(UInt16(truncatingIfNeeded: bits >> UInt32(held)).byteSwapped)
                    }
                }
            }
        }
        return words
    }

    /// The six bits of a base64 digit; nil for padding.
    private static func sextet(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
