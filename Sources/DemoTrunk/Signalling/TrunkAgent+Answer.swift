// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SIPMessage
import SIPTransaction

/// Progress and answer of a call, and their acknowledgement.
extension TrunkAgent {
    /// Sends a provisional response, reliably where the INVITE requires that (RFC 3262 §3).
    func progress(_ call: TrunkCall, status: Int, describesSession: Bool) {
        guard call.state == .early else { return }
        let isReliable = call.requiresReliability
        var body: [UInt8] = []
        if case .offerOwed = call.negotiation {
            // RFC 3262 §5: the first reliable response to an INVITE without an offer makes one.
            if isReliable { body = describe(call, finally: true) }
        } else if describesSession {
            body = describe(call, finally: isReliable)
        }
        var composer = call.invite.template.start(status: status, toTag: call.invite.localTag)
        appendDialogFields(&composer)
        if isReliable {
            composer.append("Require: 100rel\r\nRSeq: ")
            composer.append(decimal: Int(call.provisionalNumber))
            composer.endLine()
        }
        composer.finish(session: body)
        respond(call.invite, status, with: composer.bytes)
        if isReliable { expectPrack(call, status, composer.bytes) }
    }

    private func expectPrack(_ call: TrunkCall, _ status: Int, _ response: [UInt8]) {
        var retransmission = ProvisionalResponseRetransmission(timers: configuration.timers)
        let interval = retransmission.start()
        call.provisional = UnacknowledgedProvisional(
            number: call.provisionalNumber,
            status: status,
            response: response,
            retransmission: retransmission
        )
        call.provisionalNumber += 1
        call.provisional?.timer = after(interval) { [weak self] in self?.repeatProvisional(call) }
    }

    private func repeatProvisional(_ call: TrunkCall) {
        guard let pending = call.provisional, let step = call.provisional?.retransmission.timerFired() else { return }
        switch step {
        case .retransmit(let next):
            respond(call.invite, pending.status, with: pending.response)
            call.provisional?.timer = after(next) { [weak self] in self?.repeatProvisional(call) }
        case .expired:
            respond(call.invite, 500)
            end(call)
        case .ignored: break
        }
    }

    /// A PRACK came (RFC 3262 §3).
    func prackReceived(_ transaction: ServerTransaction) {
        let request = transaction.request
        guard let call = calls[DialogKey(of: request)], let pending = call.provisional,
            acknowledges(request, pending, of: call)
        else { return respond(transaction, 481) }
        call.remoteSequence = max(call.remoteSequence, request.mandatory.sequenceNumber)
        pending.timer?.cancel()
        call.provisional = nil
        renegotiate(call, transaction)
        if call.isAnswerDue { answer(call) }
    }

    private func acknowledges(_ request: SIPMessage, _ pending: UnacknowledgedProvisional, of call: TrunkCall) -> Bool {
        guard let value = request.first(.rack) else { return false }
        let words = request.text(value).split { $0 == " " || $0 == "\t" }
        return words.count == 3 && words[0] == "\(pending.number)"
            && words[1] == "\(call.invite.request.mandatory.sequenceNumber)" && words[2] == "INVITE"
    }

    /// Answers the call, or waits for the PRACK that must come first (RFC 3262 §3).
    func answer(_ call: TrunkCall) {
        guard call.state == .early else { return }
        guard call.provisional == nil else {
            call.isAnswerDue = true
            return
        }
        call.state = .answered
        counts.answered += 1
        accept(call.invite, call, body: describe(call, finally: true))
    }

    /// Sends a 2xx to an INVITE and repeats it until its ACK comes (RFC 3261 §13.3.1.4).
    func accept(_ transaction: ServerTransaction, _ call: TrunkCall, body: [UInt8]) {
        var composer = transaction.template.start(status: 200, toTag: transaction.localTag)
        appendDialogFields(&composer)
        composer.field("Supported", "100rel")
        composer.finish(session: body)
        respond(transaction, 200, with: composer.bytes)
        var retransmission = SuccessResponseRetransmission(timers: configuration.timers)
        let interval = retransmission.start()
        call.answer = UnacknowledgedAnswer(
            transaction: transaction,
            response: composer.bytes,
            retransmission: retransmission
        )
        call.answer?.timer = after(interval) { [weak self] in self?.repeatAnswer(call) }
    }

    private func repeatAnswer(_ call: TrunkCall) {
        guard let pending = call.answer, let step = call.answer?.retransmission.timerFired() else { return }
        switch step {
        case .retransmit(let next):
            respond(pending.transaction, 200, with: pending.response)
            call.answer?.timer = after(next) { [weak self] in self?.repeatAnswer(call) }
        case .expired: hangUp(call)
        case .ignored: break
        }
    }

    /// An ACK for a 2xx came.
    func acknowledged(_ request: SIPMessage) {
        guard let call = calls[DialogKey(of: request)], let pending = call.answer,
            pending.transaction.request.mandatory.sequenceNumber == request.mandatory.sequenceNumber
        else { return }
        pending.timer?.cancel()
        call.answer = nil
        if case .answerAwaited = call.negotiation, !takeAnswer(request, call) { return hangUp(call) }
        guard call.state == .answered else { return }
        call.state = .confirmed
        let isQuick = call.script.behaviour == .hangUpSoon
        schedule(call, isQuick ? configuration.quickHangUpAfter : configuration.hangUpAfter) { [weak self] in
            self?.hangUp(call)
        }
    }

    /// Ends an answered call with BYE.
    func hangUp(_ call: TrunkCall) {
        guard call.state == .answered || call.state == .confirmed else { return }
        sendBye(call)
        end(call)
    }

    /// The header fields of every response that creates or keeps a dialog (RFC 3261 §12.1.1).
    func appendDialogFields(_ composer: inout MessageComposer) {
        composer.append("Contact: \(contact)\r\n")
        composer.field("Allow", Self.allowedMethods)
        composer.field("Server", "Tollgate demo trunk")
    }
}

extension MessageComposer {
    /// Ends a message with a session description, or without a body when that is empty.
    mutating func finish(session: [UInt8]) {
        guard !session.isEmpty else { return finish() }
        field("Content-Type", "application/sdp")
        finish(body: session, FieldRange(0..<session.count))
    }
}
