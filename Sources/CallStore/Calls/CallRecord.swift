// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
package import CallPolicy
package import MonotonicTime
package import NumberingPlan

/// The trunk that an attempt used, by identity and by the name it had then.
package struct UsedTrunk: Hashable, Sendable {
    /// The trunk's identity; it may have been removed since.
    package var id: ResourceIdentifier
    /// The trunk's name at the time of the call.
    package var name: String

    /// Makes a reference to a trunk.
    package init(id: ResourceIdentifier, name: String) {
        self.id = id
        self.name = name
    }
}

/// One call as the store keeps it, approved or rejected.
package struct CallRecord: Hashable, Sendable {
    /// The call's identity; a time-ordered one keeps the store's tables in the order of creation.
    package var id: ResourceIdentifier
    /// The customer who is charged with the call.
    package var customer: ResourceIdentifier
    /// The calling endpoint; nil when the API placed the call.
    package var endpoint: ResourceIdentifier?
    /// The digest user name of the caller.
    package var callerUsername: String = ""
    /// The source the caller asked for, as received.
    package var sourceAsked: String = ""
    /// The real source that policy resolved, kept even when the wire shows an anonymous one.
    package var source: String = ""
    /// Whether the callee was shown no source.
    package var isAnonymous: Bool = false
    /// What was dialled, in its canonical form where there is one.
    package var destination: String
    /// What kind of thing was dialled.
    package var destinationKind: RecordedDestinationKind
    /// The destination's country, when it has one.
    package var country: Country?
    /// The destination's number class, when it is a telephone number.
    package var numberClass: NumberClass?
    /// The trunk of the latest attempt.
    package var trunk: UsedTrunk?
    /// Where the call stands.
    package var status: CallStatus = .dialing
    /// Which side ended it.
    package var hangupBy: HangupBy = .none
    /// Why it ended.
    package var hangupReason: HangupReason = .none
    /// The final SIP status the caller was given, 0 while there is none.
    package var finalStatus: Int = 0
    /// The Q.850 cause of the end; nil while there is none.
    package var cause: ReleaseCause?
    /// Whether policy let the call through.
    package var isApproved: Bool = true
    /// The identifier of the rule that rejected it; empty for an approved call.
    package var rejectingRule: String = ""
    /// The Call-ID of the endpoint leg.
    package var endpointCallID: String = ""
    /// The Call-ID of the outbound leg's latest attempt.
    package var outboundCallID: String = ""
    /// What an outside call API knows the call by; empty without one. Listings leave it out.
    package var externalIdentifier: String = ""
    /// The flow that placed the call; nil for none, and for a telephone's call.
    package var flow: ResourceIdentifier?
    /// The call that this one was connected to; nil for none, and for a telephone's call.
    package var master: ResourceIdentifier?
    /// When the call was created.
    package var created: WallTime
    /// When the record last changed.
    package var updated: WallTime
    /// When the callee's phone first rang.
    package var ringing: WallTime?
    /// When the call was answered.
    package var progressing: WallTime?
    /// When the call ended.
    package var hangup: WallTime?
    /// The attempts on trunks, in order; listings leave them out.
    package var attempts: [AttemptRecord] = []
    /// The decision: UTF-8 text, one finding a line, its fields separated by tabs.
    package var findings: [UInt8] = []

    /// Makes a record of a call that starts now; every other field is set on the value.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier,
        endpoint: ResourceIdentifier? = nil,
        destination: String,
        destinationKind: RecordedDestinationKind,
        created: WallTime
    ) {
        self.id = id
        self.customer = customer
        self.endpoint = endpoint
        self.destination = destination
        self.destinationKind = destinationKind
        self.created = created
        self.updated = created
    }

    /// Takes over an update's changes; a status that would go backward is left out, and a call that ended stays as it is.
    package mutating func apply(_ update: CallUpdate) {
        if externalIdentifier.isEmpty { externalIdentifier = update.externalIdentifier ?? "" }
        guard status != .hangup else { return }
        for change in update.attempts { attempts.apply(change) }
        if let end = update.lastAttemptEnd { attempts.apply(.ended(end)) }
        if let next = update.status, status.mayBecome(next) { status = next }
        if let value = update.hangupBy { hangupBy = value }
        if let value = update.hangupReason { hangupReason = value }
        if let value = update.finalStatus { finalStatus = value }
        if let value = update.cause { cause = value }
        if let value = update.trunk { trunk = value }
        if let value = update.outboundCallID { outboundCallID = value }
        ringing = ringing ?? update.ringing
        progressing = progressing ?? update.progressing
        hangup = hangup ?? update.hangup
        updated = max(updated, update.time)
    }
}
