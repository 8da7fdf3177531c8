// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Rule 4, `customer.identity_verified`: telephone calls need a verified identity where the deployment demands it.
enum CustomerIdentityVerified {
    static func judge(_ evaluation: borrowing Evaluation) -> RuleOutcome {
        guard evaluation.snapshot.rules.requiresVerifiedIdentity else { return .skipped(.verificationNotDemanded) }
        let status = evaluation.caller.customer.identityVerification
        guard status == .verified else { return .rejected(.verification(status), .identityNotVerified) }
        return .passed(.verification(status))
    }
}
