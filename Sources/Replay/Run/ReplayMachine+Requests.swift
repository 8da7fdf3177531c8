// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import MonotonicTime
import SIPMessage

/// What the client sends.
extension ReplayMachine {
    func composer(_ dialog: Int) -> RequestComposer? {
        let line = plan.dialogs[dialog].line
        guard case .open(let local) = lines[line] else { return nil }
        return RequestComposer(
            rewriter: AddressRewriter(map: map),
            local: local,
            transport: plan.lines[line].transport
        )
    }

    /// Sends the request of a step, or sends it again with credentials.
    mutating func send(_ dialog: Int, _ step: Int, _ planned: PlannedRequest, credentials: [UInt8] = []) {
        var request = dialogs[dialog].requests[step] ?? LiveRequest()
        guard let composer = composer(dialog) else {
            request.outcome = .failed("the connection is gone")
            return dialogs[dialog].requests[step] = request
        }
        var frame = frame(dialog, planned.message, minimum: planned.firstSequenceNumber)
        frame.credentials = credentials
        if planned.method == .invite { dialogs[dialog].credentials = credentials }
        let bytes = composer.request(planned.message, frame)
        request.outcome = nil
        request.deadline = deadline(dialog, planned)
        if !planned.message.body.isEmpty { dialogs[dialog].session = planned.message }
        dialogs[dialog].requests[step] = request
        let slot = start(bytes, frame.branch, dialog, step: step)
        dialogs[dialog].requests[step]?.transaction = slot
        dialogs[dialog].requests[step]?.sent = slot.flatMap { clients[$0]?.message }
        if slot == nil { dialogs[dialog].requests[step]?.outcome = .failed("it cannot be sent as it was captured") }
    }

    /// The frame of a request: fresh branch, next sequence number, and the live dialog where the captured one had one.
    func frameTarget(_ dialog: Int, _ captured: SIPMessage, _ tag: [UInt8]?) -> (uri: [UInt8], routes: [[UInt8]]) {
        let fallback = captured.requestURI.map { AddressRewriter(map: map).uri($0, captured.bytes) } ?? []
        guard tag != nil, let remote = remote(dialog, tag) else { return (fallback, []) }
        return remote.route(or: fallback)
    }

    private func remote(_ dialog: Int, _ tag: [UInt8]?) -> RemoteDialog? {
        dialogs[dialog].remotes.first { $0.tag == tag } ?? dialogs[dialog].remote
    }

    private mutating func frame(_ dialog: Int, _ captured: SIPMessage, minimum: UInt32) -> RequestComposer.Frame {
        let isWithinDialog = !captured.mandatory.toTag.isEmpty
        let tag = isWithinDialog ? dialogs[dialog].remote?.tag : nil
        let target = frameTarget(dialog, captured, tag)
        return RequestComposer.Frame(
            uri: target.uri,
            routes: target.routes,
            branch: random.nextUInt64(),
            callID: dialogs[dialog].callID,
            localTag: dialogs[dialog].localTag,
            remoteTag: tag,
            sequenceNumber: nextSequenceNumber(dialog, minimum: minimum)
        )
    }

    private mutating func nextSequenceNumber(_ dialog: Int, minimum: UInt32) -> UInt32 {
        let next = dialogs[dialog].sequenceNumber.map { max($0 &+ 1, minimum) } ?? minimum
        // RFC 3261 §8.1.1.5: less than 2^31.
        let number = min(next, UInt32(Int32.max))
        dialogs[dialog].sequenceNumber = number
        if let group = plan.dialogs[dialog].group { registrations[group]?.sequenceNumber = number }
        return number
    }

    private func deadline(_ dialog: Int, _ planned: PlannedRequest) -> Instant {
        guard planned.method == .invite else { return now + options.timeout }
        var end = planned.answeredOffset ?? planned.offset
        if planned.answeredOffset == nil {
            for case .send(let later) in plan.dialogs[dialog].steps { end = max(end, later.offset) }
        }
        return now + (end - planned.offset) + options.timeout
    }

    /// Cancels the INVITE of a step, RFC 3261 §9.1; `step` is that of the captured CANCEL.
    mutating func cancel(_ dialog: Int, _ invite: Int, like captured: SIPMessage?, step: Int? = nil) {
        guard let sent = dialogs[dialog].requests[invite]?.sent,
            let slot = dialogs[dialog].requests[invite]?.transaction, let branch = clients[slot]?.branch
        else { return }
        dialogs[dialog].requests[invite]?.isCancelled = true
        let bytes = RequestComposer.hopByHop(.cancel, of: sent, to: sent, like: captured)
        if let step {
            var request = LiveRequest()
            request.deadline = now + options.timeout
            dialogs[dialog].requests[step] = request
            let transaction = start(bytes, branch, dialog, step: step)
            dialogs[dialog].requests[step]?.transaction = transaction
        } else {
            dialogs[dialog].extraTransactions += 1
            if start(bytes, branch, dialog, step: nil) == nil { dialogs[dialog].extraTransactions -= 1 }
        }
    }

