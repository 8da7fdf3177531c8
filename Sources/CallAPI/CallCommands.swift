// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import CallStore

/// What the control API asks of the running gateway; any thread may ask.
package protocol CallCommands: Sendable {
    /// Ends a call on both sides, as one of its ends would: CANCEL or BYE on the wire, the record follows.
    ///
    /// - Parameter call: The call, or either leg of one that was placed by third-party call control.
    /// - Returns: The status the call took by this, or nil when no such call is in progress.
    func hangUp(_ call: ResourceIdentifier) async -> CallHangUp?

    /// Places a call for a customer: judged by policy like any other, recorded, then dialled (RFC 3725).
    ///
    /// Returns as soon as the record is on disk; the far end is still to be rung then.
    func place(_ placement: CallPlacement) async -> CallPlacementOutcome

    /// Takes customers, endpoints, numbers, configurations and trunks from the store again.
    ///
    /// When this returns, the next call on every shard is judged by them.
    ///
    /// - Throws: What kept the store from being read; the former policy stays then.
    func reloadPolicy() async throws
}

/// What a hang-up did.
package enum CallHangUp: Hashable, Sendable {
    /// The call had not been answered; its INVITE is being cancelled.
    case canceling
    /// The call had been answered; both ends get a BYE.
    case terminating
    /// The call is ending already; nothing more was done.
    case alreadyEnding
}

/// Where a placed call goes.
package enum PlacedDestination: Hashable, Sendable {
    /// A telephone number as it was asked for: `+` and digits.
    case telephone(String)
    /// A SIP URI, `sip:` or `sips:` included.
    case sipURI(String)
    /// An extension of the customer.
    case extensionName(String)
}

/// A call that a customer asks the gateway to place.
package struct CallPlacement: Sendable {
    /// The identity the call gets; of version 7, made at the time of asking.
    package var id: ResourceIdentifier
    /// On whose behalf.
    package var customer: ResourceIdentifier
    /// Where to.
    package var destination: PlacedDestination
    /// The number that is to be shown, as it was asked for; empty for none.
    package var source: String
    /// The name that is to be shown; empty for none.
    package var sourceName: String
    /// Whether the caller is hidden.
    package var anonymous: AnonymousSetting
    /// The flow that the call belongs to; nil for none.
    package var flow: ResourceIdentifier?
    /// The parties to connect once this one has answered, all rung at once, the first to answer wins (RFC 3725 §4.3,
    /// flow III); empty to hang up on answer, which is what a flow without actions does.
    package var connect: [CallConnection]

    /// Makes a placement.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier,
        destination: PlacedDestination,
        source: String = "",
        sourceName: String = "",
        anonymous: AnonymousSetting = .auto,
        flow: ResourceIdentifier? = nil,
        connect: [CallConnection] = []
    ) {
        self.id = id
        self.customer = customer
        self.destination = destination
        self.source = source
        self.sourceName = sourceName
        self.anonymous = anonymous
        self.flow = flow
        self.connect = connect
    }
}

/// A party that a placed call is connected to once it is answered; judged by policy of its own.
package struct CallConnection: Hashable, Sendable {
    /// Where to.
    package var destination: PlacedDestination
    /// The number that is to be shown, as it was asked for; empty for none.
    package var source: String
    /// The name that is to be shown; empty for none.
    package var sourceName: String
    /// Whether the caller is hidden.
    package var anonymous: AnonymousSetting

    /// Makes a connection.
    package init(
        destination: PlacedDestination,
        source: String = "",
        sourceName: String = "",
        anonymous: AnonymousSetting = .auto
    ) {
        self.destination = destination
        self.source = source
        self.sourceName = sourceName
        self.anonymous = anonymous
    }
}

/// What became of a placement.
package enum CallPlacementOutcome: Sendable {
    /// Approved and recorded; it is being dialled.
    case placed(CallRecord)
    /// Policy refused it; the refusal is recorded.
    case rejected(CallRecord, Rejection)
    /// It could not be recorded, or the gateway is shutting down: what to tell the customer.
    case unavailable(String)
}
