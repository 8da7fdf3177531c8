// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Where a socket of the replay is bound: what stands in its Via and Contact.
package struct LocalEndpoint: Hashable, Sendable {
    /// The IP address, an IPv6 one without brackets.
    package let host: String
    /// The port.
    package let port: UInt16

    /// Makes an endpoint.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `192.0.2.1:5060`, `[2001:db8::1]:5060`.
    var sentBy: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// How URIs that name the captured server are turned toward the live one.
package struct HostMap: Hashable, Sendable {
    /// Hosts that meant the captured server, in lower case.
    package let serverNames: Set<String>
    /// What is written in their place, with a port where one is needed: `example.com`, `[::1]:5062`.
    package let domain: String

    /// Makes a map.
    package init(serverNames: Set<String>, domain: String) {
        self.serverNames = serverNames
        self.domain = domain
    }
}
