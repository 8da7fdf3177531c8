// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import MonotonicTime
import SIPMessage
import SIPTransaction

extension Call {
    /// A re-INVITE came from one side.
    mutating func reinvite(_ incoming: IncomingRequest, _ context: inout CallContext) {
        if let refusal = refusalOfReinvite(from: incoming.leg) ?? refusalOfOffer(incoming) {
            return refuseOffer(incoming, refusal, &context)
        }
        let pair = incoming.pair
        guard pairs[pair].state == .confirmed else {
            return respond(incoming.template, incoming.transaction, 481, &context)
        }
        var body: CrossingBody
        switch filterOffer(incoming.request, by: branches[pairs[pair].branch].codecs) {
        case .crosses(let crossing): body = crossing
        case .refused(let text):
            return respond(incoming.template, incoming.transaction, 488, warning: text, &context)
        }
        body = body.crossing(passage(toward: incoming.leg.other, pair, incoming.request), of: incoming.request)
        if body.isDropped(from: incoming.request) { return refuseBody(incoming, &context) }
        pairs[pair][incoming.leg].refreshTarget(from: incoming.request, followsContact: follows(incoming.leg, pair))
        let place = takeExchangePlace(
            InviteExchange(
                requester: incoming.leg,
                serverTransaction: incoming.transaction,
                template: incoming.template,
                request: incoming.request,
                pair: pair
            )
        )
        exchanges[place].body = body
        if exchanges[place].hasOffer { pairs[pair].offerer = incoming.leg }
        sendExchange(place, credentials: nil, &context)
        context.actions.append(.arm(.successRetransmission(exchange: place), settings.timers.timerC))
    }

    /// One INVITE at a time: RFC 3261 §14.2 has 500 for a second one of the same side, 491 for one that crosses it, and
    /// 491 also while the answer to the last one is not acknowledged.
    private func refusalOfReinvite(from leg: Leg) -> Int? {
        if let pending = exchanges.first(where: { $0.isPending }) { return pending.requester == leg ? 500 : 491 }
        return exchanges.contains { $0.awaitsAcknowledgement } ? 491 : nil
    }

    /// Timers are named by place, so that places are reused in turn: a place keeps its ACK for repetition as long as it can.
    private mutating func takeExchangePlace(_ exchange: InviteExchange) -> Int {
        if exchanges.count < Self.exchangeLimit {
            exchanges.append(exchange)
            latestExchange = exchanges.count - 1
        } else {
            latestExchange = latestExchange + 1 < exchanges.count ? latestExchange + 1 : 1
            exchanges[latestExchange] = exchange
        }
        return latestExchange
    }

    private mutating func sendExchange(
        _ index: Int,
        credentials: TrunkCredentials?,
        _ context: inout CallContext
    ) {
        guard let pair = exchanges[index].pair, let body = exchanges[index].body,
            let received = exchanges[index].received
        else { return }
        let other = exchanges[index].requester.other
        let client = context.mint.next()
        let outgoing = pass(Passing(received, body, credentials: credentials), pair, toward: other, client)
        exchanges[index].credentials = credentials
        exchanges[index].clientTransaction = client
        exchanges[index].request = outgoing
        exchanges[index].outSequence = outgoing.sequenceNumber
        exchanges[index].hasProvisional = false
        context.actions.append(.send(client, outgoing, hop(pair, other)))
    }

    /// A response came to a re-INVITE that was passed on.
    mutating func exchangeAnswered(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) {
        guard let pair = exchanges[index].pair else { return }
        switch response.status {
        case 100..<200: exchangeProgressed(index, response, pair, &context)
        case 200..<300: exchangeSucceeded(index, response, pair, &context)
        default:
            guard exchanges[index].isPending else { return }
            if retryExchange(index, response, pair, &context) { return }
            exchanges[index].isPending = false
            closeOffer(pair)
            stopClock(index, &context)
            let status = Self.statusInDialog(response.status)
            let bytes = compose(response, status, exchange: index, pair: pair, body: CrossingBody(of: response))
            context.actions.append(.respond(exchanges[index].serverTransaction, status: status, bytes))
            endIfDialogIsGone(pair, response.status, &context)
        }
    }

