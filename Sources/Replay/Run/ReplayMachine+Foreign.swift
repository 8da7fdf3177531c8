// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage

/// What the live server asks of the clients.
extension ReplayMachine {
    /// A new request came.
    mutating func foreignRequest(_ request: SIPMessage, _ slot: Int) {
        if request.method == .cancel { return cancelled(request, slot) }
        guard !request.mandatory.toTag.isEmpty else {
            if request.method == .invite { return invited(request, slot) }
            return reply(slot, 200)
        }
        let callID = request.copy(request.mandatory.callID)
        guard let dialog = dialogsByCallID[callID], dialogs[dialog].phase == .running,
            dialogs[dialog].localTag == request.copy(request.mandatory.toTag)
        else { return reply(slot, 481) }
        servers[slot]?.dialog = dialog
        let step = expectation(request, dialog)
        if let step {
            dialogs[dialog].arrived.insert(step)
        } else if !dialogs[dialog].isHangingUp {
            let name = request.methodText
            dialogs[dialog].differences.append(
                ReplayDifference(kind: .foreignRequest, method: name, captured: "", live: name)
            )
        }
        answer(request, slot, dialog, step)
        advance(dialog)
    }

    /// The first awaited step of the method that has not come yet.
    private func expectation(_ request: SIPMessage, _ dialog: Int) -> Int? {
        let steps = plan.dialogs[dialog].steps
        return steps.indices.first { index in
            guard case .expect(let expected) = steps[index], !dialogs[dialog].arrived.contains(index) else {
                return false
            }
            return expected.message.methodText == request.methodText
        }
    }

    private mutating func answer(_ request: SIPMessage, _ slot: Int, _ dialog: Int, _ step: Int?) {
        var captured: SIPMessage?
        if let step, case .expect(let expected) = plan.dialogs[dialog].steps[step] {
            captured = expected.answers.last { $0.message.status >= 200 }?.message
        }
        // The replay does not check who the server is, so it never asks for credentials.
        if let status = captured?.status, status == 401 || status == 407 { captured = nil }
        switch request.method {
        case .bye:
            reply(slot, 200)
            dialogs[dialog].isOver = true
        case .invite, .update:
            if let place = dialogs[dialog].confirmed { dialogs[dialog].remotes[place].refresh(request) }
            let isRefused = captured == nil && request.body.length > 0 && dialogs[dialog].session == nil
            reply(slot, captured?.status ?? (isRefused ? 488 : 200), like: captured, session: dialogs[dialog].session)
        default: reply(slot, captured?.status ?? 200, like: captured)
        }
    }

    private mutating func reply(
        _ slot: Int,
        _ status: Int,
        like captured: SIPMessage? = nil,
        session: SIPMessage? = nil
    ) {
        guard let transaction = servers[slot], let answers = answers(transaction.line) else { return }
        let tag = transaction.dialog.map { dialogs[$0].localTag } ?? transaction.tag
        let body = status < 300 ? session : nil
        respond(slot, status, answers.answer(status, to: transaction.request, tag: tag, like: captured, body: body))
    }
}

/// Calls to a client, which the capture shows and the replay answers.
extension ReplayMachine {
    private mutating func invited(_ request: SIPMessage, _ slot: Int) {
        guard let line = servers[slot]?.line else { return }
        let awaited = order.callees.first { index in
            plan.dialogs[index].line == line && dialogs[index].phase == .waiting
        }
        guard let dialog = awaited else { return reply(slot, 486) }
        let callID = request.copy(request.mandatory.callID)
        dialogs[dialog].phase = .running
        dialogs[dialog].callID = callID
        dialogs[dialog].localTag = token(10)
        dialogs[dialog].remotes = [RemoteDialog(request: request)]
        dialogs[dialog].arrived = [0]
        dialogs[dialog].invitation = slot
        dialogs[dialog].invitedAt = now
        dialogsByCallID[callID] = dialog
        servers[slot]?.dialog = dialog
        advance(dialog)
    }

    private func invitation(_ dialog: Int) -> ExpectedRequest? {
        guard case .expect(let expected) = plan.dialogs[dialog].steps.first, dialogs[dialog].invitation != nil,
            dialogs[dialog].invitationAnswer.status == nil
        else { return nil }
        return expected
    }

    /// When the client's next answer to a call is due.
    func nextAnswerDue(_ dialog: Int) -> Instant? {
        guard let expected = invitation(dialog) else { return nil }
        let live = dialogs[dialog]
        if live.nextAnswer < expected.answers.count {
            return live.invitedAt + options.scaled(expected.answers[live.nextAnswer].delay)
        }
        // The capture shows no final answer: the caller gives up, or else the replay does.
        let last = expected.answers.last?.delay ?? .milliseconds(0)
        return live.invitedAt + last + options.timeout
    }

    /// Answers a call as the capture's client did.
    mutating func answerInvitation(_ dialog: Int) {
        while let expected = invitation(dialog), let due = nextAnswerDue(dialog), due <= now,
            let slot = dialogs[dialog].invitation
        {
            let place = dialogs[dialog].nextAnswer
            dialogs[dialog].nextAnswer += 1
            guard place < expected.answers.count else { return settleInvitation(dialog, slot, 480, like: nil) }
            let captured = expected.answers[place].message
            if captured.status < 200 {
                reply(slot, captured.status, like: captured)
                dialogs[dialog].invitationAnswer.add(captured)
            } else {
                settleInvitation(dialog, slot, captured.status, like: captured)
            }
        }
    }

    private mutating func settleInvitation(_ dialog: Int, _ slot: Int, _ status: Int, like captured: SIPMessage?) {
        dialogs[dialog].invitationAnswer.settle(status)
        if let captured, status < 300 {
            dialogs[dialog].confirmed = 0
            dialogs[dialog].session = captured
        } else {
            dialogs[dialog].isOver = true
        }
        reply(slot, status, like: captured)
    }

    /// RFC 3261 §9.2.
    private mutating func cancelled(_ request: SIPMessage, _ slot: Int) {
        guard let invite = serversByKey[.server(of: request, method: "INVITE")] else { return reply(slot, 481) }
        reply(slot, 200)
        guard let dialog = servers[invite]?.dialog, dialogs[dialog].phase == .running,
            dialogs[dialog].invitation == invite, dialogs[dialog].invitationAnswer.status == nil
        else { return }
        if let step = expectation(request, dialog) { dialogs[dialog].arrived.insert(step) }
        settleInvitation(dialog, invite, 487, like: nil)
        advance(dialog)
    }
}

extension ObservedAnswer {
    /// Takes note of an answer that was given here.
    mutating func settle(_ status: Int) {
        if self.status == nil { self.status = status }
    }
}
