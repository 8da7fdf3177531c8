// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import DigestAuthentication
package import MonotonicTime
import SIPMessage
import SIPParser
import SIPTransaction

/// Plays a plan against a live server: messages, openings and time in, messages and reports out; no socket, no clock.
///
/// Call `begin`, then tell it what happens; after each call take outputs until there are none, and call `advance` when
/// `nextDeadline` is reached. It belongs to one thread.
package struct ReplayMachine: ~Copyable {
    /// What the owner is to do.
    package enum Output: Sendable {
        /// Open a socket for a client; answer with `opened` or `failed`.
        case open(line: Int, PlannedLine.Transport)
        /// Send a message from a client's socket.
        case send(line: Int, [UInt8])
        /// A dialog is over.
        case report(ReplayReport)
    }

    enum Line {
        case closed
        /// Dialogs that wait for it.
        case opening([Int])
        case open(LocalEndpoint)
    }

    let plan: ReplayPlan
    let options: ReplayOptions
    let secrets: ReplaySecrets
    let map: HostMap
    let responder: DigestResponder
    let scanner = Scanner()
    var random: RandomTokenSource
    var wheel: TimerWheel
    var now: Instant
    let origin: Instant
    var lines: [Line]
    var dialogs: [LiveDialog]
    var order: ReplayOrder
    /// Where in `order.callers` the next dialog to begin stands.
    var nextCaller = 0
    var running = 0
    var finishedCount = 0
    var needsSchedule = true
    var startWake = TimerHandle.none
    var clients: [ClientTransaction?] = []
    var freeClients: [Int] = []
    var clientsByBranch: [UInt64: Int] = [:]
    var cancelsByBranch: [UInt64: Int] = [:]
    var servers: [ServerTransaction?] = []
    var freeServers: [Int] = []
    var serversByKey: [TransactionKey: Int] = [:]
    var dialogsByCallID: [[UInt8]: Int] = [:]
    /// Call-ID, tag and last sequence number of each client's registrations.
    var registrations: [Int: Registration] = [:]
    private var outputs: [Output] = []
    private var taken = 0

    struct Registration {
        var callID: [UInt8]
        var tag: [UInt8]
        var sequenceNumber: UInt32?
    }

    /// Prepares a replay that begins at `now`.
    ///
    /// - Throws: `CryptographyError` when the library lacks a hash or random numbers.
    package init(
        _ plan: ReplayPlan,
        _ options: ReplayOptions,
        _ secrets: ReplaySecrets,
        now: Instant
    ) throws(CryptographyError) {
        // Before anything is set: a value that cannot be copied must not be left half made.
        let responder = try DigestResponder()
        let random = try RandomTokenSource()
        self.plan = plan
        self.options = options
        self.secrets = secrets
        map = HostMap(serverNames: plan.serverNames, domain: options.domain)
        self.responder = responder
        self.random = random
        wheel = TimerWheel(startingAt: now, tick: .milliseconds(1))
        self.now = now
        origin = now
        lines = Array(repeating: .closed, count: plan.lines.count)
        dialogs = Array(repeating: LiveDialog(), count: plan.dialogs.count)
        order = ReplayOrder(plan.dialogs)
    }

    /// Whether every dialog is over.
    package var isFinished: Bool { finishedCount == dialogs.count }

    /// How many dialogs are over.
    package var finishedDialogs: Int { finishedCount }

    /// When `advance` is needed next; nil when nothing is waited for but messages.
    package var nextDeadline: Instant? { wheel.nextDeadline }

    /// The next thing to do; nil when there is none.
    package mutating func nextOutput() -> Output? {
        guard taken < outputs.count else {
            outputs.removeAll(keepingCapacity: true)
            taken = 0
            return nil
        }
        defer { taken += 1 }
        return outputs[taken]
    }

    mutating func put(_ output: Output) { outputs.append(output) }
}

/// What happens to the machine.
extension ReplayMachine {
    /// Begins.
    package mutating func begin() { settle() }

    /// Time has passed.
    package mutating func advance(to now: Instant) {
        self.now = now
        while let token = wheel.popExpired(at: now) { fired(token) }
        settle()
    }

    /// A client's socket is open.
    package mutating func opened(_ line: Int, at local: LocalEndpoint, now: Instant) {
        self.now = now
        guard lines.indices.contains(line), case .opening(let waiting) = lines[line] else { return }
        lines[line] = .open(local)
        for dialog in waiting where dialogs[dialog].phase == .opening {
            dialogs[dialog].phase = .running
            advance(dialog)
        }
        settle()
    }

    /// A client's socket could not be opened, or broke.
    package mutating func failed(_ line: Int, _ reason: String, now: Instant) {
        self.now = now
        guard lines.indices.contains(line) else { return }
        let state = lines[line]
        lines[line] = .closed
        if case .opening(let waiting) = state {
            for dialog in waiting where dialogs[dialog].phase == .opening { abandon(dialog, reason) }
        }
        for slot in clients.indices where clients[slot]?.line == line { transportFailed(slot, reason) }
        settle()
    }

