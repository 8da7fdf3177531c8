// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// What the numbering plan says of one number, as a line of tab-separated fields.
package enum NumberReport {
    /// Why a number without `+` is refused.
    static let notInternational = "the number is not international: write + and the country code before it"

    /// Appends `input`, canonical number, country or `-`, and class; for a refused number `input`, `-`, `-` and
    /// `refused: reason`. True when the number was taken.
    @discardableResult
    package static func append(_ bytes: [UInt8], in range: Range<Int>, to output: inout [UInt8]) -> Bool {
        switch NumberCanonicaliser.canonicalise(user: bytes, in: range) {
        case .number(let number):
            output.append(contentsOf: bytes[range])
            output.append(tab)
            number.append(to: &output)
            output.append(tab)
            append(NumberingPlan.classify(number), to: &output)
            return true
        case .notInternational:
            refuse(bytes, range, notInternational, &output)
        case .refused(let refusal):
            refuse(bytes, range, refusal.words, &output)
        }
        return false
    }

    private static let tab = UInt8(ascii: "\t")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let hyphen = UInt8(ascii: "-")

    private static func append(_ found: NumberClassification, to output: inout [UInt8]) {
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

    private static func refuse(_ bytes: [UInt8], _ range: Range<Int>, _ reason: String, _ output: inout [UInt8]) {
        // A control character in the echo would break the columns, or the terminal.
        for byte in bytes[range] { output.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte) }
        output.append(contentsOf: "\t-\t-\trefused: ".utf8)
        output.append(contentsOf: reason.utf8)
        output.append(lineFeed)
    }
}
