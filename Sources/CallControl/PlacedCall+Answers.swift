// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import SessionDescription

/// What becomes of the answers of the parties (RFC 3725 §4.3 and §6).
extension PlacedCall {
    /// A leg's call answered its caller.
    mutating func responded(
        _ leg: Int,
        _ transaction: UInt64,
        _ bytes: [UInt8],
        _ context: inout PlacedContext
    ) {
        guard let origin = origins[transaction], let response = context.read(bytes) else { return }
        if response.status >= 200 { origins[transaction] = nil }
        switch origin {
        case .invite where (200..<300).contains(response.status):
            seats[leg]?.take(response)
            if leg == 0 { firstAnswered(response, &context) } else { partyAnswered(leg, response, &context) }
        // Early media is for nobody (§4.3); a refusal is heard of when the leg's call is over.
        case .invite:
            break
        case .reinvite:
            if response.status >= 200 { offerAnswered(response, &context) }
        case .leg(let asker, let client, let hasOffer):
            let passed = crossing(response, from: leg, to: asker, isOffer: !hasOffer && response.method == .invite)
            keepSessions(after: response, leg, asker, &context)
            context.steps.append(.response(leg: asker, passed, client))
        }
    }

    private mutating func firstAnswered(_ response: SIPMessage, _ context: inout PlacedContext) {
        guard phase == .dialing, let offer = response.sessionDescription,
            let answer = seats[0]?.session.inactiveAnswer(to: offer)
        else {
            phase = .over
            let text = "the answer holds no session description that can be read"
            return dismiss(0, text: text, cause: .of(sipStatus: 488), &context)
        }
        acknowledge(0, body: answer, &context)
        keep(0, &context)
        guard parties > 0 else {
            phase = .over
            return context.steps.append(.hangUp(leg: 0, text: "nothing is left to do", cause: .normalClearing))
        }
        phase = .connecting
        context.steps.append(.connect)
    }

    private mutating func partyAnswered(_ leg: Int, _ response: SIPMessage, _ context: inout PlacedContext) {
        guard phase == .connecting else {
            let text = phase == .over ? "the first party has hung up" : "another party has answered"
            let cause = phase == .over ? ReleaseCause.normalClearing : .answeredElsewhere
            return dismiss(leg, text: text, cause: cause, &context)
        }
        guard let offer = response.sessionDescription, seats[0]?.session.offer(offer) != nil else {
            let text = "the answer holds no session description that can be read"
            return dismiss(leg, text: text, cause: .of(sipStatus: 488), &context)
        }
        seats[leg]?.offer = offer
        seats[leg]?.session.noteOffer(offer)
        phase = .offering(leg)
        for other in seats.keys.sorted() where other > 0 && other != leg {
            dismiss(
                other,
                text: "another party has answered",
                cause: .answeredElsewhere,
                isTakenElsewhere: true,
                &context
            )
        }
        offerToFirst(&context)
    }

    /// Offers the session of the party that answered to the first (§4.3 message 6).
    private mutating func offerToFirst(_ context: inout PlacedContext) {
        guard case .offering(let leg) = phase, let party = seats[leg], var first = seats[0],
            let offer = first.session.offer(party.offer)
        else { return }
        let transaction = context.mint.next()
        let contact = first.dialog.address.contact(.udp, isSecure: false)
        let request = first.dialog.request(.invite, branch: transaction, maxForwards: 71) { composer in
            composer.line("Contact: ", contact)
            composer.append("Allow: \(CallMethods.allowed)\r\n")
            composer.finish(description: offer)
        }
        first.inviteSequence = request.sequenceNumber
        seats[0] = first
        origins[transaction] = .reinvite
        context.steps.append(.request(leg: 0, request.bytes, transaction))
    }

    /// The first party has answered, or refused, what a party had offered.
    private mutating func offerAnswered(_ response: SIPMessage, _ context: inout PlacedContext) {
        let isAccepted = (200..<300).contains(response.status)
        guard case .offering(let leg) = phase else {
            if isAccepted { acknowledge(0, body: nil, &context) }
            return
        }
        if response.status == 491 {
            // RFC 3261 §14.1: whoever chose the Call-ID waits between 2.1 and 4 seconds, in units of 10 ms.
            let wait = 2100 + 10 * Int64(context.mint.next() % 191)
            return context.steps.append(.wait(.milliseconds(wait)))
        }
        if isAccepted, let answer = response.sessionDescription, let restored = seats[0]?.session.restored(answer),
            let passed = seats[leg]?.session.answer(restored)
        {
            acknowledge(leg, body: passed, &context)
            acknowledge(0, body: nil, &context)
            phase = .joined(leg)
            context.steps.append(.join(leg: leg))
            keep(0, &context)
            return keep(leg, &context)
        }
        phase = .over
        if isAccepted { acknowledge(0, body: nil, &context) }
        let cause = ReleaseCause.of(sipStatus: isAccepted ? 488 : response.status)
        let text = "the first party does not take the session"
        dismiss(leg, text: text, cause: cause, &context)
        context.steps.append(.hangUp(leg: 0, text: text, cause: cause))
    }

    /// The wait after a 491 is over.
    package mutating func waited(_ context: inout PlacedContext) {
        offerToFirst(&context)
    }

    /// Has a leg's session kept.
    mutating func keep(_ leg: Int, _ context: inout PlacedContext) {
        guard let session = seats[leg]?.session else { return }
        context.steps.append(.keep(leg: leg, session))
    }

    private mutating func keepSessions(
        after response: SIPMessage,
        _ leg: Int,
        _ other: Int,
        _ context: inout PlacedContext
    ) {
        guard response.status >= 200, !response.body.isEmpty else { return }
        keep(leg, &context)
        keep(other, &context)
    }
}

extension PlacedCall.Seat {
    /// Takes the dialog out of the 2xx of a leg's call.
    fileprivate mutating func take(_ response: SIPMessage) {
        dialog.remoteTag = response.copy(response.mandatory.toTag)
        dialog.remote = response.unfolded(response.mandatory.to.whole)
        state = .answered
    }
}
