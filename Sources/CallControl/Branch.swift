// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage
import SIPTransaction
import SessionDescription

/// One INVITE sent to the outside: an attempt on a trunk, or one fork of a call to an endpoint.
struct Branch {
    /// How far it has come.
    enum State: Hashable {
        /// Nothing was heard yet, so a CANCEL must wait (RFC 3261 §9.1).
        case calling
        /// A provisional response came.
        case proceeding
        /// A CANCEL went out.
        case cancelling
        /// A final response came, or none will.
        case done
    }

    /// The target's place: in the setup, or behind it among those that redirections named.
    let target: Int
    var transaction: ClientTransactionIdentifier
    /// What went out; nil when it was finally answered, since nothing repeats it then.
    var request: OutgoingRequest?
    /// The dialog without the peer's tag.
    var dialog: Dialog
    var state = State.calling
    /// Whether it was given up or has failed: a late answer is taken back.
    var isGivenUp = false
    /// The challenges that were answered.
    var answers = ChallengeAnswers()
    /// What answered the last one, for the ACK of a 2xx (RFC 3261 §13.2.2.4).
    var credentials: TrunkCredentials?
    /// The codec list for offers on this leg; nil for none.
    let codecs: CodecList?
    /// What crosses to this leg.
    let towardOutbound: HeaderPassage
    /// What the peer is told of the caller; nil after a restart, when no INVITE of the attempt can go out any more.
    let identity: LegIdentity?
    /// The trunk, whose challenges are answered; nil for endpoints, SIP URIs, and a trunk that is no more.
    let trunk: Trunk?
    /// Whether the trunk belongs to the trust domain.
    let isTrusted: Bool
    /// Whether in-dialog requests follow the flow of the registration instead of the Contact.
    let keepsFlow: Bool
    /// Which of the target's servers it went to.
    var server = 0
    /// Whether a hidden caller is shown to it.
    var isRevealed = false
    /// Whether another server is tried when nothing is heard of this one soon.
    var awaitsSign = false
}

/// Two dialogs that belong together: the caller's and the one of whoever answered or may answer.
struct DialogPair {
    /// How far it has come.
    enum State: Hashable {
        case early
        case confirmed
        case ended
    }

    var branch: Int
    var endpoint: Dialog
    var outbound: Dialog
    var state = State.early
    /// Who made an offer that has no answer yet (RFC 3264 §4); nil when there is none.
    var offerer: Leg?
    /// Whether a reliable provisional response to the first INVITE took part in its offer.
    var isOfferSettled = false
    /// The ACK of an answer that was taken back, to be repeated for its retransmissions.
    var acknowledgement: [UInt8]?

    /// The dialog of one side.
    subscript(leg: Leg) -> Dialog {
        _read { if leg == .endpoint { yield endpoint } else { yield outbound } }
        _modify { if leg == .endpoint { yield &endpoint } else { yield &outbound } }
    }
}

/// An INVITE on its way from one side to the other, the first one or a re-INVITE, up to its ACK.
struct InviteExchange {
    let requester: Leg
    let serverTransaction: ServerTransactionIdentifier
    let template: ResponseTemplate
    /// The number of the request that came in.
    let inSequence: UInt32
    /// Whether the request carried a session description.
    let hasOffer: Bool
    /// The request that came in, for as long as it may have to be passed on once more.
    var received: SIPMessage?
    /// The pair; for the first INVITE, the one that answered, nil before.
    var pair: Int?
    /// Our transaction toward the other side; for the first INVITE each branch has its own.
    var clientTransaction: ClientTransactionIdentifier = 0
    /// What went out; for the first INVITE each branch has its own.
    var request: OutgoingRequest?
    /// The body that crossed.
    var body: CrossingBody?
    /// The number of the request that went out.
    var outSequence: UInt32 = 0
    var hasProvisional = false
    var wantsCancel = false
    var isCancelled = false
    var answers = ChallengeAnswers()
    var credentials: TrunkCredentials?
    var isPending = true
    /// Whether a reliable provisional response took part in its offer.
    var isOfferSettled = false
    /// The 2xx sent to the requester.
    var success: [UInt8]?
    var successStatus = 200
    var retransmission: SuccessResponseRetransmission?
    /// The ACK passed on, to be repeated for retransmitted 2xx.
    var acknowledgement: [UInt8]?
    /// Whether it was answered before a restart: whether its ACK came is not known, so none is missed.
    var isRestored = false

    init(
        requester: Leg,
        serverTransaction: ServerTransactionIdentifier,
        template: ResponseTemplate,
        request: SIPMessage,
        pair: Int? = nil
    ) {
        self.requester = requester
        self.serverTransaction = serverTransaction
        self.template = template
        inSequence = request.mandatory.sequenceNumber
        hasOffer = request.hasSessionDescription
        received = request
        self.pair = pair
    }

    /// The first INVITE of a call that was answered before a restart.
    init(answered pair: Int, inSequence: UInt32, outSequence: UInt32) {
        requester = .endpoint
        serverTransaction = 0
        template = ResponseTemplate(bytes: [], fields: [], source: RequestSource(host: "", port: 0))
        self.inSequence = inSequence
        hasOffer = true
        self.pair = pair
        self.outSequence = outSequence
        isPending = false
        isRestored = true
    }

    /// Whether a 2xx waits for its ACK.
    var awaitsAcknowledgement: Bool { retransmission?.isActive == true }
}

/// A request other than INVITE on its way from one side to the other.
struct Relay {
    let requester: Leg
    let pair: Int
    let serverTransaction: ServerTransactionIdentifier
    let template: ResponseTemplate
    /// The request that came in.
    let received: SIPMessage
    /// The body that crosses.
    let body: CrossingBody
    /// Header field lines composed for the other side, each ending in CRLF.
    let lines: [UInt8]
    /// A header field that stands among those lines.
    let composed: HeaderName?
    /// Whether it carries an offer.
    let isOffer: Bool
    var clientTransaction: ClientTransactionIdentifier
    var answers = ChallengeAnswers()
}

/// A BYE of ours that has no answer yet.
struct PendingBye {
    var transaction: ClientTransactionIdentifier
    let pair: Int
    let leg: Leg
    let reason: EndReason
    var answers = ChallengeAnswers()
}

/// Why an answered call ends, as the Reason of its BYE tells it (RFC 3326).
enum EndReason {
    /// As the BYE of the other side says.
    case passed(SIPMessage)
    /// The gateway's own.
    case own(cause: Int, text: String)
}

extension Leg {
    /// The side across the gateway.
    var other: Leg { self == .endpoint ? .outbound : .endpoint }
}
