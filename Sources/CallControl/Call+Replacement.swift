// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage

/// What an INVITE's Replaces asks the callee to replace (RFC 3891 §3).
struct Replacement {
    let dialog: ReplacedDialog
    /// Whether it named a dialog of the gateway's and now names the callee's.
    let isMapped: Bool
    /// Whether the caller wants no call at all where Replaces is not understood.
    let isDemanded: Bool

    /// The value of Replaces toward a target; nil where it does not cross. Names of dialogs that the gateway does not
    /// know may be a hidden caller's own.
    func value(toward target: OutboundTarget, _ passage: HeaderPassage) -> [UInt8]? {
        guard let trunk = target.trunk else { return dialog.value }
        return trunk.passesREFER && (isMapped || !passage.hidesCaller) ? dialog.value : nil
    }

    /// Why the INVITE cannot go to a target without Replaces; nil when it can, or need not.
    func refusal(toward target: OutboundTarget, _ passage: HeaderPassage) -> Failure? {
        guard isDemanded, value(toward: target, passage) == nil else { return nil }
        let name = target.trunk?.name ?? ""
        let text =
            target.trunk?.passesREFER == true
            ? "the replaced call is not one of this gateway, and the caller is hidden from the trunk \(name)"
            : "Replaces does not pass the trunk \(name): it is not set to pass transfers"
        return Failure(status: 420, text: text, unsupported: "replaces")
    }
}

extension Call {
    /// Reads the INVITE's Replaces; false when the call waits for what it means to the callee, or has failed.
    mutating func readReplacement(_ setup: CallSetup, _ context: inout CallContext) -> Bool {
        let found: ReplacedDialog?
        do throws(SyntaxError) {
            found = try setup.invite.replacedDialog()
        } catch {
            fail(Failure(status: 400, text: error.reason), &context)
            return false
        }
        guard let found else { return true }
        replacement = Replacement(
            dialog: found,
            isMapped: false,
            isDemanded: setup.invite.lists("replaces", in: .require)
        )
        guard found.ownTag != nil else { return true }
        awaitsCounterpart = true
        context.actions.append(.findCounterpart(setup.transaction, found))
        return false
    }

    /// What a dialog of the gateway's is to the end on the other leg, in that end's view.
    ///
    /// - Parameter replaced: A dialog as the end that holds it names it to the gateway.
    /// - Returns: The dialog of the other leg; nil when this call has no such dialog, or its other end is a caller that
    ///   is hidden from the end that asks.
    package func counterpart(of replaced: ReplacedDialog) -> ReplacedDialog? {
        guard phase == .dialing || phase == .answered else { return nil }
        for pair in pairs where pair.state != .ended {
            for leg in [Leg.endpoint, .outbound] where pair[leg].isNamed(by: replaced) {
                guard leg == .endpoint || !branches[pair.branch].towardOutbound.hidesCaller else { return nil }
                let far = pair[leg.other]
                return ReplacedDialog(
                    callID: far.callID,
                    toTag: far.remoteTag,
                    fromTag: tagBytes(far.localTag),
                    isEarlyOnly: replaced.isEarlyOnly
                )
            }
        }
        return nil
    }

    /// What `findCounterpart` asked for was found, or not.
    ///
    /// - Parameters:
    ///   - found: The dialog to name to the other side; nil when no call has the one that was asked for.
    ///   - transaction: The server transaction of the request that waits.
    ///   - context: Takes the actions.
    package mutating func counterpartFound(
        _ found: ReplacedDialog?,
        for transaction: ServerTransactionIdentifier,
        _ context: inout CallContext
    ) {
        guard !isFinished else { return }
        defer { finishIfIdle(&context) }
        if let index = parkedReferrals.firstIndex(where: { $0.incoming.transaction == transaction }) {
            let parked = parkedReferrals.remove(at: index)
            return referralResolved(parked, found, &context)
        }
        guard awaitsCounterpart, let setup, setup.transaction == transaction, phase == .dialing else { return }
        awaitsCounterpart = false
        if let found, let asked = replacement {
            replacement = Replacement(dialog: found, isMapped: true, isDemanded: asked.isDemanded)
        }
        startBranches(setup, &context)
    }
}
