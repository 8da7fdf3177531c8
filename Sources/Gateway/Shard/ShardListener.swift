// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
package import SIPTransport

/// A listener of a shard, with the name that peers are told.
package struct ShardListener: Sendable {
    /// The transport protocol.
    let transport: SIPTransportProtocol
    /// Its place among the listeners, as the transport counts them.
    let index: Int
    /// The address it is bound to.
    let bound: PeerAddress
    /// What peers are told; nil asks the routing table for each peer.
    let advertised: LocalAddress?

    /// Makes a listener out of a bound one.
    ///
    /// - Parameters:
    ///   - listener: The bound listener.
    ///   - advertisedHost: The host to name; nil names the bound address, unless it is a wildcard.
    package init(_ listener: BoundListener, advertisedHost: String?) {
        transport = listener.kind.name
        index = listener.index
        bound = listener.address
        if let advertisedHost {
            advertised = LocalAddress(host: advertisedHost, port: listener.address.port)
        } else if listener.address.isWildcard {
            advertised = nil
        } else {
            advertised = LocalAddress(host: listener.address.hostText, port: listener.address.port)
        }
    }
}
