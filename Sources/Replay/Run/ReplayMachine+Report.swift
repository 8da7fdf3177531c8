// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// What is told of a dialog when it is over.
extension ReplayMachine {
    func report(_ dialog: Int, failure: String) -> ReplayReport {
        let planned = plan.dialogs[dialog]
        var report = ReplayReport(
            number: planned.number,
            place: planned.place,
            method: planned.method,
            caller: planned.caller,
            called: planned.called,
            callID: planned.callID,
            isAwaited: planned.role == .callee
        )
        report.notes = dialogs[dialog].notes
        if case .expect(let invitation) = planned.steps.first {
            for answer in invitation.answers { report.captured.add(answer.message) }
            report.live = dialogs[dialog].invitationAnswer
            report.failure = report.live.status == nil ? failure : ""
            report.captured.forgetContents()
            report.live.forgetContents()
            report.differences = differences(planned.method, report.captured, report.live, report.failure)
        } else {
            readOpening(dialog, &report, failure)
        }
        if !report.differs { report.differences += laterDifferences(dialog) }
        report.differences += dialogs[dialog].differences
        return report
    }

    private func differences(
        _ method: String,
        _ captured: ObservedAnswer,
        _ live: ObservedAnswer,
        _ failure: String
    ) -> [ReplayDifference] {
        ReplayComparison.differences(method, captured: captured, live: live, failure: failure)
    }

    /// The requests that open the dialog count as one, the last of them, since each repeats the one before.
    private func readOpening(_ dialog: Int, _ report: inout ReplayReport, _ failure: String) {
        let planned = plan.dialogs[dialog]
        report.failure = failure
        for (step, request) in sends(dialog) where isOpening(request, of: planned) {
            report.captured = request.answer
            guard let live = dialogs[dialog].requests[step] else { continue }
            switch live.outcome {
            case .notSent, nil: continue
            case .answered: report.failure = ""
            case .failed(let why): report.failure = why
            }
            report.live = live.answer
        }
        report.differences = differences(planned.method, report.captured, report.live, report.failure)
    }

    /// What differs in the requests within the dialog.
    private func laterDifferences(_ dialog: Int) -> [ReplayDifference] {
        let planned = plan.dialogs[dialog]
        var found: [ReplayDifference] = []
        for (step, request) in sends(dialog) where !isOpening(request, of: planned) {
            let name = request.message.methodText
            let captured = request.answer.status.map { "\($0)" } ?? ""
            switch dialogs[dialog].requests[step] {
            case .some(let live):
                // Whether a CANCEL or PRACK finds something to act on is a matter of who is first.
                let isRace = request.method == .cancel || request.method == .prack
                if case .notSent(let why) = live.outcome {
                    if !isRace { found.append(.init(kind: .unsent, method: name, captured: captured, live: why)) }
                } else if !isRace {
                    let failure: String = if case .failed(let why) = live.outcome { why } else { "" }
                    found += differences(name, request.answer, live.answer, failure)
                }
            case nil:
                found.append(.init(kind: .unsent, method: name, captured: captured, live: "the dialog was over"))
            }
        }
        return found
    }

    private func sends(_ dialog: Int) -> [(Int, PlannedRequest)] {
        plan.dialogs[dialog].steps.enumerated().compactMap { step in
            guard case .send(let request) = step.element else { return nil }
            return (step.offset, request)
        }
    }

    private func isOpening(_ request: PlannedRequest, of dialog: PlannedDialog) -> Bool {
        !request.isWithinDialog && request.method != .cancel && request.message.methodText == dialog.method
    }
}

extension ObservedAnswer {
    /// Leaves the statuses alone, for answers that the replay gives itself.
    mutating func forgetContents() {
        identities = []
        codecs = []
        provisional = []
        phrase = ""
        reasons = []
    }
}
