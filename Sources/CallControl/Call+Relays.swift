// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPTransaction

/// Requests other than INVITE on their way from one side to the other.
extension Call {
    /// Passes a request on.
    ///
    /// - Parameters:
    ///   - incoming: The request.
    ///   - lines: Header field lines composed for the other side, each ending in CRLF.
    ///   - composed: A header field that stands among them, so that the request's own does not cross.
    ///   - context: Takes the actions.
    mutating func relay(
        _ incoming: IncomingRequest,
        lines: [UInt8] = [],
        composed: HeaderName? = nil,
        _ context: inout CallContext
    ) {
        let request = incoming.request
        guard hasRoomForRelay else { return refuseFullRelay(incoming, &context) }
        guard let body = crossingBody(of: incoming, &context) else { return }
        if request.method == .update {
            pairs[incoming.pair][incoming.leg].refreshTarget(
                from: request,
                followsContact: follows(incoming.leg, incoming.pair)
            )
        }
        let isOffer = offers(incoming)
        relays.append(
            Relay(
                requester: incoming.leg,
                pair: incoming.pair,
                serverTransaction: incoming.transaction,
                template: incoming.template,
                received: request,
                body: body,
                lines: lines,
                composed: composed,
                isOffer: isOffer,
                clientTransaction: 0
            )
        )
        sendRelay(relays.count - 1, credentials: nil, &context)
    }

    /// The body of a request as it may cross; nil when it may not, and the request has been answered.
    private func crossingBody(of incoming: IncomingRequest, _ context: inout CallContext) -> CrossingBody? {
        let request = incoming.request
        var body = CrossingBody(of: request)
        if request.method == .update, let status = refusalOfOffer(incoming) {
            refuseOffer(incoming, status, &context)
            return nil
        }
        if request.method == .update || request.method == .prack {
            switch filterOffer(request, by: branches[pairs[incoming.pair].branch].codecs) {
            case .crosses(let crossing): body = crossing
            case .refused(let text):
                respond(incoming.template, incoming.transaction, 488, warning: text, &context)
                return nil
            }
        }
        body = body.crossing(passage(toward: incoming.leg.other, incoming.pair, request), of: request)
        if request.method == .update || request.method == .message, body.isDropped(from: request) {
            refuseBody(incoming, &context)
            return nil
        }
        return body
    }

    /// Whether one more request may wait for its answer.
    var hasRoomForRelay: Bool { relays.count + parkedReferrals.count < Self.relayLimit }

    /// Refuses a request because too many wait.
    func refuseFullRelay(_ incoming: IncomingRequest, _ context: inout CallContext) {
        let text = "too many requests wait in this call"
        respond(incoming.template, incoming.transaction, 503, warning: text, &context)
    }

    /// Refuses a request that means nothing without its body, and nothing of that may cross.
    func refuseBody(_ incoming: IncomingRequest, _ context: inout CallContext) {
        let text = "nothing of the body may reach the callee of a hidden caller"
        respond(incoming.template, incoming.transaction, 415, warning: text, &context)
    }

    private mutating func sendRelay(_ index: Int, credentials: TrunkCredentials?, _ context: inout CallContext) {
        let pair = relays[index].pair
        let other = relays[index].requester.other
        let client = context.mint.next()
        relays[index].clientTransaction = client
        var outgoing = Passing(relays[index].received, relays[index].body, credentials: credentials)
        outgoing.lines = relays[index].lines
        outgoing.composed = relays[index].composed
        let request = pass(outgoing, pair, toward: other, client)
        if request.method == .refer { noteReferral(relays[index], outSequence: request.sequenceNumber) }
        context.actions.append(.send(client, request, hop(pair, other)))
    }

    /// A response came to a request that was passed on.
    mutating func relayAnswered(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) {
        guard response.status >= 200 else { return }
        if retryRelay(index, response, &context) { return }
        let relay = relays.remove(at: index)
        let method = relay.received.method
        let accepted = response.status < 300
        if relay.isOffer { closeOffer(relay.pair) }
        if method == .refer, !accepted { forgetReferral(relay) }
        if method == .update, accepted { targetRefreshed(relay, response, &context) }
        let status = Self.statusInDialog(response.status)
        var composer = relay.template.start(status: status, toTag: tagBytes(ownTag))
        if accepted, Self.needsContact(method) { composer.line("Contact: ", contact(relay.pair, relay.requester)) }
        if accepted, method == .subscribe { composer.append(Self.expires(response)) }
        let passage = passage(toward: relay.requester, relay.pair, response)
        let body = CrossingBody(of: response).crossing(passage, of: response)
        passage.copy(response, to: &composer, extra: settings.passedHeaders, describing: body)
        composer.finish(body: body.bytes, body.range)
        context.actions.append(.respond(relay.serverTransaction, status: status, composer.bytes))
        if Self.probesDialog(method) { endIfDialogIsGone(relay.pair, response.status, &context) }
    }

