// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// What a dial plan makes of dialled digits.
package enum DialPlanReading: Hashable, Sendable {
    /// They are set aside for extensions.
    case extensionPattern(ExtensionPattern)
    /// A number, and how it was read.
    case number(E164Number, NumberReading)
    /// Not a number by this plan, and why.
    case refused(DialPlanRefusal)

    /// The number; nil when the digits are none.
    package var number: E164Number? {
        if case .number(let number, _) = self { number } else { nil }
    }
}

/// How dialled digits were read as a number.
package enum NumberReading: Hashable, Sendable {
    /// In international form: nothing of a dial plan was needed.
    case asDialled
    /// After an international prefix, such as `00`.
    case international(prefix: String)
    /// As a national number of a country: the leading digits that were dropped, a national prefix or the country's own
    /// calling code, and those put in their place; each may be empty. Boxed, to keep findings small.
    indirect case national(Country, dropped: String, inserted: String)

    /// The reading in words that continue a sentence; empty for a number in international form.
    package var words: String {
        switch self {
        case .asDialled: ""
        case .international(let prefix): "dialled after the international prefix \(prefix)"
        case .national(let country, let dropped, let inserted):
            "dialled as a national number of \(country)" + (dropped.isEmpty ? "" : ", \(dropped) taken off")
                + (inserted.isEmpty ? "" : ", \(inserted) put before it")
        }
    }

    var values: [FindingValue] {
        switch self {
        case .asDialled: []
        case .international(let prefix):
            [FindingValue("read_as", "international"), FindingValue("dropped", prefix)]
        case .national(let country, let dropped, let inserted):
            [
                FindingValue("read_as", "national"), FindingValue("dial_plan_country", country),
                FindingValue("dropped", dropped), FindingValue("inserted", inserted),
            ]
        }
    }
}

/// Why dialled digits are no number by a dial plan.
package enum DialPlanRefusal: Hashable, Sendable {
    /// The plan has no country, and the digits do not begin with an international prefix.
    case notNational
    /// What follows the international prefix is no international number.
    case international(prefix: String, NumberRefusal)
    /// A national number holds no `*` or `#`.
    case serviceSymbol(Country)
    /// National numbers are longer.
    case tooShort(Country, digits: Int, atLeast: Int)
    /// National numbers are shorter.
    case tooLong(Country, digits: Int, atMost: Int)
    /// The area code is missing.
    case localOnly(Country, digits: Int)
    /// There are shorter national numbers, and longer ones.
    case noSuchLength(Country, digits: Int)

    /// The reason in words a person can act on.
    package var words: String {
        switch self {
        case .notNational: "it is neither international nor an extension"
        case .international(let prefix, let refusal):
            "it does not go on as an international number after the prefix \(prefix): \(refusal.words)"
        case .serviceSymbol(let country): "a national number in \(country) contains no star or hash"
        case .tooShort(let country, let digits, let atLeast):
            "too short for a national number in \(country): \(Self.count(digits)), at least \(atLeast)"
        case .tooLong(let country, let digits, let atMost):
            "too long for a national number in \(country): \(Self.count(digits)), at most \(atMost)"
        case .localOnly(let country, let digits):
            "a number of \(Self.count(digits)) in \(country) needs its area code"
        case .noSuchLength(let country, let digits):
            "no national number in \(country) has \(Self.count(digits))"
        }
    }

    private static func count(_ digits: Int) -> String {
        digits == 1 ? "1 digit" : "\(digits) digits"
    }
}
