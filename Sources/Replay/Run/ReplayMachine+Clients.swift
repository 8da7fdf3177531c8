// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import SIPParser
import SIPTransaction

/// Client transactions: RFC 3261 §17.1.
extension ReplayMachine {
    /// Starts the transaction of a composed request; nil when our own reader refuses the request.
    @discardableResult
    mutating func start(_ bytes: [UInt8], _ branch: UInt64, _ dialog: Int, step: Int?) -> Int? {
        guard let message = try? scanner.scan(bytes, .datagram) else { return nil }
        let line = plan.dialogs[dialog].line
        let reliable = plan.lines[line].transport == .tcp
        let transaction = ClientTransaction(
            branch: branch,
            dialog: dialog,
            step: step,
            line: line,
            message: message,
            machine: message.method == .invite
                ? .invite(INVITEClientTransaction(reliable: reliable, timers: options.timers))
                : .other(NonINVITEClientTransaction(reliable: reliable, timers: options.timers))
        )
        let slot = freeClients.popLast() ?? clients.count
        if slot == clients.count { clients.append(transaction) } else { clients[slot] = transaction }
        // A CANCEL shares its branch with the INVITE, RFC 3261 §9.1.
        if message.method == .cancel { cancelsByBranch[branch] = slot } else { clientsByBranch[branch] = slot }
        switch transaction.machine {
        case .invite(let machine): perform(machine.start(), slot, nil)
        case .other(let machine): perform(machine.start(), slot, nil)
        }
        return slot
    }

    mutating func responseReceived(_ response: SIPMessage) {
        let bytes = response.bytes
        guard let branch = ViaLine.branchNumber(bytes.span, response.mandatory.via.branch.indices) else { return }
        let isCancel = response.mandatory.sequenceMethod == .cancel
        let found = isCancel ? cancelsByBranch[branch] : clientsByBranch[branch]
        guard let slot = found, let method = clients[slot]?.message.method,
            method == response.mandatory.sequenceMethod,
            let actions = clients[slot]?.responded(response.status)
        else { return }
        perform(actions, slot, response)
    }

    mutating func clientTimerFired(_ slot: Int, _ timer: TransactionTimer) {
        guard clients.indices.contains(slot), let actions = clients[slot]?.fired(timer) else { return }
        perform(actions, slot, nil)
    }

    mutating func transportFailed(_ slot: Int, _ reason: String) {
        guard let actions = clients[slot]?.transportFailed() else { return }
        perform(actions, slot, nil, failure: reason)
    }

    mutating func abandonTransaction(_ slot: Int) {
        guard let actions = clients[slot]?.abandoned() else { return }
        perform(actions, slot, nil)
    }

    private mutating func perform(
        _ actions: TransactionActions,
        _ slot: Int,
        _ response: SIPMessage?,
        failure: String = "the transport failed"
    ) {
        guard let transaction = clients[slot] else { return }
        if actions.contains(.sendRequest) { put(.send(line: transaction.line, transaction.message.bytes)) }
        if actions.contains(.sendACK), let response { acknowledgeRefusal(slot, response) }
        setTimers(actions, slot)
        if actions.contains(.terminated) {
            let isCancel = transaction.message.method == .cancel
            if isCancel { cancelsByBranch[transaction.branch] = nil } else { clientsByBranch[transaction.branch] = nil }
            clients[slot] = nil
            freeClients.append(slot)
        }
        if actions.contains(.deliver), let response { deliver(response, to: transaction, slot) }
        if actions.contains(.timeout) { unanswered(transaction, "nobody answered") }
        if actions.contains(.transportError) { unanswered(transaction, failure) }
    }

    private mutating func setTimers(_ actions: TransactionActions, _ slot: Int) {
        if !actions.cancel.isDisjoint(with: .retransmission), let handle = clients[slot]?.retransmission {
            wheel.cancel(handle)
        }
        if !actions.cancel.isDisjoint(with: .lifetime), let handle = clients[slot]?.lifetime { wheel.cancel(handle) }
        let owner = UInt32(truncatingIfNeeded: slot)
        if let request = actions.retransmission {
            let token = TimerToken(owner: owner, purpose: UInt32(request.timer.rawValue))
            clients[slot]?.retransmission = wheel.arm(at: now + request.interval, token)
        }
        if let request = actions.lifetime {
            let token = TimerToken(owner: owner, purpose: UInt32(request.timer.rawValue))
            clients[slot]?.lifetime = wheel.arm(at: now + request.interval, token)
        }
    }

    private mutating func acknowledgeRefusal(_ slot: Int, _ response: SIPMessage) {
        guard let transaction = clients[slot] else { return }
        let bytes =
            transaction.acknowledgement
            ?? RequestComposer.hopByHop(.ack, of: transaction.message, to: response, like: nil)
        clients[slot]?.acknowledgement = bytes
        put(.send(line: transaction.line, bytes))
    }

    /// A request got no final answer.
    private mutating func unanswered(_ transaction: ClientTransaction, _ why: String) {
        let dialog = transaction.dialog
        guard dialogs[dialog].phase == .running else { return }
        guard let step = transaction.step else {
            dialogs[dialog].extraTransactions -= 1
            return advance(dialog)
        }
        dialogs[dialog].requests[step]?.transaction = nil
        if dialogs[dialog].requests[step]?.isPending == true {
            dialogs[dialog].requests[step]?.outcome = .failed(why)
        }
        // RFC 3261 §12.2.1.2: a request within a dialog that nobody answers ends the dialog.
        if transaction.message.mandatory.toTag.length > 0 { dialogs[dialog].isOver = true }
        advance(dialog)
    }
}
