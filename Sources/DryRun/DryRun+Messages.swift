// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import DigestAuthentication
import MonotonicTime
import SIPMessage
import TraceCapture

extension DryRun {
    mutating func request(_ message: SIPMessage, _ captured: CapturedMessage) {
        switch message.method {
        case .invite where message.mandatory.toTag.isEmpty: invite(message, captured)
        case .register:
            counts.registrations += 1
            book.note(message, from: captured.source)
        case .cancel:
            guard let call = call(of: message) else { return }
            call.note(message, captured, limit: options.steps)
            guard calls[call.key] === call, DialogKey(fromCaller: message) == call.key else { return }
            call.outcome.isCancelled = call.outcome.status == nil
        case .bye: bye(message, captured)
        default: call(of: message)?.note(message, captured, limit: options.steps)
        }
    }

    /// The call that a message belongs to, on whichever leg and side.
    private func call(of message: SIPMessage) -> OpenCall? {
        let key = DialogKey(fromCaller: message)
        if let call = calls[key] ?? legs[key] { return call }
        let other = DialogKey(fromCallee: message)
        return calls[other] ?? legs[other]
    }

    private mutating func invite(_ message: SIPMessage, _ captured: CapturedMessage) {
        let key = DialogKey(fromCaller: message)
        if let call = calls[key] { return again(message, captured, call) }
        if let call = legs[key] {
            counts.retransmissions += 1
            return call.note(message, captured, limit: options.steps)
        }
        counts.invites += 1
        if let call = earlierLeg(of: message, captured) {
            counts.otherLegs += 1
            if legs[key] == nil, call.legs.count < 16 {
                legs[key] = call
                call.legs.append(key)
                hold(key.byteCount, for: call)
            }
            return call.note(message, captured, limit: options.steps)
        }
        guard isOutgoing(captured) else {
            counts.otherLegs += 1
            return
        }
        begin(message, captured)
    }

    private mutating func begin(_ message: SIPMessage, _ captured: CapturedMessage) {
        while calls.count >= options.openCalls || heldBytes > options.heldBytes, evict() {}
        let call = OpenCall(
            order.begin(),
            ordinal: counts.messages,
            message,
            captured,
            deadline: now + Self.longestRinging
        )
        calls[call.key] = call
        hold(message.bytes.count, for: call)
        queue.append(call)
        if let fingerprint = call.fingerprint { offers[fingerprint] = call }
        call.note(message, captured, limit: options.steps)
        if digest.credentials(of: message) != nil { judge(call) } else { unsettled.append(call) }
    }

    /// The call that an INVITE is another leg of, told by its session and the address that sends it.
    private func earlierLeg(of message: SIPMessage, _ captured: CapturedMessage) -> OpenCall? {
        guard !options.judgesEveryInvite, let fingerprint = OfferFingerprint(message), let call = offers[fingerprint]
        else { return nil }
        if let sender = captured.source, let receiver = call.destination, sender.hostText != receiver.hostText {
            return nil
        }
        guard captured.time != nil, call.time != nil else { return call }
        guard let elapsed = call.elapsed(to: captured.time), elapsed <= 1_000 else { return nil }
        return call
    }

    /// An INVITE with the Call-ID and tag of a call: sent again, sent anew, or seen further down the line.
    private mutating func again(_ message: SIPMessage, _ captured: CapturedMessage, _ call: OpenCall) {
        let first = call.invite.mandatory
        let isSameSender = captured.source == nil || captured.source == call.source
        let branch = message.bytes[message.mandatory.via.branch.indices]
        if branch == call.branch, isSameSender {
            counts.retransmissions += 1
            return
        }
        call.note(message, captured, limit: options.steps)
        guard message.mandatory.sequenceNumber > first.sequenceNumber, isSameSender else {
            counts.invites += 1
            counts.otherLegs += 1
            return
        }
        counts.repeatedInvites += 1
        call.deadline = max(call.deadline, now + Self.longestRinging)
        hold(message.bytes.count - call.invite.bytes.count, for: call)
        if call.judgement == nil {
            call.replaceInvite(message, captured)
            if let fingerprint = call.fingerprint { offers[fingerprint] = call }
            if digest.credentials(of: message) != nil { judge(call) }
        } else {
            let status = call.outcome.status.map { " after \($0)" } ?? ""
            call.note("the caller repeated the INVITE\(status); the first one was judged")
            call.invite = message
            call.outcome.status = nil
        }
    }

    mutating func response(_ message: SIPMessage, _ captured: CapturedMessage) {
        guard let call = call(of: message) else { return }
        if call.isRepeated(message, captured) {
            counts.retransmissions += 1
        } else {
            call.note(message, captured, limit: options.steps)
        }
        guard message.mandatory.sequenceMethod == .invite, calls[call.key] === call, call.isAnswered(by: message)
        else { return }
        switch message.status {
        case 100: break
        case 401, 407: challenged(call, message, captured)
        case 101..<200: if call.judgement == nil { judge(call) }
        default: answered(call, message, captured)
        }
    }

    private mutating func challenged(_ call: OpenCall, _ message: SIPMessage, _ captured: CapturedMessage) {
        call.outcome.isChallenged = true
        call.outcome.status = message.status
        call.outcome.answeredAfter = call.elapsed(to: captured.time)
        call.deadline = min(call.deadline, now + Self.typingPatience)
        for field in message.fields where field.name == .proxyAuthenticate || field.name == .wwwAuthenticate {
            guard call.challenges.count < 8,
                let challenge = try? DigestChallenge(parsing: message.bytes, in: field.value.indices)
            else { continue }
            call.challenges[Array(message.bytes[challenge.nonce.range])] = captured.place
        }
        endCounting(call)
    }

    private mutating func answered(_ call: OpenCall, _ message: SIPMessage, _ captured: CapturedMessage) {
        if call.judgement == nil { judge(call) }
        guard !call.outcome.isAnswered else { return }
        call.outcome.status = message.status
        call.outcome.answeredAfter = call.elapsed(to: captured.time)
        guard message.status < 300 else {
            call.deadline = now + Self.patience
            return endCounting(call)
        }
        call.outcome.answeredAt = captured.time
        call.deadline = now + world.settings.maximumDuration.milliseconds
        countAnswer(call)
    }

    private mutating func bye(_ message: SIPMessage, _ captured: CapturedMessage) {
        guard let call = call(of: message) else { return }
        call.note(message, captured, limit: options.steps)
        guard calls[call.key] === call, call.outcome.endedBy == nil else { return }
        let fromCaller = DialogKey(fromCaller: message) == call.key
        guard fromCaller || DialogKey(fromCallee: message) == call.key else { return }
        call.outcome.endedBy = fromCaller ? .caller : .callee
        if let answeredAt = call.outcome.answeredAt {
            call.outcome.lasted = call.elapsed(to: captured.time, since: answeredAt)
        }
        call.deadline = now + Self.patience
        endCounting(call)
    }
}
