// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB
package import MonotonicTime

extension CallStore {
    /// Tells what applying a plan would change, and changes nothing: the transaction is rolled back.
    ///
    /// - Throws: `invalidPlan` when the plan contradicts itself.
    package func preview(_ plan: ProvisioningPlan, at now: WallTime) throws(CallStoreError) -> [ProvisioningChange] {
        try plan.validate()
        let passwords = try agentPasswords(plan)
        do {
            return try pool.writeWithoutTransaction { database in
                var changes: [ProvisioningChange] = []
                try database.inTransaction {
                    changes = try PlanApplier(database, plan, passwords, now).apply()
                    return .rollback
                }
                return changes
            }
        } catch {
            throw .wrapping(error, path: path)
        }
    }
}
