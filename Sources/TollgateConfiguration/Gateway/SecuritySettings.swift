// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A certificate chain and its private key, as PEM files.
package struct CertificateFiles: Hashable, Sendable {
    /// The file of the chain, this host's certificate first.
    package var certificate: String
    /// The file of the private key.
    package var key: String

    /// Names the two files.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// Whether a TLS listener asks for client certificates.
package enum ClientCertificateDemand: String, Sendable, CaseIterable {
    /// Never.
    case none
    /// Asks; one that is sent must be good.
    case request
    /// Takes nobody without a good one.
    case require
}

/// The oldest TLS version spoken.
package enum MinimumTLSVersion: String, Sendable, CaseIterable {
    case version12 = "1.2"
    case version13 = "1.3"
}

/// What a TLS listener shows and asks for.
package struct ListenerSecurity: Hashable, Sendable {
    /// The certificate for who asks for no domain, or for an unknown one.
    package var identity: CertificateFiles
    /// Further certificates by domain, in lower case.
    package var domains: [String: CertificateFiles]
    /// Whether client certificates are asked for.
    package var clientCertificates: ClientCertificateDemand
    /// The file of the authorities that vouch for clients; nil takes the `tls` section's.
    package var authorities: String?
    /// The oldest version spoken; nil takes the `tls` section's.
    package var minimumVersion: MinimumTLSVersion?

    /// Makes settings.
    package init(
        identity: CertificateFiles,
        domains: [String: CertificateFiles] = [:],
        clientCertificates: ClientCertificateDemand = .none,
        authorities: String? = nil,
        minimumVersion: MinimumTLSVersion? = nil
    ) {
        self.identity = identity
        self.domains = domains
        self.clientCertificates = clientCertificates
        self.authorities = authorities
        self.minimumVersion = minimumVersion
    }
}

/// How TLS is done where listeners and trunks say nothing of their own.
package struct SecuritySettings: Hashable, Sendable {
    /// The file of the authorities that vouch for peers; nil takes the system's.
    package var authorities: String?
    /// The file of revocation lists; nil checks none.
    package var revocationLists: String?
    /// The certificate shown to peers that connections are opened to, when they ask for one; nil shows none.
    package var identity: CertificateFiles?
    /// Whether peers that connections are opened to are verified.
    package var verifies = true
    /// Whether `*` in a peer's certificate stands for a label.
    package var allowsWildcards = false
    /// The oldest version spoken.
    package var minimumVersion = MinimumTLSVersion.version12
    /// The cipher suites of TLS 1.2, in OpenSSL's notation; nil takes the built-in list.
    package var ciphers: String?

    /// Makes the default settings.
    package init() {}
}
