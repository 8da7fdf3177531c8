// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPTransaction
import SessionDescription

extension Call {
    /// Offers the call to the next target.
    mutating func startBranch(_ context: inout CallContext) {
        startBranch(toward: takeTarget(), &context)
    }

    /// Offers the call to one target, once it is located; `isRevealed` shows a hidden caller where policy has foreseen
    /// that.
    mutating func startBranch(
        toward index: Int,
        server: Int = 0,
        isRevealed: Bool = false,
        _ context: inout CallContext
    ) {
        guard let setup else { return }
        guard let target = located(target(index, setup), index, server, &context) else { return }
        let codecs = target.trunk.map(\.codecs) ?? setup.approved.codecs
        let passage = passage(setup, toward: target, isRevealed: isRevealed)
        let body: CrossingBody
        switch offer(setup, target, codecs) {
        case .crosses(let crossing): body = crossing.crossing(passage, of: setup.invite)
        case .refused(let text): return attemptFailed(Failure(status: 488, text: text), &context)
        }
        if let refusal = refusal(setup, toward: target, passage, body) { return attemptFailed(refusal, &context) }
        guard isAdmitted(target, setup, context) else { return passOver(&context) }
        let tag = context.mint.next()
        let identity = legIdentity(setup, target, isRevealed: isRevealed)
        let dialog = outboundDialog(target, fromValue(identity, tag), tag, context.mint)
        let transaction = context.mint.next()
        let request = invite(setup, identity, target, dialog, transaction, body, passage, credentials: nil)
        branches.append(
            Branch(
                target: index,
                transaction: transaction,
                request: request,
                dialog: dialog,
                codecs: codecs,
                towardOutbound: passage,
                identity: identity,
                trunk: target.trunk,
                isTrusted: target.trunk?.isInTrustDomain ?? false,
                keepsFlow: target.keepsFlow,
                server: server,
                isRevealed: isRevealed
            )
        )
        let progress = CallProgress.attempt(StartedAttempt(branches[branches.count - 1], at: branches.count - 1))
        context.actions.append(.claimTag(tag))
        context.actions.append(.record(progress))
        if let text = servers[index]?.refusal { return failUnlocated(branches.count - 1, text, &context) }
        context.actions.append(.send(transaction, request, dialog.hop))
        armAttempt(branches.count - 1, &context)
        awaitSign(of: branches.count - 1, &context)
    }

    /// The place of the target to try next: what a redirection named, or the next one of the setup.
    private mutating func takeTarget() -> Int {
        guard openRedirects.isEmpty else { return openRedirects.removeFirst() }
        defer { nextTarget += 1 }
        return nextTarget
    }

    /// The target at a place.
    func target(_ index: Int, _ setup: CallSetup) -> OutboundTarget {
        index < setup.targets.count ? setup.targets[index] : redirectTargets[index - setup.targets.count]
    }

    /// Why an INVITE cannot go to a target as it came; nil when it can.
    private func refusal(
        _ setup: CallSetup,
        toward target: OutboundTarget,
        _ passage: HeaderPassage,
        _ body: CrossingBody
    ) -> Failure? {
        if body.isDropped(from: setup.invite) {
            return Failure(status: 415, text: "nothing of the body may reach the callee of a hidden caller")
        }
        return replacement?.refusal(toward: target, passage)
    }

    private func armAttempt(_ branch: Int, _ context: inout CallContext) {
        context.actions.append(.arm(.dial(branch: branch), settings.dialTimeout))
        guard runsTimerC else { return }
        context.actions.append(.arm(.timerC(branch: branch), settings.timers.timerC))
    }

    /// Timer C can only fire when the dial timeout is longer.
    var runsTimerC: Bool { settings.timers.timerC < settings.dialTimeout }

