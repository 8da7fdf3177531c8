// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Rule 8, `destination.class`: premium rate numbers are blocked unless the customer's configuration lists them.
enum DestinationClass {
    private static func isSpecial(_ kind: NumberClass) -> Bool {
        switch kind {
        case .premium: true
        case .unassigned, .fixed, .mobile, .fixedOrMobile, .tollFree, .sharedCost, .voip, .personal, .pager, .uan,
            .voicemail, .globalService:
            false
        }
    }

    static func judge(_ evaluation: borrowing Evaluation) -> RuleOutcome {
        guard case .telephone(let number, let found) = evaluation.destination else {
            return .rejected(.internalError, .internalError)
        }
        guard isSpecial(found.kind) else { return .passed(.classAllowed(found.kind)) }
        guard evaluation.caller.customer.outbound?.allowedSpecialClasses.contains(found.kind) == true else {
            return .rejected(.classBlocked(number, found.kind, found.country), .classBlocked)
        }
        return .passed(.classAllowed(found.kind))
    }
}
