// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Logging
import MonotonicTime
import Synchronization
import TrunkSupervision

/// What all shards know of the trunks together: which are down, which are full.
///
/// While every trunk is up and none is limited, choosing a route takes no lock.
final class TrunkBoard: Sendable {
    private let fleet = Mutex(TrunkFleet())
    private let isQuiet = Atomic<Bool>(true)
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// Takes over the trunks of a new policy.
    func update(_ trunks: [Trunk]) {
        changing { fleet in
            fleet.update(trunks)
            return nil
        }
    }

    /// The conditions under which a route is selected.
    func conditions(selection: UInt64, at now: Instant) -> RouteConditions {
        guard !isQuiet.load(ordering: .relaxed) else { return RouteConditions(selection: selection) }
        return fleet.withLock { $0.conditions(selection: selection, at: now) }
    }

    /// Counts a call on a trunk, and tells whether it may go there.
    func admit(_ trunk: ResourceIdentifier, isEmergency: Bool, at now: Instant) -> Bool {
        fleet.withLock { $0.admit(trunk, isEmergency: isEmergency, at: now) }
    }

    /// Counts a call of the last run.
    func callRestored(on trunk: ResourceIdentifier) {
        fleet.withLock { $0.callRestored(on: trunk) }
    }

    /// A call is no longer on a trunk.
    func callEnded(on trunk: ResourceIdentifier) {
        fleet.withLock { $0.callEnded(on: trunk) }
    }

    /// A call came to nothing on a trunk.
    func callFailed(on trunk: ResourceIdentifier, leavingAlone seconds: Int?, at now: Instant) {
        let interval = seconds.map { Interval.seconds(Int64($0)) }
        changing { $0.callFailed(on: trunk, leavingAlone: interval, at: now) }
    }

    /// A trunk answered a call.
    func callAnswered(on trunk: ResourceIdentifier, at now: Instant) {
        guard !isQuiet.load(ordering: .relaxed) else { return }
        changing { $0.callAnswered(on: trunk, at: now) }
    }

    /// What OPTIONS found out.
    func noteHealth(of trunk: ResourceIdentifier, isUp: Bool, at now: Instant) {
        changing { $0.noteHealth(of: trunk, isUp: isUp, at: now) }
    }

    /// Whether the gateway is registered at a trunk.
    func noteRegistration(at trunk: ResourceIdentifier, isRegistered: Bool, at now: Instant) {
        changing { $0.noteRegistration(at: trunk, isRegistered: isRegistered, at: now) }
    }

    /// What is known of every trunk.
    func states(at now: Instant) -> [TrunkState] {
        fleet.withLock { $0.states(at: now) }
    }

    private func changing(_ body: (inout TrunkFleet) -> TrunkChange?) {
        let change = fleet.withLock { fleet in
            let change = body(&fleet)
            isQuiet.store(fleet.isQuiet, ordering: .relaxed)
            return change
        }
        guard let change else { return }
        if change.obstacles.isEmpty {
            logger.notice("a trunk is up again", metadata: ["trunk": "\(change.name)"])
        } else {
            let reasons = change.obstacles.map(\.rawValue).joined(separator: ", ")
            logger.warning("a trunk is down", metadata: ["trunk": "\(change.name)", "reason": "\(reasons)"])
        }
    }
}
