// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension CertificateNames {
    /// The host of a `sip` URI without a user part; nil for any other URI (RFC 5922 §7.1 rule 1).
    static func host(ofDomainURI uri: String) -> String? {
        guard uri.utf8.count > 4, uri.prefix(4).lowercased() == "sip:" else { return nil }
        let rest = uri.dropFirst(4).prefix { $0 != ";" && $0 != "?" }
        guard !rest.contains("@"), !rest.isEmpty else { return nil }
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            return String(rest[rest.index(after: rest.startIndex)..<end])
        }
        let host = rest.prefix { $0 != ":" }
        return host.isEmpty ? nil : String(host)
    }

    /// The octets of an IP address without brackets; nil for a name.
    static func octets(ofAddress text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var octets = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &octets) == 1 { return octets }
        }
        return nil
    }
}
