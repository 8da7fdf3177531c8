// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
package import SIPMessage
package import TraceCapture

/// What of a capture is replayed: its dialogs in the order they began, and the sockets they need.
package struct ReplayPlan: Sendable {
    /// The dialogs, in the order in which the capture shows their first requests.
    package internal(set) var dialogs: [PlannedDialog] = []
    /// The clients of the capture: each gets a socket of its own.
    package internal(set) var lines: [PlannedLine] = []
    /// The addresses that are taken for the captured server; empty when the trace names no addresses.
    package internal(set) var servers: [CaptureAddress] = []
    /// What told the server, in words.
    package internal(set) var serverEvidence = ""
    /// Hosts that meant the captured server, in lower case.
    package internal(set) var serverNames: Set<String> = []
    /// What the capture held, counted.
    package internal(set) var counts = ReplayPlanCounts()
    /// What was left out, and why, in words; at most 50.
    package internal(set) var notes: [String] = []

    init() {}

    mutating func note(_ text: String) {
        if notes.count < 50 { notes.append(text) }
    }
}

/// What a capture held, counted.
package struct ReplayPlanCounts: Hashable, Sendable {
    /// SIP messages that the capture delivered.
    package internal(set) var messages = 0
    /// Messages that could not be read.
    package internal(set) var unreadable = 0
    /// Messages whose end was not captured.
    package internal(set) var truncated = 0
    /// Requests and responses that were captured before.
    package internal(set) var retransmissions = 0
    /// Dialogs that are not between a client and the server: other legs.
    package internal(set) var otherLegs = 0
    /// Dialogs whose beginning was not captured.
    package internal(set) var partial = 0
    /// Dialogs that the limit left out.
    package internal(set) var beyondLimit = 0

    init() {}
}

/// A client of the capture, by the address it sends from.
package struct PlannedLine: Hashable, Sendable {
    /// The transports that requests are replayed over.
    package enum Transport: String, Hashable, Sendable, CaseIterable {
        case udp
        case tcp
    }

    /// The captured address; for a trace without addresses, who stands in From.
    package let client: String
    /// How its requests are replayed.
    package let transport: Transport
}

/// One dialog of the capture, or one exchange outside dialogs, as it is replayed.
package struct PlannedDialog: Sendable {
    /// Which side the client is on.
    package enum Role: Sendable {
        /// The client sent the first request.
        case caller
        /// The server sent the first request; it is awaited.
        case callee
    }

    /// Its place among the replayed dialogs, from 1.
    package internal(set) var number = 0
    /// Where its first request stands in the capture.
    package let place: CapturePlace
    /// The first request's method, as written.
    package let method: String
    /// Who stands in From: the user part, or the host when there is none.
    package let caller: String
    /// What was called: the Request-URI of the first request; in REGISTER the user part of To.
    package let called: String
    /// The captured Call-ID.
    package let callID: String
    /// Which side the client is on.
    package let role: Role
    /// Which socket it uses.
    package internal(set) var line = 0
    /// What is sent and awaited, in the order of the capture.
    package internal(set) var steps: [PlannedStep] = []
    /// User names that may prove the client, the surest first.
    package internal(set) var usernames: [String] = []
    /// The first request's place among all messages of the capture.
    let firstOrdinal: Int
    /// The last message's place among all messages of the capture.
    var lastOrdinal: Int
    /// When the first request was captured, counted from the capture's first message.
    let offset: Interval
    /// Dialogs that share a Call-ID, as all registrations of one client do.
    var group: Int?
    var isRegistration: Bool { method == "REGISTER" }
}

/// One thing that happens in a dialog.
package enum PlannedStep: Sendable {
    /// The client sends a request.
    case send(PlannedRequest)
    /// The server sends a request.
    case expect(ExpectedRequest)
}

/// A request that is sent.
package struct PlannedRequest: Sendable {
    /// What must have come before a request is sent, since the capture shows it before.
    enum Wait: Hashable, Sendable {
        /// A provisional response above 100 to the request of a step, or its final one.
        case provisional(Int)
        /// The final response to the request of a step.
        case final(Int)
    }

    /// The captured request; of a challenged one the last, which has credentials.
    package internal(set) var message: SIPMessage
    /// The sequence number of the first one, before any challenge.
    let firstSequenceNumber: UInt32
    /// The captured ACK of its 2xx.
    var acknowledgement: SIPMessage?
    /// What the capture shows as answers.
    package internal(set) var answer = ObservedAnswer()
    var waits: [Wait] = []
    /// When it was captured, counted from the capture's first message.
    let offset: Interval
    /// When its final response was captured.
    var answeredOffset: Interval?
    /// For CANCEL the step of its INVITE.
    var cancelled: Int?

    var method: Method { message.method }
    var isWithinDialog: Bool { !message.mandatory.toTag.isEmpty }
}

/// A request that is awaited.
package struct ExpectedRequest: Sendable {
    /// An answer of the client.
    struct Answer: Sendable {
        let message: SIPMessage
        /// How long after the request it was captured.
        let delay: Interval
    }

    /// The captured request.
    package let message: SIPMessage
    /// What the client answered, provisional responses first.
    var answers: [Answer] = []
    /// When it was captured, counted from the capture's first message.
    let offset: Interval

    var method: Method { message.method }
    var finalStatus: Int? { answers.last { $0.message.status >= 200 }?.message.status }
}

extension SIPMessage {
    /// The method's text; in a response that of the request it answers, when it is a known one.
    var methodText: String {
        if case .request(_, let name, _) = startLine { return text(name) }
        return "\(mandatory.sequenceMethod.wireName)"
    }
}
