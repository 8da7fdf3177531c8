// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The transport of a flow.
package enum FlowTransport: String, Hashable, Sendable, CaseIterable {
    /// Datagrams.
    case udp
    /// A connection.
    case tcp
    /// A connection inside TLS.
    case tls
}

/// The way a REGISTER came in, so that requests to the binding can go back by it (RFC 5626 §5).
package struct RegistrationFlow: Hashable, Sendable {
    /// The transport.
    package var transport: FlowTransport
    /// The peer's address, an IPv6 one without brackets.
    package var host: String
    /// The peer's port.
    package var port: UInt16
    /// The connection's identifier within this process; 0 when there is none or it did not outlive a restart.
    package var connection: UInt64
    /// The index of the listener that the REGISTER arrived at.
    package var listener: Int

    /// Makes a flow.
    package init(transport: FlowTransport, host: String, port: UInt16, connection: UInt64 = 0, listener: Int = 0) {
        self.transport = transport
        self.host = host
        self.port = port
        self.connection = connection
        self.listener = listener
    }

    /// The flow as one line of text for a store: transport, host, port and listener between blanks.
    ///
    /// The connection is left out: identifiers begin anew with each process, so a kept one would lead the calls of
    /// this binding into some other peer's connection.
    package var text: String {
        "\(transport.rawValue) \(host) \(port) \(listener)"
    }

    /// Reads what `text` wrote; nil for anything else.
    package init?(text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 4, let transport = FlowTransport(rawValue: String(parts[0])), !parts[1].isEmpty,
            let port = UInt16(parts[2]), let listener = Int(parts[3]), listener >= 0
        else { return nil }
        self.init(transport: transport, host: String(parts[1]), port: port, listener: listener)
    }
}
