// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import MonotonicTime
import Testing

@Suite("Provisioning of agents")
struct AgentProvisioningTests {
    private let directory: TemporaryDirectory
    private let store: CallStore
    private let now = WallTime(milliseconds: 1_790_000_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        store = try CallStore(path: directory.path())
    }

    private func plan(_ agents: ProvisionedAgent..., prune: Bool = false) -> ProvisioningPlan {
        ProvisioningPlan(customers: [ProvisionedCustomer(name: "acme")], agents: agents, prune: prune)
    }

    private func apply(_ plan: ProvisioningPlan) throws -> [String] {
        try store.apply(plan, at: now).map(\.description).filter { $0.hasPrefix("agent") }
    }

    @Test("an agent is made once, its password hashed; the same plan changes nothing")
    func idempotent() async throws {
        let agent = ProvisionedAgent(
            username: "alice",
            customerName: "acme",
            role: .admin,
            password: .plain(Secret("long enough"))
        )
        #expect(try apply(plan(agent)) == ["agent alice: created"])
        #expect(try apply(plan(agent)).isEmpty)
        let stored = try #require(try await store.read { try StoredAgent.find($0, username: "alice") })
        #expect(stored.permission == 32)
        #expect(stored.customer != nil)
        #expect(stored.passwordHash.revealed.hasPrefix("scrypt$"))
    }

    @Test("a change is told without the password; without one in the plan the stored one stays")
    func change() async throws {
        var agent = ProvisionedAgent(
            username: "ops",
            role: .superAdmin,
            password: .plain(Secret("long enough"))
        )
        _ = try apply(plan(agent))
        let first = try await store.read { try StoredAgent.find($0, username: "ops")?.passwordHash }
        agent.password = .keep
        agent.role = .manager
        agent.customerName = "acme"
        #expect(try apply(plan(agent)) == ["agent ops: customer none → acme; permission 1 → 64"])
        #expect(try await store.read { try StoredAgent.find($0, username: "ops")?.passwordHash } == first)
        agent.password = .plain(Secret("another one"))
        #expect(try store.preview(plan(agent), at: now).map(\.description) == ["agent ops: password changed"])
        #expect(try apply(plan(agent)) == ["agent ops: password changed"])
    }

    @Test("pruning leaves agents, so that nobody is locked out by a file")
    func prune() async throws {
        _ = try apply(plan(ProvisionedAgent(username: "ops", role: .superAdmin)))
        #expect(try apply(plan(prune: true)).isEmpty)
        #expect(try await store.read { try StoredAgent.find($0, username: "ops") } != nil)
    }

    @Test("an agent of an unknown customer is refused")
    func unknownCustomer() {
        let agent = ProvisionedAgent(username: "a", customerName: "nobody", role: .admin)
        #expect(throws: CallStoreError.self) { try store.apply(plan(agent), at: now) }
    }

    @Test("a customer that the API deleted is there again when a file declares it")
    func resurrection() async throws {
        _ = try store.apply(plan(), at: now)
        try await store.write { [now] database in
            var customer = try #require(try StoredCustomer.find(database, name: "acme"))
            try customer.delete(database, at: now)
        }
        let changes = try store.apply(plan(), at: now).map(\.description)
        #expect(changes == ["customer acme: status deleted → active"])
        let customer = try await store.read { try StoredCustomer.find($0, name: "acme") }
        #expect(customer?.deleted == nil)
    }
}
