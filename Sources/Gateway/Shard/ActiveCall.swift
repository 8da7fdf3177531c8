// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPTransaction
import ServerLocation

/// A call as its shard holds it: the pure machine with its timers and its place in the tables.
final class ActiveCall {
    let id: ResourceIdentifier
    let ledger: CustomerLedger?
    let account: CallAccount
    /// Whether it goes to a SIP URI outside the deployment.
    let goesElsewhere: Bool
    /// The machine; nil once the call is over, while transactions of it still absorb retransmissions.
    var call: Call?
    var tags: [UInt64] = []
    var timers: [CallTimer: TimerHandle] = [:]
    /// Branches of the INVITEs it sent: one that never gets a final response has no timer of its own.
    var invites: [UInt64] = []
    /// The servers that answered requests to hops by name: what follows goes to the same ones.
    var servers: [NextHop: LocatedServer] = [:]
    /// The trunk that it counts on.
    var trunk: ResourceIdentifier?
    var slot: UInt32 = 0
    /// What log lines say of the call.
    let summary: CallSummary
    /// When the INVITE came.
    let began: Instant
    var answered: Instant?
    /// The status as the record has it.
    var lastStatus = CallStatus.dialing
    /// Whether its record is still being written.
    var awaitsRecord = true
    /// Hears once whether the record is on disk; nil when nobody waits.
    var whenRecorded: ((Bool) -> Void)?
    /// Which leg of a placed call it is; nil for a telephone's call.
    var seat: PlacedLegs.Seat?

    init(
        id: ResourceIdentifier,
        call: Call,
        ledger: CustomerLedger?,
        account: CallAccount,
        goesElsewhere: Bool = false,
        summary: CallSummary,
        began: Instant
    ) {
        self.id = id
        self.call = call
        self.ledger = ledger
        self.account = account
        self.goesElsewhere = goesElsewhere
        self.summary = summary
        self.began = began
    }
}

/// What log lines say of a call.
struct CallSummary {
    let caller: String
    let source: String
    let destination: String
    let isAnonymous: Bool
    let isEmergency: Bool
}
