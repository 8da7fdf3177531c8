// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A listener that could not be opened, with what to do about it.
package struct TransportBindError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The listener as configured.
    package let listener: ListenerConfiguration
    /// The system's error number; nil when the address is not an IP literal.
    package let code: Int32?

    /// The address as an operator writes it: `127.0.0.1:5060/udp`.
    package var address: String {
        let host = listener.address
        let bracketed = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(bracketed):\(listener.port)/\(listener.kind.text)"
    }

    /// What went wrong, in words.
    package var reason: String {
        switch code {
        case nil: "`\(listener.address)` is not an IP address"
        case EADDRINUSE?: "another program listens on \(address)"
        case EADDRNOTAVAIL?: "no interface of this host has the address of \(address)"
        case EACCES?, EPERM?: "no permission to listen on \(address)"
        case .some(let code): "cannot listen on \(address): \(SystemError.text(code))"
        }
    }

    /// What an operator can do.
    package var remedy: String {
        switch code {
        case EADDRINUSE?: "stop it or change `sip.listen`"
        case EACCES?, EPERM?: "use a port from 1024 up in `sip.listen`, or grant CAP_NET_BIND_SERVICE"
        default: "correct `sip.listen`"
        }
    }

    /// Reason and remedy in one line.
    package var description: String { "\(reason); \(remedy)" }
}
