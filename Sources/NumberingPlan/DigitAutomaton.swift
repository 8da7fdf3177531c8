// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Generated automata over decimal digits, unpacked; Scripts/numbering-table/packing.py describes the words of a state.
struct DigitAutomaton: Sendable {
    private let words: [UInt16]

    /// Unpacks base64 of little-endian words.
    init(_ parts: [StaticString], wordCount: Int) {
        var words: [UInt16] = []
        words.reserveCapacity(wordCount)
        var bits: UInt32 = 0
        var held = 0
        for part in parts {
            part.withUTF8Buffer { text in
                for character in text {
                    guard let sextet = Self.sextet(character) else { continue }
                    bits = bits << 6 | sextet
                    held += 6
                    if held >= 16 {
                        held -= 16
                        words.append(UInt16(truncatingIfNeeded: bits >> UInt32(held)).byteSwapped)
                    }
                }
            }
        }
        self.words = words
    }

    /// A damaged table must not stop the process: outside it everything is zero, which is "unassigned".
    @inline(__always)
    func word(_ index: Int) -> UInt16 {
        index < words.count ? words[index] : 0
    }

    /// The state that a digit, 0 to 9, leads to.
    @inline(__always)
    func next(_ state: Int, _ digit: UInt16) -> Int {
        let head = word(state)
        // Bit d of the head says that digit d + 1 begins a new run: count the runs begun up to this digit.
        let begun = head & ((1 << digit) &- 1)
        return Int(word(state + 1 + Int(head >> 15) + begun.nonzeroBitCount))
    }

    /// What is said of the digits that lead to a state.
    @inline(__always)
    func label(_ state: Int) -> UInt16 {
        word(state) >> 15 == 0 ? 0 : word(state + 1)
    }

    /// Whether nothing that begins as these digits do has a label.
    func isDead(_ state: Int) -> Bool {
        word(state) == 0 && Int(word(state + 1)) == state
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
