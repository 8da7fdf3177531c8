// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// Names one extension of one customer.
package struct ExtensionKey: Hashable, Sendable {
    /// The customer.
    package var customer: ResourceIdentifier
    /// The dialled text, compared exactly.
    package var name: String

    /// Makes a key.
    package init(customer: ResourceIdentifier, name: String) {
        self.customer = customer
        self.name = name
    }
}

/// Rules of the whole deployment that a decision depends on.
package struct DeploymentRules: Hashable, Sendable {
    /// Whether telephone calls need a customer whose identity is verified.
    package var requiresVerifiedIdentity: Bool
    /// Numbers, in any spelling a phone may dial, that are emergency calls (`112`, `911`).
    package var emergencyNumbers: Set<String>

    /// Makes the rules; by default identities need not be verified and 112, 911 and 999 are emergency numbers.
    package init(requiresVerifiedIdentity: Bool = false, emergencyNumbers: Set<String> = ["112", "911", "999"]) {
        self.requiresVerifiedIdentity = requiresVerifiedIdentity
        self.emergencyNumbers = emergencyNumbers
    }
}

/// All that decisions need to know, frozen: built once, shared by reference, replaced whole.
package final class PolicySnapshot: Sendable {
    /// The deployment's rules.
    package let rules: DeploymentRules
    /// Customers by identity.
    package let customers: [ResourceIdentifier: Customer]
    /// Endpoints by identity.
    package let endpoints: [ResourceIdentifier: Endpoint]
    /// Endpoints by digest user name.
    package let endpointsByUsername: [String: Endpoint]
    /// Endpoints by the names others of the same customer dial.
    package let endpointsByExtension: [ExtensionKey: [ResourceIdentifier]]
    /// Owned numbers that are not deleted, by number.
    package let numbers: [E164Number: OwnedNumber]
    /// Enabled trunks, lowest priority value first.
    package let trunks: [Trunk]
    /// What route selection reads of `trunks`, place by place.
    let trunkKeys: [TrunkKey]
    /// Endpoints of known customers, each with its customer, by the endpoint's identity.
    let endpointCallers: [ResourceIdentifier: KnownCaller]
    /// Customers as callers of the control API, by identity.
    let customerCallers: [ResourceIdentifier: KnownCaller]

    /// Builds the indexes over plain lists; a later duplicate of a unique key is ignored.
    package init(
        rules: DeploymentRules = DeploymentRules(),
        customers: [Customer],
        endpoints: [Endpoint],
        numbers: [OwnedNumber],
        trunks: [Trunk]
    ) {
        self.rules = rules
        self.customers = Dictionary(customers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.endpoints = Dictionary(endpoints.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.endpointsByUsername = Dictionary(
            endpoints.map { ($0.username, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var byExtension: [ExtensionKey: [ResourceIdentifier]] = [:]
        for endpoint in endpoints where endpoint.isEnabled {
            for name in Set(endpoint.extensions + [endpoint.username]) {
                byExtension[ExtensionKey(customer: endpoint.customer, name: name), default: []].append(endpoint.id)
            }
        }
        self.endpointsByExtension = byExtension
        self.numbers = Dictionary(
            numbers.lazy.filter { $0.status == .active }.map { ($0.number, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.trunks = trunks.filter(\.isEnabled).sorted {
            ($0.priority, $0.name) < ($1.priority, $1.name)
        }
        self.trunkKeys = self.trunks.map(TrunkKey.init)
        let known = self.customers
        self.endpointCallers = self.endpoints.compactMapValues { endpoint in
            known[endpoint.customer].map { KnownCaller(customer: $0, endpoint: endpoint) }
        }
        self.customerCallers = known.mapValues { KnownCaller(customer: $0, endpoint: nil) }
    }
}

/// A caller with its customer, boxed so that a decision takes one reference instead of copying both.
final class KnownCaller: Sendable {
    let customer: Customer
    /// Nil for a caller of the control API.
    let endpoint: Endpoint?
    /// The endpoint's configured name, fit for the wire.
    let displayName: DisplayName?
    /// The endpoint's identity, number and switch beside it, for reading them out of it would copy it whole.
    let endpointID: ResourceIdentifier?
    let endpointNumber: E164Number?
    let isEnabled: Bool

    init(customer: Customer, endpoint: Endpoint?) {
        self.customer = customer
        self.endpoint = endpoint
        displayName = endpoint?.displayName.flatMap { DisplayName($0) }
        endpointID = endpoint?.id
        endpointNumber = endpoint?.number
        isEnabled = endpoint?.isEnabled ?? true
    }
}

/// The part of a trunk that route selection reads: small, and without references to count.
struct TrunkKey: Sendable {
    let id: ResourceIdentifier
    let customer: ResourceIdentifier?
    let priority: Int
    let weight: UInt64

    init(_ trunk: Trunk) {
        id = trunk.id
        customer = trunk.customer
        priority = trunk.priority
        weight = UInt64(min(max(trunk.weight, 0), 65_535))
    }

    /// Whether the trunk takes calls of this customer: its own, or one that is shared.
    func serves(_ caller: ResourceIdentifier) -> Bool {
        guard let customer else { return true }
        return customer == caller
    }
}
