// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPTransaction

/// One request of the replay and its machine.
struct ClientTransaction {
    enum Machine {
        case invite(INVITEClientTransaction)
        case other(NonINVITEClientTransaction)
    }

    let branch: UInt64
    let dialog: Int
    /// The step it belongs to; nil for what the capture does not hold.
    let step: Int?
    let line: Int
    let message: SIPMessage
    var machine: Machine
    /// The ACK of a refusal.
    var acknowledgement: [UInt8]?
    var retransmission = TimerHandle.none
    var lifetime = TimerHandle.none

    mutating func responded(_ status: Int) -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.responseReceived(status: status)
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.responseReceived(status: status)
        }
    }

    mutating func fired(_ timer: TransactionTimer) -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.timerFired(timer)
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.timerFired(timer)
        }
    }

    mutating func transportFailed() -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.transportFailed()
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.transportFailed()
        }
    }

    mutating func abandoned() -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return machine.abandoned()
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return machine.abandoned()
        }
    }
}
