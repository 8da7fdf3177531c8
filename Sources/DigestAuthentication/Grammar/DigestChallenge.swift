// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A challenge of a `WWW-Authenticate` or `Proxy-Authenticate` field (RFC 3261 §20.27, §20.44; RFC 7616 §3.3).
package struct DigestChallenge: Sendable {
    /// The bytes that the ranges point into.
    package let bytes: [UInt8]
    /// The realm to answer for.
    package let realm: DigestParameterValue
    /// The nonce to answer.
    package let nonce: DigestParameterValue
    /// What the answer must return, if anything.
    package let opaque: DigestParameterValue?
    /// The hash; `MD5` when none is named, nil when the named one is not supported.
    package let algorithm: DigestAlgorithm?
    /// Whether the challenge names its algorithm, so that the answer must as well.
    package let namesAlgorithm: Bool
    /// Whether there is a `qop` parameter at all.
    package let hasQualityOfProtection: Bool
    /// Whether `auth` is among the offered qualities of protection.
    package let offersAuth: Bool
    /// Whether only the nonce was refused, so that the same password may be used again without asking.
    package let isStale: Bool

    /// Parses the part `range` of `bytes`, which is a field value without its name.
    ///
    /// Throws `DigestParseError`; its code `unknownScheme` tells that the field is for another scheme.
    package init(parsing bytes: [UInt8], in range: Range<Int>) throws(DigestParseError) {
        let table = try DigestFieldScanner.parameters(of: bytes, in: range)
        self.bytes = bytes
        realm = try table.quoted(.realm, end: range.upperBound)
        nonce = try table.quoted(.nonce, end: range.upperBound)
        opaque = table[.opaque]
        namesAlgorithm = table[.algorithm] != nil
        algorithm =
            if let value = table[.algorithm] {
                DigestAlgorithm(token: bytes.span.extracting(value.range))
            } else {
                .md5
            }
        hasQualityOfProtection = table[.qualityOfProtection] != nil
        offersAuth = table[.qualityOfProtection].map { DigestChallenge.listsAuth(bytes, $0.range) } ?? false
        isStale = table[.stale].map { bytes.span.extracting($0.range).equalsIgnoringCase("true") } ?? false
    }

    /// The realm as text, for the caller to compare with the one it holds a password for.
    package var realmText: String {
        String(decoding: bytes[realm.range], as: UTF8.self)
    }

    /// Whether this side can answer: a supported hash, and `auth` unless there is no `qop` at all.
    package var isAnswerable: Bool {
        algorithm != nil && (offersAuth || !hasQualityOfProtection)
    }

    private static func listsAuth(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            while end < range.upperBound, bytes[end].isTokenCharacter {
                end &+= 1
            }
            if bytes.span.extracting(start..<end).equalsIgnoringCase("auth") { return true }
            start = max(end, start &+ 1)
        }
        return false
    }
}
