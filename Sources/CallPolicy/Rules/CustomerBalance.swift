// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Rule 5, `customer.balance`: a metered customer must be able to pay for one more call.
enum CustomerBalance {
    static func judge(_ evaluation: borrowing Evaluation) -> RuleOutcome {
        guard let account = evaluation.caller.customer.billingAccount else { return .skipped(.notMetered) }
        guard account.admitsCall else { return .rejected(.balance(account), .balanceInsufficient) }
        return .passed(.balance(account))
    }
}
