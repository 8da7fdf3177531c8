// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import MonotonicTime
package import SIPMessage
import SIPTransaction

/// Why a client transaction ended without a response.
package enum TransactionFailure: Hashable, Sendable {
    /// Nothing was heard in time (RFC 3261 §8.1.3.1: as 408).
    case timeout
    /// The request could not be sent (RFC 3261 §8.1.3.1: as 503).
    case transport

    var status: Int { self == .timeout ? 408 : 503 }
}

extension Call {
    /// A response came to one of the call's client transactions; those to a CANCEL say nothing and are ignored.
    package mutating func responseReceived(
        _ response: SIPMessage,
        to transaction: ClientTransactionIdentifier,
        _ context: inout CallContext
    ) {
        guard !isFinished, response.mandatory.sequenceMethod != .cancel else { return }
        if let index = branches.firstIndex(where: { $0.transaction == transaction }) {
            branchAnswered(index, response, &context)
        } else if let index = exchanges.firstIndex(where: { $0.clientTransaction == transaction }) {
            exchangeAnswered(index, response, &context)
        } else if let index = relays.firstIndex(where: { $0.clientTransaction == transaction }) {
            relayAnswered(index, response, &context)
        } else if let index = refreshes.firstIndex(where: { $0.transaction == transaction }) {
            refreshAnswered(index, response, &context)
        } else if let index = pendingByes.firstIndex(where: { $0.transaction == transaction }) {
            byeAnswered(index, response, &context)
        }
        finishIfIdle(&context)
    }

    /// A client transaction of the call ended without a final response.
    package mutating func transactionFailed(
        _ transaction: ClientTransactionIdentifier,
        _ failure: TransactionFailure,
        _ context: inout CallContext
    ) {
        guard !isFinished else { return }
        if let index = branches.firstIndex(where: { $0.transaction == transaction }) {
            if branches[index].state != .done { branchFailed(index, failure, &context) }
        } else if let index = exchanges.firstIndex(where: { $0.clientTransaction == transaction }) {
            exchangeFailed(index, failure, &context)
        } else if let index = relays.firstIndex(where: { $0.clientTransaction == transaction }) {
            relayFailed(index, failure, &context)
        } else if let index = refreshes.firstIndex(where: { $0.transaction == transaction }) {
            refreshFailed(index, failure, &context)
        } else {
            pendingByes.removeAll { $0.transaction == transaction }
        }
        finishIfIdle(&context)
    }

    private mutating func branchFailed(_ index: Int, _ failure: TransactionFailure, _ context: inout CallContext) {
        let wasGivenUp = branches[index].isGivenUp
        closeBranch(index, failed: true, &context)
        guard !wasGivenUp else { return }
        let text = failure == .timeout ? "no answer from the next hop" : "the next hop cannot be reached"
        attemptFailed(Failure(status: failure.status, text: text, branch: index, isUnreached: true), &context)
    }

    private mutating func branchAnswered(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) {
        noteSign(of: index, &context)
        switch response.status {
        case 100..<200: branchProgressed(index, response, &context)
        case 200..<300: branchSucceeded(index, response, &context)
        default:
            guard branches[index].state != .done else { return }
            if retryWithCredentials(index, response, &context) { return }
            let wasGivenUp = branches[index].isGivenUp
            closeBranch(index, failed: true, &context)
            guard !wasGivenUp else { return }
            takeRedirection(index, response)
            attemptFailed(Failure(status: response.status, response: response, branch: index), &context)
        }
    }

    private mutating func branchProgressed(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) {
        if branches[index].state == .calling {
            branches[index].state = .proceeding
            if branches[index].isGivenUp { cancelBranch(index, &context) }
        }
        guard let setup, phase == .dialing, !branches[index].isGivenUp, branches[index].state != .done,
            response.status > 100, let pair = pairIndex(index, response, &context), pairs[pair].state == .early
        else { return }
        if runsTimerC { context.actions.append(.arm(.timerC(branch: index), settings.timers.timerC)) }
        var body = CrossingBody(of: response)
        if !exchanges[0].hasOffer {
            switch filterOffer(response, by: branches[index].codecs) {
            case .crosses(let crossing): body = crossing
            case .refused(let text):
                giveUp(index, &context)
                return attemptFailed(Failure(status: 488, text: text, branch: index), &context)
            }
        }
        noteProvisional(0, pair, response)
        if response.status == 180, advance(to: .ringing) { context.actions.append(.record(.ringing)) }
        let bytes = compose(response, response.status, exchange: 0, pair: pair, body: body)
        context.actions.append(.respond(setup.transaction, status: response.status, bytes))
    }

