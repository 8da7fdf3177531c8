// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A protocol version of TLS; what is older than 1.2 is not spoken (RFC 8996).
package enum TLSVersion: String, Hashable, Sendable, CaseIterable, Comparable {
    /// RFC 5246.
    case version12 = "1.2"
    /// RFC 8446.
    case version13 = "1.3"

    /// Older is less.
    package static func < (left: TLSVersion, right: TLSVersion) -> Bool { left.rawValue < right.rawValue }
}

/// Whether a listener asks for client certificates.
package enum ClientCertificates: String, Hashable, Sendable, CaseIterable {
    /// Never asks.
    case none
    /// Asks; who sends one must send a good one.
    case request
    /// Asks, and takes nobody without a good one.
    case require
}

/// A certificate with its private key, as PEM files.
package struct TLSIdentity: Hashable, Sendable {
    /// The file of the certificate, followed by those of the authorities between it and the root.
    package var certificate: String
    /// The file of the private key, without a passphrase.
    package var key: String

    /// Names the two files.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// What both sides of TLS have in common.
package struct TLSCommonSettings: Hashable, Sendable {
    /// The oldest version spoken.
    package var minimumVersion = TLSVersion.version12
    /// The newest version spoken.
    package var maximumVersion = TLSVersion.version13
    /// The cipher suites of TLS 1.2 in OpenSSL's notation; those of TLS 1.3 are libssl's own.
    package var ciphers = TLSCommonSettings.defaultCiphers
    /// The PEM file of trusted authorities; nil takes the system's.
    package var authorities: String?
    /// A PEM file with revocation lists; a chain whose issuer has none in it is refused. Nil checks none.
    package var revocationLists: String?

    /// Forward secrecy and authenticated encryption only (RFC 9325 §4.2).
    package static let defaultCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!MD5:!DSS"

    /// Makes the default settings.
    package init() {}
}

/// What a listener's TLS needs.
package struct TLSServerSettings: Hashable, Sendable {
    /// The certificate shown to who asks for no domain, or for an unknown one.
    package var identity: TLSIdentity
    /// Further certificates by the domain asked for (RFC 6066 §3), in lower case.
    package var domains: [String: TLSIdentity]
    /// Whether client certificates are asked for.
    package var clientCertificates: ClientCertificates
    /// What both sides have in common.
    package var common: TLSCommonSettings

    /// Makes settings.
    package init(
        identity: TLSIdentity,
        domains: [String: TLSIdentity] = [:],
        clientCertificates: ClientCertificates = .none,
        common: TLSCommonSettings = TLSCommonSettings()
    ) {
        self.identity = identity
        self.domains = domains
        self.clientCertificates = clientCertificates
        self.common = common
    }
}

/// What connections opened from this side need.
package struct TLSClientSettings: Hashable, Sendable {
    /// The certificate shown to a peer that asks; nil shows none.
    package var identity: TLSIdentity?
    /// Whether the peer's certificate must be good and for the name wanted; off trusts whoever answers.
    package var verifies: Bool
    /// Whether `*.example.net` in a certificate covers `sip.example.net`; RFC 5922 §7.2 forbids it.
    package var allowsWildcards: Bool
    /// What both sides have in common.
    package var common: TLSCommonSettings

    /// Makes settings; by default the peer is verified against the system's authorities.
    package init(
        identity: TLSIdentity? = nil,
        verifies: Bool = true,
        allowsWildcards: Bool = false,
        common: TLSCommonSettings = TLSCommonSettings()
    ) {
        self.identity = identity
        self.verifies = verifies
        self.allowsWildcards = allowsWildcards
        self.common = common
    }
}
