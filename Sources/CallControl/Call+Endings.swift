// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import SIPMessage
import SIPTransaction

extension Call {
    /// A CANCEL came for one of the call's INVITE server transactions (RFC 3261 §9.2).
    ///
    /// - Parameters:
    ///   - transaction: The INVITE's.
    ///   - isTakenElsewhere: Whether the callee is told that somebody else has answered (RFC 3326 §2).
    ///   - context: Takes the actions.
    package mutating func cancelReceived(
        for transaction: ServerTransactionIdentifier,
        isTakenElsewhere: Bool = false,
        _ context: inout CallContext
    ) {
        guard !isFinished else { return }
        self.isTakenElsewhere = isTakenElsewhere
        if transaction == setup?.transaction {
            abandon(&context)
        } else if let index = exchanges.firstIndex(where: { $0.serverTransaction == transaction && $0.isPending }) {
            exchanges[index].wantsCancel = true
            cancelExchange(index, &context)
        }
        finishIfIdle(&context)
    }

    /// The caller gives up an unanswered call.
    mutating func abandon(_ context: inout CallContext) {
        guard let setup, phase == .dialing else { return }
        phase = .abandoned
        if advance(to: .canceling) { context.actions.append(.record(.ending(.canceling))) }
        context.actions.append(
            .respond(setup.transaction, status: 487, answer(setup, Failure(status: 487, cause: .normalClearing)))
        )
        exchanges[0].isPending = false
        cancelBranches(except: nil, &context)
        endEarlyDialogs(of: nil, &context)
    }

    /// Gives the caller a final answer other than 2xx.
    mutating func fail(_ failure: Failure, _ context: inout CallContext) {
        guard let setup, phase == .dialing else { return }
        phase = .over
        exchanges[0].isPending = false
        let status = Self.statusForCaller(failure.status)
        context.actions.append(.respond(setup.transaction, status: status, answer(setup, failure)))
        endEarlyDialogs(of: nil, &context)
        recordEnd(finalStatus: status, cause: failure.cause, &context)
    }

    /// A challenge that the gateway could not answer is not the caller's to answer, and a redirection by the outside
    /// is not the caller's to follow.
    private static func statusForCaller(_ status: Int) -> Int {
        switch status {
        case 401, 407: 403
        case 300..<400: 480
        default: status
        }
    }

    private func answer(_ setup: CallSetup, _ failure: Failure) -> [UInt8] {
        let status = Self.statusForCaller(failure.status)
        var composer = setup.template.start(status: status, toTag: tagBytes(ownTag))
        if failure.response?.first(.reason) == nil || status != failure.status {
            let cause = failure.cause.value
            composer.append("Reason: Q.850;cause=")
            composer.append(decimal: cause == 0 ? 19 : min(cause, 127))
            if failure.isExplained, let text = failure.text { composer.append(";text=\"\(quotable(text))\"") }
            composer.endLine()
        }
        if let text = failure.text { composer.append(warning: text, status: status, host: setup.endpointLocal.host) }
        if let seconds = failure.retryAfter {
            composer.append("Retry-After: \(seconds)\r\n")
        }
        if let option = failure.unsupported { composer.append("Unsupported: \(option)\r\n") }
        if status == 415, failure.response == nil { composer.append("Accept: \(CrossingBody.accepted)\r\n") }
        if let response = failure.response, let branch = failure.branch, status == failure.status {
            passage(towardEndpointFrom: branch, response)
                .copy(response, to: &composer, extra: settings.passedHeaders)
            composer.finish(body: response.bytes, response.body)
        } else {
            composer.finish()
        }
        return composer.bytes
    }