    private mutating func targetRefreshed(_ relay: Relay, _ response: SIPMessage, _ context: inout CallContext) {
        let other = relay.requester.other
        pairs[relay.pair][other].refreshTarget(from: response, followsContact: follows(other, relay.pair))
        pairs[relay.pair][other].noteMethods(of: response)
        guard phase == .answered else { return }
        context.actions.append(.dialogChanged)
        if relay.pair == exchanges[0].pair { watchSession(response, &context) }
    }

    /// Whether a request and its 2xx tell where the sender is (RFC 3261 §12.2, RFC 3311, RFC 3515, RFC 6665).
    private static func needsContact(_ method: Method) -> Bool {
        method == .invite || method == .update || method == .notify || method == .refer || method == .subscribe
    }

    /// Whether 408 and 481 to a request speak of the call's dialog, not of a subscription or a message (RFC 5057 §5).
    private static func probesDialog(_ method: Method) -> Bool {
        method != .message && method != .notify && method != .refer && method != .subscribe
    }

    private mutating func retryRelay(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) -> Bool {
        guard Self.isChallenge(response), relays[index].requester == .endpoint else { return false }
        let request = challenged(relays[index].received.method, relays[index].pair)
        var answers = relays[index].answers
        guard let credentials = credentials(request, response, &answers, context) else { return false }
        relays[index].answers = answers
        sendRelay(index, credentials: credentials, &context)
        return true
    }

    /// A request that was passed on got no answer.
    mutating func relayFailed(_ index: Int, _ failure: TransactionFailure, _ context: inout CallContext) {
        let relay = relays.remove(at: index)
        if relay.isOffer { closeOffer(relay.pair) }
        if relay.received.method == .refer { forgetReferral(relay) }
        respond(relay.template, relay.serverTransaction, failure.status, &context)
        endIfDialogIsGone(relay.pair, failure.status, &context)
    }

    /// Composes a request inside the other side's dialog out of a received one.
    mutating func pass(
        _ passing: Passing,
        _ pair: Int,
        toward leg: Leg,
        _ transaction: ClientTransactionIdentifier
    ) -> OutgoingRequest {
        let request = passing.received
        let method = request.method
        let passage = passage(toward: leg, pair, request)
        let extra = settings.passedHeaders
        let contact = contact(pair, leg)
        let acknowledged = method == .prack ? mappedRAck(request, pair, toward: leg) : nil
        return pairs[pair][leg].request(method, branch: transaction, maxForwards: forwards(of: request)) { composer in
            if Self.needsContact(method) { composer.line("Contact: ", contact) }
            if let acknowledged { composer.line("RAck: ", acknowledged) }
            composer.append(passing.lines)
            if let credentials = passing.credentials { composer.append(credentials) }
            passage.copy(
                request,
                to: &composer,
                extra: extra,
                describing: passing.body,
                leavingOut: passing.composed
            )
            composer.finish(body: passing.body.bytes, passing.body.range)
        }
    }

    /// RAck with the INVITE's number of the other side (RFC 3262 §7.2); the RSeq number is the same on both.
    private func mappedRAck(_ request: SIPMessage, _ pair: Int, toward leg: Leg) -> [UInt8]? {
        guard let value = request.first(.rack) else { return nil }
        let parts = request.text(value).split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r\n" })
        guard parts.count == 3, let reliable = UInt32(parts[0]), let number = UInt32(parts[1]) else { return nil }
        let place = exchanges.lastIndex { $0.inSequence == number && $0.requester != leg }
        let mapped =
            switch place {
            case 0: branches[pairs[pair].branch].dialog.localSequence
            case let place?: exchanges[place].outSequence
            case nil: number
            }
        return Array("\(reliable) \(mapped) INVITE".utf8)
    }
}

/// A request that crosses.
struct Passing {
    let received: SIPMessage
    /// The body as it may cross.
    let body: CrossingBody
    let credentials: TrunkCredentials?
    /// Header field lines composed for the other side, each ending in CRLF.
    var lines: [UInt8] = []
    /// A header field that stands among those lines.
    var composed: HeaderName?

    init(_ received: SIPMessage, _ body: CrossingBody, credentials: TrunkCredentials?) {
        self.received = received
        self.body = body
        self.credentials = credentials
    }
}
