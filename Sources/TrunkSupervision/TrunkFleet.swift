// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// What is known of all trunks at present: which are down, which are full.
///
/// A value without a clock: time is a parameter.
package struct TrunkFleet: Sendable {
    private struct Member {
        var name: String
        var operation: TrunkOperation
        var isEnabled = true
        var usage = TrunkUsage()
        var breaker = TrunkBreaker()
        var isHealthy = true
        var isRegistered = false
        /// What was told last.
        var told: [TrunkObstacle] = []

        init(_ trunk: Trunk) {
            name = trunk.name
            operation = trunk.operation
        }

        /// Whether route selection has to ask about it.
        var matters: Bool {
            isEnabled
                && (!operation.limits.isEmpty || !breaker.isQuiet || !isHealthy
                    || operation.registration?.isRequired == true)
        }

        func obstacles(at now: Instant) -> [TrunkObstacle] {
            var found: [TrunkObstacle] = []
            if !isHealthy { found.append(.health) }
            if breaker.isOpen(at: now) { found.append(.breaker) }
            if operation.registration?.isRequired == true, !isRegistered { found.append(.registration) }
            return found
        }

        /// What was not told yet.
        mutating func change(at now: Instant) -> TrunkChange? {
            let present = obstacles(at: now)
            guard present != told else { return nil }
            told = present
            return TrunkChange(name: name, obstacles: present)
        }
    }

    private var members: [ResourceIdentifier: Member] = [:]
    /// The trunks that route selection has to ask about.
    private var mattering: Set<ResourceIdentifier> = []

    /// Makes a fleet without trunks.
    package init() {}

    /// Whether every trunk is up and none is limited.
    package var isQuiet: Bool { mattering.isEmpty }

    /// Takes over the trunks of a new policy; what is known of those that stay is kept.
    ///
    /// A trunk that is gone or switched off is remembered for as long as calls go on there.
    package mutating func update(_ trunks: [Trunk]) {
        let present = Set(trunks.map(\.id))
        for (id, member) in members where !present.contains(id) {
            if member.usage.calls > 0 { members[id]?.isEnabled = false } else { members[id] = nil }
        }
        for trunk in trunks {
            members[trunk.id, default: Member(trunk)].name = trunk.name
            members[trunk.id]?.operation = trunk.operation
            members[trunk.id]?.isEnabled = true
            if trunk.operation.health == nil { members[trunk.id]?.isHealthy = true }
            if trunk.operation.registration == nil { members[trunk.id]?.isRegistered = false }
        }
        mattering = Set(members.filter { $0.value.matters }.keys)
    }

    /// The conditions under which a route is selected.
    package func conditions(selection: UInt64, at now: Instant) -> RouteConditions {
        var conditions = RouteConditions(selection: selection)
        for id in mattering {
            guard let member = members[id] else { continue }
            if !member.obstacles(at: now).isEmpty {
                conditions.downTrunks.insert(id)
            } else if member.usage.isFull(under: member.operation.limits, at: now) {
                conditions.fullTrunks.insert(id)
            }
        }
        return conditions
    }

    /// A call is to go to a trunk: counts it, and tells whether it may go; a call for help always may.
    package mutating func admit(_ id: ResourceIdentifier, isEmergency: Bool, at now: Instant) -> Bool {
        guard var member = members[id] else { return true }
        if !isEmergency {
            guard member.obstacles(at: now).isEmpty, !member.usage.isFull(under: member.operation.limits, at: now)
            else {
                return false
            }
        }
        member.usage.callBegan(under: member.operation.limits, at: now)
        member.breaker.callBegan(at: now)
        members[id] = member
        return true
    }

    /// Counts a call of the last run that goes on.
    package mutating func callRestored(on id: ResourceIdentifier) {
        members[id]?.usage.callRestored()
    }

    /// A call is no longer on a trunk.
    package mutating func callEnded(on id: ResourceIdentifier) {
        members[id]?.usage.callEnded()
        if let member = members[id], !member.isEnabled, member.usage.calls == 0 { members[id] = nil }
    }

    /// A call found a trunk unreachable, silent or refusing with 503, with a Retry-After or without.
    package mutating func callFailed(
        on id: ResourceIdentifier,
        leavingAlone interval: Interval?,
        at now: Instant
    ) -> TrunkChange? {
        change(id, at: now) { $0.breaker.callFailed(interval, $0.operation.breaker, at: now) }
    }

    /// A trunk answered a call with something else than 503.
    package mutating func callAnswered(on id: ResourceIdentifier, at now: Instant) -> TrunkChange? {
        guard let member = members[id], !member.breaker.isQuiet else { return nil }
        return change(id, at: now) { $0.breaker.callAnswered(at: now) }
    }

    /// What OPTIONS found out about a trunk.
    package mutating func noteHealth(of id: ResourceIdentifier, isUp: Bool, at now: Instant) -> TrunkChange? {
        change(id, at: now) { $0.isHealthy = isUp }
    }

    /// Whether the gateway is registered at a trunk.
    package mutating func noteRegistration(
        at id: ResourceIdentifier,
        isRegistered: Bool,
        at now: Instant
    ) -> TrunkChange? {
        change(id, at: now) { $0.isRegistered = isRegistered }
    }

    /// What is known of every trunk, by name.
    package func states(at now: Instant) -> [TrunkState] {
        members.filter { $0.value.isEnabled }
            .map { id, member in
                TrunkState(
                    id: id,
                    name: member.name,
                    obstacles: member.obstacles(at: now),
                    isFull: member.usage.isFull(under: member.operation.limits, at: now),
                    calls: member.usage.calls,
                    isRegistered: member.operation.registration.map { _ in member.isRegistered }
                )
            }
            .sorted { $0.name < $1.name }
    }

    private mutating func change(
        _ id: ResourceIdentifier,
        at now: Instant,
        _ body: (inout Member) -> Void
    ) -> TrunkChange? {
        guard var member = members[id] else { return nil }
        body(&member)
        let change = member.change(at: now)
        members[id] = member
        if member.matters { mattering.insert(id) } else { mattering.remove(id) }
        return member.isEnabled ? change : nil
    }
}
