// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan
import Synchronization

/// What one customer is doing, over all shards.
///
/// The one thing on a call's path that shards share: limits are the customer's, not a shard's. Judging and counting are
/// one step under the lock, so that two shards cannot both let the last call through.
package final class CustomerLedger: Sendable {
    private let usage = Mutex(CustomerUsage())

    init() {}

    /// Judges an attempt by the counts as they stand, and counts it when it is approved.
    func decide(_ attempt: CallAttempt, under snapshot: PolicySnapshot, at now: Instant) -> PolicyDecision {
        usage.withLock { usage in
            let decision = PolicyEngine.decide(attempt, under: snapshot, counting: &usage, at: now)
            if let approved = decision.approved { usage.callBegan(by: approved.endpoint) }
            return decision
        }
    }

    /// Counts a call of the last run that goes on.
    func callRestored(_ account: CallAccount, answered: Instant) {
        usage.withLock { usage in
            usage.callBegan(by: account.endpoint)
            if account.isTelephone { usage.callAnswered(by: account.endpoint, to: account.country, at: answered) }
        }
    }

    /// Starts the minutes of an approved call.
    func callAnswered(_ account: CallAccount, at now: Instant) {
        guard account.isTelephone else { return }
        usage.withLock { $0.callAnswered(by: account.endpoint, to: account.country, at: now) }
    }

    /// Counts the end of an approved call.
    func callEnded(_ account: CallAccount, answered: Instant?, at now: Instant) {
        let answered = account.isTelephone ? answered : nil
        usage.withLock {
            $0.callEnded(by: account.endpoint, to: account.country, answered: answered, at: now)
        }
    }

    /// Counts a call of the process before this one, for the limits that look back.
    func restore(_ call: PastCall, _ clock: HistoryClock) {
        usage.withLock { usage in
            usage.restore(
                attemptTo: call.number,
                in: call.country,
                by: call.endpoint,
                at: clock.instant(call.created),
                answered: call.answered.map(clock.instant),
                ended: call.ended.map(clock.instant),
                now: clock.now
            )
        }
    }

    /// Forgets what no limit looks back to any more.
    func sweep(at now: Instant) {
        usage.withLock { $0.sweep(at: now) }
    }
}

/// Whom a call counts against.
struct CallAccount: Sendable {
    /// Nil for a call of the control API.
    let endpoint: ResourceIdentifier?
    /// Whether the call goes to a telephone number; only those have minutes.
    let isTelephone: Bool
    /// The number's country; nil for none.
    let country: Country?

    init(_ approved: ApprovedCall) {
        endpoint = approved.endpoint
        if case .telephone(_, let found) = approved.destination {
            isTelephone = true
            country = found.country
        } else {
            isTelephone = false
            country = nil
        }
    }

    init(_ record: CallRecord) {
        endpoint = record.endpoint
        isTelephone = record.destinationKind == .tel
        country = record.country
    }
}

/// Puts civil times of records on the process's own clock.
struct HistoryClock {
    /// The present on the process's clock.
    let now: Instant
    private let wall: WallTime

    init(now: Instant, wall: WallTime) {
        self.now = now
        self.wall = wall
    }

    /// The instant of a recorded time; it may lie before the clock's zero. A record of the future is one of now.
    func instant(_ time: WallTime) -> Instant {
        let age = max(0, wall.milliseconds &- time.milliseconds)
        return Instant(milliseconds: now.milliseconds &- age)
    }
}
