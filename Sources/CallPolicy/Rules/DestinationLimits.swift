// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NumberingPlan

/// Rule 9, `destination.limits`: how many calls may go to one number and one country in a minute and in a day, and how
/// many minutes.
enum DestinationLimits {
    static func judge(
        _ evaluation: borrowing Evaluation,
        _ usage: inout CustomerUsage,
        _ now: Instant
    ) -> RuleOutcome {
        guard case .telephone(let number, let found) = evaluation.destination else {
            return .rejected(.internalError, .internalError)
        }
        let caller = evaluation.caller
        guard caller.limitsDestinations else { return .skipped(.noLimits) }
        let report = usage.admitCall(
            to: number,
            in: found.country,
            by: caller.endpointID,
            customer: caller.customer.limits,
            endpoint: caller.endpointLimits,
            at: now
        )
        return RuleOutcome(report, to: number, in: found.country)
    }
}

extension RuleOutcome {
    /// What a report of the limits comes to, with the number and the country that were counted.
    init(_ report: LimitReport, to number: E164Number?, in country: Country?) {
        if let refusal = report.refusal {
            self = .rejected(.limitReached(refusal, to: number, in: country), .limitReached)
        } else if report.warnings.isEmpty {
            self = .passed(.withinLimits)
        } else {
            self = .passed(.limitWarnings(report.warnings, to: number, in: country))
        }
    }
}
