// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import DigestAuthentication
import MonotonicTime
import SIPMessage
import SIPParser
package import TraceCapture

/// Judges the calls of a capture by a policy, with the engine and the call control that serve live traffic.
///
/// Every INVITE outside a dialog is a call of its own, but for these:
///
/// * a retransmission, and the repetition of an INVITE after a challenge: they belong to the call they repeat;
/// * one that comes from a trunk of the policy or goes to one: another leg;
/// * one with the Call-ID, tag and CSeq of a call, or sent by the address that received that call: another leg;
/// * one sent by the address that received a call within the second before, with the same session: another leg.
///
/// With `judgesEveryInvite` the last three are calls too. An INVITE without credentials is judged when something else
/// than a challenge answers it, or after 32 seconds; one that is challenged and not repeated within 90 seconds is not
/// judged.
///
/// Time is the capture's. Calls come out in the order in which they began, each when it has ended: after its last
/// message by 32 seconds, at the longest duration of calls, or at the end. At most `openCalls` are followed,
/// holding at most `heldBytes`.
package struct DryRun {
    /// What was seen so far.
    package internal(set) var counts = DryRunCounts()

    let world: DryRunWorld
    let options: DryRunOptions
    let finder: CallerFinder
    let digest: DigestCheck
    let preview: OutboundPreview
    let trunkPlaces: [(host: ReceivedText, port: Int)]
    var usages: [ResourceIdentifier: CustomerUsage] = [:]
    var book = RegistrationBook()
    var calls: [DialogKey: OpenCall] = [:]
    var legs: [DialogKey: OpenCall] = [:]
    var offers: [OfferFingerprint: OpenCall] = [:]
    var order = CallOrder()
    /// Octets that `calls` hold, by their own reckoning.
    var heldBytes = 0
    var queue: [OpenCall] = []
    var queueStart = 0
    /// Calls that wait for an answer which shows that they need no credentials, in the order in which they began.
    var unsettled: [OpenCall] = []
    var unsettledStart = 0
    /// The capture's time in milliseconds.
    var now: Int64 = 0
    private var hasSteppedBack = false
    var sinceSweep = 0
    var lastSweep: Int64 = .min
    var noted: [CaptureNote] = []
    /// Refused messages that were seen a short while ago, so that a retransmission of one is not a call.
    var refused: Set<[UInt8]> = []

    /// How long an ended call waits for stragglers, and an unanswered question for its answer: 64*T1.
    static let patience: Int64 = 32_000
    /// How long a challenged call waits for the INVITE with credentials: somebody may have to type a password.
    static let typingPatience: Int64 = 90_000
    /// How far apart messages may be that come out of order.
    private static let tolerance: Int64 = 5_000
    /// How long an INVITE may go without a final response: Timer C (RFC 3261 §16.6) and some.
    static let longestRinging: Int64 = 200_000

    /// Makes a dry run that has seen nothing.
    package init(_ world: DryRunWorld, options: DryRunOptions = DryRunOptions()) {
        self.world = world
        self.options = options
        finder = CallerFinder(world.snapshot, caller: options.caller)
        digest = DigestCheck(world)
        preview = OutboundPreview(world)
        trunkPlaces = world.snapshot.trunks.map { (ReceivedText($0.host), $0.port == 0 ? 5060 : $0.port) }
        order.room = options.waitingCalls
        order.roomBytes = options.heldBytes
    }

    /// Takes the next message of the capture.
    package mutating func take(_ captured: CapturedMessage) {
        counts.messages += 1
        if captured.isTruncated { counts.truncated += 1 }
        if let time = captured.time { advance(to: time, captured.place) }
        settleDue()
        sweepIfDue()
        let message: SIPMessage
        do {
            message = try read(captured)
        } catch {
            return refuse(captured, error)
        }
        counts.readable += 1
        if message.isRequest { request(message, captured) } else { response(message, captured) }
    }

    /// Reads a message as the gateway would.
    private func read(_ captured: CapturedMessage) throws(ParseError) -> SIPMessage {
        guard captured.transport == .tcp else { return try world.reader.read(captured.bytes, .datagram) }
        let limits = world.reader.scanner.limits
        guard captured.bytes.count > limits.messageBytes, !captured.isTruncated else {
            return try world.reader.read(captured.bytes, .stream)
        }
        // The gateway gives up such a message at the end of its header section, which is all that it reads.
        let end = captured.bytes.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A])?.upperBound ?? captured.bytes.count
        do {
            return try world.reader.read(Array(captured.bytes[..<min(end, limits.messageBytes)]), .stream)
        } catch {
            let reason = "the message is longer than \(limits.messageBytes) bytes"
            let status = error.status == nil ? nil : 513
            throw ParseError(.limit, reason, at: 0, status: status, bytes: error.bytes, fields: error.fields)
        }
    }

    /// The capture is over: every call has ended.
    package mutating func finish() {
        for call in queue[queueStart...] where calls[call.key] === call { close(call) }
        queue = []
        queueStart = 0
        unsettled = []
        unsettledStart = 0
        order.flush()
    }

    /// The next finished call; nil when there is none yet.
    package mutating func nextCall() -> JudgedCall? { order.next() }

    /// The next message that was refused, with the reason; nil when there is none.
    package mutating func nextNote() -> CaptureNote? {
        noted.isEmpty ? nil : noted.removeFirst()
    }

    /// Moves the capture's clock, which never goes back: limits would forget what they counted.
    private mutating func advance(to time: CaptureTime, _ place: CapturePlace) {
        let moment = time.nanoseconds / 1_000_000
        if moment < now &- Self.tolerance, !hasSteppedBack {
            hasSteppedBack = true
            let text =
                "time steps back by more than 5 s; limits go on with the latest time: give captures in their order"
            noted.append(CaptureNote(.text, text, at: place))
        }
        now = max(now, moment)
    }

    private mutating func refuse(_ captured: CapturedMessage, _ error: ParseError) {
        counts.unreadable += 1
        let place = "byte \(error.offset) of the message"
        let cut = captured.isTruncated ? "; the capture does not hold all of it" : ""
        noted.append(CaptureNote(.framing, "message refused: \(error.reason) (\(place))\(cut)", at: captured.place))
        guard captured.bytes.starts(with: "INVITE ".utf8), isOutgoing(captured) else { return }
        guard captured.isTruncated || error.status != nil else { return }
        if refused.count >= 4_096 { refused.removeAll() }
        guard refused.insert(Array(captured.bytes.prefix(2_048))).inserted else {
            counts.retransmissions += 1
            return
        }
        counts.invites += 1
        let number = order.begin()
        order.finish(JudgedCall(number, ordinal: counts.messages, captured, error))
    }

    /// Whether an INVITE neither comes from a trunk of the policy nor goes to one.
    func isOutgoing(_ captured: CapturedMessage) -> Bool {
        guard !options.judgesEveryInvite else { return true }
        let gateway = captured.destination?.hostText
        return !trunkPlaces.contains { trunk in
            let host = trunk.host.printable
            if let source = captured.source, source.hostText == host {
                if Int(source.port) == trunk.port || host != gateway { return true }
            }
            guard let destination = captured.destination else { return false }
            return destination.hostText == host && Int(destination.port) == trunk.port
        }
    }
}

