// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// How an endpoint's users dial: what they may leave out of an international number, or put before one.
package struct DialPlan: Hashable, Sendable {
    /// The calling code national numbers belong to, 1 to 999; nil when only international numbers are dialled.
    package var callingCode: UInt16?
    /// What stands for `+`, such as `00` or `011`; empty for nothing.
    package var internationalPrefix: String
    /// What national numbers begin with, such as `0`; empty when they begin with nothing of the kind.
    package var nationalPrefix: String
    /// Prefixes that hide the caller for one call.
    package var hidingPrefixes: [String]
    /// Prefixes that show the caller for one call.
    package var showingPrefixes: [String]

    /// Makes a dial plan; by default numbers are international only.
    ///
    /// `*31#` and `#31#` both hide by default: networks disagree which of the two does, and a hidden caller is the error
    /// that can be undone.
    package init(
        callingCode: UInt16? = nil,
        internationalPrefix: String = "",
        nationalPrefix: String = "",
        hidingPrefixes: [String] = ["*31#", "#31#", "*67"],
        showingPrefixes: [String] = ["*82"]
    ) {
        self.callingCode = callingCode
        self.internationalPrefix = internationalPrefix
        self.nationalPrefix = nationalPrefix
        self.hidingPrefixes = hidingPrefixes
        self.showingPrefixes = showingPrefixes
    }

    /// Reads dialled digits as an international number; nil when they are none by this plan.
    package func number(dialled digits: String) -> E164Number? {
        if let rest = Self.rest(of: digits, after: internationalPrefix) { return E164Number("+\(rest)") }
        guard let callingCode else { return nil }
        if let rest = Self.rest(of: digits, after: nationalPrefix) { return national(rest, callingCode) }
        // With a national prefix, digits without it are a local number, which only the local exchange can place.
        return nationalPrefix.isEmpty || callingCode == 1 ? national(digits, callingCode) : nil
    }

    private func national(_ digits: some StringProtocol, _ callingCode: UInt16) -> E164Number? {
        guard let number = E164Number("+\(callingCode)\(digits)") else { return nil }
        let found = NumberingPlan.classify(number)
        return found.kind == .unassigned || found.hasNationalPrefix ? nil : number
    }

    /// Takes a per-call prefix off what was dialled; nil when there is none.
    func takingPrefix(off dialled: String) -> (presentation: DialledPresentation, rest: String)? {
        for prefix in hidingPrefixes {
            if let rest = Self.rest(of: dialled, after: prefix) { return (.hidden, String(rest)) }
        }
        for prefix in showingPrefixes {
            if let rest = Self.rest(of: dialled, after: prefix) { return (.shown, String(rest)) }
        }
        return nil
    }

    private static func rest(of text: String, after prefix: String) -> Substring? {
        guard !prefix.isEmpty, text.utf8.count > prefix.utf8.count, text.utf8.starts(with: prefix.utf8) else {
            return nil
        }
        return Substring(text.utf8.dropFirst(prefix.utf8.count))
    }
}
