// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension CallStore {
    /// Writes an agent unless one with the same rights is there, or its user name is taken.
    ///
    /// - Parameters:
    ///   - agent: The new agent.
    ///   - others: Whether other agents with its rights do not matter.
    /// - Returns: What came of it.
    /// - Throws: What the store reports.
    package func makeAgent(_ agent: StoredAgent, besides others: Bool) throws(CallStoreError) -> AgentCreation {
        try writing { database in
            if try StoredAgent.find(database, username: agent.username) != nil { return .usernameTaken }
            if try !others && StoredAgent.count(database, withPermission: agent.permission) > 0 { return .notTheFirst }
            try agent.write(database)
            return .made
        }
    }
}

/// What came of making an agent.
package enum AgentCreation: Hashable, Sendable {
    /// It is there.
    case made
    /// There is one with its rights already.
    case notTheFirst
    /// There is one with its user name already.
    case usernameTaken
}
