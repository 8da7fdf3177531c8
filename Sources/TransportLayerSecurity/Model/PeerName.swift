// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Whom a connection opened from this side must lead to.
package struct PeerName: Hashable, Sendable {
    /// The name asked for in the handshake (RFC 6066 §3), and the first that the certificate may be for.
    package var name: String
    /// Further names that the certificate may be for instead.
    package var alternatives: [String]
    /// Whether the peer must ask for this side's certificate and get it.
    package var isMutual: Bool

    /// Names a peer.
    package init(_ name: String, alternatives: [String] = [], isMutual: Bool = false) {
        self.name = name
        self.alternatives = alternatives
        self.isMutual = isMutual
    }

    /// What sessions are kept under: a session of another name was verified for that one only.
    var sessionKey: String {
        ([name] + alternatives).joined(separator: " ").lowercased()
    }
}
