// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage

/// A REFER that waits to learn what the dialog named in its Refer-To is to the other side.
struct ParkedReferral {
    let incoming: IncomingRequest
    let target: ReferTarget
}

/// A REFER that crossed: its number on each side names the subscription that it made (RFC 3515 §2.4.6).
struct Referral {
    let requester: Leg
    let pair: Int
    let inSequence: UInt32
    var outSequence: UInt32
}

extension Call {
    /// The most REFERs whose subscriptions are remembered.
    private static let referralLimit = 8

    /// A REFER came inside a dialog (RFC 3515): it crosses to the other side with its Refer-To composed anew.
    ///
    /// Referred-By never crosses: it names whoever transfers.
    mutating func referReceived(_ incoming: IncomingRequest, _ context: inout CallContext) {
        if let text = refusalOfTransfer(incoming.pair) {
            return respond(incoming.template, incoming.transaction, 403, warning: text, &context)
        }
        let target: ReferTarget
        do throws(SyntaxError) {
            target = try ReferTarget(incoming.request)
        } catch {
            return respond(incoming.template, incoming.transaction, 400, warning: error.reason, &context)
        }
        guard let replaced = target.replaced, replaced.ownTag != nil else {
            return passReferral(incoming, target, replacing: target.replaced, isMapped: false, &context)
        }
        guard hasRoomForRelay else { return refuseFullRelay(incoming, &context) }
        parkedReferrals.append(ParkedReferral(incoming: incoming, target: target))
        context.actions.append(.findCounterpart(incoming.transaction, replaced))
    }

    /// A REFER makes the other end dial: on a trunk leg only where the trunk is trusted with that, in both directions.
    private func refusalOfTransfer(_ pair: Int) -> String? {
        let branch = branches[pairs[pair].branch]
        guard case .towardTrunk = branch.towardOutbound, branch.trunk?.passesREFER != true else { return nil }
        return "transfers do not pass the trunk \(branch.trunk?.name ?? ""): it is not set to pass REFER"
    }

    /// The dialog that a REFER names was found, or not.
    mutating func referralResolved(
        _ parked: ParkedReferral,
        _ found: ReplacedDialog?,
        _ context: inout CallContext
    ) {
        guard let found else {
            // 403 leaves the dialog alone; a 404 or 481 would end it (RFC 5057 §5.1).
            let text = "no call of this gateway has the dialog that the Replaces in Refer-To names"
            return respond(parked.incoming.template, parked.incoming.transaction, 403, warning: text, &context)
        }
        passReferral(parked.incoming, parked.target, replacing: found, isMapped: true, &context)
    }

    private mutating func passReferral(
        _ incoming: IncomingRequest,
        _ target: ReferTarget,
        replacing dialog: ReplacedDialog?,
        isMapped: Bool,
        _ context: inout CallContext
    ) {
        let pair = incoming.pair
        let isHiding = incoming.leg == .endpoint && branches[pairs[pair].branch].towardOutbound.hidesCaller
        let value: [UInt8]?
        if isHiding {
            let isSilent = (dialog == nil || isMapped) && !target.calls(callerNumbers)
            let gateway = settings.gatewayHost
            value = isSilent ? target.value(replacing: dialog, hiding: pairs[pair].endpoint, gatewayHost: gateway) : nil
        } else {
            value = target.value(replacing: dialog)
        }
        guard let value else {
            let text = "the Refer-To would tell the trunk who the hidden caller is"
            return respond(incoming.template, incoming.transaction, 403, warning: text, &context)
        }
        relay(incoming, lines: Array("Refer-To: ".utf8) + value + [13, 10], composed: .referTo, &context)
    }

    /// Notes under which number a REFER crossed; a repetition with credentials has another one.
    mutating func noteReferral(_ relay: Relay, outSequence: UInt32) {
        let number = relay.received.mandatory.sequenceNumber
        if let known = referrals.firstIndex(where: { $0.isOf(relay.requester, relay.pair, number) }) {
            referrals[known].outSequence = outSequence
            return
        }
        if referrals.count == Self.referralLimit { referrals.removeFirst() }
        referrals.append(
            Referral(requester: relay.requester, pair: relay.pair, inSequence: number, outSequence: outSequence)
        )
    }

    /// A REFER that was refused made no subscription.
    mutating func forgetReferral(_ relay: Relay) {
        let number = relay.received.mandatory.sequenceNumber
        referrals.removeAll { $0.isOf(relay.requester, relay.pair, number) }
    }

    /// REFERs that wait in a pair, or in all, get their answer from the gateway.
    mutating func answerParked(_ pair: Int?, _ context: inout CallContext) {
        guard !parkedReferrals.isEmpty else { return }
        for parked in parkedReferrals where pair == nil || parked.incoming.pair == pair {
            respond(parked.incoming.template, parked.incoming.transaction, 481, &context)
        }
        parkedReferrals.removeAll { pair == nil || $0.incoming.pair == pair }
    }
}

extension Referral {
    fileprivate func isOf(_ requester: Leg, _ pair: Int, _ number: UInt32) -> Bool {
        self.requester == requester && self.pair == pair && inSequence == number
    }
}
