// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// When a request to the outside service is repeated, and after which pause.
package struct RetryPlan: Hashable, Sendable {
    /// The first pause; each further one is twice as long.
    package static let firstPause = Interval.milliseconds(50)
    /// What must be left after a pause for a repetition to make sense.
    package static let leastTime = Interval.milliseconds(20)

    /// How often a request is repeated at most.
    private let retries: Int

    /// Makes a plan.
    package init(retries: Int) {
        self.retries = retries
    }

    /// Says when the next try is.
    ///
    /// - Parameters:
    ///   - attempts: How often the request went out already, 1 or more.
    ///   - verdict: What came of the last one.
    ///   - remaining: What is left of the hand-off's time.
    /// - Returns: The pause before it; nil when there is none.
    package func pause(after attempts: Int, _ verdict: ServiceVerdict, remaining: Interval) -> Interval? {
        guard verdict.mayRepeat, attempts <= retries else { return nil }
        let pause = verdict.pause ?? Self.firstPause * (Int64(1) << Int64(min(max(attempts - 1, 0), 16)))
        guard pause.milliseconds <= remaining.milliseconds - Self.leastTime.milliseconds else { return nil }
        return pause
    }
}
