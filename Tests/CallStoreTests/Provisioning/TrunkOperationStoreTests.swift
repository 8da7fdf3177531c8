// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Testing

@Suite("How trunks are run, in the store")
struct TrunkOperationStoreTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let operation = TrunkOperation(
        health: TrunkHealthSettings(interval: 10, timeout: 2, failures: 4, successes: 1),
        breaker: TrunkBreakerSettings(failures: 7, seconds: 9),
        limits: TrunkLimits(concurrentCalls: 20, callsPerSecond: 3),
        registration: TrunkRegistrationSettings(
            expires: 600,
            username: "user",
            password: Secret("hush-hush"),
            domain: "d.example",
            contactUser: "contact",
            isRequired: true
        )
    )

    private static func plan(_ operation: TrunkOperation) -> ProvisioningPlan {
        let trunk = Trunk(id: .zero, name: "carrier", host: "192.0.2.1", operation: operation)
        return ProvisioningPlan(trunks: [ProvisionedTrunk(trunk: trunk)])
    }

    @Test("settings are read as they were written, and the same plan changes nothing")
    func roundTrip() throws {
        let store = try CallStore(path: directory.path())
        for (place, operation) in [Self.operation, TrunkOperation(breaker: nil), TrunkOperation()].enumerated() {
            #expect(try store.apply(Self.plan(operation), at: Sample.time(Int64(place))).count == 1)
            #expect(try store.apply(Self.plan(operation), at: Sample.time(Int64(place))) == [])
            let trunk = try #require(try store.loadSnapshot(rules: DeploymentRules()).trunks.first)
            #expect(trunk.operation == operation)
        }
    }

    @Test("a change names each key that differs, and no password")
    func differences() throws {
        let store = try CallStore(path: directory.path())
        _ = try store.apply(Self.plan(TrunkOperation()), at: Sample.time(0))
        let changes = try store.apply(Self.plan(Self.operation), at: Sample.time(1)).map { "\($0)" }.joined()
        for key in ["health", "breaker", "concurrent_calls", "calls_per_second", "register"] {
            #expect(changes.contains(key))
        }
        #expect(!changes.contains("hush"))
    }
}