    /// Ends a call with a BYE that the capture does not hold.
    mutating func bye(_ dialog: Int, _ remote: RemoteDialog) {
        guard let composer = composer(dialog), let opening = opening(dialog) else { return }
        let swapped = plan.dialogs[dialog].role == .callee
        let frame = extraFrame(dialog, opening, remote, nextSequenceNumber(dialog, minimum: 1))
        dialogs[dialog].extraTransactions += 1
        let bytes = composer.request(.bye, like: opening, swapped: swapped, frame)
        if start(bytes, frame.branch, dialog, step: nil) == nil { dialogs[dialog].extraTransactions -= 1 }
    }

    /// The captured request that opened the dialog.
    func opening(_ dialog: Int) -> SIPMessage? {
        switch plan.dialogs[dialog].steps.first {
        case .send(let planned): planned.message
        case .expect(let expected): expected.message
        case nil: nil
        }
    }

    private mutating func extraFrame(
        _ dialog: Int,
        _ captured: SIPMessage,
        _ remote: RemoteDialog,
        _ sequenceNumber: UInt32
    ) -> RequestComposer.Frame {
        let target = frameTarget(dialog, captured, remote.tag)
        return RequestComposer.Frame(
            uri: target.uri,
            routes: target.routes,
            branch: random.nextUInt64(),
            callID: dialogs[dialog].callID,
            localTag: dialogs[dialog].localTag,
            remoteTag: remote.tag,
            sequenceNumber: sequenceNumber
        )
    }

    /// Acknowledges a 2xx, with what the captured ACK held; RFC 3261 §13.2.2.4.
    mutating func acknowledge(_ dialog: Int, _ step: Int, _ planned: PlannedRequest, _ remote: RemoteDialog) {
        let line = plan.dialogs[dialog].line
        if let known = dialogs[dialog].requests[step]?.acknowledgements[remote.tag] {
            return put(.send(line: line, known))
        }
        guard let composer = composer(dialog), let sent = dialogs[dialog].requests[step]?.sent else { return }
        var frame = extraFrame(dialog, planned.message, remote, sent.mandatory.sequenceNumber)
        frame.credentials = dialogs[dialog].credentials
        let bytes: [UInt8]
        if let captured = planned.acknowledgement {
            bytes = composer.request(captured, frame)
        } else {
            bytes = composer.request(.ack, like: planned.message, frame)
        }
        dialogs[dialog].requests[step]?.acknowledgements[remote.tag] = bytes
        put(.send(line: line, bytes))
    }

    /// Acknowledges a reliable provisional response (RFC 3262 §4), with the captured PRACK when there is one left.
    mutating func acknowledgeProvisional(_ dialog: Int, _ invite: SIPMessage, _ remote: RemoteDialog) {
        guard let composer = composer(dialog) else { return }
        let acknowledged = "\(remote.provisionalNumber) \(invite.mandatory.sequenceNumber) INVITE"
        let steps = plan.dialogs[dialog].steps
        for step in dialogs[dialog].next..<max(dialogs[dialog].next, steps.count) {
            guard case .send(let planned) = steps[step], planned.method == .prack,
                !dialogs[dialog].sentPRACKs.contains(step), dialogs[dialog].requests[step] == nil
            else { continue }
            var frame = extraFrame(
                dialog,
                planned.message,
                remote,
                nextSequenceNumber(dialog, minimum: planned.firstSequenceNumber)
            )
            frame.acknowledged = acknowledged
            var request = LiveRequest()
            request.deadline = now + options.timeout
            dialogs[dialog].requests[step] = request
            let slot = start(composer.request(planned.message, frame), frame.branch, dialog, step: step)
            dialogs[dialog].requests[step]?.transaction = slot
            return
        }
        var frame = extraFrame(dialog, invite, remote, nextSequenceNumber(dialog, minimum: 1))
        guard let opening = opening(dialog) else { return }
        frame.acknowledged = acknowledged
        dialogs[dialog].extraTransactions += 1
        let bytes = composer.request(.prack, like: opening, frame)
        if start(bytes, frame.branch, dialog, step: nil) == nil { dialogs[dialog].extraTransactions -= 1 }
    }
}
