// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where a control API is: `http` or `https`, a host, perhaps a port and a path that a proxy puts before it.
struct APIAddress: Hashable, Sendable {
    /// Where a gateway has it by default.
    static let standard = APIAddress(text: "http://127.0.0.1:8080", isPrivate: true)

    /// The address without a slash at its end, scheme and host in lower case.
    let text: String
    /// Whether nobody in between can read what is sent: TLS, or the machine itself.
    let isPrivate: Bool

    private init(text: String, isPrivate: Bool) {
        self.text = text
        self.isPrivate = isPrivate
    }

    /// Reads a URL; nil for one with credentials, a query or a fragment, and for anything that is no URL.
    init?(_ url: String) {
        let isPlain = url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host?.lowercased(), !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil,
            (1...65_535).contains(parts.port ?? 80)
        else { return nil }
        var path = parts.percentEncodedPath
        while path.last == "/" { path.removeLast() }
        text = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "") + path
        let isLoopback = host == "localhost" || host == "[::1]" || host == "::1" || host.hasPrefix("127.")
        isPrivate = scheme == "https" || isLoopback
    }
}
