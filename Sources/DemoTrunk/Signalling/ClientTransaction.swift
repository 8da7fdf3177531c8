// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SIPTransaction

/// The client transaction of the one request the trunk makes, BYE.
final class ClientTransaction {
    let branch: UInt64
    let bytes: [UInt8]
    let destination: SocketAddress
    var machine: NonINVITEClientTransaction
    var retransmission: Scheduled<Void>?
    var lifetime: Scheduled<Void>?

    /// Makes the transaction of a composed request.
    init(branch: UInt64, bytes: [UInt8], destination: SocketAddress, timers: TimerConfiguration) {
        self.branch = branch
        self.bytes = bytes
        self.destination = destination
        machine = NonINVITEClientTransaction(reliable: false, timers: timers)
    }

    /// Stops both timers.
    func cancelTimers() {
        retransmission?.cancel()
        lifetime?.cancel()
    }
}
