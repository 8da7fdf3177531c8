// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
package import SessionDescription

/// A call that the gateway places itself: the controller of RFC 3725, between the calls of its parties.
///
/// Each leg is an ordinary `Call` whose caller is this machine instead of a telephone, so that routes, forks,
/// challenges, redirections, privacy and all else are a leg's own affair. Here is what only the controller knows: when
/// to ring whom, and whose session description goes to whom. It is flow III of RFC 3725 §4.3:
///
/// 1. The first party gets an INVITE without an offer; its own is answered with streams that carry nothing. An offer
///    made up by the gateway, as in flow IV, would have to guess codecs and transport, and media never passes here.
/// 2. The other parties get INVITEs without an offer, all at once; the offer of the first to answer goes to the first
///    party in a re-INVITE, and the answer to that into the ACK.
/// 3. From then on the two calls are joined, and what one party sends crosses to the other.
package struct PlacedCall {
    /// Where a placed call stands.
    enum Phase: Hashable {
        /// The first party is being called.
        case dialing
        /// The first party has answered and waits; the others are being called.
        case connecting
        /// A party has answered; its offer is with the first.
        case offering(Int)
        /// The first party and this one talk.
        case joined(Int)
        /// Over, but calls of legs may still end.
        case over
    }

    /// A leg as its caller sees it.
    struct Seat {
        enum State: Hashable {
            case dialing
            /// A 2xx came and waits for its ACK.
            case answered
            case acknowledged
            case over
        }

        /// The dialog with the leg's call.
        var dialog: Dialog
        /// The INVITE's transaction.
        let invite: ServerTransactionIdentifier
        /// What the gateway describes to the party.
        var session: AuthoredSession
        var state = State.dialing
        /// The offer in its 2xx.
        var offer: [UInt8] = []
        /// The number of the last INVITE in the dialog, for its ACK.
        var inviteSequence: UInt32 = 1
    }

    /// Who waits for the answer of a server transaction inside.
    enum Origin {
        /// The controller, for a leg's INVITE.
        case invite
        /// The controller, for the re-INVITE of the first party.
        case reinvite
        /// The call of a joined leg; `hasOffer` tells whether its request had a session description.
        case leg(Int, ClientTransactionIdentifier, hasOffer: Bool)
    }

    /// How many parties are to be connected once the first has answered.
    package let parties: Int
    var phase = Phase.dialing
    /// The legs that were begun, by number.
    var seats: [Int: Seat] = [:]
    /// The parties that came to nothing.
    var failed: Set<Int> = []
    var origins: [ServerTransactionIdentifier: Origin] = [:]
    /// Whether an INVITE that crossed from a leg last had an offer, which tells what a PRACK behind it carries.
    var offersOf: [Int: Bool] = [:]

    /// Makes a call that is about to be placed; `invite(toLeg: 0, …)` begins it.
    package init(parties: Int) {
        self.parties = parties
    }

    /// Takes up a call whose first party and first other party talked before a restart; nil unless both legs are of a
    /// placed call.
    package init?(rejoining first: Call, _ other: Call, _ context: inout PlacedContext) {
        guard let one = first.authored, let two = other.authored else { return nil }
        parties = 1
        phase = .joined(1)
        for (leg, session) in [one, two].enumerated() {
            var seat = Seat(
                dialog: Self.dialog(context.mint),
                invite: 0,
                session: session
            )
            seat.state = .acknowledged
            seats[leg] = seat
        }
    }

    /// Begins a leg.
    ///
    /// - Parameters:
    ///   - leg: 0 for the first party, from 1 for those to connect.
    ///   - host: The gateway's address or name toward the party, for the session that it describes.
    ///   - context: Mints.
    /// - Returns: What the leg's call begins with; its `authored` is to be `session(ofLeg:)`.
    package mutating func invite(toLeg leg: Int, host: String, _ context: inout PlacedContext) -> InsideInvite {
        let seat = Seat(
            dialog: Self.dialog(context.mint),
            invite: context.mint.next(),
            session: AuthoredSession(identifier: context.mint.next(), host: host)
        )
        seats[leg] = seat
        origins[seat.invite] = .invite
        let dialog = seat.dialog
        let request = OutgoingRequest(
            method: .invite,
            uri: dialog.target,
            via: ViaLine(transport: .udp, sentBy: dialog.address.sentBy, branch: seat.invite),
            routes: [],
            from: dialog.local,
            to: dialog.remote,
            callID: dialog.callID,
            sequenceNumber: dialog.localSequence,
            // The leg's call takes one off: seventy go out (RFC 3261 §8.1.1.6).
            maxForwards: 71
        ) { composer in
            composer.line("Contact: ", dialog.address.contact(.udp, isSecure: false))
            composer.append("Allow: \(CallMethods.allowed)\r\nAccept: application/sdp\r\n")
            composer.finish()
        }
        return InsideInvite(bytes: request.bytes, transaction: seat.invite)
    }

    /// What the gateway describes to a leg's party; nil for a leg that was not begun.
    package func session(ofLeg leg: Int) -> AuthoredSession? { seats[leg]?.session }

    /// Whether an action of a leg's call is for its caller, and so for `take`.
    package func concerns(_ action: CallAction) -> Bool {
        switch action {
        case .respond(let transaction, _, _): origins[transaction] != nil
        case .send(_, _, let hop), .cancel(_, _, let hop), .acknowledge(_, let hop): hop.isInside
        default: false
        }
    }

    /// A leg's call has something for its caller.
    package mutating func take(_ action: CallAction, ofLeg leg: Int, _ context: inout PlacedContext) {
        switch action {
        case .respond(let transaction, _, let bytes): responded(leg, transaction, bytes, &context)
        case .send(let transaction, let request, _): requested(leg, transaction, request.bytes, &context)
        case .cancel(let transaction, _, _): cancelled(leg, transaction, &context)
        case .acknowledge(let bytes, _): acknowledged(leg, bytes, &context)
        default: break
        }
    }

    /// A leg's call is over; also said of a party that policy refused, or that could not be recorded.
    package mutating func ended(leg: Int, cause: ReleaseCause, _ context: inout PlacedContext) {
        let state = seats[leg]?.state
        // The BYE of the leg's call waits for the ACK (RFC 3261 §15).
        if state == .answered { acknowledge(leg, body: nil, &context) }
        seats[leg]?.state = .over
        guard phase != .over else { return }
        if case .joined(let party) = phase { return joinedEnded(leg == 0 ? party : 0, cause, &context) }
        guard leg > 0 else { return firstEnded(&context) }
        failed.insert(leg)
        switch phase {
        case .connecting where failed.count == parties, .offering(leg):
            phase = .over
            // RFC 3725 §6: nobody is left to talk to.
            let told = cause.value == 0 ? ReleaseCause.noAnswer : cause
            context.steps.append(.hangUp(leg: 0, text: "the party to connect is not there", cause: told))
        default: break
        }
    }

    /// The first party is gone: whoever was rung for it is let go.
    private mutating func firstEnded(_ context: inout PlacedContext) {
        phase = .over
        for leg in seats.keys.sorted() where leg > 0 {
            dismiss(leg, text: "the first party has hung up", cause: .normalClearing, &context)
        }
    }

    /// Between joined calls the BYE crosses before this is heard, so that there is mostly nothing left to end.
    private mutating func joinedEnded(_ other: Int, _ cause: ReleaseCause, _ context: inout PlacedContext) {
        guard seats[other]?.state != .over else { return }
        context.steps.append(.hangUp(leg: other, text: "the other party is gone", cause: cause))
    }

    /// Lets a leg other than the first go, as far as it has come.
    mutating func dismiss(
        _ leg: Int,
        text: String,
        cause: ReleaseCause,
        isTakenElsewhere: Bool = false,
        _ context: inout PlacedContext
    ) {
        guard let seat = seats[leg] else { return }
        switch seat.state {
        case .dialing:
            context.steps.append(.cancel(leg: leg, seat.invite, isTakenElsewhere: isTakenElsewhere))
        case .answered:
            acknowledge(leg, body: nil, &context)
            context.steps.append(.hangUp(leg: leg, text: text, cause: cause))
        case .acknowledged:
            context.steps.append(.hangUp(leg: leg, text: text, cause: cause))
        case .over:
            break
        }
    }

    /// Acknowledges a leg's last INVITE.
    mutating func acknowledge(_ leg: Int, body: [UInt8]?, _ context: inout PlacedContext) {
        guard var seat = seats[leg] else { return }
        seat.state = .acknowledged
        let request = seat.dialog.acknowledgement(branch: context.mint.next(), sequence: seat.inviteSequence) {
            $0.finish(description: body)
        }
        seats[leg] = seat
        context.steps.append(.acknowledge(leg: leg, request.bytes))
    }

    private static func dialog(_ mint: IdentifierMint) -> Dialog {
        var callID = MessageComposer(capacity: 32)
        callID.append(hexadecimal: mint.next())
        callID.append(hexadecimal: mint.next())
        let tag = mint.next()
        return Dialog(
            callID: callID.bytes,
            localTag: tag,
            remoteTag: [],
            local: tagged(Array("<sip:gateway.invalid>".utf8), tag),
            remote: Array("<sip:party.invalid>".utf8),
            localSequence: 1,
            remoteSequence: nil,
            target: Array("sip:gateway.invalid".utf8),
            hop: .inside,
            address: LocalAddress(host: "gateway.invalid", port: 5060)
        )
    }
}

extension MessageComposer {
    /// Finishes a message with a session description, or without a body.
    mutating func finish(description: [UInt8]?) {
        guard let description else { return finish() }
        append("Content-Type: application/sdp\r\n")
        finish(body: description, FieldRange(0..<description.count))
    }
}
