// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import MonotonicTime
import SIPMessage
import TraceCapture

/// Turns the messages of one captured dialog into steps.
struct DialogBuilder {
    typealias Entry = ReplayPlanner.Entry

    private let first: Entry
    private let role: PlannedDialog.Role
    private let group: Int
    /// A dialog, or one registration after the other.
    private var dialogs: [PlannedDialog] = []
    /// Sequence numbers and methods of the client's requests, with the steps they became.
    private var sent: [RequestName: Int] = [:]
    private var expected: [RequestName: Int] = [:]
    /// What was answered since the last request of the client.
    private var answered: [PlannedRequest.Wait] = []
    /// Whom captured credentials name.
    private(set) var usernames: [String] = []
    private(set) var retransmissions = 0
    private(set) var notes: [String] = []

    private struct RequestName: Hashable {
        let number: UInt32
        let method: String
    }

    init(_ first: Entry, _ role: PlannedDialog.Role, group: Int) {
        self.first = first
        self.role = role
        self.group = group
    }

    private var client: CaptureAddress? { role == .caller ? first.source : first.destination }
    private var server: CaptureAddress? { role == .caller ? first.destination : first.source }

    /// Whether a message travels between the client and the server, and not further down the line.
    func isOfLeg(_ entry: Entry) -> Bool {
        guard let client, let server, let source = entry.source, let destination = entry.destination else {
            return true
        }
        // On one machine the ports alone tell; elsewhere a side may well use several.
        if client.hostText == server.hostText {
            return (source == client && destination == server) || (source == server && destination == client)
        }
        let hosts = (source.hostText, destination.hostText)
        return hosts == (client.hostText, server.hostText) || hosts == (server.hostText, client.hostText)
    }

    /// The dialogs, in order.
    func finished() -> [PlannedDialog] {
        dialogs.map { dialog in
            var dialog = dialog
            // Whom the captured credentials name is sure; everyone else would be another caller.
            if !usernames.isEmpty { dialog.usernames = usernames }
            return dialog
        }
    }

    mutating func take(_ entry: Entry) {
        if entry.message.isRequest {
            if isFromClient(entry) { request(entry) } else { foreignRequest(entry) }
        } else if isFromClient(entry) {
            clientResponse(entry)
        } else {
            response(entry)
        }
        if !dialogs.isEmpty { dialogs[dialogs.count - 1].lastOrdinal = entry.ordinal }
    }

    private func isFromClient(_ entry: Entry) -> Bool {
        if let source = entry.source, let client, let server, client != server {
            if source == client { return true }
            if source == server { return false }
            if client.hostText != server.hostText { return source.hostText == client.hostText }
        }
        // From is the sender's in a request and the other side's in a response to it.
        let opener = first.message
        let isOpeners = entry.message.copy(entry.message.mandatory.fromTag) == opener.copy(opener.mandatory.fromTag)
        return (isOpeners == entry.message.isRequest) == (role == .caller)
    }

    private func name(_ message: SIPMessage) -> RequestName {
        RequestName(number: message.mandatory.sequenceNumber, method: message.methodText)
    }

    private mutating func begin(_ entry: Entry) {
        let message = entry.message
        let from = message.mandatory.from.uri
        let user = message.text(from.user)
        let isRegistration = message.method == .register
        let called = isRegistration ? message.mandatory.to.uri.user : message.requestURI?.whole ?? .none
        dialogs.append(
            PlannedDialog(
                place: entry.place,
                method: message.methodText,
                caller: user.isEmpty ? message.text(from.host) : user,
                called: message.text(called),
                callID: message.text(message.mandatory.callID),
                role: role,
                usernames: user.isEmpty || role == .callee ? [] : [user],
                firstOrdinal: entry.ordinal,
                lastOrdinal: entry.ordinal,
                offset: entry.offset,
                group: isRegistration ? group : nil
            )
        )
        answered = []
        sent = [:]
        expected = [:]
    }

    private var current: Int { dialogs.count - 1 }
}

/// What the client sends, and what it gets for it.
extension DialogBuilder {
    private mutating func request(_ entry: Entry) {
        let message = entry.message
        guard !entry.isTruncated || dialogs.isEmpty else {
            return notes.append("\(entry.place): the end of the \(message.methodText) was not captured: it is left out")
        }
        noteCredentials(message)
        switch message.method {
        case .ack: return acknowledgement(message)
        case _ where sent[name(message)] != nil && !isAnswerToChallenge(message):
            retransmissions += 1
            return
        default: break
        }
        if isAnswerToChallenge(message), let step = challenged(message.method) { return replace(step, entry) }
        if dialogs.isEmpty || (message.method == .register && dialogs[0].isRegistration) { begin(entry) }
        var planned = PlannedRequest(
            message: message,
            firstSequenceNumber: message.mandatory.sequenceNumber,
            waits: answered,
            offset: entry.offset
        )
        if message.method == .cancel {
            planned.cancelled = sent[RequestName(number: message.mandatory.sequenceNumber, method: "INVITE")]
        }
        answered = []
        sent[name(message)] = dialogs[current].steps.count
        dialogs[current].steps.append(.send(planned))
    }

