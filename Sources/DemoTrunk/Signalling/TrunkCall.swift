// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SIPMessage
import SIPTransaction

/// What identifies a dialog (RFC 3261 §12).
struct DialogKey: Hashable, Sendable {
    let callID: [UInt8]
    let localTag: [UInt8]
    let remoteTag: [UInt8]

    /// The dialog that an INVITE's answer creates.
    init(creating invite: ServerTransaction) {
        let request = invite.request
        callID = request.copy(request.mandatory.callID)
        localTag = invite.localTag
        remoteTag = request.copy(request.mandatory.fromTag)
    }

    /// The dialog that a request claims to be in.
    init(of request: SIPMessage) {
        callID = request.copy(request.mandatory.callID)
        localTag = request.copy(request.mandatory.toTag)
        remoteTag = request.copy(request.mandatory.fromTag)
    }
}

/// Where a call's offer and answer exchange stands (RFC 3264, RFC 3261 §13.2.1).
enum Negotiation {
    /// The peer made an offer that the trunk can answer.
    case answerOwed(PeerSession, index: Int, audio: NegotiatedAudio)
    /// The INVITE had no offer; the trunk makes one in its first reliable response.
    case offerOwed
    /// The trunk made its offer.
    case answerAwaited
    /// Both sides have agreed.
    case settled
}

/// A 2xx that has not been acknowledged.
struct UnacknowledgedAnswer {
    let transaction: ServerTransaction
    let response: [UInt8]
    var retransmission: SuccessResponseRetransmission
    var timer: Scheduled<Void>?
}

/// A reliable provisional response that has not been acknowledged (RFC 3262).
struct UnacknowledgedProvisional {
    let number: UInt32
    let status: Int
    let response: [UInt8]
    var retransmission: ProvisionalResponseRetransmission
    var timer: Scheduled<Void>?
}

/// One call that the trunk takes part in; confined to the trunk's event loop.
final class TrunkCall {
    /// How far the call has come.
    enum State {
        case early
        case answered
        case confirmed
        case ended
    }

    let dialog: DialogKey
    let script: DemoScript
    let invite: ServerTransaction
    let requiresReliability: Bool
    var state = State.early
    var negotiation: Negotiation
    var media: MediaSession?
    var session: LocalSession?
    var remoteTarget: URIReference?
    /// The message that `remoteTarget` points into.
    var targetSource: SIPMessage
    var remoteSequence: UInt32
    var localSequence: UInt32 = 0
    var provisionalNumber = UInt32.random(in: 1...0x7FFF)
    var provisional: UnacknowledgedProvisional?
    var answer: UnacknowledgedAnswer?
    /// Whether the answer is due and waits for a PRACK only.
    var isAnswerDue = false
    var timers: [Scheduled<Void>] = []

    /// Makes the call of an INVITE.
    init(_ invite: ServerTransaction, script: DemoScript, negotiation: Negotiation) {
        self.invite = invite
        self.script = script
        self.negotiation = negotiation
        dialog = DialogKey(creating: invite)
        requiresReliability = invite.request.lists("100rel", in: .require)
        remoteSequence = invite.request.mandatory.sequenceNumber
        targetSource = invite.request
        refreshTarget(invite.request)
    }

    /// Takes the peer's Contact (RFC 3261 §12.1.1, §12.2).
    func refreshTarget(_ request: SIPMessage) {
        guard let contact = try? request.address(.contact) else { return }
        remoteTarget = contact.uri
        targetSource = request
    }

    /// Stops everything that is timed.
    func cancelTimers() {
        for timer in timers { timer.cancel() }
        timers = []
        provisional?.timer?.cancel()
        provisional = nil
        answer?.timer?.cancel()
        answer = nil
    }
}
