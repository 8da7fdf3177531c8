// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPTransaction
import SIPTransport

/// A server transaction as its shard holds it: the machine, what it repeats, and where answers go.
final class ServerTransaction {
    enum Machine {
        case invite(INVITEServerTransaction)
        case other(NonINVITEServerTransaction)
    }

    let identifier: UInt64
    let key: TransactionKey
    let source: ReceivedFrom
    let via: Via
    let template: ResponseTemplate
    var machine: Machine
    var lastResponse: [UInt8] = []
    var retransmission = TimerHandle.none
    var lifetime = TimerHandle.none
    var slot: UInt32 = 0
    /// What a copy of its INVITE by another way would share with it; empty for other requests.
    var merge: [UInt8] = []
    /// The call that answers; nil once it is over.
    var call: ActiveCall?

    init(
        identifier: UInt64,
        key: TransactionKey,
        source: ReceivedFrom,
        via: Via,
        template: ResponseTemplate,
        machine: Machine
    ) {
        self.identifier = identifier
        self.key = key
        self.source = source
        self.via = via
        self.template = template
        self.machine = machine
    }

    var isInvite: Bool {
        if case .invite = machine { true } else { false }
    }

    func requestReceived() -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.requestReceived()
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.requestReceived()
        }
    }

    func respond(status: Int) -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.respond(status: status)
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.respond(status: status)
        }
    }

    func ackReceived() -> TransactionActions {
        guard case .invite(var machine) = machine else { return .none }
        defer { self.machine = .invite(machine) }
        return machine.ackReceived()
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
}
