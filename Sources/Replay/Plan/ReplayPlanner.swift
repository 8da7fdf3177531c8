// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import MonotonicTime
import SIPMessage
import SIPParser
package import TraceCapture

/// Makes a plan out of a capture: give it every message in the order of the capture, then `finish`.
package struct ReplayPlanner: Sendable {
    /// A message that was read, with how it travelled.
    struct Entry: Sendable {
        let message: SIPMessage
        let source: CaptureAddress?
        let destination: CaptureAddress?
        let transport: PlannedLine.Transport
        let place: CapturePlace
        let ordinal: Int
        /// Since the capture's first message.
        let offset: Interval
        let isTruncated: Bool

        var branch: ArraySlice<UInt8> { message.bytes[message.mandatory.via.branch.indices] }
    }

    /// All messages of a dialog, on whatever leg.
    struct Group: Sendable {
        var entries: [Entry] = []
    }

    let options: ReplayPlanOptions
    var plan = ReplayPlan()
    var groups: [Group] = []
    private var names: [DialogName: Int] = [:]
    private var begin: CaptureTime?
    private let scanner = Scanner()
    /// The latest unanswered or challenged opening request for each Call-ID, for clients that change their tag.
    private var openings: [[UInt8]: Int] = [:]

    /// Makes a planner.
    package init(_ options: ReplayPlanOptions = ReplayPlanOptions()) {
        self.options = options
    }

    /// Takes the capture's next message.
    package mutating func take(_ captured: CapturedMessage) {
        plan.counts.messages += 1
        if begin == nil { begin = captured.time }
        if captured.isTruncated { plan.counts.truncated += 1 }
        let message: SIPMessage
        do {
            message = try scanner.scan(captured.bytes, .datagram)
        } catch {
            plan.counts.unreadable += 1
            return plan.note("\(captured.place): \(error.reason)")
        }
        let entry = Entry(
            message: message,
            source: captured.source,
            destination: captured.destination,
            transport: transport(of: captured, message),
            place: captured.place,
            ordinal: plan.counts.messages,
            offset: offset(of: captured.time),
            isTruncated: captured.isTruncated
        )
        let index = group(of: message, entry)
        groups[index].entries.append(entry)
    }

    /// Takes note of something in the capture that could not be read.
    package mutating func take(_ note: CaptureNote) {
        plan.note(note.description)
    }

    /// The plan.
    package consuming func finish() -> ReplayPlan {
        findServers()
        buildDialogs()
        return plan
    }

    private func transport(of captured: CapturedMessage, _ message: SIPMessage) -> PlannedLine.Transport {
        if let forced = options.transport { return forced }
        switch captured.transport {
        case .udp: return .udp
        case .tcp: return .tcp
        case .unknown: return [.tcp, .tls].contains(message.mandatory.via.transport) ? .tcp : .udp
        }
    }

    private func offset(of time: CaptureTime?) -> Interval {
        guard let time, let begin else { return .milliseconds(0) }
        let (difference, overflows) = time.nanoseconds.subtractingReportingOverflow(begin.nanoseconds)
        return .milliseconds(overflows ? 0 : max(0, difference / 1_000_000))
    }

    private mutating func group(of message: SIPMessage, _ entry: Entry) -> Int {
        let mandatory = message.mandatory
        let fromCaller = DialogName(message, tag: mandatory.fromTag)
        if let known = names[fromCaller] { return known }
        if !mandatory.toTag.isEmpty, let known = names[DialogName(message, tag: mandatory.toTag)] { return known }
        let callID = message.copy(mandatory.callID)
        if message.isRequest, mandatory.toTag.isEmpty, let known = openings[callID],
            let first = groups[known].entries.first,
            first.message.method == message.method, first.source == entry.source,
            mandatory.sequenceNumber > first.message.mandatory.sequenceNumber,
            // Some clients use one Call-ID for the registrations of all their accounts.
            message.text(mandatory.from.uri.whole) == first.message.text(first.message.mandatory.from.uri.whole)
        {
            names[fromCaller] = known
            return known
        }
        groups.append(Group())
        names[fromCaller] = groups.count - 1
        if message.isRequest { openings[callID] = groups.count - 1 }
        return groups.count - 1
    }
}

/// Names a dialog as its first sender began it: Call-ID and tag, byte for byte.
struct DialogName: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ message: SIPMessage, tag: FieldRange) {
        bytes = message.copy(message.mandatory.callID) + [0] + message.copy(tag)
    }
}
