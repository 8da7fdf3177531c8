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
        let index = nextTarget
        nextTarget += 1
        let codecs = setup.targets[index].trunk.map(\.codecs) ?? setup.approved.codecs
        let body: CrossingBody
        switch offer(setup, index, codecs) {
        case .crosses(let crossing): body = crossing
        case .refused(let text): return attemptFailed(Failure(status: 488, text: text), &context)
        }
        let tag = context.mint.next()
        let dialog = outboundDialog(setup, index, tag, context.mint)
        let transaction = context.mint.next()
        let passage = passage(setup, toward: index)
        let request = invite(setup, index, dialog, transaction, body, passage, credentials: nil)
        branches.append(
            Branch(
                target: index,
                transaction: transaction,
                request: request,
                dialog: dialog,
                codecs: codecs,
                towardOutbound: passage,
                trunk: setup.targets[index].trunk,
                isTrusted: setup.targets[index].trunk?.trust.isTrusted ?? false,
                keepsFlow: setup.targets[index].keepsFlow
            )
        )
        let progress = CallProgress.attempt(
            trunk: setup.targets[index].trunk?.id,
            name: setup.targets[index].trunk?.name ?? "",
            callID: String(decoding: dialog.callID, as: UTF8.self)
        )
        context.actions.append(.claimTag(tag))
        context.actions.append(.record(progress))
        context.actions.append(.send(transaction, request, dialog.hop))
        armAttempt(branches.count - 1, &context)
    }

    private func armAttempt(_ branch: Int, _ context: inout CallContext) {
        context.actions.append(.arm(.dial(branch: branch), settings.dialTimeout))
        guard runsTimerC else { return }
        context.actions.append(.arm(.timerC(branch: branch), settings.timers.timerC))
    }

    /// Timer C can only fire when the dial timeout is longer.
    var runsTimerC: Bool { settings.timers.timerC < settings.dialTimeout }

    /// The offer as it goes to a target: the policy has filtered it for SIP legs; a trunk has a list of its own.
    func offer(_ setup: CallSetup, _ target: Int, _ codecs: CodecList?) -> FilteredOffer {
        if setup.targets[target].trunk == nil, let filtered = setup.approved.filteredOffer {
            return .crosses(CrossingBody(filtered))
        }
        return filterOffer(setup.invite, by: codecs)
    }

    private func outboundDialog(
        _ setup: CallSetup,
        _ target: Int,
        _ tag: UInt64,
        _ mint: IdentifierMint
    ) -> Dialog {
        var callID = MessageComposer(capacity: 32)
        callID.append(hexadecimal: mint.next())
        callID.append(hexadecimal: mint.next())
        let uri = setup.targets[target].toURI
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
            routes: setup.targets[target].routes,
            target: setup.targets[target].requestURI,
            hop: setup.targets[target].hop,
            address: setup.targets[target].local
        )
    }

    private func legIdentity(_ setup: CallSetup, _ target: Int) -> LegIdentity {
        if let trunk = setup.targets[target].trunk {
            setup.approved.identity(for: trunk)
        } else {
            setup.approved.identity.identityForSIPLeg
        }
    }

    private func fromValue(_ setup: CallSetup, _ target: Int, _ tag: UInt64) -> [UInt8] {
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
        _ target: Int,
        _ dialog: Dialog,
        _ transaction: ClientTransactionIdentifier,
        _ body: CrossingBody,
        _ passage: HeaderPassage,
        credentials: TrunkCredentials?
    ) -> OutgoingRequest {
        let identity = legIdentity(setup, target)
        let body = body.crossing(passage)
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
            if let credentials { composer.append(credentials) }
            passage.copy(setup.invite, to: &composer, extra: settings.passedHeaders)
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
    private func passage(_ setup: CallSetup, toward target: Int) -> HeaderPassage {
        guard setup.targets[target].trunk != nil else { return .towardSIPLeg }
        return .towardTrunk(
            anonymous: setup.approved.identity.isAnonymous,
            passesUserAgent: setup.targets[target].trunk?.passesUserAgent ?? false
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

    /// Whether a response asks for credentials (RFC 3261 §22).
    static func isChallenge(_ response: SIPMessage) -> Bool {
        response.status == 401 || response.status == 407
    }

    /// An answer to a trunk's digest challenge; nil when there is none.
    func credentials(
        _ branch: Int,
        _ method: Method,
        _ uri: [UInt8],
        _ response: SIPMessage,
        _ context: CallContext
    ) -> TrunkCredentials? {
        guard let trunk = branches[branch].trunk else { return nil }
        return context.credentials(trunk, method, uri, response)
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
