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
        guard let setup else { return }
        let index = takeTarget()
        let target = target(index, setup)
        let codecs = target.trunk.map(\.codecs) ?? setup.approved.codecs
        let passage = passage(setup, toward: target)
        let body: CrossingBody
        switch offer(setup, target, codecs) {
        case .crosses(let crossing): body = crossing.crossing(passage, of: setup.invite)
        case .refused(let text): return attemptFailed(Failure(status: 488, text: text), &context)
        }
        if let refusal = refusal(setup, toward: target, passage, body) { return attemptFailed(refusal, &context) }
        let tag = context.mint.next()
        let dialog = outboundDialog(setup, target, tag, context.mint)
        let transaction = context.mint.next()
        let request = invite(setup, target, dialog, transaction, body, passage, credentials: nil)
        branches.append(
            Branch(
                target: index,
                transaction: transaction,
                request: request,
                dialog: dialog,
                codecs: codecs,
                towardOutbound: passage,
                trunk: target.trunk,
                isTrusted: target.trunk?.trust.isTrusted ?? false,
                keepsFlow: target.keepsFlow
            )
        )
        let progress = CallProgress.attempt(
            trunk: target.trunk?.id,
            name: target.trunk?.name ?? "",
            callID: String(decoding: dialog.callID, as: UTF8.self)
        )
        context.actions.append(.claimTag(tag))
        context.actions.append(.record(progress))
        context.actions.append(.send(transaction, request, dialog.hop))
        armAttempt(branches.count - 1, &context)
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
        _ setup: CallSetup,
        _ target: OutboundTarget,
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
            local: fromValue(setup, target, tag),
            remote: remote.bytes,
            localSequence: 1,
            remoteSequence: nil,
            routes: target.routes,
            target: target.requestURI,
            hop: target.hop,
            address: target.local
        )
    }

    private func legIdentity(_ setup: CallSetup, _ target: OutboundTarget) -> LegIdentity {
        if let trunk = target.trunk {
            setup.approved.identity(for: trunk)
        } else {
            setup.approved.identity.identityForSIPLeg
        }
    }

    private func fromValue(_ setup: CallSetup, _ target: OutboundTarget, _ tag: UInt64) -> [UInt8] {
        let from = legIdentity(setup, target).from
        var composer = MessageComposer(capacity: 128)
        if let name = from.displayName {
            composer.append("\"")
            composer.append(name)
            composer.append("\" ")
        }
        composer.append("<sip:")
        composer.append(escapedUser: from.user)
        composer.append("@")
        switch from.host {
        case .anonymousInvalid: composer.append("anonymous.invalid")
        case .gateway: composer.append(settings.gatewayHost)
        }
        composer.append(from.isTelephoneNumber ? ";user=phone>;tag=" : ">;tag=")
        composer.append(hexadecimal: tag)
        return composer.bytes
    }

    /// Composes the INVITE of an attempt.
    func invite(
        _ setup: CallSetup,
        _ target: OutboundTarget,
        _ dialog: Dialog,
        _ transaction: ClientTransactionIdentifier,
        _ body: CrossingBody,
        _ passage: HeaderPassage,
        credentials: TrunkCredentials?
    ) -> OutgoingRequest {
        let identity = legIdentity(setup, target)
        let replaces = replacement?.value(toward: target, passage)
        return OutgoingRequest(
            method: .invite,
            uri: dialog.target,
            via: ViaLine(
                transport: dialog.hop.transport == .tcp ? .tcp : .udp,
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
            composer.line("Contact: ", dialog.address.contact(dialog.hop.transport))
            if identity.privacy != nil { composer.append("Privacy: id\r\n") }
            if let asserted = identity.asserted {
                composer.append("P-Asserted-Identity: ")
                composer.append(asserted.headerValue(gatewayHost: settings.gatewayHost))
                composer.endLine()
            }
            if let replaces { composer.line("Replaces: ", replaces) }
            if let credentials { composer.append(credentials) }
            passage.copy(setup.invite, to: &composer, extra: settings.passedHeaders, describing: body)
            appendUserAgent(setup, &composer, unlessPassedBy: passage)
            composer.finish(body: body.bytes, body.range)
        }
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

    /// The row of the passage table for messages toward a target.
    private func passage(_ setup: CallSetup, toward target: OutboundTarget) -> HeaderPassage {
        guard let trunk = target.trunk else { return .towardSIPLeg }
        return .towardTrunk(
            anonymous: setup.approved.identity.isAnonymous,
            passesUserAgent: trunk.passesUserAgent
        )
    }

    /// The row of the passage table for a message of a branch toward the endpoint: who is named there crosses only from
    /// a trusted trunk, and not when it asks for privacy (RFC 3325 §7).
    func passage(towardEndpointFrom branch: Int, _ message: SIPMessage) -> HeaderPassage {
        guard branches[branch].isTrusted else { return .towardEndpoint(trunkIsTrusted: false) }
        var privacy = PrivacyRequest.absent
        for field in message.fields where field.name == .privacy {
            privacy.read(ReceivedText(buffer: message.bytes, range: field.value.indices))
        }
        return .towardEndpoint(trunkIsTrusted: !privacy.asksToHideNumber)
    }
}

extension MessageComposer {
    /// Appends a user part with what may not stand there percent-escaped (RFC 3261 §19.1.2).
    mutating func append(escapedUser user: String) {
        for byte in user.utf8 {
            if ASCII.user.contains(byte), byte != UInt8(ascii: "?"), byte != UInt8(ascii: "/") {
                append(byte: byte)
            } else {
                append("%")
                append(byte: hexadecimalDigit(byte >> 4))
                append(byte: hexadecimalDigit(byte & 15))
            }
        }
    }

    private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? value + 48 : value + 55
    }

    private mutating func append(byte: UInt8) {
        append(String(UnicodeScalar(byte)))
    }

    /// Appends the answer to a trunk's challenge.
    mutating func append(_ credentials: TrunkCredentials) {
        append(credentials.isProxy ? "Proxy-Authorization: " : "Authorization: ")
        append(credentials.value)
        endLine()
    }
}
