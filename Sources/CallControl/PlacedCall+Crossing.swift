// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage
import SessionDescription

/// What a leg's call sends to its caller: between joined calls it crosses, before that the controller answers.
extension PlacedCall {
    /// A leg's call sent a request.
    mutating func requested(
        _ leg: Int,
        _ transaction: UInt64,
        _ bytes: [UInt8],
        _ context: inout PlacedContext
    ) {
        guard let request = context.read(bytes) else { return context.steps.append(.lost(leg: leg, transaction)) }
        guard let other = counterpart(of: leg) else { return answer(request, of: leg, transaction, &context) }
        let hasOffer = request.sessionDescription != nil
        var isOffer = true
        if request.method == .invite { offersOf[leg] = hasOffer }
        // RFC 3262 §5: behind an INVITE without an offer a PRACK carries the answer.
        if request.method == .prack { isOffer = offersOf[leg] ?? true }
        let passed = crossing(request, from: leg, to: other, isOffer: isOffer)
        let server = context.mint.next()
        origins[server] = .leg(leg, transaction, hasOffer: hasOffer)
        context.steps.append(.request(leg: other, passed, server))
    }

    /// A leg's call gave up its re-INVITE.
    mutating func cancelled(_ leg: Int, _ transaction: UInt64, _ context: inout PlacedContext) {
        guard let other = counterpart(of: leg) else { return }
        for (server, origin) in origins {
            guard case .leg(leg, transaction, _) = origin else { continue }
            context.steps.append(.cancel(leg: other, server, isTakenElsewhere: false))
        }
    }

    /// A leg's call acknowledged a 2xx; those of the controller need nothing more.
    mutating func acknowledged(_ leg: Int, _ bytes: [UInt8], _ context: inout PlacedContext) {
        guard let other = counterpart(of: leg), let request = context.read(bytes) else { return }
        let passed = crossing(request, from: leg, to: other, isOffer: false)
        if !request.body.isEmpty { keep(other, &context) }
        context.steps.append(.acknowledge(leg: other, passed))
    }

    /// The call of a joined leg is no more: its transaction gets no answer.
    package mutating func undelivered(_ transaction: ServerTransactionIdentifier, _ context: inout PlacedContext) {
        guard case .leg(let asker, let client, _) = origins.removeValue(forKey: transaction) else { return }
        context.steps.append(.lost(leg: asker, client))
    }

    private func counterpart(of leg: Int) -> Int? {
        guard case .joined(let party) = phase else { return nil }
        return leg == 0 ? party : leg == party ? 0 : nil
    }

    /// A message on its way to the other party, with the session description that the gateway gives there.
    mutating func crossing(_ message: SIPMessage, from leg: Int, to other: Int, isOffer: Bool) -> [UInt8] {
        guard let found = message.sessionDescriptionRange else { return message.bytes }
        let description = Array(message.bytes[found])
        let own: [UInt8]
        if isOffer {
            seats[leg]?.session.noteOffer(description)
            own = seats[other]?.session.offer(description) ?? description
        } else {
            let restored = seats[leg]?.session.restored(description) ?? description
            own = seats[other]?.session.answer(restored) ?? restored
        }
        return message.replacing(found, with: own)
    }

    /// Answers a request of a party that has nobody to talk to yet.
    private mutating func answer(
        _ request: SIPMessage,
        of leg: Int,
        _ transaction: UInt64,
        _ context: inout PlacedContext
    ) {
        var body: [UInt8]?
        var status = 200
        switch request.method {
        case .invite, .update:
            if let offer = request.sessionDescription, leg == 0 {
                body = seats[0]?.session.inactiveAnswer(to: offer)
                status = body == nil ? 488 : 200
            } else if request.method == .invite || request.sessionDescription != nil {
                // There is no session to offer yet.
                status = 488
            }
        case .refer: status = 403
        case .subscribe: status = 489
        case .notify: status = 481
        default: break
        }
        let template = ResponseTemplate(request, source: RequestSource(host: "gateway.invalid", port: 5060))
        var composer = template.start(status: status, toTag: tagBytes(seats[leg]?.dialog.localTag ?? 0))
        if status == 200, request.method == .invite || request.method == .update, let seat = seats[leg] {
            composer.line("Contact: ", seat.dialog.address.contact(.udp, isSecure: false))
        }
        if status == 489 { composer.append("Allow-Events: refer\r\n") }
        composer.finish(description: body)
        context.steps.append(.response(leg: leg, composer.bytes, transaction))
        if body != nil { keep(leg, &context) }
    }
}

extension SIPMessage {
    /// Where the session description in the body stands; nil when there is none.
    var sessionDescriptionRange: Range<Int>? {
        guard !body.isEmpty else { return nil }
        return SessionDescriptionPart.find(bytes, body: body.indices, contentType: first(.contentType).map(copy))
    }

    /// The session description in the body; nil when there is none.
    var sessionDescription: [UInt8]? { sessionDescriptionRange.map { Array(bytes[$0]) } }

    /// The message with a part of its body replaced; Content-Length must be its last header field, as the gateway
    /// composes them.
    func replacing(_ range: Range<Int>, with part: [UInt8]) -> [UInt8] {
        guard let last = fields.last, last.name == .contentLength else { return bytes }
        let body =
            Array(bytes[body.indices.lowerBound..<range.lowerBound]) + part
            + bytes[range.upperBound..<self.body.indices.upperBound]
        var composer = MessageComposer(capacity: bytes.count + 128)
        composer.append(bytes, FieldRange(0..<Int(last.nameRange.offset)))
        composer.finish(body: body, FieldRange(0..<body.count))
        return composer.bytes
    }
}
