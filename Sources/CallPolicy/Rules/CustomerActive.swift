// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Rule 3, `customer.active`: only an active customer's enabled endpoints may call.
enum CustomerActive {
    static func judge(_ evaluation: borrowing Evaluation) -> RuleOutcome {
        if let endpoint = evaluation.caller.endpointID, !evaluation.caller.isEnabled {
            return .rejected(.endpointDisabled(endpoint), .callerUnknown)
        }
        let status = evaluation.caller.customer.status
        guard status == .active else { return .rejected(.customerStatus(status), .customerNotActive) }
        return .passed(.customerStatus(status))
    }
}
