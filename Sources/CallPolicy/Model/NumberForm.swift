// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// How telephone numbers are spelled toward a trunk.
package struct NumberForm: Hashable, Sendable {
    /// Whether international numbers carry their leading `+`.
    package var sendsPlus: Bool
    /// The country whose own numbers are written as they are dialled there: national prefix and national significant
    /// number. Nil writes every number internationally.
    package var nationalCountry: Country?

    /// Makes a form; by default `+` and the digits of E.164.
    package init(sendsPlus: Bool = true, nationalCountry: Country? = nil) {
        self.sendsPlus = sendsPlus
        self.nationalCountry = nationalCountry
    }

    /// Appends a number in this form.
    package func append(_ number: E164Number, to bytes: inout [UInt8]) {
        if let national = national(number) {
            bytes.append(contentsOf: national.utf8)
        } else if sendsPlus {
            number.append(to: &bytes)
        } else {
            number.appendDigits(to: &bytes)
        }
    }

    /// A number in this form.
    package func text(_ number: E164Number) -> String {
        if let national = national(number) { return national }
        return sendsPlus ? number.description : String(number.description.dropFirst())
    }

    /// A number that was dialled, in this form; one that is not international, such as `112`, stays as it is.
    package func text(dialled number: String) -> String {
        E164Number(number).map(text) ?? number
    }

    /// A number of the country as it is dialled inside it; nil for any other number.
    ///
    /// Only what the country's own plan reads back as the same number counts as national: a spelling that would reach
    /// someone else must not go out.
    private func national(_ number: E164Number) -> String? {
        guard let nationalCountry, let region = DialledRegion(nationalCountry) else { return nil }
        let digits = number.description.dropFirst()
        let code = "\(region.callingCode)"
        guard digits.hasPrefix(code) else { return nil }
        let text = region.nationalPrefix + digits.dropFirst(code.utf8.count)
        guard let dialled = LocalNumber(text) else { return nil }
        let reading = region.national(dialled)
        return reading.length == .possible && reading.number == number ? text : nil
    }
}
