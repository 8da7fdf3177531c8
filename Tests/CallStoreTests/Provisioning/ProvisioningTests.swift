// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan
import SessionDescription
import Testing

@Suite("Provisioning")
struct ProvisioningTests {
    private let directory: TemporaryDirectory
    private let store: CallStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try CallStore(path: directory.path())
    }

    private func plan() throws -> ProvisioningPlan {
        let number = try #require(E164Number("+15551234567"))
        let whitelist = [try #require(Country("us"))]
        let range = try #require(AddressRange(base: IPAddressBits(ipv4: 0x0A00_0000), prefixLength: 104))
        let codecs = try CodecList("PCMU,opus")
        let customer = ProvisionedCustomer(
            name: "demo",
            billingAccount: BillingAccount(creditMicros: 5),
            limits: CallLimits(concurrentCalls: LimitLevels(hard: 3)),
            dialPlan: DialPlan(country: Country("us")),
            mayCallSIPURIs: true,
            outbound: ProvisionedOutbound(
                name: "rules",
                destinationWhitelist: Set(whitelist),
                codecs: codecs,
                defaultOutgoingSourceNumber: number,
                whenNoValidSource: .reject,
                allowedSpecial: [.numberClass(.premium), .callingCode(870)]
            ),
            endpoints: [
                ProvisionedEndpoint(
                    username: "alice",
                    credentials: .replace([StoredCredential(algorithm: "MD5", ha1: "0123")]),
                    extensions: ["200", "100"],
                    number: number,
                    displayName: "Alice",
                    sourceAddresses: [range],
                    emergencyCallerID: number,
                    dialPlan: DialPlan(country: Country("gb"), internationalPrefixes: ["00", "010"])
                ),
                ProvisionedEndpoint(username: "bob", isEnabled: false),
            ],
            numbers: [ProvisionedNumber(number: number)]
        )
        let trunk = Trunk(
            id: .zero,
            name: "carrier",
            host: "192.0.2.1",
            transport: .tcp,
            trust: .trusted(basis: .privateNetwork, note: "leased line"),
            codecs: codecs,
            emergency: .only,
            takesServiceURNs: true,
            username: "gateway",
            password: Secret("hidden"),
            passesREFER: true,
            redirectHosts: ["gw2.carrier.example", "192.0.2.9", "2001:db8::9"]
        )
        return ProvisioningPlan(
            customers: [customer],
            trunks: [ProvisionedTrunk(customerName: "demo", trunk: trunk)]
        )
    }

    private func apply(_ plan: ProvisioningPlan) throws -> [String] {
        try store.apply(plan, at: Sample.time(0)).map(\.description)
    }

    @Test("a plan creates what it names, and changes nothing the second time")
    func idempotence() throws {
        let plan = try plan()
        let created = [
            "customer demo: created", "endpoint alice: created", "endpoint bob: created",
            "number +15551234567: created", "trunk carrier: created",
        ]
        #expect(try apply(plan) == created)
        #expect(try apply(plan) == [])
    }

    @Test("the snapshot holds every field that the plan gave")
    func snapshot() throws {
        let plan = try plan()
        _ = try apply(plan)
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        let declared = try #require(plan.customers.first)
        let customer = try #require(snapshot.customers.values.first)
        #expect(customer.name == "demo")
        #expect(customer.billingAccount == declared.billingAccount)
        #expect(customer.limits == declared.limits)
        #expect(customer.dialPlan == declared.dialPlan)
        #expect(customer.mayCallSIPURIs)
        let outbound = try #require(customer.outbound)
        #expect(outbound.destinationWhitelist == declared.outbound?.destinationWhitelist)
        #expect(outbound.codecs.description == "PCMU,opus")
        #expect(outbound.whenNoValidSource == .reject)
        #expect(outbound.allowedSpecial == [.numberClass(.premium), .callingCode(870)])
        #expect(outbound.defaultOutgoingSourceNumber?.description == "+15551234567")
        let alice = try #require(snapshot.endpointsByUsername["alice"])
        #expect(alice.extensions == ["100", "200"])
        #expect(alice.sourceAddresses == declared.endpoints.first?.sourceAddresses)
        #expect(alice.dialPlan == declared.endpoints.first?.dialPlan)
        #expect(alice.displayName == "Alice")
        let bob = try #require(snapshot.endpointsByUsername["bob"])
        #expect(!bob.isEnabled)
        #expect(bob.dialPlan == nil)
        #expect(bob.limits == .none)
        #expect(snapshot.numbers.values.map(\.customer) == [customer.id])
        var trunk = try #require(plan.trunks.first?.trunk)
        trunk.id = try #require(snapshot.trunks.first?.id)
        trunk.customer = customer.id
        #expect(snapshot.trunks == [trunk])
        #expect(try store.loadCredentials() == ["alice": [StoredCredential(algorithm: "MD5", ha1: "0123")]])
    }

    @Test("each change is told in words, secrets without their values")
    func words() throws {
        var plan = try plan()
        _ = try apply(plan)
        plan.customers[0].status = .frozen
        plan.customers[0].outbound?.destinationWhitelist.insert(try #require(Country("gb")))
        plan.customers[0].endpoints[0].credentials = .replace([StoredCredential(algorithm: "MD5", ha1: "4567")])
        plan.customers[0].endpoints[1].isEnabled = true
        plan.customers[0].numbers[0].type = .virtual
        plan.trunks[0].trunk.password = Secret("other")
        plan.trunks[0].trunk.port = 5080
        plan.trunks[0].trunk.passesREFER = false
        plan.trunks[0].trunk.redirectHosts = ["192.0.2.9"]
        let expected = [
            "customer demo: status active → frozen; whitelist us → gb, us", "endpoint alice: credentials changed",
            "endpoint bob: enabled no → yes", "number +15551234567: type normal → virtual",
            "trunk carrier: port 5060 → 5080; pass_refer yes → no; "
                + "redirect_hosts gw2.carrier.example, 192.0.2.9, 2001:db8::9 → 192.0.2.9; password changed",
        ]
        #expect(try apply(plan) == expected)
        #expect(try apply(plan) == [])
        #expect(try store.loadCredentials()["alice"]?.map(\.ha1) == ["4567"])
    }

    @Test("kept credentials and undeclared rules stay, and only a pruning plan removes")
    func pruning() throws {
        var plan = try plan()
        _ = try apply(plan)
        plan.customers[0].outbound = nil
        plan.customers[0].endpoints = [ProvisionedEndpoint(username: "bob", isEnabled: false)]
        plan.customers[0].numbers = []
        #expect(try apply(plan) == [])
        #expect(try store.loadCredentials().count == 1)
        plan.prune = true
        #expect(try apply(plan) == ["endpoint alice: removed", "number +15551234567: removed"])
        #expect(try store.loadCredentials().isEmpty)
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        #expect(snapshot.customers.values.first?.outbound?.name == "rules")
        #expect(try apply(ProvisioningPlan(prune: true)).last == "customer demo: removed")
        #expect(try store.loadSnapshot(rules: DeploymentRules()).customers.isEmpty)
    }

    @Test("a redirect host that could not be read back changes nothing", arguments: ["", "a.example,b.example"])
    func redirectHosts(host: String) throws {
        var plan = try plan()
        plan.trunks[0].trunk.redirectHosts.append(host)
        let detail = "a redirect host of trunk `carrier` is empty or has a comma"
        #expect(throws: CallStoreError.invalidPlan(detail: detail)) { try apply(plan) }
        #expect(try store.loadSnapshot(rules: DeploymentRules()).trunks.isEmpty)
    }

    @Test("a plan that contradicts itself changes nothing")
    func contradiction() throws {
        var plan = try plan()
        plan.customers[0].endpoints.append(ProvisionedEndpoint(username: "alice"))
        #expect(throws: CallStoreError.invalidPlan(detail: "endpoint `alice` is named twice")) { try apply(plan) }
        plan = try self.plan()
        plan.trunks[0].customerName = "nobody"
        #expect(throws: CallStoreError.self) { try apply(plan) }
        #expect(try store.loadSnapshot(rules: DeploymentRules()).customers.isEmpty)
    }
}
