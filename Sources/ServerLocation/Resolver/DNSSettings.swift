// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// Which DNS servers are asked, and how patiently.
package struct DNSSettings: Hashable, Sendable {
    /// The servers as `address:port`, IPv6 in brackets; empty for those of `/etc/resolv.conf`.
    package var servers: [String]
    /// How long the first server has to answer the first time; each further round has twice as long.
    package var timeout: Interval
    /// How often each server is asked, 1 or more.
    package var attempts: Int

    /// Makes settings.
    package init(servers: [String] = [], timeout: Interval = .milliseconds(1500), attempts: Int = 2) {
        self.servers = servers
        self.timeout = timeout
        self.attempts = attempts
    }
}

/// Why no queries can be made.
package struct ResolverError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in words.
    package let description: String
}
