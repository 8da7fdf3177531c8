// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SessionDescription

/// Who may offer when (RFC 3264 §4, RFC 3261 §14, RFC 3311 §5.2, RFC 6337 §2): one offer at a time in a dialog.
extension Call {
    /// How an offer or an UPDATE that comes at the wrong time is answered; nil when it may cross: 500 for whoever has
    /// an offer of its own under way, 491 for whoever has one to answer.
    func refusalOfOffer(_ incoming: IncomingRequest) -> Int? {
        if incoming.request.method == .update {
            let isSecond = relays.contains {
                $0.received.method == .update && $0.pair == incoming.pair && $0.requester == incoming.leg
            }
            if isSecond { return 500 }
        }
        guard let offerer = pairs[incoming.pair].offerer, incoming.request.hasSessionDescription else { return nil }
        return offerer == incoming.leg ? 500 : 491
    }

    /// Answers an offer at the wrong time.
    func refuseOffer(_ incoming: IncomingRequest, _ status: Int, _ context: inout CallContext) {
        // RFC 3261 §14.2 and RFC 3311 §5.2: between 0 and 10 seconds, chosen at random.
        let wait = status == 500 ? Int(context.mint.next() % 11) : nil
        respond(incoming.template, incoming.transaction, status, retryAfter: wait, &context)
    }

    /// Notes the session description of an UPDATE or a PRACK on its way; tells whether it is an offer, and not the
    /// answer to one of the other side.
    mutating func offers(_ incoming: IncomingRequest) -> Bool {
        let method = incoming.request.method
        guard method == .update || method == .prack, incoming.request.hasSessionDescription else { return false }
        switch pairs[incoming.pair].offerer {
        case nil:
            pairs[incoming.pair].offerer = incoming.leg
            return true
        case incoming.leg:
            return false
        default:
            pairs[incoming.pair].offerer = nil
            return false
        }
    }

    /// Notes that no INVITE has an open offer in a pair any more; that of another request stays open.
    mutating func closeOffer(_ pair: Int) {
        pairs[pair].offerer = relays.first { $0.pair == pair && $0.isOffer }?.requester
    }

    /// Notes a provisional response to an INVITE: a reliable one carries the answer, or the offer that PRACK answers
    /// (RFC 3262 §5). Retransmissions of it say nothing new.
    mutating func noteProvisional(_ index: Int, _ pair: Int, _ response: SIPMessage) {
        let isSettled = index == 0 ? pairs[pair].isOfferSettled : exchanges[index].isOfferSettled
        guard !isSettled, response.lists("100rel", in: .require), response.hasSessionDescription else { return }
        if index == 0 { pairs[pair].isOfferSettled = true } else { exchanges[index].isOfferSettled = true }
        pairs[pair].offerer = exchanges[index].hasOffer ? nil : exchanges[index].requester.other
    }

    /// Notes the 2xx of an INVITE: the answer, or the offer that the ACK answers.
    mutating func noteSuccess(_ index: Int, _ pair: Int, _ response: SIPMessage) {
        let isSettled = index == 0 ? pairs[pair].isOfferSettled : exchanges[index].isOfferSettled
        guard !isSettled else { return }
        if exchanges[index].hasOffer {
            closeOffer(pair)
        } else if response.hasSessionDescription {
            pairs[pair].offerer = exchanges[index].requester.other
        }
    }

    /// Notes the ACK of an INVITE's 2xx.
    mutating func noteAcknowledgement(_ index: Int, _ pair: Int) {
        guard !exchanges[index].hasOffer else { return }
        closeOffer(pair)
    }
}

extension SIPMessage {
    /// Whether the body is or holds a session description.
    var hasSessionDescription: Bool {
        guard body.length > 2 else { return false }
        let start = Int(body.offset)
        // Nothing else that crosses a call begins so, and most bodies do.
        if bytes[start] == UInt8(ascii: "v"), bytes[start + 1] == UInt8(ascii: "=") { return true }
        return SessionDescriptionPart.find(bytes, body: body.indices, contentType: first(.contentType).map(copy)) != nil
    }
}
