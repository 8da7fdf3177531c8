// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A parameter of digest credentials or of a digest challenge that has a meaning here (RFC 7616 §3.3, §3.4).
package enum DigestParameter: UInt8, Hashable, Sendable {
    case username
    case realm
    case nonce
    case uri
    case response
    case algorithm
    case clientNonce
    case opaque
    case qualityOfProtection
    case nonceCount
    case stale

    /// The name on the wire.
    package var name: String {
        switch self {
        case .username: "username"
        case .realm: "realm"
        case .nonce: "nonce"
        case .uri: "uri"
        case .response: "response"
        case .algorithm: "algorithm"
        case .clientNonce: "cnonce"
        case .opaque: "opaque"
        case .qualityOfProtection: "qop"
        case .nonceCount: "nc"
        case .stale: "stale"
        }
    }

    /// Recognises a parameter name in any case.
    init?(name: Span<UInt8>) {
        switch name.count {
        case 2 where name.equalsIgnoringCase("nc"): self = .nonceCount
        case 3 where name.equalsIgnoringCase("uri"): self = .uri
        case 3 where name.equalsIgnoringCase("qop"): self = .qualityOfProtection
        case 5 where name.equalsIgnoringCase("realm"): self = .realm
        case 5 where name.equalsIgnoringCase("nonce"): self = .nonce
        case 5 where name.equalsIgnoringCase("stale"): self = .stale
        case 6 where name.equalsIgnoringCase("cnonce"): self = .clientNonce
        case 6 where name.equalsIgnoringCase("opaque"): self = .opaque
        case 8 where name.equalsIgnoringCase("username"): self = .username
        case 8 where name.equalsIgnoringCase("response"): self = .response
        case 9 where name.equalsIgnoringCase("algorithm"): self = .algorithm
        default: return nil
        }
    }
}

/// Where a parameter's value lies, without the quotes around it.
package struct DigestParameterValue: Hashable, Sendable {
    /// Indices into the bytes that were parsed.
    package let range: Range<Int>

    /// Whether the value stood in quotes.
    package let isQuoted: Bool

    /// Whether a backslash escape occurs in it.
    package let hasEscape: Bool
}

/// The values of the known parameters of one field.
struct DigestParameterTable: Sendable {
    private var values: InlineArray<11, DigestParameterValue?> = InlineArray(repeating: nil)

    subscript(_ parameter: DigestParameter) -> DigestParameterValue? {
        get { values[Int(parameter.rawValue)] }
        set { values[Int(parameter.rawValue)] = newValue }
    }

    /// The value of a parameter that must be there as a quoted string.
    func quoted(_ parameter: DigestParameter, end: Int) throws(DigestParseError) -> DigestParameterValue {
        guard let value = self[parameter] else { throw DigestParseError(.missingParameter(parameter), at: end) }
        guard value.isQuoted else { throw DigestParseError(.invalidValue(parameter), at: value.range.lowerBound) }
        return value
    }
}
