// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What digits dialled inside a country, without international prefix, stand for.
package struct NationalReading: Hashable, Sendable {
    /// Whether the plan has national numbers of this length (libphonenumber's `is_possible_number_with_reason`).
    package enum Length: UInt8, Hashable, Sendable, CaseIterable {
        /// There are numbers of this length.
        case possible = 0
        /// All numbers are longer.
        case tooShort
        /// All numbers are shorter.
        case tooLong
        /// There are shorter and longer numbers, but none of this length; or a symbol is no digit.
        case invalid
        /// Numbers of this length reach someone only inside their own area, where the area code may be left out.
        case localOnly
    }

    /// How many leading digits were taken off: own calling code, national prefix, carrier code, Argentina's `0…15`.
    package var dropped: Int

    /// The digits put in their place, such as `9` and the area code in Argentina; empty for none.
    package var inserted: String

    /// The national significant number, leading zeros that belong to it (as in Italy) kept.
    package var national: LocalNumber

    /// Whether numbers of this length exist.
    package var length: Length

    /// The calling code and the national number; nil when that is not 7 to 15 digits, or a symbol is no digit.
    package var number: E164Number?

    /// Makes a reading.
    package init(dropped: Int, inserted: String, national: LocalNumber, length: Length, number: E164Number?) {
        self.dropped = dropped
        self.inserted = inserted
        self.national = national
        self.length = length
        self.number = number
    }
}

extension NationalReading.Length: CustomStringConvertible {
    /// The verdict as output writes it: lower case, words joined by a hyphen.
    package var description: String {
        switch self {
        case .possible: "possible"
        case .tooShort: "too-short"
        case .tooLong: "too-long"
        case .invalid: "invalid"
        case .localOnly: "local-only"
        }
    }
}
