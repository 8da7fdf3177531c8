// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import NIOCore
import SIPMessage
import SIPParser
import Synchronization

extension Shard {
    /// Places a call: judged, recorded, then dialled. The answer comes when the record is on disk.
    func place(_ placement: CallPlacement, _ answer: EventLoopPromise<CallPlacementOutcome>) {
        touch()
        defer { flush() }
        guard !isDraining else { return answer.succeed(.unavailable("the gateway is shutting down")) }
        if let limit = context.maximumConcurrentCalls, context.concurrentCalls.load(ordering: .relaxed) >= limit {
            return answer.succeed(.unavailable("the gateway carries as many calls as it may"))
        }
        let placed = PlacedLegs(control: PlacedCall(parties: placement.connect.count), placement: placement)
        let wish = CallConnection(
            destination: placement.destination,
            source: placement.source,
            sourceName: placement.sourceName,
            anonymous: placement.anonymous
        )
        let leg = judge(wish, placement.id, placement.customer) { $0.flow = placement.flow }
        switch leg.decision.verdict {
        case .rejected(let rejection): answer.succeed(.rejected(leg.record, rejection))
        case .approved(let approved): begin(0, of: placed, approved, leg, answer)
        }
        settleInside()
    }

    /// Rings the parties of a placed call whose first party has answered.
    func connectParties(of placed: PlacedLegs) {
        guard let placement = placed.placement else { return }
        for (place, wish) in placement.connect.enumerated() {
            let time = WallTime.current
            let id = ResourceIdentifier(unixMilliseconds: time.milliseconds, random: (random.next(), random.next()))
            let leg = judge(wish, id, placement.customer) { $0.master = placement.id }
            switch leg.decision.verdict {
            case .rejected(let rejection):
                let cause = ReleaseCause(rejection.q850Cause)
                insideNews.append(PlacedLegs.News(placed: placed, leg: place + 1, kind: .ended(cause)))
            case .approved(let approved): begin(place + 1, of: placed, approved, leg, nil)
            }
        }
    }

    /// A leg as policy has judged it.
    private struct JudgedLeg {
        let decision: PolicyDecision
        let record: CallRecord
        let ledger: CustomerLedger
    }

    /// Judges a leg for its customer; a refusal is recorded at once.
    private func judge(
        _ wish: CallConnection,
        _ id: ResourceIdentifier,
        _ customer: ResourceIdentifier,
        _ complete: (inout CallRecord) -> Void
    ) -> JudgedLeg {
        var attempt = CallAttempt(wish, of: customer, under: policy.snapshot, selection: random.next()) {
            context.localNames.contains($0.lowercased())
        }
        attempt.routes = context.trunks.conditions(selection: attempt.routes.selection, at: now)
        let ledger = policy.ledgers[customer] ?? CustomerLedger()
        let decision = ledger.decide(attempt, under: policy.snapshot, at: now)
        var record = CallRecord(id, of: customer, attempt, decision, .current)
        if decision.approved == nil { record.destination = wish.destination.asked }
        complete(&record)
        log(decision, record)
        if decision.rejection == nil {
            counters.approved += 1
        } else {
            counters.rejected += 1
            context.callAPI.noteRejected(record)
        }
        return JudgedLeg(decision: decision, record: record, ledger: ledger)
    }

    /// Begins the call of a leg; its INVITE goes out when its record is on disk.
    private func begin(
        _ leg: Int,
        of placed: PlacedLegs,
        _ approved: ApprovedCall,
        _ judged: JudgedLeg,
        _ answer: EventLoopPromise<CallPlacementOutcome>?
    ) {
        let targets = targets(of: approved)
        var inside = placedContext()
        let host = targets.first?.local.host ?? context.settings.gatewayHost
        let invite = placed.control.invite(toLeg: leg, host: host, &inside)
        guard let message = inside.read(invite.bytes) else {
            judged.ledger.callEnded(CallAccount(approved), answered: nil, at: now)
            insideNews.append(PlacedLegs.News(placed: placed, leg: leg, kind: .ended(.temporaryFailure)))
            answer?.succeed(.unavailable("the call could not be composed"))
            return
        }
        let setup = CallSetup(
            id: judged.record.id,
            invite: message,
            transaction: invite.transaction,
            template: ResponseTemplate(message, source: Self.insideSource),
            approved: approved,
            endpointHop: .inside,
            endpointLocal: LocalAddress(host: "gateway.invalid", port: 5060),
            targets: targets,
            settings: context.settings
        )
        var context = callContext()
        var call = Call(setup, &context)
        call.authored = placed.control.session(ofLeg: leg)
        let active = ActiveCall(
            id: judged.record.id,
            call: call,
            ledger: judged.ledger,
            account: CallAccount(approved),
            goesElsewhere: approved.destination.kind == .sip,
            summary: CallSummary(judged.record),
            began: now
        )
        placed.seat(active, as: leg)
        active.slot = owners.insert(.call(active))
        activeCalls += 1
        perform(context.actions, of: active)
        recycle(&context)
        if let answer { active.whenRecorded = Self.recorded(judged.record, answer) }
        let token = mint.next()
        pending[token] = .call(active)
        guard self.context.callAPI.create(judged.record, shard: index, token: token) else {
            pending[token] = nil
            return recordFailed(active)
        }
    }

    private static func recorded(
        _ record: CallRecord,
        _ answer: EventLoopPromise<CallPlacementOutcome>
    ) -> (Bool) -> Void {
        { isRecorded in
            answer.succeed(isRecorded ? .placed(record) : .unavailable("the call could not be recorded; try again"))
        }
    }

    /// Ends a call of this shard by command; nil when it has no such call.
    func hangUp(_ call: ResourceIdentifier) -> CallHangUp? {
        guard let active = callsByTag.values.first(where: { $0.id == call }), active.call != nil else { return nil }
        touch()
        defer { flush() }
        let outcome: CallHangUp =
            switch active.lastStatus {
            case .dialing, .ringing: .canceling
            case .progressing: .terminating
            case .canceling, .terminating, .hangup: .alreadyEnding
            }
        guard outcome != .alreadyEnding else { return outcome }
        handle(active) { active, context in
            active.call?.hangUp(status: 487, text: "the call was ended by command", cause: .normalClearing, &context)
        }
        return outcome
    }
}

extension PlacedDestination {
    /// The destination as it was asked for.
    var asked: String {
        switch self {
        case .telephone(let text), .sipURI(let text), .extensionName(let text): text
        }
    }
}
