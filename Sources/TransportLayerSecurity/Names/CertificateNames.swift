// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The names in a certificate that may be SIP domain identities (RFC 5922 §7.1).
package struct CertificateNames: Hashable, Sendable {
    /// The URIs of subjectAltName, as they stand there.
    package var uris: [String]
    /// The DNS names of subjectAltName.
    package var dnsNames: [String]
    /// The IP addresses of subjectAltName: 4 or 16 octets each.
    package var addresses: [[UInt8]]
    /// The common names of the subject.
    package var commonNames: [String]
    /// Whether there is a subjectAltName at all, whatever it holds.
    package var hasAlternativeNames: Bool

    /// Collects names.
    package init(
        uris: [String] = [],
        dnsNames: [String] = [],
        addresses: [[UInt8]] = [],
        commonNames: [String] = [],
        hasAlternativeNames: Bool? = nil
    ) {
        self.uris = uris
        self.dnsNames = dnsNames
        self.addresses = addresses
        self.commonNames = commonNames
        self.hasAlternativeNames =
            hasAlternativeNames ?? !(uris.isEmpty && dnsNames.isEmpty && addresses.isEmpty)
    }

    /// The SIP domain identities: hosts of `sip` URIs without a user; DNS names only where there is none of those; common
    /// names only where there is no subjectAltName (RFC 5922 §7.1).
    package var domainIdentities: [String] {
        let hosts = uris.compactMap(CertificateNames.host(ofDomainURI:))
        if !hosts.isEmpty { return hosts }
        if hasAlternativeNames { return dnsNames }
        return commonNames
    }

    /// A name for messages: the first identity, or the first common name.
    package var title: String {
        domainIdentities.first ?? commonNames.first ?? "no name"
    }

    /// Whether the certificate is for a host (RFC 5922 §7.2): the whole name counts, without regard to case.
    ///
    /// An IP address, which RFC 5922 does not speak of, is matched by an address of subjectAltName or by the host of a
    /// `sip` URI.
    ///
    /// - Parameters:
    ///   - wanted: A domain name, or an IP address without brackets.
    ///   - allowsWildcards: Whether `*` may stand for the leftmost label of a DNS name.
    /// - Returns: Whether one of the names is it.
    package func covers(_ wanted: String, allowsWildcards: Bool) -> Bool {
        if let octets = CertificateNames.octets(ofAddress: wanted) {
            if addresses.contains(octets) { return true }
            return uris.compactMap(CertificateNames.host(ofDomainURI:)).contains {
                CertificateNames.octets(ofAddress: $0) == octets
            }
        }
        let wanted = CertificateNames.canonical(wanted)
        guard !wanted.isEmpty else { return false }
        return domainIdentities.contains { identity in
            let identity = CertificateNames.canonical(identity)
            guard identity != wanted else { return !wanted.hasPrefix("*") }
            return allowsWildcards && CertificateNames.wildcard(identity, covers: wanted)
        }
    }

    /// Lower case without a final dot: an absolute name is the name.
    private static func canonical(_ name: String) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    /// RFC 6125 §6.4.3: only the whole leftmost label, and never that of a top-level domain.
    private static func wildcard(_ pattern: String, covers name: String) -> Bool {
        guard pattern.hasPrefix("*.") else { return false }
        let suffix = pattern.dropFirst(2)
        guard suffix.contains("."), !suffix.contains("*"), let dot = name.firstIndex(of: "."), dot != name.startIndex
        else { return false }
        return name[name.index(after: dot)...] == suffix
    }
}
