// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NIOCore
import SIPMessage
import SIPTransaction

/// Performs what the transaction machines ask for; what they deliver is passed on by the callers of `perform`.
extension TrunkAgent {
    /// Starts the machine of a new request.
    func start(_ transaction: ServerTransaction) {
        switch transaction.machine {
        case .invite(var machine):
            transaction.isMuted = script(of: transaction.request).behaviour == .silent
            let actions = machine.start(sendsTryingAtOnce: true)
            transaction.machine = .invite(machine)
            perform(actions, for: transaction)
        case .other(let machine): perform(machine.start(), for: transaction)
        }
        deliver(transaction)
    }

    /// A retransmission, or the ACK of a transaction's response.
    func repeated(_ request: SIPMessage, of transaction: ServerTransaction) {
        let actions: TransactionActions
        let isAcknowledgement = request.method == .ack
        switch transaction.machine {
        case .invite(var machine):
            actions = isAcknowledgement ? machine.ackReceived() : machine.requestReceived()
            transaction.machine = .invite(machine)
        case .other(var machine):
            actions = machine.requestReceived()
            transaction.machine = .other(machine)
        }
        // An ACK that the machine passes on is that of a 2xx, sent with the INVITE's branch by an old client.
        if isAcknowledgement, actions.contains(.deliver) { acknowledged(request) }
        perform(actions, for: transaction)
    }

    /// Answers a request with a composed response.
    func respond(_ transaction: ServerTransaction, _ status: Int, with response: [UInt8]) {
        let previous = transaction.response
        transaction.response = response
        let actions: TransactionActions
        switch transaction.machine {
        case .invite(var machine):
            actions = machine.respond(status: status)
            transaction.machine = .invite(machine)
        case .other(var machine):
            actions = machine.respond(status: status)
            transaction.machine = .other(machine)
        }
        // A discarded response must not replace the one that retransmissions are answered with.
        if !actions.contains(.sendResponse) { transaction.response = previous }
        perform(actions, for: transaction)
    }

    /// Answers a request with a status, optional further header fields, and no body.
    func respond(_ transaction: ServerTransaction, _ status: Int, _ more: (inout MessageComposer) -> Void = { _ in }) {
        var composer = transaction.template.start(status: status, toTag: transaction.localTag)
        composer.field("Server", "Tollgate demo trunk")
        more(&composer)
        composer.finish()
        respond(transaction, status, with: composer.bytes)
    }

    private func perform(_ actions: TransactionActions, for transaction: ServerTransaction) {
        if actions.contains(.sendTrying) {
            var composer = transaction.template.start(status: 100, toTag: nil)
            composer.finish()
            transaction.response = composer.bytes
        }
        if actions.contains(.sendTrying) || actions.contains(.sendResponse), !transaction.isMuted {
            channel.send(transaction.response, to: transaction.destination)
        }
        if !actions.cancel.isDisjoint(with: .retransmission) { transaction.retransmission?.cancel() }
        if !actions.cancel.isDisjoint(with: .lifetime) { transaction.lifetime?.cancel() }
        if let request = actions.retransmission {
            transaction.retransmission = after(request.interval) { [weak self, weak transaction] in
                if let transaction { self?.fired(request.timer, of: transaction) }
            }
        }
        if let request = actions.lifetime {
            transaction.lifetime = after(request.interval) { [weak self, weak transaction] in
                if let transaction { self?.fired(request.timer, of: transaction) }
            }
        }
        if actions.contains(.terminated) { transactions[transaction.key] = nil }
    }

    private func fired(_ timer: TransactionTimer, of transaction: ServerTransaction) {
        let actions: TransactionActions
        switch transaction.machine {
        case .invite(var machine):
            actions = machine.timerFired(timer)
            transaction.machine = .invite(machine)
        case .other(var machine):
            actions = machine.timerFired(timer)
            transaction.machine = .other(machine)
        }
        perform(actions, for: transaction)
    }

    /// Gives an INVITE transaction up without an answer, as the silent script does in the end.
    func abandon(_ transaction: ServerTransaction) {
        transaction.cancelTimers()
        transactions[transaction.key] = nil
    }
}

/// The client side, for BYE.
extension TrunkAgent {
    /// Starts a client transaction.
    func start(_ client: ClientTransaction) {
        clients[client.branch] = client
        perform(client.machine.start(), for: client)
    }

    /// A response to a BYE came.
    func responseReceived(_ response: SIPMessage) {
        let bytes = response.bytes
        let branch = response.mandatory.via.branch.indices
        guard let number = ViaLine.branchNumber(bytes.span, branch), let client = clients[number],
            response.mandatory.sequenceMethod == .bye
        else { return }
        perform(client.machine.responseReceived(status: response.status), for: client)
    }

    private func perform(_ actions: TransactionActions, for client: ClientTransaction) {
        if actions.contains(.sendRequest) { channel.send(client.bytes, to: client.destination) }
        if !actions.cancel.isDisjoint(with: .retransmission) { client.retransmission?.cancel() }
        if !actions.cancel.isDisjoint(with: .lifetime) { client.lifetime?.cancel() }
        if let request = actions.retransmission {
            client.retransmission = after(request.interval) { [weak self, weak client] in
                if let self, let client { self.perform(client.machine.timerFired(request.timer), for: client) }
            }
        }
        if let request = actions.lifetime {
            client.lifetime = after(request.interval) { [weak self, weak client] in
                if let self, let client { self.perform(client.machine.timerFired(request.timer), for: client) }
            }
        }
        if actions.contains(.terminated) { clients[client.branch] = nil }
    }
}
