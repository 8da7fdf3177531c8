// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage

/// What comes back to what the client sent.
extension ReplayMachine {
    mutating func deliver(_ response: SIPMessage, to transaction: ClientTransaction, _ slot: Int) {
        let dialog = transaction.dialog
        guard dialogs[dialog].phase == .running else { return }
        guard let step = transaction.step, case .send(let planned) = plan.dialogs[dialog].steps[step] else {
            if response.status >= 200 { dialogs[dialog].extraTransactions -= 1 }
            return advance(dialog)
        }
        if response.status >= 200 { dialogs[dialog].requests[step]?.transaction = nil }
        if response.status < 200 {
            provisional(response, dialog, step, planned)
        } else if [401, 407].contains(response.status), authenticate(response, dialog, step, planned) {
            return
        } else {
            final(response, dialog, step, planned)
        }
        advance(dialog)
    }

    private mutating func provisional(
        _ response: SIPMessage,
        _ dialog: Int,
        _ step: Int,
        _ planned: PlannedRequest
    ) {
        dialogs[dialog].requests[step]?.hasProvisional = true
        dialogs[dialog].requests[step]?.answer.add(response)
        guard planned.method == .invite, response.status > 100, !response.mandatory.toTag.isEmpty else { return }
        let place = meet(response, dialog)
        guard response.lists("100rel", in: .require), let number = response.number(.rseq),
            let invite = dialogs[dialog].requests[step]?.sent,
            number > dialogs[dialog].remotes[place].provisionalNumber
        else { return }
        dialogs[dialog].remotes[place].provisionalNumber = number
        acknowledgeProvisional(dialog, invite, dialogs[dialog].remotes[place])
    }

    /// The place of the dialog that a response belongs to; a new one is taken up, RFC 3261 §12.1.2.
    private mutating func meet(_ response: SIPMessage, _ dialog: Int) -> Int {
        let tag = response.copy(response.mandatory.toTag)
        if let known = dialogs[dialog].remotes.firstIndex(where: { $0.tag == tag }) {
            if dialogs[dialog].confirmed == nil { dialogs[dialog].remotes[known].refresh(response) }
            return known
        }
        dialogs[dialog].remotes.append(RemoteDialog(response: response))
        return dialogs[dialog].remotes.count - 1
    }

    private mutating func final(_ response: SIPMessage, _ dialog: Int, _ step: Int, _ planned: PlannedRequest) {
        let isFirst = dialogs[dialog].requests[step]?.isPending == true
        if isFirst {
            dialogs[dialog].requests[step]?.answer.add(response)
            dialogs[dialog].requests[step]?.outcome = .answered
        }
        if response.status < 300 {
            success(response, dialog, step, planned)
        } else if planned.method == .bye || (planned.isWithinDialog && [408, 481].contains(response.status)) {
            dialogs[dialog].isOver = true
        } else if planned.method == .invite, !planned.isWithinDialog {
            dialogs[dialog].remotes = []
        }
    }

    private mutating func success(_ response: SIPMessage, _ dialog: Int, _ step: Int, _ planned: PlannedRequest) {
        switch planned.method {
        case .invite: answered(response, dialog, step, planned)
        case .bye: dialogs[dialog].isOver = true
        case .subscribe, .refer:
            guard !planned.isWithinDialog, !response.mandatory.toTag.isEmpty else { return }
            _ = meet(response, dialog)
        case .update: if let place = dialogs[dialog].confirmed { dialogs[dialog].remotes[place].refresh(response) }
        default: if !planned.isWithinDialog, !response.mandatory.toTag.isEmpty { _ = meet(response, dialog) }
        }
    }

    private mutating func answered(_ response: SIPMessage, _ dialog: Int, _ step: Int, _ planned: PlannedRequest) {
        if planned.isWithinDialog, let place = dialogs[dialog].confirmed {
            dialogs[dialog].remotes[place].refresh(response)
            return acknowledge(dialog, step, planned, dialogs[dialog].remotes[place])
        }
        let place = meet(response, dialog)
        if dialogs[dialog].confirmed == nil {
            dialogs[dialog].remotes[place].confirm(response)
            dialogs[dialog].confirmed = place
        }
        let remote = dialogs[dialog].remotes[place]
        let isKnown = dialogs[dialog].requests[step]?.acknowledgements[remote.tag] != nil
        acknowledge(dialog, step, planned, remote)
        // RFC 3261 §13.2.2.4: of several branches that answer, all but one are ended.
        if dialogs[dialog].confirmed != place, !isKnown { bye(dialog, remote) }
    }

    // MARK: - Credentials

    /// Answers a challenge; false when that is not possible or was tried already.
    private mutating func authenticate(
        _ response: SIPMessage,
        _ dialog: Int,
        _ step: Int,
        _ planned: PlannedRequest
    ) -> Bool {
        let names = plan.dialogs[dialog].usernames
        guard let username = secrets.username(among: names) else {
            let who = names.first.map { "`\($0)`" } ?? "the caller"
            dialogs[dialog].note("the secret of \(who) is not known: the challenge stays unanswered")
            return false
        }
        guard let request = dialogs[dialog].requests[step], let sent = request.sent, request.answered < 5 else {
            return false
        }
        let answers = DigestAnswer.all(
            to: response,
            of: sent,
            username: username,
            secrets: secrets,
            responder: responder,
            clientNonce: token(16)
        )
        switch answers {
        case .failure(let why):
            dialogs[dialog].note(why)
            return false
        case .success(let answer):
            let isRepeated = !request.realms.isDisjoint(with: answer.realms) && !answer.isStale
            guard !isRepeated else {
                dialogs[dialog].note("the secret of `\(username)` was refused")
                return false
            }
            dialogs[dialog].requests[step]?.realms.formUnion(answer.realms)
            dialogs[dialog].requests[step]?.answered += 1
            // RFC 3261 §22.3: what other proxies on the way were told must stand beside it.
            let kept = DigestAnswer.kept(of: sent, without: answer)
            send(dialog, step, planned, credentials: kept + answer.lines)
            advance(dialog)
            return true
        }
    }
}