    /// Acknowledges and ends an answer that nobody waits for any more.
    mutating func takeBack(_ index: Int, _ context: inout CallContext) {
        if let bytes = pairs[index].acknowledgement {
            context.actions.append(.acknowledge(bytes, pairs[index].outbound.hop))
            return
        }
        let branch = branches[pairs[index].branch]
        let sequence = branch.dialog.localSequence
        let request = pairs[index].outbound.acknowledgement(branch: context.mint.next(), sequence: sequence) {
            if let credentials = branch.credentials { $0.append(credentials) }
            $0.finish()
        }
        pairs[index].acknowledgement = request.bytes
        context.actions.append(.acknowledge(request.bytes, pairs[index].outbound.hop))
        if pairs[index].state != .ended { endEarlyDialog(index, &context) }
        sendBye(pair: index, leg: .outbound, reason: .own(cause: 16, text: "nobody waits for the answer"), &context)
    }

    /// Ends an answered call toward both sides, or toward one when the other has hung up.
    mutating func endDialogs(
        cause: ReleaseCause,
        exceptLeg ended: Leg?,
        reason: EndReason,
        _ context: inout CallContext
    ) {
        guard phase == .answered, let pair = exchanges[0].pair else { return }
        phase = .over
        pairs[pair].state = .ended
        acknowledgeUnacknowledged(pair, &context)
        if ended != .outbound { sendBye(pair: pair, leg: .outbound, reason: reason, &context) }
        if ended != .endpoint {
            if exchanges[0].awaitsAcknowledgement {
                deferredBye = reason
            } else {
                sendBye(pair: pair, leg: .endpoint, reason: reason, &context)
            }
        }
        for index in exchanges.indices where index > 0 || deferredBye == nil {
            if exchanges[index].isPending || exchanges[index].awaitsAcknowledgement { stopClock(index, &context) }
        }
        context.actions.append(.disarm(.maximumDuration))
        context.actions.append(.disarm(.durationWarning))
        context.actions.append(.disarm(.sessionRefresh))
        refreshes.removeAll()
        answerPending(&context)
        recordEnd(finalStatus: 0, cause: cause, &context)
    }

    /// A BYE may not go out before the ACK of the answer that it ends (RFC 3261 §15).
    private mutating func acknowledgeUnacknowledged(_ pair: Int, _ context: inout CallContext) {
        guard exchanges[0].acknowledgement == nil, !exchanges[0].isRestored else { return }
        acknowledge(0, toward: .outbound, pair, &context) { $0.finish() }
    }

    /// Requests of either side that wait for the other get their answer from the gateway.
    private mutating func answerPending(_ context: inout CallContext) {
        for index in exchanges.indices where exchanges[index].isPending {
            exchanges[index].isPending = false
            respond(exchanges[index].template, exchanges[index].serverTransaction, 487, &context)
        }
        for relay in relays { respond(relay.template, relay.serverTransaction, 481, &context) }
        relays.removeAll()
        answerParked(nil, &context)
    }

    /// Sends a BYE of the gateway's own.
    mutating func sendBye(pair: Int, leg: Leg, reason: EndReason, _ context: inout CallContext) {
        let transaction = context.mint.next()
        pendingByes.append(PendingBye(transaction: transaction, pair: pair, leg: leg, reason: reason))
        let request = bye(pair, leg, reason, transaction, credentials: nil)
        context.actions.append(.send(transaction, request, hop(pair, leg)))
    }

    private mutating func bye(
        _ pair: Int,
        _ leg: Leg,
        _ reason: EndReason,
        _ transaction: ClientTransactionIdentifier,
        credentials: TrunkCredentials?
    ) -> OutgoingRequest {
        let settings = settings
        let passage = branches[pairs[pair].branch].towardOutbound
        return pairs[pair][leg].request(.bye, branch: transaction) { composer in
            switch reason {
            case .passed(let message):
                if leg == .endpoint || passage.admits(.reason) { composer.copyFields(.reason, of: message) }
            case .own(let cause, let text):
                composer.append("Reason: Q.850;cause=\(cause);text=\"")
                composer.append(quotable(text))
                composer.append("\"\r\n")
            }
            if let credentials { composer.append(credentials) }
            if !settings.userAgent.isEmpty { composer.line("User-Agent: ", settings.userAgent) }
            composer.finish()
        }
    }

