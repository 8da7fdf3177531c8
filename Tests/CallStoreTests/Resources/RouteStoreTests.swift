// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan
import Testing

@Suite("Routes, providers and extensions in the store")
struct RouteStoreTests {
    private let directory: TemporaryDirectory
    private let store: CallStore
    private let trunks: [Trunk]
    private let customer: ResourceIdentifier

    init() throws {
        directory = try TemporaryDirectory()
        store = try CallStore(path: directory.path())
        var plan = ProvisioningPlan(
            trunks: ["east", "west"].map { ProvisionedTrunk(trunk: Trunk(id: .zero, name: $0, host: "192.0.2.1")) }
        )
        plan.customers = [
            ProvisionedCustomer(name: "acme", endpoints: [ProvisionedEndpoint(username: "alice", extensions: ["10"])])
        ]
        _ = try store.apply(plan, at: Sample.time(0))
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        trunks = snapshot.trunks
        customer = try #require(snapshot.customers.keys.first)
    }

    private func write(_ index: Int, _ trunk: Trunk, _ target: String, deleted: Bool = false) async throws {
        var stored = StoredRoute(
            route: TrunkRoute(
                id: Sample.callID(100 - index),
                customer: customer,
                trunk: trunk.id,
                target: try #require(RouteTarget(target))
            ),
            name: "route \(index)",
            created: Sample.time(Int64(index))
        )
        if deleted { stored.deleted = Sample.time(9) }
        let new = stored
        try await store.write { try new.write($0) }
        #expect(try await store.read { try StoredRoute.find($0, new.route.id) } == new)
    }

    private func dial() throws -> [String]? {
        let attempt = CallAttempt(
            caller: .customer(customer),
            destination: DialledDestination(scheme: .tel, user: ReceivedText("+14165550123"))
        )
        var usage = CustomerUsage()
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        let decision = PolicyEngine.decide(attempt, under: snapshot, counting: &usage, at: Instant(milliseconds: 7))
        return decision.approved?.route.map(\.name)
    }

    @Test("policy reads routes in the order of creation, deleted ones left out")
    func snapshot() async throws {
        let number = try #require(E164Number("+12125550100"))
        let rules = ProvisionedOutbound(
            destinationWhitelist: [try #require(Country("ca"))],
            defaultOutgoingSourceNumber: number
        )
        var plan = ProvisioningPlan(customers: [ProvisionedCustomer(name: "acme", outbound: rules)])
        plan.customers[0].numbers = [ProvisionedNumber(number: number)]
        _ = try store.apply(plan, at: Sample.time(1))
        #expect(try dial()?.sorted() == ["east", "west"])
        let (east, west) = (try #require(trunks.first), try #require(trunks.last))
        try await write(1, west, "all")
        #expect(try dial() == ["west"])
        try await write(2, east, "all")
        #expect(try dial() == ["west", "east"])
        try await write(3, east, "+1416", deleted: true)
        #expect(try dial() == ["west", "east"])
        try await write(4, east, "+1416")
        #expect(try dial() == ["east", "west"])
    }

    @Test("a trunk or a customer that a plan removes takes its routes along")
    func cascade() async throws {
        let east = try #require(trunks.first)
        try await write(1, east, "all")
        #expect(try await store.read { try StoredRoute.count($0, to: east.id) } == 1)
        _ = try store.apply(ProvisioningPlan(prune: true), at: Sample.time(2))
        let position = ListPosition(limit: 10)
        #expect(try await store.read { try StoredRoute.list($0, of: .any, position) } == [])
    }

    @Test("a provider reads as it was written, and keeps what the API does not name")
    func provider() async throws {
        let id = try #require(trunks.first).id
        var stored = try #require(try await store.read { try StoredProvider.find($0, id) })
        stored.trunk.identity.remotePartyID = .always
        stored.trunk.redirectHosts = ["gw.example"]
        stored.detail = "carrier"
        stored.updated = Sample.time(5)
        let changed = stored
        try await store.write { try changed.write($0) }
        #expect(try await store.read { try StoredProvider.find($0, name: "east") } == changed)
        #expect(try await store.read { try StoredProvider.list($0, ListPosition(limit: 9)) }.count == 2)
        #expect(try store.loadSnapshot(rules: DeploymentRules()).trunks.contains(changed.trunk))
    }

    @Test("an extension from a file is changed without losing its dial plan, limits and credentials")
    func endpoint() async throws {
        var declared = ProvisionedEndpoint(username: "alice", extensions: ["10", "11"])
        declared.dialPlan = DialPlan(country: Country("us"))
        declared.limits.concurrentCalls = LimitLevels(hard: 2)
        declared.credentials = .replace([StoredCredential(algorithm: "MD5", ha1: "a")])
        let plan = ProvisioningPlan(customers: [ProvisionedCustomer(name: "acme", endpoints: [declared])])
        _ = try store.apply(plan, at: Sample.time(1))
        let page = try await store.read { try StoredExtension.list($0, of: nil, ListPosition(limit: 9)) }
        var stored = try #require(page.first)
        #expect(stored.extensionName == "10" && stored.endpoint.extensions == ["10", "11"])
        stored.mainExtension = "11"
        stored.name = "Desk"
        let changed = stored
        try await store.write { try changed.write($0, credentials: nil) }
        let read = try #require(try await store.read { try StoredExtension.find($0, changed.endpoint.id) })
        #expect(read == changed && read.extensionName == "11")
        let endpoint = try store.loadSnapshot(rules: DeploymentRules()).endpointsByUsername["alice"]
        #expect(endpoint?.dialPlan == declared.dialPlan && endpoint?.limits == declared.limits)
        #expect(try store.loadCredentials()["alice"]?.map(\.ha1) == ["a"])
    }
}
