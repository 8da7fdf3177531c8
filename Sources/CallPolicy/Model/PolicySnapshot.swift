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
    /// The deployment's own domains; in a `phone-context` they stand for the caller's own dial plan.
    package var localNames: Set<String>

    /// Makes the rules; by default identities need not be verified and 112, 911 and 999 are emergency numbers.
    package init(
        requiresVerifiedIdentity: Bool = false,
        emergencyNumbers: Set<String> = ["112", "911", "999"],
        localNames: Set<String> = []
    ) {
        self.requiresVerifiedIdentity = requiresVerifiedIdentity
        self.emergencyNumbers = emergencyNumbers
        self.localNames = localNames
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
    /// The routes that come before the trunks' own priorities; nil when there are none.
    let routeTable: RouteTable?
    /// The hosts of all trunks, redirect hosts and trunks switched off included: a carrier that trusts this gateway's address bills a call
    /// to one of them however the call came about.
    let trunkHosts: Set<HostKey>
    /// The deployment's emergency numbers, each as it is configured and as its digits alone.
    let emergencyNumbers: Set<String>
    /// The deployment's own domains, in lower case and without a final dot.
    let localNames: Set<String>
    /// Endpoints of known customers, each with its customer, by the endpoint's identity.
    let endpointCallers: [ResourceIdentifier: KnownCaller]
    /// Customers as callers of the control API, by identity.
    let customerCallers: [ResourceIdentifier: KnownCaller]

    /// Builds the indexes over plain lists; a later duplicate of a unique key is ignored. Routes come in the order of
    /// their creation.
    package init(
        rules: DeploymentRules = DeploymentRules(),
        customers: [Customer],
        endpoints: [Endpoint],
        numbers: [OwnedNumber],
        trunks: [Trunk],
        routes: [TrunkRoute] = []
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
        self.routeTable = RouteTable(routes, all: trunks, enabled: self.trunks)
        self.trunkHosts = Set(trunks.flatMap { [$0.host] + $0.redirectHosts }.map { HostKey($0.utf8) })
        self.emergencyNumbers = Self.spellings(of: rules.emergencyNumbers)
        self.localNames = Set(
            rules.localNames.map { name in
                let name = name.lowercased()
                return name.utf8.last == UInt8(ascii: ".") ? String(name.dropLast()) : name
            }
        )
        (self.customerCallers, self.endpointCallers) = Self.callers(self.customers, self.endpoints)
    }

    /// Whether this host, a name or an address in any spelling, is one of a trunk's, even of one that is switched off.
    ///
    /// Names are not looked up: whoever does so for another host asks again with the address found.
    package func hasTrunk(at host: ReceivedText) -> Bool {
        trunkHosts.contains(HostKey(host.buffer[host.range]))
    }

    /// The hosts of trunks, switched off or redirected to ones included, that are given by name.
    package var trunkNames: [String] {
        trunkHosts.compactMap { if case .name(let name) = $0 { name } else { nil } }
    }

    private static func spellings(of numbers: Set<String>) -> Set<String> {
        var spellings = numbers
        for number in numbers {
            guard case .notInternational(let digits) = NumberCanonicaliser.canonicalise(user: Array(number.utf8)) else {
                continue
            }
            spellings.insert(digits.description)
        }
        return spellings
    }

    private typealias Callers = [ResourceIdentifier: KnownCaller]

    /// Endpoints without a dial plan of their own share their customer's reader.
    private static func callers(
        _ customers: [ResourceIdentifier: Customer],
        _ endpoints: [ResourceIdentifier: Endpoint]
    ) -> (customers: Callers, endpoints: Callers) {
        let plain = DialPlanReader(nil)
        let customerCallers = customers.mapValues { customer in
            let reader = customer.dialPlan.map { DialPlanReader($0) } ?? plain
            return KnownCaller(customer: customer, endpoint: nil, reader: reader)
        }
        let endpointCallers = endpoints.compactMapValues { endpoint -> KnownCaller? in
            guard let known = customerCallers[endpoint.customer] else { return nil }
            let reader = endpoint.dialPlan.map { DialPlanReader($0) } ?? known.reader
            return KnownCaller(customer: known.customer, endpoint: endpoint, reader: reader)
        }
        return (customerCallers, endpointCallers)
    }
}
