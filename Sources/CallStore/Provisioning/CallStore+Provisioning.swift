// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import GRDB
package import MonotonicTime
import NumberingPlan

extension CallStore {
    /// Makes the store hold what a plan declares, in one transaction, and tells what that changed.
    ///
    /// A plan that is applied already changes nothing. Load a new snapshot after a change.
    ///
    /// - Throws: `invalidPlan` when the plan contradicts itself; nothing is changed then.
    package func apply(_ plan: ProvisioningPlan, at now: WallTime) throws(CallStoreError) -> [ProvisioningChange] {
        try plan.validate()
        let passwords = try agentPasswords(plan)
        return try writing { database in
            let applier = try PlanApplier(database, plan, passwords, now)
            return try applier.apply()
        }
    }
}

/// Applies one plan inside one transaction.
final class PlanApplier {
    let database: Database
    let plan: ProvisioningPlan
    /// The hashes that agents' passwords should have, by user name.
    let agentPasswords: [String: Secret]
    let now: WallTime
    private let writer: ModelWriter
    private var customers: [String: Customer]
    private let endpoints: [String: Endpoint]
    private let credentials: [ResourceIdentifier: Set<StoredCredential>]
    private let numbers: [E164Number: OwnedNumber]
    private let trunks: [String: Trunk]
    private var randomness = SystemRandomNumberGenerator()
    private var changes: [ProvisioningChange] = []

    init(_ database: Database, _ plan: ProvisioningPlan, _ agentPasswords: [String: Secret], _ now: WallTime) throws {
        self.database = database
        self.plan = plan
        self.agentPasswords = agentPasswords
        self.now = now
        writer = ModelWriter(database: database, now: now)
        let reader = ModelReader(database: database)
        let owned = try reader.owned()
        customers = Dictionary(uniqueKeysWithValues: try reader.customers(owned).map { ($0.name, $0) })
        endpoints = Dictionary(uniqueKeysWithValues: try reader.endpoints(owned).map { ($0.username, $0) })
        credentials = try reader.credentials()
        numbers = Dictionary(uniqueKeysWithValues: try reader.numbers().map { ($0.number, $0) })
        trunks = Dictionary(uniqueKeysWithValues: try reader.trunks().map { ($0.name, $0) })
    }

    /// Writes the differences, customers before what belongs to them, and removes last.
    func apply() throws -> [ProvisioningChange] {
        for declared in plan.customers {
            let customer = try apply(declared)
            for endpoint in declared.endpoints { try apply(endpoint, of: customer) }
            for number in declared.numbers { try apply(number, of: customer) }
        }
        for trunk in plan.trunks { try apply(trunk) }
        for agent in plan.agents { try apply(agent) }
        if plan.prune { try prune() }
        return changes
    }

    func note(_ kind: ProvisioningChange.Kind, _ name: String, _ words: String) {
        changes.append(ProvisioningChange(kind: kind, name: name, words: words))
    }

    func newIdentifier() -> ResourceIdentifier {
        ResourceIdentifier(unixMilliseconds: now.milliseconds, random: (randomness.next(), randomness.next()))
    }

    private func apply(_ declared: ProvisionedCustomer) throws -> ResourceIdentifier {
        let stored = customers[declared.name]
        let id = stored?.id ?? newIdentifier()
        let words = stored.map { Differences.of($0, declared) } ?? "created"
        guard let words else { return id }
        var customer = Customer(
            id: id,
            name: declared.name,
            status: declared.status,
            identityVerification: declared.identityVerification,
            billingAccount: declared.billingAccount,
            limits: declared.limits,
            dialPlan: declared.dialPlan,
            mayCallSIPURIs: declared.mayCallSIPURIs,
            outbound: stored?.outbound
        )
        try writer.write(customer)
        try writeOutbound(declared.outbound, into: &customer)
        customers[declared.name] = customer
        note(.customer, declared.name, words)
        return id
    }

    // A new customer gets empty rules, so that there is something to edit; they deny every telephone call.
    private func writeOutbound(_ declared: ProvisionedOutbound?, into customer: inout Customer) throws {
        guard let rules = declared ?? (customers[customer.name] == nil ? ProvisionedOutbound() : nil) else { return }
        if let stored = customer.outbound, ProvisionedOutbound(stored) == rules { return }
        let outbound = OutboundConfiguration(
            id: customer.outbound?.id ?? newIdentifier(),
            name: rules.name,
            destinationWhitelist: rules.destinationWhitelist,
            codecs: rules.codecs,
            defaultOutgoingSourceNumber: rules.defaultOutgoingSourceNumber,
            whenNoValidSource: rules.whenNoValidSource,
            whenAnonymityDisallowed: rules.whenAnonymityDisallowed,
            allowedSpecial: rules.allowedSpecial
        )
        try writer.write(outbound, of: customer.id)
        customer.outbound = outbound
    }

