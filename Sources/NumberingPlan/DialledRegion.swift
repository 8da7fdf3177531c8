// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// How numbers are dialled inside one country, as libphonenumber reads them.
package struct DialledRegion: Hashable, Sendable {
    /// The country.
    package let country: Country

    private let entry: Int

    // No emergency number is longer than seven digits; a damaged table must not make the search endless.
    private static let longestEmergencyNumber = 8

    /// Finds the country's plan; nil where the metadata holds no such region.
    package init?(_ country: Country) {
        guard let entry = RegionTable.generated.entry(country) else { return nil }
        self.country = country
        self.entry = entry
    }

    /// Every country whose plan is known, in alphabetical order.
    package static var all: [DialledRegion] {
        Country.allAssigned.compactMap(DialledRegion.init)
    }

    /// The country calling code, 1 to 999.
    package var callingCode: UInt16 { word(.callingCode) }

    /// The international prefix people dial: `00`, `011`, `0011`, `010`, `810`.
    ///
    /// The preferred one of the metadata; else the shortest there is, and of several the smallest.
    package var internationalPrefix: String { NationalEdit.text(word(.internationalPrefix)) }

    /// The national prefix, `0`, `1`, `8` or `06`; empty for none.
    package var nationalPrefix: String { NationalEdit.text(word(.nationalPrefix)) }

    /// How many digits the shortest and the longest possible national significant number have.
    package var nationalLengths: ClosedRange<Int> {
        let lengths = word(.lengths)
        return Int(lengths >> 8)...max(Int(lengths >> 8), Int(lengths & 0xFF))
    }

    /// The numbers of emergency services, in the order of their digits; empty where the metadata names none.
    package var emergencyNumbers: [String] {
        var found: [String] = []
        appendEmergencyNumbers(from: Int(word(.emergencyNumbers)), "", to: &found)
        return found
    }

    /// Whether the digits are, exactly, the number of an emergency service.
    package func isEmergency(_ digits: LocalNumber) -> Bool {
        guard let state = follow(digits, from: .emergencyNumbers) else { return false }
        return RegionTable.generated.automaton.label(state) == 1
    }

    /// How many leading digits are an international prefix; 0 for none.
    ///
    /// No calling code begins with zero, so digits that a zero follows are no international prefix.
    package func internationalPrefixCount(in digits: LocalNumber) -> Int {
        let automaton = RegionTable.generated.automaton
        var state = Int(word(.internationalPrefixes))
        for index in 0..<digits.count {
            guard let digit = digit(digits, index) else { break }
            state = automaton.next(state, digit)
        }
        return min(Int(automaton.label(state)), digits.count)
    }

    /// Reads digits dialled without international prefix: drops the region's own calling code and its national prefix
    /// where the library's `parse` does, and puts in front what it puts there.
    ///
    /// With `*` or `#` the length is `invalid` and there is no number.
    package func national(_ digits: LocalNumber) -> NationalReading {
        let table = RegionTable.generated
        guard let state = follow(digits, from: .national) else {
            return NationalReading(dropped: 0, inserted: "", national: digits, length: .invalid, number: nil)
        }
        let edit = table.edit(table.automaton.label(state))
        var inserted = ""
        var national = LocalNumber()
        func append(_ symbol: UInt8, isInserted: Bool) {
            if isInserted { inserted.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "0") + symbol)) }
            _ = national.append(symbol: symbol)
        }
        NationalEdit.forEachDigit(edit.digits) { append($0, isInserted: true) }
        for index in edit.kept {
            if let symbol = digit(digits, index) { append(UInt8(symbol), isInserted: true) }
        }
        for index in min(edit.dropped, digits.count)..<digits.count {
            if let symbol = digit(digits, index) { append(UInt8(symbol), isInserted: false) }
        }
        return NationalReading(
            dropped: edit.dropped,
            inserted: inserted,
            national: national,
            length: edit.length,
            number: national.value(after: UInt64(callingCode)).flatMap(E164Number.init(value:))
        )
    }

    private func word(_ field: RegionTable.Field) -> UInt16 {
        RegionTable.generated.word(entry, field)
    }

    /// The digit at a place; nil for `*`, `#` and places outside.
    private func digit(_ digits: LocalNumber, _ index: Int) -> UInt16? {
        guard let byte = digits[index], (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        return UInt16(byte & 0xF)
    }

    /// The state the digits lead to; nil when one is `*` or `#`.
    private func follow(_ digits: LocalNumber, from field: RegionTable.Field) -> Int? {
        let automaton = RegionTable.generated.automaton
        var state = Int(word(field))
        for index in 0..<digits.count {
            guard let digit = digit(digits, index) else { return nil }
            state = automaton.next(state, digit)
        }
        return state
    }

    private func appendEmergencyNumbers(from state: Int, _ digits: String, to found: inout [String]) {
        let automaton = RegionTable.generated.automaton
        if automaton.label(state) == 1 { found.append(digits) }
        guard digits.utf8.count < Self.longestEmergencyNumber, !automaton.isDead(state) else { return }
        for digit: UInt16 in 0...9 {
            appendEmergencyNumbers(from: automaton.next(state, digit), "\(digits)\(digit)", to: &found)
        }
    }
}