    private mutating func exchangeProgressed(
        _ index: Int,
        _ response: SIPMessage,
        _ pair: Int,
        _ context: inout CallContext
    ) {
        exchanges[index].hasProvisional = true
        if exchanges[index].wantsCancel { cancelExchange(index, &context) }
        guard exchanges[index].isPending, response.status > 100 else { return }
        noteProvisional(index, pair, response)
        let bytes = compose(response, response.status, exchange: index, pair: pair, body: CrossingBody(of: response))
        context.actions.append(.respond(exchanges[index].serverTransaction, status: response.status, bytes))
    }

    private mutating func exchangeSucceeded(
        _ index: Int,
        _ response: SIPMessage,
        _ pair: Int,
        _ context: inout CallContext
    ) {
        let other = exchanges[index].requester.other
        guard exchanges[index].isPending else {
            // RFC 3261 §13.2.2.4: every 2xx gets its ACK, even one that nobody waits for any more.
            if exchanges[index].success == nil, exchanges[index].acknowledgement == nil {
                return acknowledge(index, toward: other, pair, &context) { $0.finish() }
            }
            return repeatAcknowledgement(index, &context)
        }
        pairs[pair][other].refreshTarget(from: response, followsContact: follows(other, pair))
        pairs[pair][other].noteMethods(of: response)
        noteSuccess(index, pair, response)
        // An offer that cannot be narrowed crosses as it is: the INVITE is already accepted, and refusing it now would
        // end a call that talks.
        var body = CrossingBody(of: response)
        if !exchanges[index].hasOffer,
            case .crosses(let crossing) = filterOffer(response, by: branches[pairs[pair].branch].codecs)
        {
            body = crossing
        }
        stopClock(index, &context)
        succeed(index, response, pair: pair, body: body, &context)
        if pair == exchanges[0].pair { watchSession(response, &context) }
        context.actions.append(.dialogChanged)
    }

    private mutating func retryExchange(
        _ index: Int,
        _ response: SIPMessage,
        _ pair: Int,
        _ context: inout CallContext
    ) -> Bool {
        var answers = exchanges[index].answers
        guard Self.isChallenge(response), exchanges[index].requester == .endpoint,
            !exchanges[index].wantsCancel, !exchanges[index].isCancelled,
            let credentials = credentials(challenged(.invite, pair), response, &answers, context)
        else { return false }
        exchanges[index].answers = answers
        sendExchange(index, credentials: credentials, &context)
        return true
    }

    /// A re-INVITE that was passed on got no answer.
    mutating func exchangeFailed(_ index: Int, _ failure: TransactionFailure, _ context: inout CallContext) {
        guard exchanges[index].isPending, let pair = exchanges[index].pair else { return }
        exchanges[index].isPending = false
        closeOffer(pair)
        stopClock(index, &context)
        respond(exchanges[index].template, exchanges[index].serverTransaction, failure.status, &context)
        endIfDialogIsGone(pair, failure.status, &context)
    }

    /// Passes the CANCEL of a re-INVITE on, once a provisional response has come (RFC 3261 §9.1).
    mutating func cancelExchange(_ index: Int, _ context: inout CallContext) {
        guard exchanges[index].hasProvisional, exchanges[index].isPending, !exchanges[index].isCancelled,
            let request = exchanges[index].request, let pair = exchanges[index].pair
        else { return }
        exchanges[index].wantsCancel = false
        exchanges[index].isCancelled = true
        let hop = hop(pair, exchanges[index].requester.other)
        let cancellation = request.cancellation(reason: "SIP;cause=487")
        context.actions.append(.cancel(exchanges[index].clientTransaction, cancellation, hop))
        let wait = settings.timers.transactionTimeout
        context.actions.append(.arm(.successRetransmission(exchange: index), wait))
    }

