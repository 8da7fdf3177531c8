// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
package import MonotonicTime
package import SIPMessage
package import SessionDescription

/// What a placed call asks of its driver, to be performed in order; a leg is named by its number, the first party's is 0.
package enum PlacedStep: Sendable {
    /// Hand this request to the leg's call as its caller's, under this server transaction.
    case request(leg: Int, [UInt8], ServerTransactionIdentifier)
    /// Hand this ACK to the leg's call as its caller's.
    case acknowledge(leg: Int, [UInt8])
    /// Cancel the leg's INVITE as its caller; `isTakenElsewhere` when another party has answered.
    case cancel(leg: Int, ServerTransactionIdentifier, isTakenElsewhere: Bool)
    /// Hand this response to the leg's call, in its client transaction.
    case response(leg: Int, [UInt8], ClientTransactionIdentifier)
    /// Tell the leg's call that its client transaction gets no answer.
    case lost(leg: Int, ClientTransactionIdentifier)
    /// Have the leg's call hang up: the words stand in Reason, the cause also in the record.
    case hangUp(leg: Int, text: String, cause: ReleaseCause)
    /// Have the parties to connect judged, recorded and rung, each with `PlacedCall.invite(toLeg:host:_:)`.
    case connect
    /// Join the calls of the first party and of this leg with `Call.join`.
    case join(leg: Int)
    /// The session that the gateway describes to this leg's party has changed: set `Call.authored` and keep the state.
    case keep(leg: Int, AuthoredSession)
    /// Tell `PlacedCall.waited(_:)` when this time has passed.
    case wait(Interval)
}

/// What a placed call needs beside its own state while it handles an event.
package struct PlacedContext {
    /// Mints tags and transactions.
    package let mint: IdentifierMint
    /// Reads a message that the gateway has composed for itself; nil when it cannot be read.
    package let read: ([UInt8]) -> SIPMessage?
    /// What to do, in order.
    package var steps: [PlacedStep] = []

    /// Makes a context without steps.
    package init(mint: IdentifierMint, read: @escaping ([UInt8]) -> SIPMessage?) {
        self.mint = mint
        self.read = read
    }
}

/// The INVITE that a leg's call begins with.
package struct InsideInvite: Sendable {
    /// The request.
    package let bytes: [UInt8]
    /// Its server transaction.
    package let transaction: ServerTransactionIdentifier
}
