// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import MonotonicTime
import NumberingPlan
import Testing

@Suite("Provisioning dial plans and limits")
struct DiallingProvisioningTests {
    private let directory: TemporaryDirectory
    private let store: CallStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try CallStore(path: directory.path())
    }

    /// A dial plan in which nothing is left at its default.
    private func dialPlan() -> DialPlan {
        DialPlan(
            country: Country("kr"),
            internationalPrefixes: ["00700", "001"],
            nationalPrefix: "",
            minimumNationalLength: 7,
            extensionPatterns: ["1xxx", "*9#"].compactMap { ExtensionPattern($0) },
            hidingPrefixes: [],
            showingPrefixes: ["*83"]
        )
    }

    /// Limits of which no two levels are alike.
    private func limits() -> CallLimits {
        CallLimits(
            concurrentCalls: LimitLevels(soft: 1, hard: 2),
            callsPerSecond: LimitLevels(soft: 3, hard: 4),
            callsPerMinuteToCountry: LimitLevels(soft: 5, hard: 6),
            callsPerMinuteToNumber: LimitLevels(soft: 7, hard: 8),
            dailyCallsToCountry: LimitLevels(soft: 9),
            dailyMinutesToCountry: LimitLevels(hard: 12),
            homeCountries: Set(["kr", "jp"].compactMap { Country($0) }),
            maximumDuration: LimitLevels(soft: 13, hard: 14)
        )
    }

    private func plan(_ customer: DialPlan?, _ endpoint: DialPlan?, _ limits: CallLimits) -> ProvisioningPlan {
        let trunk = Trunk(id: .zero, name: "carrier", host: "192.0.2.1")
        let alice = ProvisionedEndpoint(username: "alice", dialPlan: endpoint, limits: limits)
        return ProvisioningPlan(
            customers: [
                ProvisionedCustomer(
                    name: "demo",
                    limits: limits,
                    dialPlan: customer,
                    outbound: ProvisionedOutbound(),
                    endpoints: [alice]
                )
            ],
            trunks: [ProvisionedTrunk(trunk: trunk)]
        )
    }

    private func apply(_ plan: ProvisioningPlan) throws -> [String] {
        try store.apply(plan, at: Sample.time(0)).map(\.description)
    }

    @Test("every field of a dial plan and of limits comes back, for customers and endpoints alike")
    func fields() throws {
        let dialPlan = self.dialPlan()
        let limits = self.limits()
        let plan = self.plan(DialPlan(), dialPlan, limits)
        _ = try apply(plan)
        #expect(try apply(plan) == [])
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        let customer = try #require(snapshot.customers.values.first)
        let alice = try #require(snapshot.endpointsByUsername["alice"])
        #expect(customer.dialPlan == DialPlan())
        #expect(customer.limits == limits)
        #expect(alice.dialPlan == dialPlan)
        #expect(alice.limits == limits)
    }

    @Test("each limit has columns of its own", arguments: 0..<14)
    func levels(_ index: Int) throws {
        let kinds: [WritableKeyPath<CallLimits, LimitLevels>] = [
            \.concurrentCalls, \.callsPerSecond, \.callsPerMinuteToCountry, \.callsPerMinuteToNumber,
            \.dailyCallsToCountry, \.dailyMinutesToCountry, \.maximumDuration,
        ]
        var limits = CallLimits()
        limits[keyPath: kinds[index / 2]] = index % 2 == 0 ? LimitLevels(soft: 42) : LimitLevels(hard: 42)
        _ = try apply(plan(nil, nil, limits))
        #expect(try store.loadSnapshot(rules: DeploymentRules()).customers.values.first?.limits == limits)
    }

    @Test("a change is told by the keys and values of the provisioning file")
    func words() throws {
        _ = try apply(plan(nil, DialPlan(), .none))
        var changed = plan(dialPlan(), nil, CallLimits(callsPerSecond: LimitLevels(hard: 5)))
        changed.customers[0].limits = limits()
        changed.customers[0].outbound?.allowedSpecial = [.callingCode(881), .numberClass(.premium)]
        changed.trunks[0].trunk.emergency = .also
        changed.trunks[0].trunk.takesServiceURNs = true
        let expected = [
            "customer demo: limits.concurrent_calls none → {soft: 1, hard: 2}; "
                + "limits.calls_per_second none → {soft: 3, hard: 4}; "
                + "limits.calls_per_minute_to_country none → {soft: 5, hard: 6}; "
                + "limits.calls_per_minute_to_number none → {soft: 7, hard: 8}; "
                + "limits.daily_calls_to_country none → {soft: 9}; limits.daily_minutes_to_country none → 12; "
                + "limits.max_call_duration_seconds none → {soft: 13, hard: 14}; limits.home_countries none → jp, kr; "
                + "dial_plan none → {country: kr, international_prefixes: [\"00700\", \"001\"], national_prefix: \"\", "
                + "minimum_national_length: 7, extension_patterns: [\"1xxx\", \"*9#\"], hiding_prefixes: [], "
                + "showing_prefixes: [\"*83\"]}; allowed_special none → +881, premium",
            "endpoint alice: limits.calls_per_second none → 5; dial_plan {} → none",
            "trunk carrier: emergency no → also; takes_service_urns no → yes",
        ]
        #expect(try store.preview(changed, at: Sample.time(0)).map(\.description) == expected)
        #expect(try apply(changed) == expected)
        #expect(try apply(changed) == [])
    }

    @Test("a dial plan and limits are taken away again, and go with their owner")
    func removal() throws {
        let owners = "SELECT (SELECT count(*) FROM dial_plans) + (SELECT count(*) FROM call_limits)"
        func count() throws -> Int? {
            let queue = try DatabaseQueue(path: directory.path())
            return try queue.read { try Int.fetchOne($0, sql: owners) }
        }
        _ = try apply(plan(dialPlan(), dialPlan(), limits()))
        #expect(try count() == 4)
        _ = try apply(plan(nil, dialPlan(), .none))
        #expect(try count() == 1)
        _ = try apply(plan(dialPlan(), dialPlan(), limits()))
        var without = plan(dialPlan(), nil, limits())
        without.customers[0].endpoints = []
        without.prune = true
        _ = try apply(without)
        #expect(try count() == 2)
        _ = try apply(plan(dialPlan(), dialPlan(), limits()))
        // The endpoint is not named for removal; it goes with its customer.
        try DatabaseQueue(path: directory.path()).write { try $0.execute(sql: "DELETE FROM customers") }
        #expect(try count() == 0)
    }

    @Test("a prefix that cannot be stored is refused, for customers and endpoints", arguments: ["", "1,2"])
    func prefixes(_ prefix: String) throws {
        let bad = DialPlan(internationalPrefixes: [prefix])
        func refusal(_ owner: String) -> CallStoreError {
            .invalidPlan(detail: "a dial prefix of \(owner) is empty or has a comma")
        }
        #expect(throws: refusal("customer `demo`")) { try apply(plan(bad, nil, .none)) }
        #expect(throws: refusal("endpoint `alice`")) { try apply(plan(nil, bad, .none)) }
    }
}
