// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import SIPTransaction

/// Server transactions: RFC 3261 §17.2.
extension ReplayMachine {
    mutating func requestReceived(_ request: SIPMessage, _ line: Int) {
        let key = TransactionKey.server(of: request)
        if let slot = serversByKey[key] { return repeated(request, slot) }
        guard request.method != .ack else { return acknowledged(request) }
        let reliable = plan.lines[line].transport == .tcp
        let transaction = ServerTransaction(
            key: key,
            request: request,
            line: line,
            tag: token(10),
            machine: request.method == .invite
                ? .invite(INVITEServerTransaction(reliable: reliable, timers: options.timers))
                : .other(NonINVITEServerTransaction(reliable: reliable, timers: options.timers))
        )
        let slot = freeServers.popLast() ?? servers.count
        if slot == servers.count { servers.append(transaction) } else { servers[slot] = transaction }
        serversByKey[key] = slot
        let actions = servers[slot]?.act({ $0.start() }, { $0.start() }) ?? .none
        perform(actions, slot)
        foreignRequest(request, slot)
    }

    private mutating func repeated(_ request: SIPMessage, _ slot: Int) {
        let isACK = request.method == .ack
        let actions = servers[slot]?.act({ isACK ? $0.ackReceived() : $0.requestReceived() }, { $0.requestReceived() })
        perform(actions ?? .none, slot)
        if isACK, actions?.contains(.deliver) == true { acknowledged(request) }
    }

    /// An ACK of a 2xx came.
    private mutating func acknowledged(_ request: SIPMessage) {
        guard let dialog = dialogsByCallID[request.copy(request.mandatory.callID)] else { return }
        for slot in servers.indices
        where servers[slot]?.dialog == dialog && servers[slot]?.success != nil
            && servers[slot]?.request.mandatory.sequenceNumber == request.mandatory.sequenceNumber
        {
            if let handle = servers[slot]?.successTimer { wheel.cancel(handle) }
            servers[slot]?.success = nil
            if dialogs[dialog].invitation == slot {
                dialogs[dialog].isAcknowledged = true
                advance(dialog)
            }
        }
    }

    /// Sends a response of a transaction.
    mutating func respond(_ slot: Int, _ status: Int, _ bytes: [UInt8]) {
        guard let transaction = servers[slot] else { return }
        servers[slot]?.response = bytes
        let actions = servers[slot]?.act({ $0.respond(status: status) }, { $0.respond(status: status) })
        perform(actions ?? .none, slot)
        guard transaction.request.method == .invite, (200..<300).contains(status) else { return }
        var success = SuccessResponseRetransmission(timers: options.timers)
        let interval = success.start()
        servers[slot]?.success = success
        armSuccess(slot, interval)
    }

    private mutating func armSuccess(_ slot: Int, _ interval: Interval) {
        let token = TimerToken(owner: UInt32(truncatingIfNeeded: slot), purpose: TimerPurpose.success)
        servers[slot]?.successTimer = wheel.arm(at: now + interval, token)
    }

    /// RFC 3261 §13.3.1.4: a 2xx is repeated until its ACK comes.
    mutating func repeatSuccess(_ slot: Int) {
        guard let transaction = servers[slot], let step = servers[slot]?.success?.timerFired() else { return }
        switch step {
        case .retransmit(let next):
            put(.send(line: transaction.line, transaction.response))
            armSuccess(slot, next)
        case .expired:
            servers[slot]?.success = nil
            if let dialog = transaction.dialog { unacknowledged(dialog, slot) }
        case .ignored: break
        }
    }

    private mutating func unacknowledged(_ dialog: Int, _ slot: Int) {
        guard dialogs[dialog].invitation == slot, !dialogs[dialog].isAcknowledged else { return }
        dialogs[dialog].note("the answer was never acknowledged")
        dialogs[dialog].isAcknowledged = true
        advance(dialog)
    }

    mutating func serverTimerFired(_ slot: Int, _ timer: TransactionTimer) {
        guard servers.indices.contains(slot) else { return }
        let actions = servers[slot]?.act({ $0.timerFired(timer) }, { $0.timerFired(timer) })
        perform(actions ?? .none, slot)
    }

    private mutating func perform(_ actions: TransactionActions, _ slot: Int) {
        guard let transaction = servers[slot] else { return }
        if actions.contains(.sendTrying), let answers = answers(transaction.line) {
            servers[slot]?.response = answers.answer(100, to: transaction.request, tag: nil)
        }
        if actions.contains(.sendTrying) || actions.contains(.sendResponse), let bytes = servers[slot]?.response {
            put(.send(line: transaction.line, bytes))
        }
        if !actions.cancel.isDisjoint(with: .retransmission) { wheel.cancel(transaction.retransmission) }
        if !actions.cancel.isDisjoint(with: .lifetime) { wheel.cancel(transaction.lifetime) }
        let owner = UInt32(truncatingIfNeeded: slot)
        if let request = actions.retransmission {
            let token = TimerToken(owner: owner, purpose: TimerPurpose.server + UInt32(request.timer.rawValue))
            servers[slot]?.retransmission = wheel.arm(at: now + request.interval, token)
        }
        if let request = actions.lifetime {
            let token = TimerToken(owner: owner, purpose: TimerPurpose.server + UInt32(request.timer.rawValue))
            servers[slot]?.lifetime = wheel.arm(at: now + request.interval, token)
        }
        guard actions.contains(.terminated) else { return }
        wheel.cancel(transaction.successTimer)
        if transaction.success != nil, let dialog = transaction.dialog { unacknowledged(dialog, slot) }
        serversByKey[transaction.key] = nil
        servers[slot] = nil
        freeServers.append(slot)
    }

    func answers(_ line: Int) -> AnswerComposer? {
        guard case .open(let local) = lines[line] else { return nil }
        return AnswerComposer(
            requests: RequestComposer(
                rewriter: AddressRewriter(map: map),
                local: local,
                transport: plan.lines[line].transport
            ),
            source: RequestSource(host: options.server.host, port: options.server.port)
        )
    }
}
