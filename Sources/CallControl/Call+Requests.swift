// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
package import SIPMessage
import SIPTransaction

/// A request inside one of the call's dialogs, with what answering it takes.
struct IncomingRequest {
    let request: SIPMessage
    let pair: Int
    let leg: Leg
    let transaction: ServerTransactionIdentifier
    let template: ResponseTemplate
}

extension Call {
    /// A request other than ACK and CANCEL came inside one of the call's dialogs.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - transaction: Its server transaction.
    ///   - template: What responses to it begin with.
    ///   - hop: Where it came from.
    ///   - context: Takes the actions.
    package mutating func requestReceived(
        _ request: SIPMessage,
        transaction: ServerTransactionIdentifier,
        template: ResponseTemplate,
        from hop: NextHop,
        _ context: inout CallContext
    ) {
        guard !isFinished else { return }
        defer { finishIfIdle(&context) }
        guard let (pair, leg) = find(request) else { return respond(template, transaction, 481, &context) }
        let number = request.mandatory.sequenceNumber
        if let last = remoteSequence(pair, leg), number <= last {
            return respond(template, transaction, 500, warning: "the sequence number went backward", &context)
        }
        pairs[pair][leg].remoteSequence = number
        if leg == .endpoint || keepsFlow(pair) { follow(hop, pair, leg, &context) }
        if request.method == .bye { return byeReceived(request, pair, from: leg, transaction, template, &context) }
        guard pairs[pair].state != .ended, phase == .dialing || phase == .answered else {
            return respond(template, transaction, 481, &context)
        }
        guard request.mandatory.maxForwards != 0 else { return respond(template, transaction, 483, &context) }
        let incoming = IncomingRequest(
            request: request,
            pair: pair,
            leg: leg,
            transaction: transaction,
            template: template
        )
        switch request.method {
        case .invite: reinvite(incoming, &context)
        case .prack, .update, .info, .message, .notify, .options: relay(incoming, &context)
        default:
            respond(template, transaction, 405, warning: "this gateway does not take the method in a call", &context)
        }
    }

    /// Requests to a side go back along the way its latest one came.
    private mutating func follow(_ hop: NextHop, _ pair: Int, _ leg: Leg, _ context: inout CallContext) {
        if phase == .answered, !self.hop(pair, leg).leads(whereLeads: hop) { context.actions.append(.dialogChanged) }
        pairs[pair][leg].hop = hop
    }

    /// An ACK for a 2xx came from one side and goes on to the other (RFC 3261 §13.2.2.4).
    package mutating func acknowledgementReceived(_ request: SIPMessage, _ context: inout CallContext) {
        guard !isFinished, let (pair, leg) = find(request),
            let index = exchanges.firstIndex(where: {
                $0.requester == leg && $0.pair == pair && ($0.success != nil || $0.isRestored)
                    && $0.inSequence == request.mandatory.sequenceNumber
            })
        else { return }
        if exchanges[index].awaitsAcknowledgement { stopClock(index, &context) }
        if exchanges[index].acknowledgement == nil {
            let passage = passage(toward: leg.other, pair, request)
            let extra = settings.passedHeaders
            acknowledge(index, toward: leg.other, pair, &context) { composer in
                passage.copy(request, to: &composer, extra: extra)
                let body = CrossingBody(of: request).crossing(passage)
                composer.finish(body: body.bytes, body.range)
            }
        }
        if index == 0 { sendDeferredBye(&context) }
        finishIfIdle(&context)
    }

    /// Sends the ACK of an INVITE's 2xx and keeps it for repetition.
    mutating func acknowledge(
        _ index: Int,
        toward leg: Leg,
        _ pair: Int,
        _ context: inout CallContext,
        rest: (inout MessageComposer) -> Void
    ) {
        let request = pairs[pair][leg].acknowledgement(
            branch: context.mint.next(),
            sequence: exchanges[index].outSequence,
            rest: rest
        )
        exchanges[index].acknowledgement = request.bytes
        context.actions.append(.acknowledge(request.bytes, hop(pair, leg)))
    }

    /// The dialog that a request belongs to: our tag, the peer's tag and the Call-ID must all match (§12.2.2).
    private func find(_ request: SIPMessage) -> (pair: Int, leg: Leg)? {
        let bytes = request.bytes
        let mandatory = request.mandatory
        guard let tag = bytes.span.hexadecimal(mandatory.toTag.indices) else { return nil }
        for index in pairs.indices {
            if pairs[index].endpoint.localTag == tag, pairs[index].endpoint.matches(request) {
                return (index, .endpoint)
            }
            if pairs[index].outbound.localTag == tag, pairs[index].outbound.matches(request) {
                return (index, .outbound)
            }
        }
        return nil
    }

