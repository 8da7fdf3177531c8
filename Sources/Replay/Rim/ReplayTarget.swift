// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// The live server, as the user names it.
package struct ReplayTarget: Sendable {
    /// Why a target cannot be used; the text says what to do.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The host as written, an IPv6 address without brackets.
    package let host: String
    /// The port.
    package let port: Int
    /// Where it is.
    package let address: SocketAddress

    /// Reads `host`, `host:port`, `[IPv6]:port` or an IPv6 address; the port is 5060 when none is named. Names are
    /// looked up, which blocks.
    ///
    /// - Throws: `Failure` for a text that names nothing, a host that is not found, and one beyond this machine unless
    ///   `allowsRemote`.
    package init(_ text: String, allowsRemote: Bool) throws(Failure) {
        guard let (host, port) = Self.split(text) else {
            throw Failure(description: "`\(text)` is no HOST:PORT: write it as 127.0.0.1:5060 or [::1]:5060")
        }
        self.host = host
        self.port = port
        do {
            address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch {
            throw Failure(description: "there is no host `\(host)`: check the name, or give its address")
        }
        guard allowsRemote || isLoopback else {
            throw Failure(
                description: "`\(text)` is not on this machine: calls would really be placed there; "
                    + "say --allow-remote if that is meant"
            )
        }
    }

    /// The IP address.
    package var ipAddress: String { address.ipAddress ?? host }

    /// What stands for the server in URIs when no domain is named.
    package var domain: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == 5060 ? host : "\(host):\(port)"
    }

    private var isLoopback: Bool {
        switch address {
        case .v4: ipAddress.hasPrefix("127.")
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: false
        }
    }

    private static func split(_ text: String) -> (String, Int)? {
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let host = text[text.index(after: text.startIndex)..<close]
            let rest = text[text.index(after: close)...]
            guard !host.isEmpty else { return nil }
            if rest.isEmpty { return (String(host), 5060) }
            guard rest.first == ":", let port = Self.port(rest.dropFirst()) else { return nil }
            return (String(host), port)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let first = parts.first, !first.isEmpty else { return text.hasPrefix("::") ? (text, 5060) : nil }
        if parts.count == 1 { return (text, 5060) }
        if parts.count > 2 { return (text, 5060) }
        guard let port = Self.port(parts[1]) else { return nil }
        return (String(first), port)
    }

    private static func port(_ text: Substring) -> Int? {
        guard let port = UInt16(text), port > 0 else { return nil }
        return Int(port)
    }
}
