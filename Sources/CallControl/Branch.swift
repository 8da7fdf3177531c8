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

    /// The target's place in the setup.
    let target: Int
    var transaction: ClientTransactionIdentifier
    /// What went out; nil when it was finally answered, since nothing repeats it then.
    var request: OutgoingRequest?
    /// The dialog without the peer's tag.
    var dialog: Dialog
    var state = State.calling
    /// Whether it was given up or has failed: a late answer is taken back.
    var isGivenUp = false
    /// Whether a digest challenge was answered once already.
    var hasAnsweredChallenge = false
    /// The codec list for offers on this leg; nil for none.
    let codecs: CodecList?
    /// What crosses to this leg.
    let towardOutbound: HeaderPassage
    /// The trunk, whose challenges are answered; nil for endpoints, SIP URIs, and a trunk that is no more.
    let trunk: Trunk?
    /// Whether the trunk belongs to the trust domain.
    let isTrusted: Bool
    /// Whether in-dialog requests follow the flow of the registration instead of the Contact.
    let keepsFlow: Bool
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
    var hasAnsweredChallenge = false
    var isPending = true
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
        hasOffer = !request.body.isEmpty
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
    /// The body that crossed.
    let body: CrossingBody
    var clientTransaction: ClientTransactionIdentifier
    var hasAnsweredChallenge = false
}

/// A BYE of ours that has no answer yet.
struct PendingBye {
    var transaction: ClientTransactionIdentifier
    let pair: Int
    let leg: Leg
    let reason: EndReason
    var hasAnsweredChallenge = false
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
