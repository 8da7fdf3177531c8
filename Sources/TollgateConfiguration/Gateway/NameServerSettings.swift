// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
package import MonotonicTime

/// How names are looked up.
package struct NameServerSettings: Hashable, Sendable {
    /// The DNS servers as `address:port`, IPv6 in brackets; empty for those of `/etc/resolv.conf`.
    package var servers: [String] = []
    /// How long a server has to answer the first time.
    package var timeout = Interval.milliseconds(1500)
    /// How often each server is asked, 1 to 5.
    package var attempts = 2

    /// Makes the default settings.
    package init() {}

    init(_ fields: Fields) {
        self.init()
        for server in fields.list("servers", .nameServer) ?? [] {
            if servers.contains(server.value) {
                fields.log.add("`servers` holds `\(server.value)` twice", "keep one of them", at: server.position)
            } else {
                servers.append(server.value)
            }
        }
        timeout = fields.value("timeout_milliseconds", .milliseconds(100...10_000)) ?? timeout
        attempts = fields.value("attempts", .integer(1...5)) ?? attempts
    }
}

extension ScalarType where Value == String {
    /// An IP address with a port, or without one for port 53.
    fileprivate static var nameServer: ScalarType {
        ScalarType("the address of a DNS server") { text throws(ScalarFault) in
            if let literal = IPLiteral(text) { return spelling(literal, 53) }
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            let host = parts.dropLast().joined(separator: ":")
            guard let last = parts.last, let port = Int(last), (1...65_535).contains(port), "\(port)" == last,
                let literal = IPLiteral(host), literal.bits.isIPv4 || host.hasPrefix("[")
            else {
                throw ScalarFault(
                    "must be the IP address of a DNS server, not `\(clipped(text))`",
                    "give one like 192.0.2.53, 127.0.0.1:5353 or \"[2001:db8::53]:53\""
                )
            }
            return spelling(literal, port)
        }
    }

    private static func spelling(_ literal: IPLiteral, _ port: Int) -> String {
        literal.bits.isIPv4 ? "\(literal.text):\(port)" : "[\(literal.text)]:\(port)"
    }
}