    /// The offer as it goes to a target: the policy has filtered it for SIP legs; a trunk has a list of its own.
    func offer(_ setup: CallSetup, _ target: OutboundTarget, _ codecs: CodecList?) -> FilteredOffer {
        if target.trunk == nil, let filtered = setup.approved.filteredOffer {
            return .crosses(CrossingBody(filtered))
        }
        return filterOffer(setup.invite, by: codecs)
    }

    private func outboundDialog(
        _ target: OutboundTarget,
        _ from: [UInt8],
        _ tag: UInt64,
        _ mint: IdentifierMint
    ) -> Dialog {
        var callID = MessageComposer(capacity: 32)
        callID.append(hexadecimal: mint.next())
        callID.append(hexadecimal: mint.next())
        let uri = target.toURI
        var remote = MessageComposer(capacity: uri.count + 2)
        remote.append("<")
        remote.append(uri)
        remote.append(">")
        return Dialog(
            callID: callID.bytes,
            localTag: tag,
            remoteTag: [],
            local: from,
            remote: remote.bytes,
            localSequence: 1,
            remoteSequence: nil,
            routes: target.routes,
            target: target.requestURI,
            hop: target.hop,
            address: target.local
        )
    }

    /// Composes the INVITE of an attempt.
    func invite(
        _ setup: CallSetup,
        _ identity: LegIdentity,
        _ target: OutboundTarget,
        _ dialog: Dialog,
        _ transaction: ClientTransactionIdentifier,
        _ body: CrossingBody,
        _ passage: HeaderPassage,
        credentials: TrunkCredentials?
    ) -> OutgoingRequest {
        let replaces = replacement?.value(toward: target, passage)
        return OutgoingRequest(
            method: .invite,
            uri: dialog.target,
            via: ViaLine(
                transport: ViaTransport(dialog.hop.transport),
                sentBy: dialog.address.sentBy,
                branch: transaction
            ),
            routes: dialog.routes,
            from: dialog.local,
            to: dialog.remote,
            callID: dialog.callID,
            sequenceNumber: dialog.localSequence,
            maxForwards: forwards(of: setup.invite)
        ) { composer in
            composer.line("Contact: ", dialog.contact)
            appendIdentity(identity, target.trunk, &composer)
            appendExternalIdentifier(target, &composer)
            if let replaces { composer.line("Replaces: ", replaces) }
            if let credentials { composer.append(credentials) }
            passage.copy(setup.invite, to: &composer, extra: settings.passedHeaders, describing: body)
            appendUserAgent(setup, &composer, unlessPassedBy: passage)
            composer.finish(body: body.bytes, body.range)
        }
    }

    /// A trunk's operator may look the call up; a telephone or a stranger's host has no use for the name.
    private func appendExternalIdentifier(_ target: OutboundTarget, _ composer: inout MessageComposer) {
        let name = settings.externalIdentifierHeader
        guard target.trunk != nil, !externalIdentifier.isEmpty, !name.isEmpty else { return }
        composer.append("\(name): \(externalIdentifier)")
        composer.endLine()
    }

    private func appendUserAgent(
        _ setup: CallSetup,
        _ composer: inout MessageComposer,
        unlessPassedBy passage: HeaderPassage
    ) {
        let isPassed = passage.admits(.userAgent) && setup.invite.first(.userAgent) != nil
        guard !isPassed, !settings.userAgent.isEmpty else { return }
        composer.line("User-Agent: ", settings.userAgent)
    }

    /// Max-Forwards of what a request becomes on the other side: one less, never below zero.
    func forwards(of request: SIPMessage) -> UInt8 {
        let received = request.mandatory.maxForwards ?? 70
        return received == 0 ? 0 : received - 1
    }
}

extension MessageComposer {
    /// Appends the answer to a trunk's challenge.
    mutating func append(_ credentials: TrunkCredentials) {
        append(credentials.isProxy ? "Proxy-Authorization: " : "Authorization: ")
        append(credentials.value)
        endLine()
    }
}
