// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPTransaction

/// One request of the live server and its machine.
struct ServerTransaction {
    enum Machine {
        case invite(INVITEServerTransaction)
        case other(NonINVITEServerTransaction)
    }

    let key: TransactionKey
    let request: SIPMessage
    let line: Int
    /// The dialog it belongs to; nil outside all.
    var dialog: Int?
    let tag: [UInt8]
    var machine: Machine
    var response: [UInt8] = []
    /// The repetition of a 2xx until its ACK.
    var success: SuccessResponseRetransmission?
    var successTimer = TimerHandle.none
    var retransmission = TimerHandle.none
    var lifetime = TimerHandle.none

    mutating func act(
        _ invite: (inout INVITEServerTransaction) -> TransactionActions,
        _ other: (inout NonINVITEServerTransaction) -> TransactionActions
    ) -> TransactionActions {
        switch machine {
        case .invite(var machine):
            defer { self.machine = .invite(machine) }
            return invite(&machine)
        case .other(var machine):
            defer { self.machine = .other(machine) }
            return other(&machine)
        }
    }
}

extension TransactionKey {
    /// The key of the server transaction that a request belongs to (RFC 3261 §17.2.3); with `method` that of another
    /// method's, as a CANCEL's INVITE.
    static func server(of message: SIPMessage, method: String? = nil) -> TransactionKey {
        let bytes = message.bytes
        let via = message.mandatory.via
        let name = Array((method ?? message.methodText).utf8)
        let branch = bytes.span.extracting(via.branch.indices)
        if TransactionKey.isUnique(branch: branch) {
            return .server(
                branch: branch,
                sentByHost: bytes.span.extracting(via.host.indices),
                sentByPort: via.port ?? 5060,
                method: name.span
            )
        }
        return .server(
            requestURI: bytes.span.extracting(message.requestURI?.whole.indices ?? 0..<0),
            toTag: bytes.span.extracting(message.mandatory.toTag.indices),
            fromTag: bytes.span.extracting(message.mandatory.fromTag.indices),
            callID: bytes.span.extracting(message.mandatory.callID.indices),
            sequenceNumber: message.mandatory.sequenceNumber,
            method: name.span,
            topmostVia: bytes.span.extracting(via.whole.indices)
        )
    }
}
