// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The world's numbering plan: which country a number belongs to and what class it is of.
///
/// The answers are libphonenumber's, number for number, out of tables generated from its metadata.
package enum NumberingPlan {
    /// The metadata the tables were generated from.
    package static var metadataVersion: String { GeneratedTable.metadataVersion }

    /// Unpacks the tables, a few milliseconds' work, which the first lookup would otherwise do.
    package static func prepare() {
        _ = NumberingTable.generated
        _ = RegionTable.generated
    }

    /// Looks a number up: a walk over its digits, without allocation.
    package static func classify(_ number: E164Number) -> NumberClassification {
        NumberingTable.generated.classify(number)
    }
}

/// What the numbering plan says of a number.
package struct NumberClassification: Hashable, Sendable {
    /// The country; the calling code's main one where no range holds the number; nil where no country stands behind it.
    package var country: Country?

    /// The class of the range that holds the number.
    package var kind: NumberClass

    /// The country calling code, 1 to 999; nil when the number begins with none that is assigned.
    package var callingCode: UInt16?

    /// Whether the number was found only after a national prefix was dropped, as in `+44 020 …`.
    ///
    /// Country and class are those of the number without the prefix; such a number is unlikely to be reached as dialled.
    package var hasNationalPrefix: Bool

    /// Makes a classification.
    package init(country: Country?, kind: NumberClass, callingCode: UInt16?, hasNationalPrefix: Bool = false) {
        self.country = country
        self.kind = kind
        self.callingCode = callingCode
        self.hasNationalPrefix = hasNationalPrefix
    }

    /// The answer for a number under no assigned calling code.
    static let unknown = NumberClassification(country: nil, kind: .unassigned, callingCode: nil)
}
