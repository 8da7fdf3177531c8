// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPTransaction
package import SessionDescription

/// The two sides of a call.
package enum Leg: Hashable, Sendable {
    /// The caller, a registered endpoint.
    case endpoint
    /// Whoever the call is offered to.
    case outbound
}

/// One approved call: a user agent server toward its caller, a user agent client toward where it goes.
///
/// A value without clock, socket or log: events come in, actions go out through the context, and the driver performs
/// them in order. Each side has dialogs of its own; nothing that names the caller reaches the other side unless the
/// policy's approval or a row of the passage table puts it there.
package struct Call {
    /// Where a call stands.
    enum Phase: Hashable {
        /// Offered, not yet answered.
        case dialing
        /// Given up by its caller; late answers are taken back.
        case abandoned
        /// Answered.
        case answered
        /// Over, but transactions may still run.
        case over
    }

    /// The most pairs of dialogs that a call keeps: a peer that answers under ever new tags gains nothing by it.
    static let pairLimit = 32
    /// The most requests other than INVITE that wait for an answer at once.
    static let relayLimit = 32
    /// The places for INVITEs: the first one's, and a few that re-INVITEs take in turn.
    static let exchangeLimit = 5

    /// What the call began with; nil once it is answered: from there on a call needs nothing that its dialog state
    /// does not hold, so that it can go on after a restart.
    package internal(set) var setup: CallSetup?
    /// Clocks and manners.
    let settings: CallSettings
    /// The status as the record has it.
    package internal(set) var status = CallStatus.dialing

    /// The numbers that stand for the caller.
    let callerNumbers: CallerNumbers

    /// The session that the gateway describes to the callee of a call it placed itself; nil for any other call.
    package var authored: AuthoredSession?

    var phase = Phase.dialing
    var branches: [Branch] = []
    /// The target to try next.
    var nextTarget = 0
    var pairs: [DialogPair] = []
    var exchanges: [InviteExchange] = []
    /// The place of the latest INVITE.
    var latestExchange = 0
    var relays: [Relay] = []
    var pendingByes: [PendingBye] = []
    /// REFERs that wait to learn what their Replaces means to the other side.
    var parkedReferrals: [ParkedReferral] = []
    /// The REFERs that crossed, for the names of their subscriptions.
    var referrals: [Referral] = []
    /// Whether the INVITE waits to learn what its Replaces means to the callee.
    var awaitsCounterpart = false
    /// What the INVITE asks the callee to replace.
    var replacement: Replacement?
    /// Targets that redirections named, in order.
    var redirectTargets: [OutboundTarget] = []
    /// The servers of the targets that are given by name, by the target's place.
    var servers: [Int: LocatedHops] = [:]
    /// The targets that are being located.
    var openLocations: Set<Int> = []
    /// The places of those that are still to be tried, the next one first.
    var openRedirects: [Int] = []
    /// The realms that trunks have asked for credentials under.
    var realms: [ResourceIdentifier: [UInt8]] = [:]
    /// Requests of ours that ask the ends for a sign of life.
    var refreshes: [SessionRefresh] = []
    /// The ends that the last one did not reach.
    var unreached: Set<Leg> = []
    /// Why the caller gets a BYE as soon as it has acknowledged the answer, which must come first (RFC 3261 §15).
    var deferredBye: EndReason?
    /// The caller's dialog without a tag of ours; copied into each pair.
    var endpointDialog: Dialog
    /// The tag of final answers that no dialog of the outside stands behind.
    var ownTag: UInt64 = 0
    var bestFailure: Failure?
    /// Whether another callee has taken the call that this one was rung for.
    var isTakenElsewhere = false
    private var hasRecordedEnd = false
    private(set) var isFinished = false

    /// What an outside call API knows the call by; empty without one.
    var externalIdentifier = ""

    /// Takes a call over; `begin` starts it once its record is safe.
    package init(_ setup: CallSetup, _ context: inout CallContext) {
        self.setup = setup
        settings = setup.settings
        callerNumbers = setup.approved.callerNumbers
        let invite = setup.invite
        let mandatory = invite.mandatory
        endpointDialog = Dialog(
            callID: invite.copy(mandatory.callID),
            localTag: 0,
            remoteTag: invite.copy(mandatory.fromTag),
            local: invite.unfolded(mandatory.to.whole),
            remote: invite.unfolded(mandatory.from.whole),
            localSequence: 0,
            remoteSequence: mandatory.sequenceNumber,
            target: invite.copy(mandatory.from.uri.whole),
            hop: setup.endpointHop,
            address: setup.endpointLocal
        )
        endpointDialog.refreshTarget(from: invite, followsContact: false)
        endpointDialog.takeRouteSet(from: invite, isReversed: false, followsRoute: false)
        endpointDialog.noteMethods(of: invite)
        exchanges.append(
            InviteExchange(
                requester: .endpoint,
                serverTransaction: setup.transaction,
                template: setup.template,
                request: invite
            )
        )
        ownTag = context.mint.next()
        context.actions.append(.claimTag(ownTag))
    }

    /// Starts the call: its record is on disk, so its INVITE may go out.
    ///
    /// - Parameters:
    ///   - externalIdentifier: What an outside call API knows the call by, fit for a header field; empty without one.
    ///   - context: Takes the actions.
    package mutating func begin(externalIdentifier: String = "", _ context: inout CallContext) {
        guard let setup, phase == .dialing, branches.isEmpty, !isFinished else { return }
        self.externalIdentifier = externalIdentifier
        if setup.targets.isEmpty {
            fail(Failure(status: 480, text: "no registered contact of the callee"), &context)
        } else if setup.invite.mandatory.maxForwards == 0 {
            fail(Failure(status: 483, text: "Max-Forwards is used up"), &context)
        } else if !awaitsCounterpart, readReplacement(setup, &context) {
            startBranches(setup, &context)
        }
        finishIfIdle(&context)
    }

    /// Offers the call to its first target, or to all of them at once.
    mutating func startBranches(_ setup: CallSetup, _ context: inout CallContext) {
        startBranch(&context)
        while !setup.isSequential, phase == .dialing, nextTarget < setup.targets.count { startBranch(&context) }
    }

    /// Ends the call from the gateway's side.
    ///
    /// - Parameters:
    ///   - status: What an unanswered caller is told.
    ///   - text: Why, in words for Reason and Warning.
    ///   - cause: The cause for the record.
    ///   - context: Takes the actions.
    package mutating func hangUp(status: Int, text: String, cause: ReleaseCause, _ context: inout CallContext) {
        guard !isFinished else { return }
        switch phase {
        case .dialing:
            noteEnding(cause, as: .canceling, &context)
            cancelBranches(except: nil, &context)
            fail(Failure(status: status, cause: cause, text: text), &context)
        case .answered:
            noteEnding(cause, as: .terminating, &context)
            endDialogs(
                cause: cause,
                exceptLeg: nil,
                reason: .own(cause: cause == .durationLimit ? 16 : cause.value, text: text),
                &context
            )
        case .abandoned, .over:
            break
        }
        finishIfIdle(&context)
    }

    /// The record counts the longest duration as no one's doing.
    private mutating func noteEnding(_ cause: ReleaseCause, as next: CallStatus, _ context: inout CallContext) {
        guard cause != .durationLimit, advance(to: next) else { return }
        context.actions.append(.record(.ending(next)))
    }

    /// The call's record could not be made safe, so its INVITE never goes out.
    package mutating func recordFailed(_ context: inout CallContext) {
        guard branches.isEmpty else { return }
        fail(Failure(status: 503, text: "the call could not be recorded", retryAfter: 5), &context)
        finishIfIdle(&context)
    }

    /// The call API does not take the call, so its INVITE never goes out.
    ///
    /// - Parameters:
    ///   - status: What the caller is told, 400 to 599.
    ///   - text: Why, in words for Reason and Warning.
    ///   - retryAfter: Seconds for Retry-After; nil sends none.
    ///   - context: Takes the actions.
    package mutating func refuse(status: Int, text: String, retryAfter: Int?, _ context: inout CallContext) {
        guard branches.isEmpty else { return }
        // Q.850 has no cause for a balance; policy's own refusal for it says the same.
        let cause: ReleaseCause? = status == 402 ? .callRejected : nil
        var failure = Failure(status: status, cause: cause, text: text, retryAfter: retryAfter)
        failure.isExplained = true
        fail(failure, &context)
        finishIfIdle(&context)
    }

    /// A timer of the call fired.
    package mutating func timerFired(_ timer: CallTimer, _ context: inout CallContext) {
        guard !isFinished else { return }
        switch timer {
        case .dial(let branch): attemptExpired(branch, cause: .dialTimeout, &context)
        case .timerC(let branch): attemptExpired(branch, cause: .of(sipStatus: 408), &context)
        case .target(let branch): serverExpired(branch, &context)
        case .successRetransmission(let exchange): exchangeClockFired(exchange, &context)
        case .maximumDuration:
            hangUp(status: 480, text: "the call reached its longest duration", cause: .durationLimit, &context)
        case .durationWarning:
            if phase == .answered { context.actions.append(.record(.lastsLong)) }
        case .sessionRefresh: refreshSession(&context)
        }
        finishIfIdle(&context)
    }

    /// Starts the clocks of an answered call's length.
    ///
    /// - Parameters:
    ///   - limits: What the caller's limits allow, in seconds; the settings' own limit holds beside.
    ///   - lasted: How long the call has lasted already.
    ///   - context: Takes the actions.
    func armDurations(_ limits: LimitLevels, lasted: Interval, _ context: inout CallContext) {
        let passed = max(0, lasted.milliseconds)
        let longest = min(settings.maximumDuration, limits.hard.map { .seconds(Int64($0)) } ?? settings.maximumDuration)
        let rest = longest.milliseconds &- passed
        context.actions.append(.arm(.maximumDuration, .milliseconds(max(1, rest))))
        guard let soft = limits.soft.map({ Interval.seconds(Int64($0)).milliseconds }), soft > passed,
            soft < longest.milliseconds
        else { return }
        context.actions.append(.arm(.durationWarning, .milliseconds(soft - passed)))
    }

    /// Notes the status in the record, forward only.
    mutating func advance(to next: CallStatus) -> Bool {
        guard status.mayBecome(next) else { return false }
        status = next
        return true
    }

    /// Notes the end in the record, once.
    mutating func recordEnd(finalStatus: Int, cause: ReleaseCause, _ context: inout CallContext) {
        guard !hasRecordedEnd else { return }
        hasRecordedEnd = true
        context.actions.append(.record(.ended(finalStatus: finalStatus, cause: cause)))
        status = .hangup
    }

    /// Lets go of a call that waits for nothing any more.
    mutating func finishIfIdle(_ context: inout CallContext) {
        guard !isFinished, phase == .over || phase == .abandoned, pendingByes.isEmpty, deferredBye == nil,
            branches.allSatisfy({ $0.state == .done })
        else { return }
        if phase == .abandoned { recordEnd(finalStatus: 487, cause: .normalClearing, &context) }
        isFinished = true
        context.actions.append(.finished)
    }
}
