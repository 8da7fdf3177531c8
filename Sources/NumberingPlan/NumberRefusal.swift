// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a user part or a `tel` URI is not a number that can be dialled.
package enum NumberRefusal: String, Hashable, Sendable, CaseIterable {
    /// No digit at all.
    case empty
    /// A `%` that two hexadecimal digits do not follow.
    case badEscape
    /// A control character, NUL among them, plain or escaped.
    case control
    /// A byte above ASCII, plain or escaped: digits of other scripts included.
    case nonASCII
    /// A full-width digit, letter or sign (U+FF01 to U+FF5E), plain or escaped, as East Asian keyboards write them.
    case fullWidth
    /// A space, plain or escaped.
    case space
    /// A letter.
    case letter
    /// A `+` that is not the first symbol, or a second one.
    case misplacedPlus
    /// `*` or `#` in an international number.
    case serviceSymbol
    /// Any other character that no number holds, such as an escaped `%` or `;`.
    case unexpectedCharacter
    /// An international number beginning with zero: no calling code does.
    case leadingZero
    /// An international number of fewer than 7 digits.
    case tooShort
    /// More than 15 digits after `+`, or more than 32 symbols without it.
    case tooLong
    /// A parameter that RFC 3966 §3 or RFC 4694 §4 does not allow: no name, a bad name, a known one without the value
    /// it needs or with another's, or a local `rn` or `cic` without its context.
    case badParameter
    /// `phone-context`, `isub`, `ext`, `npdi`, `rn`, `cic` or a context of the last two given twice.
    case repeatedParameter
    /// A mandatory parameter (`m-…`) that is not known: RFC 3966 §5.4 forbids using the URI.
    case unknownMandatoryParameter
    /// The range given lies outside the bytes.
    case outOfBounds

    /// The reason in words a person can act on.
    package var words: String {
        switch self {
        case .empty: "the number has no digits"
        case .badEscape: "the number has a percent sign that is not an escape"
        case .control: "the number contains a control character"
        case .nonASCII: "the number contains a character outside ASCII"
        case .fullWidth: "the number contains a full-width character where an ASCII one belongs"
        case .space: "the number contains a space"
        case .letter: "the number contains a letter"
        case .misplacedPlus: "the number has a plus sign that is not its first character"
        case .serviceSymbol: "an international number contains a star or a hash"
        case .unexpectedCharacter: "the number contains a character that no number holds"
        case .leadingZero: "an international number begins with zero"
        case .tooShort: "an international number has fewer than 7 digits"
        case .tooLong: "the number has too many digits"
        case .badParameter: "a parameter of the number is malformed"
        case .repeatedParameter: "a parameter of the number is given twice"
        case .unknownMandatoryParameter: "a mandatory parameter of the number is not known"
        case .outOfBounds: "the number lies outside the message"
        }
    }
}
