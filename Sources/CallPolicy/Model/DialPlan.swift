// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// How an endpoint's users dial: what they may leave out of an international number, or put before one.
///
/// An endpoint has its own, or its customer's, or none; a plan is never mixed out of two.
package struct DialPlan: Hashable, Sendable {
    /// The country whose national numbers are dialled; nil when only international numbers are.
    package var country: Country?
    /// What stands for `+`, such as `00` or `011`, one or more digits each; empty for the country's own.
    package var internationalPrefixes: [String]
    /// What national numbers begin with, digits, `*` and `#`; nil for the country's own with its exceptions, empty for
    /// nothing at all.
    package var nationalPrefix: String?
    /// How many digits a national significant number has at least, 2 to 15; nil for the country's own.
    package var minimumNationalLength: Int?
    /// Digits that are extensions and never numbers, whether anybody has them or not.
    package var extensionPatterns: [ExtensionPattern]
    /// Prefixes that hide the caller for one call.
    package var hidingPrefixes: [String]
    /// Prefixes that show the caller for one call.
    package var showingPrefixes: [String]

    /// The prefixes that hide by default: networks disagree whether `*31#` or `#31#` does, and a hidden caller is the
    /// error that can be undone.
    package static let defaultHidingPrefixes = ["*31#", "#31#", "*67"]
    /// The prefix that shows by default.
    package static let defaultShowingPrefixes = ["*82"]

    /// Makes a dial plan; by default numbers are international only.
    package init(
        country: Country? = nil,
        internationalPrefixes: [String] = [],
        nationalPrefix: String? = nil,
        minimumNationalLength: Int? = nil,
        extensionPatterns: [ExtensionPattern] = [],
        hidingPrefixes: [String] = DialPlan.defaultHidingPrefixes,
        showingPrefixes: [String] = DialPlan.defaultShowingPrefixes
    ) {
        self.country = country
        self.internationalPrefixes = internationalPrefixes
        self.nationalPrefix = nationalPrefix
        self.minimumNationalLength = minimumNationalLength
        self.extensionPatterns = extensionPatterns
        self.hidingPrefixes = hidingPrefixes
        self.showingPrefixes = showingPrefixes
    }
}

/// A pattern of extensions: digits, `*`, `#`, and `x` for any digit, such as `1xxx`; 1 to 32 symbols.
package struct ExtensionPattern: Hashable, Sendable, LosslessStringConvertible {
    /// The pattern in lower case.
    package let description: String

    /// Reads a pattern; nil when it is empty, too long, or holds anything else.
    package init?(_ description: String) {
        let lower = description.lowercased()
        guard (1...LocalNumber.maximumCount).contains(lower.utf8.count),
            lower.utf8.allSatisfy({ Self.isSymbol($0) || $0 == UInt8(ascii: "x") })
        else { return nil }
        self.description = lower
    }

    /// Whether the pattern holds exactly these dialled symbols.
    package func matches(_ dialled: LocalNumber) -> Bool {
        guard dialled.count == description.utf8.count else { return false }
        var index = 0
        for symbol in description.utf8 {
            guard let byte = dialled[index] else { return false }
            let isAnyDigit = symbol == UInt8(ascii: "x") && byte &- UInt8(ascii: "0") <= 9
            guard byte == symbol || isAnyDigit else { return false }
            index += 1
        }
        return true
    }

    private static func isSymbol(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") <= 9 || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "#")
    }
}