    private func apply(_ declared: ProvisionedEndpoint, of customer: ResourceIdentifier) throws {
        let stored = endpoints[declared.username]
        let endpoint = Endpoint(
            id: stored?.id ?? newIdentifier(),
            customer: customer,
            username: declared.username,
            extensions: declared.extensions,
            number: declared.number,
            displayName: declared.displayName,
            requiresRegistration: declared.requiresRegistration,
            sourceAddresses: declared.sourceAddresses,
            emergencyCallerID: declared.emergencyCallerID,
            isEnabled: declared.isEnabled,
            dialPlan: declared.dialPlan,
            limits: declared.limits
        )
        var words = stored.map { Differences.of($0, endpoint) } ?? ChangeWords()
        words.compare("customer", stored?.customer ?? customer, customer) { self.name(of: $0) }
        if stored == nil || words.sentence != nil { try writer.write(endpoint) }
        if case .replace(let credentials) = declared.credentials {
            let held = self.credentials[endpoint.id] ?? []
            words.compareSecret("credentials", held, Set(credentials))
            if held != Set(credentials) { try writer.write(credentials, of: endpoint.id) }
        }
        if let words = stored == nil ? "created" : words.sentence { note(.endpoint, declared.username, words) }
    }

    func name(of customer: ResourceIdentifier) -> String {
        customers.values.first { $0.id == customer }?.name ?? customer.description
    }

    private func apply(_ declared: ProvisionedNumber, of customer: ResourceIdentifier) throws {
        let stored = numbers[declared.number]
        let number = OwnedNumber(
            id: stored?.id ?? newIdentifier(),
            customer: customer,
            number: declared.number,
            type: declared.type,
            status: declared.status
        )
        guard stored != number else { return }
        var words = ChangeWords()
        if let stored {
            words.compare("customer", stored.customer, customer) { self.name(of: $0) }
            words.compare("type", stored.type, number.type, \.rawValue)
            words.compare("status", stored.status, number.status, \.rawValue)
        }
        try writer.write(number)
        note(.number, declared.number.description, words.sentence ?? "created")
    }

    private func apply(_ declared: ProvisionedTrunk) throws {
        let stored = trunks[declared.trunk.name]
        var trunk = declared.trunk
        trunk.id = stored?.id ?? newIdentifier()
        trunk.customer = try declared.customerName.map(customer(named:))
        var words = stored.map { Differences.of($0, trunk) } ?? ChangeWords()
        if let stored {
            words.compare("customer", stored.customer, trunk.customer) { $0.map { self.name(of: $0) } ?? "" }
        }
        guard let sentence = stored == nil ? "created" : words.sentence else { return }
        try writer.write(trunk)
        note(.trunk, trunk.name, sentence)
    }

    func customer(named name: String) throws -> ResourceIdentifier {
        if let customer = customers[name] { return customer.id }
        throw CallStoreError.invalidPlan(detail: "a trunk or an agent belongs to the unknown customer `\(name)`")
    }

    private func prune() throws {
        let names = Set(plan.trunks.map(\.trunk.name))
        for (name, trunk) in trunks.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
            try remove(.trunk, name, "trunks", trunk.id)
        }
        let usernames = Set(plan.customers.flatMap { $0.endpoints.map(\.username) })
        for (name, endpoint) in endpoints.sorted(by: { $0.key < $1.key }) where !usernames.contains(name) {
            try remove(.endpoint, name, "endpoints", endpoint.id)
        }
        let owned = Set(plan.customers.flatMap { $0.numbers.map(\.number) })
        for (number, row) in numbers.sorted(by: { $0.key.value < $1.key.value }) where !owned.contains(number) {
            try remove(.number, number.description, "numbers", row.id)
        }
        let customerNames = Set(plan.customers.map(\.name))
        for (name, customer) in customers.sorted(by: { $0.key < $1.key }) where !customerNames.contains(name) {
            try remove(.customer, name, "customers", customer.id)
        }
    }

    private func remove(
        _ kind: ProvisioningChange.Kind,
        _ name: String,
        _ table: String,
        _ id: ResourceIdentifier
    ) throws {
        try writer.delete(table, "id", id)
        note(kind, name, "removed")
    }
}
