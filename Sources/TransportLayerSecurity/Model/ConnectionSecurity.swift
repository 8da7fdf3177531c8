// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What is known of a connection after its handshake.
package struct ConnectionSecurity: Hashable, Sendable {
    /// The protocol version, as `TLSv1.3`.
    package let version: String
    /// The cipher suite, as OpenSSL names it.
    package let cipher: String
    /// The peer's certificate; nil when it showed none.
    package let peer: PeerCertificate?
    /// Whether the peer's certificate was verified: its chain, and on a connection opened from this side its name.
    package let isVerified: Bool
    /// Whether the session was resumed from an earlier one.
    package let isResumed: Bool
    /// Whether the peer asked for this side's certificate and got it; on a resumed session, whether it did then.
    package let presentedCertificate: Bool
    /// The domain that a client asked for (RFC 6066 §3); nil when it named none.
    package let serverName: String?
}

/// What a peer's certificate says of it.
package struct PeerCertificate: Hashable, Sendable {
    /// The names it is for.
    package let names: CertificateNames
    /// The SHA-256 of the certificate, 64 hexadecimal digits in lower case.
    package let fingerprint: String
}
