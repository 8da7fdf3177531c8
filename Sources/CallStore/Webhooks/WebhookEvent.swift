// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
package import MonotonicTime

/// What webhooks tell of a call.
package enum WebhookEvent: String, Hashable, Sendable, CaseIterable {
    case callCreated = "call_created"
    case callRinging = "call_ringing"
    case callProgressing = "call_progressing"
    case callCanceling = "call_canceling"
    case callTerminating = "call_terminating"
    case callHangup = "call_hangup"
    case callDeleted = "call_deleted"

    /// An event and when it happened.
    package struct Occurrence: Hashable, Sendable {
        /// What happened.
        package var event: WebhookEvent
        /// When.
        package var time: WallTime

        /// Makes an occurrence.
        package init(_ event: WebhookEvent, _ time: WallTime) {
            self.event = event
            self.time = time
        }
    }

    /// What happened to a call since it had the status `earlier`, in order.
    ///
    /// The writer folds several changes of one call into one; the times on the record, and which side ended the call, say
    /// which states it went through. A call that policy refused has no events: it never was.
    ///
    /// - Parameters:
    ///   - earlier: The status before; nil for a call that is new.
    ///   - record: The call as it is now.
    /// - Returns: The events in order; empty when nothing happened that is told.
    package static func between(_ earlier: CallStatus?, _ record: CallRecord) -> [Occurrence] {
        guard record.isApproved, earlier != .hangup else { return [] }
        var found: [Occurrence] = []
        if earlier == nil { found.append(Occurrence(.callCreated, record.created)) }
        let wasDialing = earlier == nil || earlier == .dialing
        if wasDialing, let time = record.ringing { found.append(Occurrence(.callRinging, time)) }
        if wasDialing || earlier == .ringing, let time = record.progressing {
            found.append(Occurrence(.callProgressing, time))
        }
        let wasEnding = earlier == .terminating || earlier == .canceling
        if !wasEnding, record.wasEndedHere {
            let time = record.status == .hangup ? record.hangup ?? record.updated : record.updated
            found.append(Occurrence(record.progressing == nil ? .callCanceling : .callTerminating, time))
        }
        if record.status == .hangup { found.append(Occurrence(.callHangup, record.hangup ?? record.updated)) }
        return found
    }
}

extension CallRecord {
    /// Whether this side has begun to end the call.
    fileprivate var wasEndedHere: Bool {
        switch status {
        case .terminating, .canceling: true
        case .hangup: hangupBy == .local
        case .dialing, .ringing, .progressing: false
        }
    }

    /// The call as it stood when something happened to it: a call only moves forward and keeps its times, so that every
    /// earlier state can be read off a later one.
    package func asOf(_ occurrence: WebhookEvent.Occurrence) -> CallRecord {
        var record = self
        switch occurrence.event {
        case .callDeleted: return self
        case .callCreated: record.status = .dialing
        case .callRinging: record.status = .ringing
        case .callProgressing: record.status = .progressing
        case .callCanceling: record.status = .canceling
        case .callTerminating: record.status = .terminating
        case .callHangup: record.status = .hangup
        }
        record.updated = occurrence.time
        if occurrence.event == .callCreated || (ringing.map { $0 > occurrence.time } ?? false) { record.ringing = nil }
        if occurrence.event == .callCreated || occurrence.event == .callRinging { record.progressing = nil }
        if occurrence.event != .callHangup {
            record.hangup = nil
            record.hangupBy = .none
            record.hangupReason = .none
            record.finalStatus = 0
            record.cause = nil
        }
        return record
    }
}
