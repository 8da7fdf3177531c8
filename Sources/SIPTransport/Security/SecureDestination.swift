// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import TransportLayerSecurity

/// Whom a TLS connection must lead to, and what it is made with.
package struct SecureDestination: Hashable, Sendable {
    /// The rules and the certificate of this side.
    package let context: TLSClientContext
    /// The names that the peer's certificate may be for.
    package let peer: PeerName

    /// Names a destination.
    package init(context: TLSClientContext, peer: PeerName) {
        self.context = context
        self.peer = peer
    }

    /// The same context and the same names.
    package static func == (left: SecureDestination, right: SecureDestination) -> Bool {
        left.context === right.context && left.peer == right.peer
    }

    /// Feeds the context's identity and the names.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(context))
        hasher.combine(peer)
    }

    /// What a connection may be used again for: a context replaced by a reload is another one.
    struct Key: Hashable {
        let destination: SecureDestination
        let address: PeerAddress
    }

    func key(at address: PeerAddress) -> Key {
        Key(destination: self, address: address)
    }
}
