// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// Rule 6, `customer.limits`: how many calls the customer and the endpoint may have at once, and begin in a second.
enum CustomerLimitsRule {
    static func judge(
        _ evaluation: borrowing Evaluation,
        _ usage: inout CustomerUsage,
        _ now: Instant
    ) -> RuleOutcome {
        let caller = evaluation.caller
        guard caller.limitsRate else { return .skipped(.noLimits) }
        let report = usage.admitCall(
            by: caller.endpointID,
            customer: caller.customer.limits,
            endpoint: caller.endpointLimits,
            at: now
        )
        return RuleOutcome(report, to: nil, in: nil)
    }
}
