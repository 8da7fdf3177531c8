// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import SIPMessage
import SIPTransaction
import SIPTransport
import ServerLocation

/// Names a client transaction of a shard: a CANCEL shares its INVITE's branch (RFC 3261 §9.1).
struct ClientTransactionKey: Hashable {
    let branch: UInt64
    let isCancel: Bool
}

/// A client transaction as its shard holds it: the machine, the request it repeats, and where it goes.
final class ClientTransaction {
    enum Machine {
        case invite(INVITEClientTransaction)
        case other(NonINVITEClientTransaction)
    }

    let key: ClientTransactionKey
    var request: OutgoingRequest
    var hop: NextHop
    /// The address the hop's host stands for; nil while it is looked up.
    var peer: PeerAddress?
    /// What the call knows the transaction by: its branch, or that of the first one when another server was tried.
    var identifier: UInt64
    /// The hop as it was given, when it was located here.
    var asked: NextHop?
    /// The server it went to, and those to try when that one fails.
    var server: LocatedServer?
    var others: [LocatedServer] = []
    var machine: Machine
    /// The ACK for a final response other than 2xx, once made.
    var acknowledgement: [UInt8]?
    var retransmission = TimerHandle.none
    var lifetime = TimerHandle.none
    var slot: UInt32 = 0
    /// The call that asked; nil once it is over.
    var call: ActiveCall?
    /// Hears the final response to a request outside any call, or nil when there is none.
    var completion: ((Shard, SIPMessage?) -> Void)?
    /// The ACKs of answers that came when the call was over, by the answerer's tag.
    var lateAnswers: [[UInt8]: [UInt8]] = [:]
    /// Whether the request went by TCP for its length and may still fall back to UDP (RFC 3261 §18.1.1).
    var mayFallBack = false

    init(key: ClientTransactionKey, request: OutgoingRequest, hop: NextHop, machine: Machine, call: ActiveCall?) {
        self.key = key
        self.identifier = key.branch
        self.request = request
        self.hop = hop
        self.machine = machine
        self.call = call
    }

    func start() -> TransactionActions {
        switch machine {
        case .invite(let machine): machine.start()
        case .other(let machine): machine.start()
        }
    }

    func responseReceived(status: Int) -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.responseReceived(status: status)
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.responseReceived(status: status)
        }
    }

    func timerFired(_ timer: TransactionTimer) -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.timerFired(timer)
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.timerFired(timer)
        }
    }

    func transportFailed() -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.transportFailed()
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.transportFailed()
        }
    }
}
