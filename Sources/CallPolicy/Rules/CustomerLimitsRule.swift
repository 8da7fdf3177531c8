// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Rule 6, `customer.limits`: how many calls a customer may have at once, and begin in a second.
enum CustomerLimitsRule {
    static func judge(_ evaluation: borrowing Evaluation) -> RuleOutcome {
        let usage = evaluation.attempt.usage
        let limits = evaluation.caller.customer.limits
        if let limit = limits.concurrentCalls, usage.concurrentCalls >= limit {
            return .rejected(.concurrentCallsReached(usage.concurrentCalls, limit: limit), .concurrentCallsReached)
        }
        if let limit = limits.callsPerSecond, usage.callsThisSecond >= limit {
            return .rejected(.callRateReached(usage.callsThisSecond, limit: limit), .callRateReached)
        }
        return .passed(.withinLimits(usage, limits))
    }
}
