// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import NumberingPlan

/// What the policy reads one spelling as, as a line of tab-separated fields.
package enum NumberReport {
    /// Why a number without `+` is refused where no dial plan holds.
    static let notInternational =
        "the number is not international: write + and the country code before it, or name its country with --region"
    /// Why a number with a context of its own is refused.
    static let foreignContext = "the number means something inside its phone-context only"

    /// Appends `input`, canonical number, country or `-`, and class; for a refused number `input`, `-`, `-` and
    /// `refused: reason`.
    ///
    /// - Parameters:
    ///   - bytes: Holds the spelling.
    ///   - range: Where it stands.
    ///   - reader: Reads what is not international; nil refuses it.
    ///   - output: Takes the line.
    /// - Returns: Whether the number was taken.
    @discardableResult
    package static func append(
        _ bytes: [UInt8],
        in range: Range<Int>,
        by reader: DialPlanReader?,
        to output: inout [UInt8]
    ) -> Bool {
        switch NumberCanonicaliser.canonicalise(user: bytes, in: range) {
        case .number(let number):
            take(bytes, range, number, &output)
            return true
        case .notInternational(let digits):
            return append(digits, bytes, range, reader, &output)
        case .refused(let refusal):
            refuse(bytes, range, refusal.words, &output)
        }
        return false
    }

    private static func append(
        _ digits: LocalNumber,
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ reader: DialPlanReader?,
        _ output: inout [UInt8]
    ) -> Bool {
        guard let reader else {
            refuse(bytes, range, notInternational, &output)
            return false
        }
        guard digits.context == .none else {
            refuse(bytes, range, foreignContext, &output)
            return false
        }
        switch reader.read(digits) {
        case .number(let number, _):
            take(bytes, range, number, &output)
            return true
        case .extensionPattern(let pattern):
            refuse(bytes, range, "the digits are an extension by the pattern \(pattern)", &output)
        case .refused(let refusal):
            refuse(bytes, range, refusal.words, &output)
        }
        return false
    }

    private static let tab = UInt8(ascii: "\t")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let hyphen = UInt8(ascii: "-")

    private static func take(_ bytes: [UInt8], _ range: Range<Int>, _ number: E164Number, _ output: inout [UInt8]) {
        output.append(contentsOf: bytes[range])
        output.append(tab)
        number.append(to: &output)
        output.append(tab)
        let found = NumberingPlan.classify(number)
        if let country = found.country {
            output.append(UInt8(truncatingIfNeeded: country.rawValue >> 8))
            output.append(UInt8(truncatingIfNeeded: country.rawValue))
        } else {
            output.append(hyphen)
        }
        output.append(tab)
        output.append(contentsOf: found.kind.description.utf8)
        output.append(lineFeed)
    }

    /// Appends the line of a spelling that is no number.
    static func refuse(_ bytes: [UInt8], _ range: Range<Int>, _ reason: String, _ output: inout [UInt8]) {
        // A control character in the echo would break the columns, or the terminal.
        for byte in bytes[range] { output.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte) }
        output.append(contentsOf: "\t-\t-\trefused: ".utf8)
        output.append(contentsOf: reason.utf8)
        output.append(lineFeed)
    }
}
