// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import TransportLayerSecurity

/// One open listener of a shard.
final class Listener {
    let configuration: ListenerConfiguration
    /// As asked for, and after binding as given.
    var address: PeerAddress
    var channel: (any Channel)?
    var datagramSocket: DatagramSocket?
    /// What connections accepted from now on begin with; only for TLS.
    var security: TLSServerContext?

    init(configuration: ListenerConfiguration, address: PeerAddress) {
        self.configuration = configuration
        self.address = address
    }
}
