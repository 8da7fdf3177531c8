// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import SIPTransaction

/// A planned dialog while it is played.
struct LiveDialog {
    enum Phase {
        /// Its turn has not come.
        case waiting
        /// Its socket is being opened.
        case opening
        case running
        case finished
    }

    var phase = Phase.waiting
    /// The step that comes next.
    var next = 0
    var callID: [UInt8] = []
    var localTag: [UInt8] = []
    /// The last sequence number used; nil before the first request.
    var sequenceNumber: UInt32?
    /// Requests by their step.
    var requests: [Int: LiveRequest] = [:]
    /// Steps whose awaited request has come.
    var arrived: Set<Int> = []
    /// The other sides that answered, by tag.
    var remotes: [RemoteDialog] = []
    /// The place of the one the dialog is confirmed with.
    var confirmed: Int?
    /// Whether a BYE went either way, or the dialog broke.
    var isOver = false
    /// Whether the replay ends the call itself, since the capture does not.
    var isHangingUp = false
    /// Transactions that belong to no step and must end first.
    var extraTransactions = 0
    /// Captured PRACKs that were sent.
    var sentPRACKs: Set<Int> = []
    /// Credentials of the last INVITE, which its ACK repeats (RFC 3261 §22.1).
    var credentials: [UInt8] = []
    /// The message whose session description was sent last.
    var session: SIPMessage?
    /// The server transaction of the INVITE that began the dialog.
    var invitation: Int?
    var isAcknowledged = false
    /// What the client answered to it.
    var invitationAnswer = ObservedAnswer()
    /// The client's next captured answer to that INVITE.
    var nextAnswer = 0
    var invitedAt = Instant(milliseconds: 0)
    /// Since when the next step, an awaited one, is waited for.
    var expectingSince: Instant?
    var wake = TimerHandle.none
    var notes: [String] = []
    var differences: [ReplayDifference] = []

    /// The dialog that requests are sent in.
    var remote: RemoteDialog? { confirmed.map { remotes[$0] } ?? remotes.last }

    mutating func note(_ text: String) {
        if notes.count < 16, !notes.contains(text) { notes.append(text) }
    }
}

/// A request of a dialog while it is under way.
struct LiveRequest {
    /// How a request ended.
    enum Outcome: Hashable {
        case answered
        /// No answer; the text says why.
        case failed(String)
        /// It was not sent; the text says why.
        case notSent(String)
    }

    var answer = ObservedAnswer()
    var outcome: Outcome?
    /// The client transaction; nil when there is none any more.
    var transaction: Int?
    /// What was sent last.
    var sent: SIPMessage?
    var hasProvisional = false
    var isCancelled = false
    var deadline: Instant?
    /// Realms that were answered for.
    var realms: Set<String> = []
    /// How many challenges were answered.
    var answered = 0
    /// ACKs of 2xx by the tag they acknowledge.
    var acknowledgements: [[UInt8]: [UInt8]] = [:]

    var isPending: Bool { outcome == nil }
}
