// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Rule 8, `destination.class`: premium rate numbers and the like are blocked unless the customer's configuration opens
/// them.
enum DestinationClass {
    static func judge(_ evaluation: borrowing Evaluation) -> RuleOutcome {
        guard case .telephone(let number, let found) = evaluation.destination else {
            return .rejected(.internalError, .internalError)
        }
        guard let special = found.special else { return .passed(.classAllowed(found.kind)) }
        guard evaluation.caller.customer.outbound?.allowedSpecial.contains(special) == true else {
            return .rejected(.classBlocked(number, found.kind, found.country), .classBlocked)
        }
        return .passed(.specialAllowed(special))
    }
}