    /// A retransmitted 2xx means that its sender missed the ACK.
    mutating func repeatAcknowledgement(_ index: Int, _ context: inout CallContext) {
        guard let bytes = exchanges[index].acknowledgement, let pair = exchanges[index].pair else { return }
        let hop = hop(pair, exchanges[index].requester.other)
        context.actions.append(.acknowledge(bytes, hop))
    }

    /// The clock of an INVITE fired: it went without an answer, or its answer without an ACK.
    mutating func exchangeClockFired(_ index: Int, _ context: inout CallContext) {
        guard exchanges.indices.contains(index) else { return }
        if exchanges[index].awaitsAcknowledgement { return retransmitSuccess(index, &context) }
        guard index > 0, exchanges[index].isPending else { return }
        if !exchanges[index].isCancelled, exchanges[index].hasProvisional {
            return cancelExchange(index, &context)
        }
        exchanges[index].isPending = false
        if let pair = exchanges[index].pair { closeOffer(pair) }
        respond(exchanges[index].template, exchanges[index].serverTransaction, 408, &context)
    }

    /// The ACK for a 2xx has not come: repeat the 2xx, or end the call after 64*T1 (RFC 3261 §13.3.1.4).
    private mutating func retransmitSuccess(_ index: Int, _ context: inout CallContext) {
        guard let bytes = exchanges[index].success, let step = exchanges[index].retransmission?.timerFired() else {
            return
        }
        switch step {
        case .retransmit(let next):
            let status = exchanges[index].successStatus
            context.actions.append(.respond(exchanges[index].serverTransaction, status: status, bytes))
            context.actions.append(.arm(.successRetransmission(exchange: index), next))
        case .expired where deferredBye != nil:
            sendDeferredBye(&context)
        case .expired:
            hangUp(status: 408, text: "no ACK came", cause: .of(sipStatus: 408), &context)
        case .ignored:
            break
        }
    }

    /// Stops the clock of an INVITE.
    mutating func stopClock(_ index: Int, _ context: inout CallContext) {
        _ = exchanges[index].retransmission?.ackReceived()
        context.actions.append(.disarm(.successRetransmission(exchange: index)))
    }

    /// RFC 3261 §12.2.1.2: 481 and 408 to a request inside a dialog mean that the dialog is no more.
    mutating func endIfDialogIsGone(_ pair: Int, _ status: Int, _ context: inout CallContext) {
        guard status == 481 || status == 408, pair == exchanges[0].pair else { return }
        endDialogs(
            cause: .of(sipStatus: 408),
            exceptLeg: nil,
            reason: .own(cause: 18, text: "the other side does not know the call any more"),
            &context
        )
    }

    /// What a refusal becomes inside a dialog: a challenge or a redirection by one side is not the other's to follow.
    static func statusInDialog(_ status: Int) -> Int {
        switch status {
        case 401, 407: 403
        case 300..<400: 500
        default: status
        }
    }

    /// Composes the response of one side's dialog out of the other side's response to an INVITE.
    func compose(
        _ response: SIPMessage,
        _ status: Int,
        exchange index: Int,
        pair: Int,
        body: CrossingBody
    ) -> [UInt8] {
        let requester = exchanges[index].requester
        let branch = pairs[pair].branch
        let passage =
            requester == .outbound
            ? branches[branch].towardOutbound : passage(towardEndpointFrom: branch, response)
        let tag = tagBytes(localTag(pair, requester))
        var composer = exchanges[index].template.start(status: status, toTag: tag)
        if index == 0, let setup { composer.copyFields(.recordRoute, of: setup.invite) }
        if status < 300 {
            composer.line("Contact: ", contact(pair, requester))
        }
        let body = body.crossing(passage, of: response)
        passage.copy(response, to: &composer, extra: settings.passedHeaders, describing: body)
        composer.finish(body: body.bytes, body.range)
        return composer.bytes
    }
}
