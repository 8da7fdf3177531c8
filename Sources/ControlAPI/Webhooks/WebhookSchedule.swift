// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// When an event is tried again, and when it is given up.
struct WebhookSchedule: Hashable, Sendable {
    /// How long to wait after the first failure, the second, and so on; the last holds for all that follow.
    var delays: [Interval] = [.seconds(1), .seconds(5), .seconds(25)]
    /// How many times an event is tried.
    var maximumAttempts = 3
    /// How long one attempt may take.
    var timeout = Interval.seconds(30)
    /// How many customers are served at the same time.
    var parallelism = 64
    /// How many events of a customer may wait; older ones are dropped.
    var queueLimit = 10_000

    /// How long to wait before the next attempt.
    ///
    /// - Parameters:
    ///   - attempts: How many have failed, 1 or more.
    ///   - isUnreachable: Whether an event before this one was given up: then each has one attempt, until one succeeds, so
    ///     that a customer whose server is away does not hold up its own later events for ever.
    /// - Returns: The wait; nil when the event is to be given up.
    func delay(after attempts: Int, isUnreachable: Bool) -> Interval? {
        guard attempts < maximumAttempts, !isUnreachable else { return nil }
        return attempts <= delays.count ? delays[max(attempts, 1) - 1] : delays.last ?? .seconds(25)
    }
}