    private mutating func relay(_ incoming: IncomingRequest, _ context: inout CallContext) {
        let request = incoming.request
        guard relays.count < Self.relayLimit else {
            return respond(
                incoming.template,
                incoming.transaction,
                503,
                warning: "too many requests wait in this call",
                &context
            )
        }
        var body = CrossingBody(of: request)
        if request.method == .update || request.method == .prack {
            switch filterOffer(request, by: branches[pairs[incoming.pair].branch].codecs) {
            case .crosses(let crossing): body = crossing
            case .refused(let text):
                return respond(incoming.template, incoming.transaction, 488, warning: text, &context)
            }
        }
        if request.method == .update {
            pairs[incoming.pair][incoming.leg].refreshTarget(
                from: request,
                followsContact: follows(incoming.leg, incoming.pair)
            )
        }
        relays.append(
            Relay(
                requester: incoming.leg,
                pair: incoming.pair,
                serverTransaction: incoming.transaction,
                template: incoming.template,
                received: request,
                body: body,
                clientTransaction: 0
            )
        )
        sendRelay(relays.count - 1, credentials: nil, &context)
    }

    private mutating func sendRelay(_ index: Int, credentials: TrunkCredentials?, _ context: inout CallContext) {
        let pair = relays[index].pair
        let other = relays[index].requester.other
        let client = context.mint.next()
        relays[index].clientTransaction = client
        let outgoing = pass(relays[index].received, pair, toward: other, client, relays[index].body, credentials)
        context.actions.append(.send(client, outgoing, hop(pair, other)))
    }

    /// A response came to a request that was passed on.
    mutating func relayAnswered(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) {
        guard response.status >= 200 else { return }
        if retryRelay(index, response, &context) { return }
        let relay = relays.remove(at: index)
        let method = relay.received.method
        let accepted = response.status < 300
        if method == .update, accepted {
            let other = relay.requester.other
            pairs[relay.pair][other].refreshTarget(from: response, followsContact: follows(other, relay.pair))
            if phase == .answered { context.actions.append(.dialogChanged) }
        }
        let status = Self.statusInDialog(response.status)
        var composer = relay.template.start(status: status, toTag: tagBytes(ownTag))
        if method == .update, accepted { composer.line("Contact: ", contact(relay.pair, relay.requester)) }
        let passage = passage(toward: relay.requester, relay.pair, response)
        passage.copy(response, to: &composer, extra: settings.passedHeaders)
        let body = CrossingBody(of: response).crossing(passage)
        composer.finish(body: body.bytes, body.range)
        context.actions.append(.respond(relay.serverTransaction, status: status, composer.bytes))
        if method != .message { endIfDialogIsGone(relay.pair, response.status, &context) }
    }

    private mutating func retryRelay(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) -> Bool {
        let pair = relays[index].pair
        guard Self.isChallenge(response), relays[index].requester == .endpoint, !relays[index].hasAnsweredChallenge,
            let credentials = credentials(
                pairs[pair].branch,
                relays[index].received.method,
                pairs[pair].outbound.target,
                response,
                context
            )
        else { return false }
        relays[index].hasAnsweredChallenge = true
        sendRelay(index, credentials: credentials, &context)
        return true
    }

    /// A request that was passed on got no answer.
    mutating func relayFailed(_ index: Int, _ failure: TransactionFailure, _ context: inout CallContext) {
        let relay = relays.remove(at: index)
        respond(relay.template, relay.serverTransaction, failure.status, &context)
        endIfDialogIsGone(relay.pair, failure.status, &context)
    }

    /// Whether requests to a side go to its Contact; else they follow the flow its messages come on.
    func follows(_ leg: Leg, _ pair: Int) -> Bool {
        leg == .outbound && !keepsFlow(pair)
    }

    private func keepsFlow(_ pair: Int) -> Bool {
        branches[pairs[pair].branch].keepsFlow
    }

    /// The row of the passage table for a message toward one side of a pair.
    func passage(toward leg: Leg, _ pair: Int, _ message: SIPMessage) -> HeaderPassage {
        let branch = pairs[pair].branch
        return leg == .outbound ? branches[branch].towardOutbound : passage(towardEndpointFrom: branch, message)
    }

    /// Composes a request inside the other side's dialog out of a received one.
    mutating func pass(
        _ request: SIPMessage,
        _ pair: Int,
        toward leg: Leg,
        _ transaction: ClientTransactionIdentifier,
        _ body: CrossingBody,
        _ credentials: TrunkCredentials?
    ) -> OutgoingRequest {
        let method = request.method
        let passage = passage(toward: leg, pair, request)
        let body = body.crossing(passage)
        let extra = settings.passedHeaders
        let contact = contact(pair, leg)
        let acknowledged = method == .prack ? mappedRAck(request, pair, toward: leg) : nil
        return pairs[pair][leg].request(method, branch: transaction, maxForwards: forwards(of: request)) { composer in
            if method == .invite || method == .update || method == .notify { composer.line("Contact: ", contact) }
            if let acknowledged { composer.line("RAck: ", acknowledged) }
            if let credentials { composer.append(credentials) }
            passage.copy(request, to: &composer, extra: extra)
            composer.finish(body: body.bytes, body.range)
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