    private mutating func branchSucceeded(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) {
        guard let pair = pairIndex(index, response, &context) else { return }
        if branches[index].state != .done { closeBranch(index, failed: false, &context) }
        if exchanges[0].pair == pair { return repeatAcknowledgement(0, &context) }
        if pairs[pair].acknowledgement == nil { takeDialog(pair, from: response) }
        guard phase == .dialing, !branches[index].isGivenUp, pairs[pair].state == .early else {
            return takeBack(pair, &context)
        }
        var body = CrossingBody(of: response)
        if !exchanges[0].hasOffer {
            switch filterOffer(response, by: branches[index].codecs) {
            case .crosses(let crossing): body = crossing
            case .refused(let text):
                takeBack(pair, &context)
                cancelBranches(except: nil, &context)
                return fail(Failure(status: 488, text: text), &context)
            }
        }
        phase = .answered
        pairs[pair].state = .confirmed
        noteSuccess(0, pair, response)
        exchanges[0].outSequence = branches[index].dialog.localSequence
        succeed(0, response, pair: pair, body: body, &context)
        if advance(to: .progressing) { context.actions.append(.record(.answered)) }
        armDurations(setup?.approved.maximumDuration ?? LimitLevels(), lasted: .milliseconds(0), &context)
        watchSession(response, &context)
        cancelBranches(except: index, &context)
        endEarlyDialogs(of: nil, except: pair, &context)
        setup = nil
        replacement = nil
        redirectTargets = []
        openRedirects = []
        servers = [:]
        openLocations = []
    }

    /// Passes a 2xx to the requester of an INVITE and starts its retransmission.
    mutating func succeed(
        _ index: Int,
        _ response: SIPMessage,
        pair: Int,
        body: CrossingBody,
        _ context: inout CallContext
    ) {
        let bytes = compose(response, response.status, exchange: index, pair: pair, body: body)
        var retransmission = SuccessResponseRetransmission(timers: settings.timers)
        let interval = retransmission.start()
        exchanges[index].pair = pair
        exchanges[index].isPending = false
        exchanges[index].received = nil
        exchanges[index].request = nil
        exchanges[index].body = nil
        exchanges[index].success = bytes
        exchanges[index].successStatus = response.status
        exchanges[index].retransmission = retransmission
        context.actions.append(.respond(exchanges[index].serverTransaction, status: response.status, bytes))
        context.actions.append(.arm(.successRetransmission(exchange: index), interval))
    }

    /// The pair of an early or confirmed dialog of the outside, made when its tag is new (RFC 3261 §12.1.2); nil when
    /// there are too many.
    private mutating func pairIndex(_ branch: Int, _ response: SIPMessage, _ context: inout CallContext) -> Int? {
        let tag = response.mandatory.toTag.indices
        for index in pairs.indices where pairs[index].branch == branch {
            guard pairs[index].outbound.remoteTag.elementsEqual(response.bytes[tag]) else { continue }
            reviveChallenged(index)
            return index
        }
        var outbound = branches[branch].dialog
        outbound.remoteTag = Array(response.bytes[tag])
        outbound.remote = response.unfolded(response.mandatory.to.whole)
        guard pairs.count < Self.pairLimit else { return replacePair(branch, outbound, response) }
        var endpoint = endpointDialog
        endpoint.localTag = pairs.isEmpty ? ownTag : context.mint.next()
        endpoint.local = tagged(endpointDialog.local, endpoint.localTag)
        if !pairs.isEmpty { context.actions.append(.claimTag(endpoint.localTag)) }
        pairs.append(DialogPair(branch: branch, endpoint: endpoint, outbound: outbound))
        pairs[pairs.count - 1].offerer = exchanges[0].hasOffer ? .endpoint : nil
        takeDialog(pairs.count - 1, from: response)
        return pairs.count - 1
    }

