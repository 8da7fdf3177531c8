// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import SIPTransaction

/// What a dialog does next.
extension ReplayMachine {
    private enum Readiness {
        case ready
        /// For something that will happen, or whose deadline runs.
        case waits
        /// It will never be.
        case never(String)
    }

    /// Does everything of a dialog that can be done now, and sets its alarm for the rest.
    mutating func advance(_ dialog: Int) {
        guard dialogs[dialog].phase == .running else { return }
        expireRequests(dialog)
        answerInvitation(dialog)
        while dialogs[dialog].phase == .running, dialogs[dialog].next < plan.dialogs[dialog].steps.count {
            guard takeStep(dialog) else { return arm(dialog) }
        }
        guard dialogs[dialog].phase == .running else { return }
        settle(dialog)
        arm(dialog)
    }

    /// Takes the next step; false when it must wait.
    private mutating func takeStep(_ dialog: Int) -> Bool {
        let step = dialogs[dialog].next
        switch plan.dialogs[dialog].steps[step] {
        case .expect(let expected): guard isExpectationOver(dialog, step, expected) else { return false }
        case .send(let planned):
            guard dialogs[dialog].requests[step] == nil, !dialogs[dialog].sentPRACKs.contains(step) else { break }
            switch readiness(dialog, planned) {
            case .waits: return false
            case .never(let why):
                var request = LiveRequest()
                request.outcome = .notSent(why)
                dialogs[dialog].requests[step] = request
            case .ready:
                guard due(planned.offset) <= now else { return false }
                if let invite = planned.cancelled {
                    cancel(dialog, invite, like: planned.message, step: step)
                } else {
                    send(dialog, step, planned)
                }
            }
        }
        dialogs[dialog].next += 1
        dialogs[dialog].expectingSince = nil
        return true
    }

    func due(_ offset: Interval) -> Instant { origin + options.scaled(offset) }

    private mutating func isExpectationOver(_ dialog: Int, _ step: Int, _ expected: ExpectedRequest) -> Bool {
        let live = dialogs[dialog]
        if live.arrived.contains(step) || live.isOver { return true }
        if live.invitation == nil, live.confirmed == nil, live.requests.values.allSatisfy({ !$0.isPending }) {
            // Without a dialog nobody can send the request.
            return true
        }
        let since = live.expectingSince ?? now
        dialogs[dialog].expectingSince = since
        guard max(since, due(expected.offset)) + options.timeout <= now else { return false }
        dialogs[dialog].differences.append(
            ReplayDifference(
                kind: .foreignRequest,
                method: expected.message.methodText,
                captured: expected.message.methodText,
                live: ""
            )
        )
        return true
    }

    private func readiness(_ dialog: Int, _ planned: PlannedRequest) -> Readiness {
        let live = dialogs[dialog]
        for wait in planned.waits where !isOver(wait, live) { return .waits }
        if planned.method == .cancel { return cancelReadiness(planned, live) }
        guard planned.isWithinDialog else {
            let isAnswered = planned.method == .invite && live.confirmed != nil
            return isAnswered ? .never("the call was answered before") : .ready
        }
        if live.isOver { return .never("the call was over") }
        let isOpening = live.requests.values.contains { $0.isPending && $0.sent?.method == .invite }
        if planned.method == .prack { return isOpening ? .waits : .never("nothing was to be acknowledged") }
        if live.confirmed != nil {
            return live.invitation == nil || live.isAcknowledged ? .ready : .waits
        }
        if isOpening { return planned.method != .invite && !live.remotes.isEmpty ? .ready : .waits }
        if live.invitation != nil { return .waits }
        let hasDialog = live.requests.values.contains { ($0.answer.status ?? 700) < 300 }
        return hasDialog ? .ready : .never("there was no dialog")
    }

    private func cancelReadiness(_ planned: PlannedRequest, _ live: LiveDialog) -> Readiness {
        guard let step = planned.cancelled else { return .never("its INVITE was not captured") }
        guard let invite = live.requests[step], invite.isPending else {
            return .never("the INVITE was answered before")
        }
        // RFC 3261 §9.1: a CANCEL waits for a provisional response.
        return invite.hasProvisional ? .ready : .waits
    }

    private func isOver(_ wait: PlannedRequest.Wait, _ live: LiveDialog) -> Bool {
        switch wait {
        case .final(let step): live.sentPRACKs.contains(step) || live.requests[step]?.isPending == false
        case .provisional(let step):
            live.requests[step].map { !$0.isPending || !$0.answer.provisional.isEmpty } ?? true
        }
    }

    /// All steps were taken: what is open is waited for, a call that nobody ends is ended, and then the dialog is over.
    private mutating func settle(_ dialog: Int) {
        let live = dialogs[dialog]
        guard live.requests.values.allSatisfy({ !$0.isPending }), live.extraTransactions == 0 else { return }
        guard live.invitation == nil || live.invitationAnswer.status != nil else { return }
        guard live.confirmed != nil, !live.isOver else { return finish(dialog) }
        if live.invitation == nil || live.isAcknowledged { hangUp(dialog) }
    }

    /// Ends a call that the capture leaves open.
    mutating func hangUp(_ dialog: Int) {
        guard !dialogs[dialog].isHangingUp, let remote = dialogs[dialog].remote else { return finish(dialog) }
        dialogs[dialog].isHangingUp = true
        dialogs[dialog].isOver = true
        bye(dialog, remote)
        // Without a connection there is nothing to wait for.
        if dialogs[dialog].extraTransactions == 0 { finish(dialog) }
    }

    private mutating func expireRequests(_ dialog: Int) {
        for (step, request) in dialogs[dialog].requests {
            guard request.isPending, let deadline = request.deadline, deadline <= now else { continue }
            if request.sent?.method == .invite, request.hasProvisional, !request.isCancelled {
                dialogs[dialog].requests[step]?.deadline = now + options.timeout
                cancel(dialog, step, like: nil)
            } else {
                dialogs[dialog].requests[step]?.outcome = .failed(
                    "no final answer within \(max(1, (options.timeout.milliseconds + 500) / 1000)) s"
                )
                if let slot = request.transaction { abandonTransaction(slot) }
            }
        }
    }

    private mutating func arm(_ dialog: Int) {
        guard dialogs[dialog].phase == .running else { return }
        wheel.cancel(dialogs[dialog].wake)
        var deadlines = dialogs[dialog].requests.values.compactMap { $0.isPending ? $0.deadline : nil }
        if dialogs[dialog].next < plan.dialogs[dialog].steps.count {
            switch plan.dialogs[dialog].steps[dialogs[dialog].next] {
            case .send(let planned): if due(planned.offset) > now { deadlines.append(due(planned.offset)) }
            case .expect(let expected):
                let since = dialogs[dialog].expectingSince ?? now
                deadlines.append(max(since, due(expected.offset)) + options.timeout)
            }
        }
        if let answer = nextAnswerDue(dialog) { deadlines.append(answer) }
        guard let soonest = deadlines.min() else { return dialogs[dialog].wake = .none }
        dialogs[dialog].wake = wheel.arm(
            at: soonest,
            TimerToken(owner: UInt32(truncatingIfNeeded: dialog), purpose: TimerPurpose.dialog)
        )
    }
}
