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
        pairs[pair][leg].noteMethods(of: request)
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
        case .prack, .update, .info, .message, .options: relay(incoming, &context)
        case .refer: referReceived(incoming, &context)
        case .notify: notifyReceived(incoming, &context)
        case .subscribe: subscribeReceived(incoming, &context)
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
        noteAcknowledgement(index, pair)
        if exchanges[index].acknowledgement == nil {
            let passage = passage(toward: leg.other, pair, request)
            let extra = settings.passedHeaders
            acknowledge(index, toward: leg.other, pair, &context) { composer in
                let body = CrossingBody(of: request).crossing(passage, of: request)
                passage.copy(request, to: &composer, extra: extra, describing: body)
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
        let credentials = takeCredentials(index, pair, toward: leg)
        let request = pairs[pair][leg].acknowledgement(
            branch: context.mint.next(),
            sequence: exchanges[index].outSequence
        ) { composer in
            if let credentials { composer.append(credentials) }
            rest(&composer)
        }
        exchanges[index].acknowledgement = request.bytes
        context.actions.append(.acknowledge(request.bytes, hop(pair, leg)))
    }

    /// The ACK of a 2xx carries the credentials of its INVITE (RFC 3261 §13.2.2.4).
    private mutating func takeCredentials(_ index: Int, _ pair: Int, toward leg: Leg) -> TrunkCredentials? {
        guard leg == .outbound else { return nil }
        guard index == 0 else { return exchanges[index].credentials.take() }
        return branches[pairs[pair].branch].credentials.take()
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
}
