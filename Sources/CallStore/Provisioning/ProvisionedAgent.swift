// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import DigestAuthentication

/// What an agent may do, by word.
package enum AgentRole: String, Hashable, Sendable, CaseIterable {
    /// Runs the deployment.
    case superAdmin = "super_admin"
    /// Everything of one customer.
    case admin
    /// Calls, numbers, extensions, flows and outdials of one customer.
    case manager

    /// The role as bits of one number, as agents have it.
    package var permission: Int64 {
        switch self {
        case .superAdmin: 1
        case .admin: 32
        case .manager: 64
        }
    }
}

/// A person who may use the control API, as declared; the user name is the key.
package struct ProvisionedAgent: Hashable, Sendable {
    /// What a plan says of the password.
    package enum Password: Hashable, Sendable {
        /// The stored one stays; a new agent cannot log in.
        case keep
        /// The password itself, which is hashed before it is stored.
        case plain(Secret)
        /// The text of a hash that was made before.
        case hash(Secret)
    }

    /// The name to log in with.
    package var username: String
    /// The name of the customer it belongs to; nil for who runs the deployment.
    package var customerName: String?
    /// A name for people.
    package var name: String
    /// What it may do.
    package var role: AgentRole
    /// The password.
    package var password: Password

    /// Makes a declared agent.
    package init(
        username: String,
        customerName: String? = nil,
        name: String = "",
        role: AgentRole,
        password: Password = .keep
    ) {
        self.username = username
        self.customerName = customerName
        self.name = name
        self.role = role
        self.password = password
    }
}

extension CallStore {
    /// The hashes that the plan's agents should have: the stored one where the password is still the same.
    ///
    /// A hash takes a tenth of a second, so this comes before the transaction that the writer of calls would wait for.
    func agentPasswords(_ plan: ProvisioningPlan) throws(CallStoreError) -> [String: Secret] {
        var hashes: [String: Secret] = [:]
        for agent in plan.agents {
            switch agent.password {
            case .keep: break
            case .hash(let hash): hashes[agent.username] = hash
            case .plain(let password):
                let stored = try reading { try StoredAgent.find($0, username: agent.username)?.passwordHash }
                hashes[agent.username] = try Self.hash(of: password, stored)
            }
        }
        return hashes
    }

    private static func hash(of password: Secret, _ stored: Secret?) throws(CallStoreError) -> Secret {
        if let stored, PasswordHash(text: stored.revealed)?.matches(password.revealed) == true { return stored }
        do {
            return Secret(try PasswordHash.make(of: password.revealed).text)
        } catch {
            throw .failed(code: -1, detail: "a password cannot be hashed: \(error)")
        }
    }
}

extension PlanApplier {
    /// Writes an agent that differs from what is stored.
    func apply(_ declared: ProvisionedAgent) throws {
        let stored = try StoredAgent.find(database, username: declared.username)
        let customer = try declared.customerName.map { try self.customer(named: $0) }
        var agent =
            stored
            ?? StoredAgent(
                id: newIdentifier(),
                customer: customer,
                username: declared.username,
                passwordHash: Secret(""),
                permission: declared.role.permission,
                created: now
            )
        let hash = agentPasswords[declared.username] ?? agent.passwordHash
        var words = ChangeWords()
        words.compare("customer", agent.customer, customer) { $0.map { self.name(of: $0) } ?? "" }
        words.compare("name", agent.name, declared.name) { $0 }
        words.compare("permission", agent.permission, declared.role.permission) { String($0) }
        words.compareSecret("password", agent.passwordHash, hash)
        guard let sentence = stored == nil ? "created" : words.sentence else { return }
        agent.customer = customer
        agent.name = declared.name
        agent.permission = declared.role.permission
        agent.passwordHash = hash
        agent.updated = stored == nil ? nil : now
        try agent.write(database)
        note(.agent, declared.username, sentence)
    }
}