    private mutating func noteCredentials(_ message: SIPMessage) {
        for field in message.fields where field.name == .authorization || field.name == .proxyAuthorization {
            guard let read = try? DigestCredentials(parsing: message.bytes, in: field.value.indices) else { continue }
            if !usernames.contains(read.usernameText), usernames.count < 8 { usernames.append(read.usernameText) }
        }
    }

    private func isAnswerToChallenge(_ message: SIPMessage) -> Bool {
        guard message.first(.authorization) != nil || message.first(.proxyAuthorization) != nil else { return false }
        return challenged(message.method) != nil && message.method != .ack && message.method != .cancel
    }

    /// The last request, when it is of this method and was challenged.
    private func challenged(_ method: Method) -> Int? {
        guard !dialogs.isEmpty else { return nil }
        let steps = dialogs[current].steps
        for index in steps.indices.reversed() {
            guard case .send(let planned) = steps[index] else { continue }
            return planned.method == method && planned.answer.isChallenge ? index : nil
        }
        return nil
    }

    /// A request that answers a challenge stands for the one that was challenged: the live server challenges anew.
    private mutating func replace(_ step: Int, _ entry: Entry) {
        guard case .send(var planned) = dialogs[current].steps[step] else { return }
        planned.message = entry.message
        planned.answer = ObservedAnswer()
        planned.answeredOffset = nil
        planned.acknowledgement = nil
        answered.removeAll { $0 == .final(step) || $0 == .provisional(step) }
        sent[name(entry.message)] = step
        dialogs[current].steps[step] = .send(planned)
    }

    private mutating func acknowledgement(_ message: SIPMessage) {
        let invite = RequestName(number: message.mandatory.sequenceNumber, method: "INVITE")
        guard let step = sent[invite], case .send(var planned) = dialogs[current].steps[step],
            planned.acknowledgement == nil, let status = planned.answer.status, status < 300
        else { return }
        planned.acknowledgement = message
        dialogs[current].steps[step] = .send(planned)
    }

    private mutating func response(_ entry: Entry) {
        let message = entry.message
        guard !dialogs.isEmpty else { return }
        let step =
            sent[name(message)]
            ?? sent.first { $0.key.number == message.mandatory.sequenceNumber && message.method == .other }?.value
        guard let step, case .send(var planned) = dialogs[current].steps[step],
            planned.message.mandatory.sequenceNumber == message.mandatory.sequenceNumber
        else { return }
        guard planned.answer.status == nil else {
            retransmissions += 1
            return
        }
        planned.answer.add(message)
        if message.status >= 200 {
            planned.answeredOffset = entry.offset
            answered.append(.final(step))
        } else if message.status > 100, !answered.contains(.provisional(step)) {
            answered.append(.provisional(step))
        }
        dialogs[current].steps[step] = .send(planned)
    }
}

/// What the server sends, and what the client makes of it.
extension DialogBuilder {
    private mutating func foreignRequest(_ entry: Entry) {
        let message = entry.message
        // Acknowledgements follow from what the replay itself answers.
        guard message.method != .ack, message.method != .prack, !entry.isTruncated || dialogs.isEmpty else { return }
        guard expected[name(message)] == nil else {
            retransmissions += 1
            return
        }
        if dialogs.isEmpty { begin(entry) }
        expected[name(message)] = dialogs[current].steps.count
        dialogs[current].steps.append(.expect(ExpectedRequest(message: message, offset: entry.offset)))
    }

    private mutating func clientResponse(_ entry: Entry) {
        let message = entry.message
        guard !dialogs.isEmpty, message.status > 100, let step = expected[name(message)],
            case .expect(var request) = dialogs[current].steps[step]
        else { return }
        guard request.finalStatus == nil else {
            retransmissions += 1
            return
        }
        let delay = Interval.milliseconds(max(0, (entry.offset - request.offset).milliseconds))
        request.answers.append(ExpectedRequest.Answer(message: message, delay: delay))
        dialogs[current].steps[step] = .expect(request)
    }
}

extension Interval {
    static func - (left: Interval, right: Interval) -> Interval {
        .milliseconds(left.milliseconds &- right.milliseconds)
    }
}