    /// Whole messages came to a client's socket.
    package mutating func received(_ bytes: [UInt8], on line: Int, now: Instant) {
        self.now = now
        guard lines.indices.contains(line), bytes.contains(where: { $0 > 32 }),
            let message = try? scanner.scan(bytes, .datagram)
        else { return }
        if message.isRequest { requestReceived(message, line) } else { responseReceived(message) }
        settle()
    }

    /// Gives up what is left, as the user asks; calls in progress are ended with BYE or CANCEL as far as that goes
    /// without waiting.
    package mutating func interrupt(now: Instant) {
        self.now = now
        for dialog in dialogs.indices where dialogs[dialog].phase != .finished {
            if dialogs[dialog].phase == .running { release(dialog) }
            abandon(dialog, "interrupted")
        }
        settle()
    }

    private mutating func release(_ dialog: Int) {
        if dialogs[dialog].confirmed != nil, !dialogs[dialog].isOver { return hangUp(dialog) }
        for (step, request) in dialogs[dialog].requests where request.isPending && request.hasProvisional {
            cancel(dialog, step, like: nil)
        }
    }
}

/// The purposes of timers beyond those of transactions.
enum TimerPurpose {
    /// Added to the raw value of a server transaction's timer.
    static let server: UInt32 = 32
    /// The repetition of a 2xx.
    static let success: UInt32 = 64
    /// A dialog looks what is to be done.
    static let dialog: UInt32 = 96
    /// The next dialog may begin.
    static let start: UInt32 = 97
}

/// When dialogs begin and end.
extension ReplayMachine {
    private mutating func fired(_ token: TimerToken) {
        let owner = Int(token.owner)
        switch token.purpose {
        case TimerPurpose.start: needsSchedule = true
        case TimerPurpose.dialog:
            dialogs[owner].wake = .none
            advance(owner)
        case TimerPurpose.success: repeatSuccess(owner)
        case TimerPurpose.server..<TimerPurpose.success:
            guard let timer = TransactionTimer(rawValue: UInt8(token.purpose - TimerPurpose.server)) else { return }
            serverTimerFired(owner, timer)
        default:
            guard let timer = TransactionTimer(rawValue: UInt8(truncatingIfNeeded: token.purpose)) else { return }
            clientTimerFired(owner, timer)
        }
    }

    private mutating func settle() {
        while needsSchedule {
            needsSchedule = false
            schedule()
        }
    }

    private mutating func schedule() {
        wheel.cancel(startWake)
        startWake = .none
        while nextCaller < order.callers.count, running < max(1, options.concurrency) {
            let dialog = order.callers[nextCaller]
            let due = origin + options.scaled(plan.dialogs[dialog].offset)
            guard due <= now else {
                startWake = wheel.arm(at: due, TimerToken(owner: 0, purpose: TimerPurpose.start))
                break
            }
            guard order.mayBegin(dialog) else { break }
            nextCaller += 1
            start(dialog)
        }
        for dialog in order.callees where dialogs[dialog].phase == .waiting {
            guard order.isOverdue(dialog) else { break }
            abandon(dialog, "it did not come")
        }
    }

    private mutating func start(_ dialog: Int) {
        running += 1
        name(dialog)
        let line = plan.dialogs[dialog].line
        switch lines[line] {
        case .open:
            dialogs[dialog].phase = .running
            advance(dialog)
        case .opening(let waiting):
            dialogs[dialog].phase = .opening
            lines[line] = .opening(waiting + [dialog])
        case .closed:
            dialogs[dialog].phase = .opening
            lines[line] = .opening([dialog])
            put(.open(line: line, plan.lines[line].transport))
        }
    }

    /// Fresh Call-ID and tag; registrations of one client share theirs (RFC 3261 §10.2).
    private mutating func name(_ dialog: Int) {
        let group = plan.dialogs[dialog].group
        let known = group.flatMap { registrations[$0] }
        let callID = known?.callID ?? token(24)
        let tag = known?.tag ?? token(10)
        dialogs[dialog].callID = callID
        dialogs[dialog].localTag = tag
        dialogs[dialog].sequenceNumber = known?.sequenceNumber
        if let group, known == nil { registrations[group] = Registration(callID: callID, tag: tag) }
        dialogsByCallID[callID] = dialog
    }

    mutating func token(_ length: Int) -> [UInt8] {
        var text: [UInt8] = []
        random.appendToken(length: length, to: &text)
        return text
    }

    /// Ends a dialog that cannot go on.
    mutating func abandon(_ dialog: Int, _ reason: String) {
        for (step, request) in dialogs[dialog].requests where request.isPending {
            dialogs[dialog].requests[step]?.outcome = .failed(reason)
        }
        finish(dialog, failure: reason)
    }

    mutating func finish(_ dialog: Int, failure: String = "") {
        guard dialogs[dialog].phase != .finished else { return }
        let wasRunning = dialogs[dialog].phase != .waiting && plan.dialogs[dialog].role == .caller
        put(.report(report(dialog, failure: failure)))
        wheel.cancel(dialogs[dialog].wake)
        if plan.dialogs[dialog].group == nil { dialogsByCallID[dialogs[dialog].callID] = nil }
        var rest = LiveDialog()
        rest.phase = .finished
        rest.callID = dialogs[dialog].callID
        dialogs[dialog] = rest
        finishedCount += 1
        if wasRunning { running -= 1 }
        order.finished(dialog)
        needsSchedule = true
    }
}