    /// A challenge ended the attempt's early dialogs; a callee that keeps its tag goes on with the repeated INVITE.
    private mutating func reviveChallenged(_ pair: Int) {
        let branch = branches[pairs[pair].branch]
        guard pairs[pair].state == .ended, phase == .dialing, !branch.isGivenUp, branch.state != .done,
            pairs[pair].acknowledgement == nil
        else { return }
        pairs[pair].state = .early
        pairs[pair].outbound.localSequence = max(pairs[pair].outbound.localSequence, branch.dialog.localSequence)
        pairs[pair].offerer = exchanges[0].hasOffer ? .endpoint : nil
        pairs[pair].isOfferSettled = false
    }

    /// Gives the caller's dialog of an attempt that came to nothing to a new dialog of the outside.
    private mutating func replacePair(_ branch: Int, _ outbound: Dialog, _ response: SIPMessage) -> Int? {
        let free = pairs.indices.first { index in
            index != exchanges[0].pair && pairs[index].acknowledgement == nil
                && !relays.contains { $0.pair == index } && !parkedReferrals.contains { $0.incoming.pair == index }
        }
        guard let free else { return nil }
        pairs[free].branch = branch
        pairs[free].outbound = outbound
        pairs[free].state = .early
        pairs[free].offerer = exchanges[0].hasOffer ? .endpoint : nil
        pairs[free].isOfferSettled = false
        referrals.removeAll { $0.pair == free }
        takeDialog(free, from: response)
        return free
    }

    /// Takes route set and remote target from a dialog-forming response; a 2xx computes both anew (RFC 3261 §13.2.2.4).
    private mutating func takeDialog(_ pair: Int, from response: SIPMessage) {
        let followsContact = follows(.outbound, pair)
        pairs[pair].outbound.takeRouteSet(from: response, isReversed: true, followsRoute: followsContact)
        pairs[pair].outbound.refreshTarget(from: response, followsContact: followsContact)
        pairs[pair].outbound.noteMethods(of: response)
    }

    /// Answers a trunk's digest challenge once; tells whether it did.
    private mutating func retryWithCredentials(
        _ index: Int,
        _ response: SIPMessage,
        _ context: inout CallContext
    ) -> Bool {
        guard let setup, Self.isChallenge(response), phase == .dialing, !branches[index].isGivenUp else { return false }
        let target = target(branches[index].target, setup)
        let request = ChallengedRequest(
            branch: index,
            method: .invite,
            uri: branches[index].dialog.target,
            hop: branches[index].dialog.hop
        )
        var answers = branches[index].answers
        guard let identity = branches[index].identity,
            case .crosses(let body) = offer(setup, target, branches[index].codecs),
            let credentials = credentials(request, response, &answers, context)
        else { return false }
        endEarlyDialogs(of: index, &context)
        branches[index].answers = answers
        branches[index].credentials = credentials
        repeatInvite(index, setup, identity, target, body, credentials, &context)
        return true
    }

    /// Sends an attempt's INVITE once more, with credentials.
    private mutating func repeatInvite(
        _ index: Int,
        _ setup: CallSetup,
        _ identity: LegIdentity,
        _ target: OutboundTarget,
        _ body: CrossingBody,
        _ credentials: TrunkCredentials,
        _ context: inout CallContext
    ) {
        // The number goes above that of any request an early dialog of the attempt has seen.
        let last = pairs.lazy.filter { $0.branch == index }.map(\.outbound.localSequence).max() ?? 1
        branches[index].dialog.localSequence = max(last, branches[index].dialog.localSequence) &+ 1
        branches[index].state = .calling
        let transaction = context.mint.next()
        let request = invite(
            setup,
            identity,
            target,
            branches[index].dialog,
            transaction,
            body.crossing(branches[index].towardOutbound, of: setup.invite),
            branches[index].towardOutbound,
            credentials: credentials
        )
        branches[index].transaction = transaction
        branches[index].request = request
        context.actions.append(.send(transaction, request, branches[index].dialog.hop))
    }
}
