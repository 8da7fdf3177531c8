// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan
import TollgateConfiguration

extension Shard {
    /// Takes up the calls of the last run that this shard owns; before it listens, so that no request misses its call.
    ///
    /// - Parameters:
    ///   - calls: The calls of all shards.
    ///   - count: How many shards there are; fewer than before share out what the missing ones had.
    ///   - listeners: The listeners as they will be bound.
    func restore(_ calls: [KeptCall], of count: Int, _ listeners: [ListenerSettings]) {
        touch()
        var placed: [(record: CallRecord, active: ActiveCall)] = []
        for call in calls where call.state.shard % count == index {
            let active = restore(call, listeners)
            if active.call?.isPlaced == true { placed.append((call.record, active)) }
        }
        rejoin(placed)
    }

    /// Puts the legs of placed calls together whose parties talked; the others are ended when the sockets are open.
    private func rejoin(_ calls: [(record: CallRecord, active: ActiveCall)]) {
        var inside = placedContext()
        for (record, other) in calls {
            guard let master = record.master, let first = calls.first(where: { $0.record.id == master })?.active,
                first.seat == nil, let one = first.call, let two = other.call, one.isJoined(with: two),
                let control = PlacedCall(rejoining: one, two, &inside)
            else { continue }
            let placed = PlacedLegs(control: control, placement: nil)
            placed.seat(first, as: 0)
            placed.seat(other, as: 1)
        }
        for (_, active) in calls where active.seat == nil {
            PlacedLegs(control: PlacedCall(parties: 0), placement: nil).seat(active, as: 0)
            orphans.append(active)
        }
    }

    /// Ends the legs of the last run whose parties had nobody to talk to yet.
    func endOrphans() {
        touch()
        for active in orphans {
            handle(active) { active, context in
                active.call?.hangUp(
                    status: 503,
                    text: "the gateway was restarted before the parties talked",
                    cause: .temporaryFailure,
                    &context
                )
            }
        }
        orphans.removeAll()
        flush()
    }

    private func restore(_ kept: KeptCall, _ listeners: [ListenerSettings]) -> ActiveCall {
        let time = WallTime.current.milliseconds
        let record = kept.record
        let lasted = Interval.milliseconds(time &- (record.progressing ?? record.created).milliseconds)
        let age = Interval.milliseconds(time &- record.created.milliseconds)
        var context = callContext()
        let call = Call(
            restoring: kept.state,
            settings: self.context.settings,
            durations: record.destinationKind == .emergency
                ? LimitLevels()
                : policy.snapshot.maximumDuration(customer: record.customer, endpoint: record.endpoint),
            callerNumbers: CallerNumbers(
                E164Number(record.source),
                E164Number(record.sourceAsked),
                record.endpoint.flatMap { policy.snapshot.endpoints[$0]?.number }
            ),
            lasted: lasted,
            trunk: { id in policy.snapshot.trunks.first { $0.id == id } },
            hop: { Self.fitting($0, listeners) },
            &context
        )
        let ledger = policy.ledgers[record.customer]
        let account = CallAccount(record)
        let active = ActiveCall(
            id: record.id,
            call: call,
            ledger: ledger,
            account: account,
            summary: CallSummary(record),
            began: Instant(milliseconds: now.milliseconds &- age.milliseconds)
        )
        active.answered = Instant(milliseconds: now.milliseconds &- lasted.milliseconds)
        active.lastStatus = .progressing
        active.awaitsRecord = false
        active.slot = owners.insert(.call(active))
        activeCalls += 1
        if let trunk = record.trunk?.id {
            active.trunk = trunk
            self.context.trunks.callRestored(on: trunk)
        }
        ledger?.callRestored(account, answered: active.answered ?? now)
        perform(context.actions, of: active)
        recycle(&context)
        return active
    }

    /// A next hop by a listener that is there: the configuration may have changed since.
    private static func fitting(_ hop: NextHop, _ listeners: [ListenerSettings]) -> NextHop {
        guard !hop.isInside else { return hop }
        let isIPv6 = hop.host.utf8.contains(UInt8(ascii: ":"))
        func serves(_ listener: ListenerSettings) -> Bool {
            listener.transport == hop.transport
                && listener.address.utf8.contains(UInt8(ascii: ":")) == isIPv6
        }
        guard !listeners.indices.contains(hop.listener) || !serves(listeners[hop.listener]) else { return hop }
        var hop = hop
        hop.listener = listeners.firstIndex(where: serves) ?? 0
        return hop
    }
}
