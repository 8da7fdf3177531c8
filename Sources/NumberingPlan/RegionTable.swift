// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The table of dialling inside each region; its layout is described in Scripts/numbering-table/generate.py.
struct RegionTable: Sendable {
    /// Unpacked once, at first use: 50 kB.
    static let generated = RegionTable(
        DigitAutomaton(GeneratedRegions.parts, wordCount: GeneratedRegions.wordCount),
        regions: GeneratedRegions.regionCount
    )

    /// The words of a region's entry, in order.
    enum Field: Int {
        case country
        case callingCode
        case internationalPrefix
        case nationalPrefix
        case lengths
        case national
        case internationalPrefixes
        case emergencyNumbers
    }

    private static let entrySize = 8

    /// Region entries, then two words per national reading, then the states.
    let automaton: DigitAutomaton

    private let readings: Int
    private let entryByCountry: [Int]

    init(_ automaton: DigitAutomaton, regions: Int) {
        self.automaton = automaton
        readings = regions * Self.entrySize
        var entries = [Int](repeating: -1, count: 26 * 26)
        for entry in stride(from: 0, to: readings, by: Self.entrySize) {
            if let country = Country(letters: automaton.word(entry)), let place = Self.place(country) {
                entries[place] = entry
            }
        }
        entryByCountry = entries
    }

    /// The word a region's entry begins at; nil when the table holds no such region.
    func entry(_ country: Country) -> Int? {
        guard let place = Self.place(country), entryByCountry[place] >= 0 else { return nil }
        return entryByCountry[place]
    }

    func word(_ entry: Int, _ field: Field) -> UInt16 {
        automaton.word(entry + field.rawValue)
    }

    /// The edit and the verdict behind the label of a national reading.
    func edit(_ label: UInt16) -> NationalEdit {
        let place = readings + 2 * Int(label)
        return NationalEdit(digits: automaton.word(place), rule: automaton.word(place + 1))
    }

    private static func place(_ country: Country) -> Int? {
        let place = (Int(country.rawValue >> 8) - 0x61) * 26 + Int(country.rawValue & 0xFF) - 0x61
        return (0..<26 * 26).contains(place) ? place : nil
    }
}

/// What the plan does to digits dialled inside a region, in two words of the table.
struct NationalEdit {
    /// Up to four digits put in front, four bits each and the first lowest; F for none.
    var digits: UInt16
    /// Count and first of the dropped digits that follow those (four bits each), leading digits dropped (five), verdict.
    var rule: UInt16

    var dropped: Int { Int(rule >> 3 & 0x1F) }

    var length: NationalReading.Length { NationalReading.Length(rawValue: UInt8(rule & 7)) ?? .invalid }

    /// The places of the dropped digits that are put back after `digits`.
    var kept: Range<Int> {
        let first = Int(rule >> 8 & 0xF)
        return first..<first + Int(rule >> 12)
    }

    /// Calls `body` with each of up to four packed digits.
    static func forEachDigit(_ packed: UInt16, _ body: (UInt8) -> Void) {
        var rest = packed
        while rest & 0xF < 10 {
            body(UInt8(rest & 0xF))
            // The places left free by the shift must not read as zeros.
            rest = rest >> 4 | 0xF000
        }
    }

    /// Packed digits as text.
    static func text(_ packed: UInt16) -> String {
        var text = ""
        forEachDigit(packed) { text.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "0") + $0)) }
        return text
    }
}
