// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SIPMessage
import SIPTransaction

/// Requests within a call, CANCEL, OPTIONS, and the trunk's own BYE.
extension TrunkAgent {
    /// The Allow value.
    static let allowedMethods: StaticString = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO"

    /// The call that a request is in, after the check of its order (RFC 3261 §12.2.2); answers it otherwise.
    private func call(for transaction: ServerTransaction) -> TrunkCall? {
        let request = transaction.request
        guard let call = calls[DialogKey(of: request)] else {
            respond(transaction, 481)
            return nil
        }
        guard request.mandatory.sequenceNumber > call.remoteSequence else {
            respond(transaction, 500)
            return nil
        }
        call.remoteSequence = request.mandatory.sequenceNumber
        return call
    }

    /// An INVITE within a call came: hold, resumption, or a session refresh (RFC 3261 §14.2).
    func reinviteReceived(_ transaction: ServerTransaction) {
        record(transaction)
        guard let call = call(for: transaction) else { return }
        // RFC 3261 §14.2: an exchange that is still open is to be tried again, within ten seconds.
        guard call.state == .confirmed, call.answer == nil else {
            return respond(transaction, 500) { $0.field("Retry-After", "1") }
        }
        switch negotiation(of: transaction.request) {
        case .success(let offered):
            call.refreshTarget(transaction.request)
            call.negotiation = offered
            accept(transaction, call, body: describe(call, finally: true))
        case .failure(let refusal): respond(transaction, refusal.status, refusal.fields)
        }
    }

    /// An UPDATE came (RFC 3311).
    func updateReceived(_ transaction: ServerTransaction) {
        guard let call = call(for: transaction) else { return }
        call.refreshTarget(transaction.request)
        renegotiate(call, transaction)
    }

    /// An INFO came (RFC 6086).
    func infoReceived(_ transaction: ServerTransaction) {
        guard call(for: transaction) != nil else { return }
        respond(transaction, 200)
    }

    /// An OPTIONS came (RFC 3261 §11.2).
    func optionsReceived(_ transaction: ServerTransaction) {
        if !transaction.request.mandatory.toTag.isEmpty, call(for: transaction) == nil { return }
        respond(transaction, 200) { composer in
            self.appendDialogFields(&composer)
            composer.field("Accept", "application/sdp")
            composer.field("Supported", "100rel")
        }
    }

    /// A BYE came (RFC 3261 §15.1.2).
    func byeReceived(_ transaction: ServerTransaction) {
        guard let call = call(for: transaction) else { return }
        counts.byesReceived += 1
        respond(transaction, 200)
        // In a call that was never answered the INVITE still needs its final response.
        if call.state == .early { respond(call.invite, 487) }
        end(call)
    }

    /// A CANCEL came (RFC 3261 §9.2).
    func cancelReceived(_ transaction: ServerTransaction) {
        let key = TransactionKey.server(transaction.request, ofCancelledINVITE: true)
        guard let invite = transactions[key] else { return respond(transaction, 481) }
        if invite.isMuted { return abandon(transaction) }
        var composer = transaction.template.start(status: 200, toTag: invite.localTag)
        composer.finish()
        respond(transaction, 200, with: composer.bytes)
        guard let call = calls[DialogKey(creating: invite)], call.state == .early, call.invite === invite else {
            return
        }
        counts.cancels += 1
        respond(invite, 487)
        end(call)
    }

    /// Sends the trunk's BYE (RFC 3261 §15.1.1).
    func sendBye(_ call: TrunkCall) {
        let branch = UInt64.random(in: 0...UInt64.max)
        let host = configuration.publishedAddress
        let port = channel.localAddress?.port ?? configuration.port
        call.localSequence += 1
        let request = OutgoingRequest(
            method: .bye,
            uri: targetURI(of: call),
            via: ViaLine(
                transport: .udp,
                sentBy: Array("\(host.contains(":") ? "[\(host)]" : host):\(port)".utf8),
                branch: branch
            ),
            routes: routes(of: call),
            from: localParty(of: call),
            to: unfolded(call.invite.request, call.invite.request.mandatory.from.whole),
            callID: call.dialog.callID,
            sequenceNumber: call.localSequence,
            maxForwards: 70
        ) { $0.finish() }
        counts.byesSent += 1
        start(
            ClientTransaction(
                branch: branch,
                bytes: request.bytes,
                destination: nextHop(of: call),
                timers: configuration.timers
            )
        )
    }

    private func targetURI(of call: TrunkCall) -> [UInt8] {
        if let target = call.remoteTarget { return call.targetSource.copy(target.whole) }
        return call.invite.request.copy(call.invite.request.mandatory.from.uri.whole)
    }

    /// The Record-Route set in the order received, as the called side uses it (RFC 3261 §12.1.1).
    private func routes(of call: TrunkCall) -> [UInt8] {
        var composer = MessageComposer(capacity: 256)
        for field in call.invite.request.fields where field.name == .recordRoute {
            composer.field("Route", call.invite.request.bytes, field.value)
        }
        return composer.bytes
    }

    private func localParty(of call: TrunkCall) -> [UInt8] {
        unfolded(call.invite.request, call.invite.request.mandatory.to.whole) + Array(";tag=".utf8)
            + call.dialog.localTag
    }

    private func unfolded(_ message: SIPMessage, _ range: FieldRange) -> [UInt8] {
        var composer = MessageComposer(capacity: range.indices.count)
        composer.appendUnfolded(message.bytes, range)
        return composer.bytes
    }

    // Names are not looked up here: a peer that gives one is reached where its INVITE came from.
    private func nextHop(of call: TrunkCall) -> SocketAddress {
        let invite = call.invite.request
        if let route = try? invite.address(.recordRoute) {
            return address(route.uri, in: invite) ?? call.invite.source
        }
        guard let target = call.remoteTarget else { return call.invite.source }
        return address(target, in: call.targetSource) ?? call.invite.source
    }

    private func address(_ uri: URIReference, in message: SIPMessage) -> SocketAddress? {
        try? SocketAddress(ipAddress: message.text(uri.host), port: Int(uri.port ?? 5060))
    }
}
