// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why an authentication header field value was not understood.
package struct DigestParseError: Error, Hashable, Sendable {
    /// What was wrong.
    package enum Code: Hashable, Sendable {
        /// The scheme is not `Digest`; the field may be skipped.
        case unknownScheme
        /// The value is longer than 4 096 bytes.
        case tooLong
        /// A parameter is not `name = value`, or a comma is missing or astray.
        case malformed
        /// A quoted string has no closing quote.
        case unterminatedQuotedString
        /// A quoted string holds a control character or bytes that are not UTF-8.
        case invalidCharacter
        /// A parameter occurs twice.
        case duplicateParameter
        /// There are more than 32 parameters.
        case tooManyParameters
        /// A parameter that the field needs is absent.
        case missingParameter(DigestParameter)
        /// A parameter has a value of the wrong form.
        case invalidValue(DigestParameter)
    }

    /// What was wrong.
    package let code: Code

    /// Where, as an index into the bytes that were parsed.
    package let offset: Int

    /// The clause that the value breaks.
    package var clause: String {
        switch code {
        case .unknownScheme, .tooLong, .malformed, .tooManyParameters: "RFC 3261 §25.1"
        case .unterminatedQuotedString, .invalidCharacter: "RFC 3261 §25.1 quoted-string"
        case .duplicateParameter: "RFC 3261 §7.3.1"
        case .missingParameter, .invalidValue: "RFC 7616 §3.4"
        }
    }

    /// The reason in a few words, with nothing of the sender's text.
    package var reason: String {
        switch code {
        case .unknownScheme: "authentication scheme is not Digest"
        case .tooLong: "authentication field is too long"
        case .malformed: "authentication field is malformed"
        case .unterminatedQuotedString: "quoted string is not closed"
        case .invalidCharacter: "quoted string holds a forbidden character"
        case .duplicateParameter: "authentication parameter occurs twice"
        case .tooManyParameters: "too many authentication parameters"
        case .missingParameter(let parameter): "parameter `\(parameter.name)` is missing"
        case .invalidValue(let parameter): "parameter `\(parameter.name)` has a wrong value"
        }
    }

    @inline(never)
    init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}
