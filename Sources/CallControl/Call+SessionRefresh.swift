// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import MonotonicTime
import SIPMessage
import SIPTransaction

/// A request of the gateway's own that asks one end of an answered call for a sign of life.
struct SessionRefresh {
    var transaction: ClientTransactionIdentifier
    let pair: Int
    let leg: Leg
    let method: Method
    var answers = ChallengeAnswers()
}

/// Session timers (RFC 4028). What the ends negotiate crosses, and they keep it; where they negotiate nothing, the
/// gateway asks both for a sign of life twice in each interval, so that a call whose end is gone does not go on for ever.
extension Call {
    /// Notes the 2xx of an INVITE or UPDATE that crossed: only with Session-Expires do the ends keep a timer (§7.2).
    func watchSession(_ response: SIPMessage, _ context: inout CallContext) {
        guard settings.sessionInterval.milliseconds > 0, phase == .answered else { return }
        guard response.first(.sessionExpires) == nil else {
            return context.actions.append(.disarm(.sessionRefresh))
        }
        armSessionRefresh(&context)
    }

    /// Starts the wait for the next refresh.
    func armSessionRefresh(_ context: inout CallContext) {
        guard settings.sessionInterval.milliseconds > 0 else { return }
        let half = max(1, settings.sessionInterval.milliseconds / 2)
        context.actions.append(.arm(.sessionRefresh, .milliseconds(half)))
    }

    /// Asks both ends for a sign of life: UPDATE where it is understood, since it also tells where the end is now.
    mutating func refreshSession(_ context: inout CallContext) {
        guard phase == .answered, let pair = exchanges[0].pair else { return }
        armSessionRefresh(&context)
        for leg in [Leg.endpoint, .outbound] where !isBeingAsked(leg, pair) && !hop(pair, leg).isInside {
            let method: Method = pairs[pair][leg].takesUpdate ? .update : .options
            refreshes.append(SessionRefresh(transaction: 0, pair: pair, leg: leg, method: method))
            sendRefresh(refreshes.count - 1, credentials: nil, &context)
        }
    }

    /// Whether an end owes an answer already, which tells as much as a refresh would.
    private func isBeingAsked(_ leg: Leg, _ pair: Int) -> Bool {
        refreshes.contains { $0.leg == leg } || relays.contains { $0.pair == pair && $0.requester != leg }
            || exchanges.contains { $0.isPending && $0.requester != leg }
    }

    private mutating func sendRefresh(_ index: Int, credentials: TrunkCredentials?, _ context: inout CallContext) {
        let (pair, leg, method) = (refreshes[index].pair, refreshes[index].leg, refreshes[index].method)
        let transaction = context.mint.next()
        refreshes[index].transaction = transaction
        let contact = contact(pair, leg)
        let agent = settings.userAgent
        let request = pairs[pair][leg].request(method, branch: transaction) { composer in
            composer.line("Contact: ", contact)
            if let credentials { composer.append(credentials) }
            if !agent.isEmpty { composer.line("User-Agent: ", agent) }
            composer.finish()
        }
        context.actions.append(.send(transaction, request, hop(pair, leg)))
    }

    /// A response came to a refresh: 408 and 481 mean that the end is gone, any other that it is there.
    mutating func refreshAnswered(_ index: Int, _ response: SIPMessage, _ context: inout CallContext) {
        guard response.status >= 200 else { return }
        let refresh = refreshes[index]
        if Self.isChallenge(response), refresh.leg == .outbound, retryRefresh(index, response, &context) { return }
        refreshes.remove(at: index)
        unreached.remove(refresh.leg)
        if response.status == 408 || response.status == 481 { return endSession(&context) }
        guard refresh.method == .update, response.status < 300 else { return }
        let follows = follows(refresh.leg, refresh.pair)
        pairs[refresh.pair][refresh.leg].refreshTarget(from: response, followsContact: follows)
        context.actions.append(.dialogChanged)
    }

    private mutating func retryRefresh(
        _ index: Int,
        _ response: SIPMessage,
        _ context: inout CallContext
    ) -> Bool {
        let refresh = refreshes[index]
        var answers = refresh.answers
        guard
            let credentials = credentials(
                challenged(refresh.method, refresh.pair),
                response,
                &answers,
                context
            )
        else { return false }
        refreshes[index].answers = answers
        sendRefresh(index, credentials: credentials, &context)
        return true
    }

    /// A refresh got no answer. What could not be sent at all gets a second chance, half an interval later: that an
    /// interval passes without a refresh ends the call (RFC 4028 §10).
    mutating func refreshFailed(_ index: Int, _ failure: TransactionFailure, _ context: inout CallContext) {
        let leg = refreshes.remove(at: index).leg
        if failure == .transport, unreached.insert(leg).inserted { return }
        endSession(&context)
    }

    private mutating func endSession(_ context: inout CallContext) {
        endDialogs(
            cause: .recoveryOnTimerExpiry,
            exceptLeg: nil,
            reason: .own(cause: ReleaseCause.recoveryOnTimerExpiry.value, text: "an end of the call is gone"),
            &context
        )
    }
}
