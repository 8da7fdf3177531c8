// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A hash that SIP digest authentication may use (RFC 8760 §2.1).
///
/// The session variants (`MD5-sess` and its like) are not supported: they bind the credential to one nonce and bring
/// nothing where the nonce is checked anyway.
package enum DigestAlgorithm: UInt8, Hashable, Sendable, CaseIterable {
    case md5
    case sha256
    case sha512_256

    /// The name in the `algorithm` parameter (RFC 7616 §3.3).
    package var token: String {
        switch self {
        case .md5: "MD5"
        case .sha256: "SHA-256"
        case .sha512_256: "SHA-512-256"
        }
    }

    /// The length of the hash: 16 or 32 bytes.
    package var byteCount: Int {
        self == .md5 ? 16 : 32
    }

    /// The name under which OpenSSL's default provider knows the hash.
    var providerName: String {
        switch self {
        case .md5: "MD5"
        case .sha256: "SHA2-256"
        case .sha512_256: "SHA2-512/256"
        }
    }

    /// Recognises an `algorithm` token in any case; nil for every other token, `-sess` included.
    package init?(token: Span<UInt8>) {
        if token.equalsIgnoringCase("MD5") {
            self = .md5
        } else if token.equalsIgnoringCase("SHA-256") {
            self = .sha256
        } else if token.equalsIgnoringCase("SHA-512-256") {
            self = .sha512_256
        } else {
            return nil
        }
    }
}