extension JudgedCall {
    /// A call whose INVITE cannot be read.
    init(_ number: Int, ordinal: Int, _ captured: CapturedMessage, _ error: ParseError) {
        self.number = number
        self.ordinal = ordinal
        place = captured.place
        time = captured.time
        source = captured.source
        destination = captured.destination
        func text(_ name: HeaderName) -> String? {
            let field = error.fields.first { $0.name == name }
            return field.map { String(decoding: error.bytes[$0.value.indices], as: UTF8.self) }
        }
        callID = text(.callID) ?? ""
        invite = nil
        let line = captured.bytes.prefix { $0 != 0x0D && $0 != 0x0A }
        dialled = String(decoding: line.split(separator: 0x20).dropFirst().first ?? [], as: UTF8.self)
        caller = nil
        if captured.isTruncated {
            verdict = .unjudged("the capture holds only part of the INVITE: capture whole packets (snap length 0)")
        } else {
            let status = error.status ?? 400
            verdict = .refused(EarlyRefusal(stage: .message, status: status, reason: error.reason))
        }
        attempts = []
        outcome = CapturedOutcome()
        let step = CapturedStep(
            time: captured.time,
            source: captured.source,
            destination: captured.destination,
            label: "INVITE",
            isRequest: true,
            place: captured.place
        )
        steps = [step]
        furtherSteps = 0
        notes = []
    }
}
