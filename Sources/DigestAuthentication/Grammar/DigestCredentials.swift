// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The credentials of an `Authorization` or `Proxy-Authorization` field (RFC 3261 §20.7, §20.28; RFC 7616 §3.4).
///
/// The value keeps the bytes it was parsed from and indices into them.
package struct DigestCredentials: Sendable, Redacted {
    /// What the response protects (RFC 7616 §3.3 `qop`).
    package enum QualityOfProtection: Hashable, Sendable {
        /// No `qop`: the form of RFC 2069.
        case none
        /// `auth`: method and URI, with a nonce count.
        case auth
        /// `auth-int` or a value nobody has defined.
        case unsupported
    }

    /// The bytes that the ranges point into.
    package let bytes: [UInt8]

    /// The user's name as it stands between the quotes.
    package let username: DigestParameterValue
    /// The realm the credentials are for.
    package let realm: DigestParameterValue
    /// The nonce that is answered.
    package let nonce: DigestParameterValue
    /// The URI that the response is computed over.
    package let uri: DigestParameterValue
    /// What the challenge asked to be returned, if anything.
    package let opaque: DigestParameterValue?
    /// What the response protects.
    package let qualityOfProtection: QualityOfProtection
    /// The hash; `MD5` when none is named, nil when the named one is not supported.
    package let algorithm: DigestAlgorithm?
    /// How often the nonce was used, this request included; 1 or more with `qop`, nil without.
    package let nonceCount: UInt32?

    /// The client's nonce; nil without `qop`.
    package let clientNonce: DigestParameterValue?

    let nonceCountText: DigestParameterValue?
    let response: HashValue

    /// Parses the part `range` of `bytes`, which is a field value without its name.
    ///
    /// Throws `DigestParseError`; its code `unknownScheme` tells that the field is for another scheme.
    package init(parsing bytes: [UInt8], in range: Range<Int>) throws(DigestParseError) {
        let table = try DigestFieldScanner.parameters(of: bytes, in: range)
        let end = range.upperBound
        self.bytes = bytes
        username = try table.quoted(.username, end: end)
        realm = try table.quoted(.realm, end: end)
        nonce = try table.quoted(.nonce, end: end)
        uri = try table.quoted(.uri, end: end)
        opaque = table[.opaque]
        algorithm = DigestCredentials.algorithm(table, bytes)
        response = try DigestCredentials.response(table, bytes, algorithm: algorithm, end: end)
        qualityOfProtection = DigestCredentials.quality(table, bytes)
        clientNonce = table[.clientNonce]
        nonceCountText = table[.nonceCount]
        nonceCount = try DigestCredentials.nonceCount(table, bytes)
        try checkQuality(table, end: end)
    }

    /// The user's name with escapes undone, as a credential store knows it.
    package var usernameText: String {
        guard username.hasEscape else { return String(decoding: bytes[username.range], as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(username.range.count)
        var isEscaped = false
        for byte in bytes[username.range] {
            if byte == 0x5C && !isEscaped {
                isEscaped = true
            } else {
                plain.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    // RFC 3261 §22.4 (8): nonce count and client nonce come with `qop` and only with it.
    private func checkQuality(_ table: DigestParameterTable, end: Int) throws(DigestParseError) {
        if qualityOfProtection == .none {
            if let nonceCountText {
                throw DigestParseError(.invalidValue(.nonceCount), at: nonceCountText.range.lowerBound)
            }
            if let clientNonce {
                throw DigestParseError(.invalidValue(.clientNonce), at: clientNonce.range.lowerBound)
            }
        } else {
            guard nonceCount != nil else { throw DigestParseError(.missingParameter(.nonceCount), at: end) }
            _ = try table.quoted(.clientNonce, end: end)
        }
    }

    private static func algorithm(_ table: DigestParameterTable, _ bytes: [UInt8]) -> DigestAlgorithm? {
        guard let value = table[.algorithm] else { return .md5 }
        return DigestAlgorithm(token: bytes.span.extracting(value.range))
    }

    private static func quality(_ table: DigestParameterTable, _ bytes: [UInt8]) -> QualityOfProtection {
        guard let value = table[.qualityOfProtection] else { return .none }
        return bytes.span.extracting(value.range).equalsIgnoringCase("auth") ? .auth : .unsupported
    }

    // The grammar asks for lower-case digits; the value is compared after decoding, so either case is taken.
    private static func response(
        _ table: DigestParameterTable,
        _ bytes: [UInt8],
        algorithm: DigestAlgorithm?,
        end: Int
    ) throws(DigestParseError) -> HashValue {
        let value = try table.quoted(.response, end: end)
        guard let algorithm else { return HashValue() }
        let text = bytes.span.extracting(value.range)
        guard let response = HashValue(hexadecimal: text, byteCount: algorithm.byteCount) else {
            throw DigestParseError(.invalidValue(.response), at: value.range.lowerBound)
        }
        return response
    }

    private static func nonceCount(_ table: DigestParameterTable, _ bytes: [UInt8]) throws(DigestParseError) -> UInt32?
    {
        guard let value = table[.nonceCount] else { return nil }
        var count: UInt32 = 0
        for index in value.range {
            let digit = Hexadecimal.value(of: bytes[index])
            guard digit < 16 else { throw DigestParseError(.invalidValue(.nonceCount), at: index) }
            count = count << 4 | UInt32(digit)
        }
        guard value.range.count == 8, count > 0 else {
            throw DigestParseError(.invalidValue(.nonceCount), at: value.range.lowerBound)
        }
        return count
    }
}
