// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SIPMessage

/// Offer and answer (RFC 3264) as SIP carries them.
extension TrunkAgent {
    /// What an INVITE's or UPDATE's body asks for.
    func negotiation(of request: SIPMessage) -> Result<Negotiation, Refusal> {
        guard !request.body.isEmpty else { return .success(.offerOwed) }
        guard isSessionDescription(request) else {
            return .failure(Refusal(415) { $0.field("Accept", "application/sdp") })
        }
        guard let peer = PeerSession(request.copy(request.body)) else { return .failure(Refusal(400)) }
        guard let agreed = peer.agreement() else { return .failure(Refusal(488)) }
        return .success(.answerOwed(peer, index: agreed.index, audio: agreed.audio))
    }

    /// The description that the call's next response carries, and what sending it means; empty when none is due.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - finally: Whether the response is reliable, so that the exchange goes on with it.
    /// - Returns: The body.
    func describe(_ call: TrunkCall, finally: Bool) -> [UInt8] {
        switch call.negotiation {
        case .answerOwed(let peer, let index, let audio):
            if finally { call.negotiation = .settled }
            call.media?.apply(audio)
            return call.session?.answer(to: peer, at: index, audio) ?? []
        case .offerOwed:
            guard finally else { return [] }
            call.negotiation = .answerAwaited
            return call.session?.offer() ?? []
        case .answerAwaited, .settled: return []
        }
    }

    /// Takes the peer's answer to the trunk's offer out of an ACK or a PRACK; false when there is none to take.
    func takeAnswer(_ request: SIPMessage, _ call: TrunkCall) -> Bool {
        guard case .success(.answerOwed(_, _, let audio)) = negotiation(of: request) else { return false }
        call.negotiation = .settled
        call.media?.apply(audio)
        return true
    }

    /// Answers a PRACK or an UPDATE, with a description where it brought an offer (RFC 3262 §5, RFC 3311 §5.2).
    func renegotiate(_ call: TrunkCall, _ transaction: ServerTransaction) {
        let request = transaction.request
        var body: [UInt8] = []
        if !request.body.isEmpty {
            switch call.negotiation {
            case .answerAwaited where request.method == .prack:
                guard takeAnswer(request, call) else { return respond(transaction, 488) }
            case .settled:
                switch negotiation(of: request) {
                case .success(let offered):
                    call.negotiation = offered
                    body = describe(call, finally: true)
                case .failure(let refusal): return respond(transaction, refusal.status, refusal.fields)
                }
            case .answerAwaited: return respond(transaction, 491)
            case .answerOwed, .offerOwed: return respond(transaction, 500) { $0.field("Retry-After", "1") }
            }
        }
        var composer = transaction.template.start(status: 200, toTag: transaction.localTag)
        appendDialogFields(&composer)
        composer.finish(session: body)
        respond(transaction, 200, with: composer.bytes)
    }

    private func isSessionDescription(_ request: SIPMessage) -> Bool {
        guard let value = request.first(.contentType) else { return false }
        let type = request.text(value).prefix { $0 != ";" }.lowercased()
        return type.filter { $0 != " " && $0 != "\t" } == "application/sdp"
    }
}