    /// A final response came to a BYE of ours: a trunk's challenge is answered once, anything else ends the wait.
    mutating func byeAnswered(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) {
        guard response.status >= 200 else { return }
        let pending = pendingByes[index]
        var answers = pending.answers
        guard Self.isChallenge(response), pending.leg == .outbound,
            let credentials = credentials(challenged(.bye, pending.pair), response, &answers, context)
        else {
            pendingByes.remove(at: index)
            return
        }
        let transaction = context.mint.next()
        pendingByes[index].transaction = transaction
        pendingByes[index].answers = answers
        let request = bye(pending.pair, .outbound, pending.reason, transaction, credentials: credentials)
        context.actions.append(.send(transaction, request, pairs[pending.pair].outbound.hop))
    }

    /// A BYE came from one side.
    mutating func byeReceived(
        _ request: SIPMessage,
        _ pair: Int,
        from leg: Leg,
        _ transaction: ServerTransactionIdentifier,
        _ template: ResponseTemplate,
        _ context: inout CallContext
    ) {
        respond(template, transaction, 200, &context)
        switch phase {
        case .dialing where leg == .endpoint:
            abandon(&context)
        case .dialing:
            // RFC 3261 §15 forbids the callee this; whoever does it anyway does not want the call.
            let branch = pairs[pair].branch
            guard pairs[pair].state == .early, !branches[branch].isGivenUp else { return }
            giveUp(branch, &context)
            attemptFailed(Failure(status: 480, text: "the callee ended the call", branch: branch), &context)
        case .answered where pair == exchanges[0].pair:
            if leg == .endpoint, advance(to: .terminating) { context.actions.append(.record(.ending(.terminating))) }
            endDialogs(cause: .normalClearing, exceptLeg: leg, reason: .passed(request), &context)
        case .answered, .abandoned, .over:
            if pairs[pair].state == .early { endEarlyDialog(pair, &context) }
            guard leg == .endpoint, pair == exchanges[0].pair, deferredBye != nil else { return }
            deferredBye = nil
            stopClock(0, &context)
        }
    }

    /// The caller's BYE that waited for the ACK of the answer goes out.
    mutating func sendDeferredBye(_ context: inout CallContext) {
        guard let reason = deferredBye, let pair = exchanges[0].pair else { return }
        deferredBye = nil
        sendBye(pair: pair, leg: .endpoint, reason: reason, &context)
    }

    /// Sends a plain response of the gateway's own.
    func respond(
        _ template: ResponseTemplate,
        _ transaction: ServerTransactionIdentifier,
        _ status: Int,
        warning: String? = nil,
        retryAfter: Int? = nil,
        _ context: inout CallContext
    ) {
        var composer = template.start(status: status, toTag: tagBytes(ownTag))
        if let warning { composer.append(warning: warning, status: status, host: endpointDialog.address.host) }
        if status == 405 { composer.append("Allow: \(CallMethods.allowed)\r\n") }
        if status == 489 { composer.append("Allow-Events: refer\r\n") }
        if status == 415 { composer.append("Accept: \(CrossingBody.accepted)\r\n") }
        if let retryAfter { composer.append("Retry-After: \(retryAfter)\r\n") }
        composer.finish()
        context.actions.append(.respond(transaction, status: status, composer.bytes))
    }
}

/// The methods that a call takes.
package enum CallMethods {
    /// The value of Allow.
    package static let allowed = "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, INFO, MESSAGE, REFER, NOTIFY, OPTIONS"
}

/// Text that may stand between quotation marks in a header field.
func quotable(_ text: String) -> String {
    String(
        decoding: text.utf8.map { $0 < 32 || $0 > 126 || $0 == 34 || $0 == 92 ? UInt8(ascii: "'") : $0 },
        as: UTF8.self
    )
}

extension MessageComposer {
    /// Appends a Warning (RFC 3261 §20.43): 305 for media that cannot be offered, 399 otherwise.
    mutating func append(warning text: String, status: Int, host: String) {
        append(status == 488 ? "Warning: 305 " : "Warning: 399 ")
        append(host)
        append(" \"")
        append(quotable(text))
        append("\"\r\n")
    }
}
