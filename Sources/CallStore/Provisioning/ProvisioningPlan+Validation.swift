// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

extension ProvisioningPlan {
    /// Finds what contradicts itself in the plan alone.
    func validate() throws(CallStoreError) {
        try requireDistinct("customer", customers.map(\.name))
        try requireDistinct("endpoint", customers.flatMap { $0.endpoints.map(\.username) })
        try requireDistinct("number", customers.flatMap { $0.numbers.map(\.number.description) })
        try requireDistinct("trunk", trunks.map(\.trunk.name))
        try requireDistinct("agent", agents.map(\.username))
        for customer in customers { try requireReadable(customer.dialPlan, of: "customer `\(customer.name)`") }
        for endpoint in customers.lazy.flatMap(\.endpoints) {
            try requireReadable(endpoint.dialPlan, of: "endpoint `\(endpoint.username)`")
            if case .replace(let credentials) = endpoint.credentials {
                try requireDistinct("algorithm of endpoint \(endpoint.username)", credentials.map(\.algorithm))
            }
        }
        for trunk in trunks { try requireReadable(trunk.trunk) }
        guard prune else { return }
        let names = Set(customers.map(\.name))
        for case let name? in trunks.map(\.customerName) where !names.contains(name) {
            throw .invalidPlan(detail: "a trunk is reserved for the customer `\(name)`, which the plan removes")
        }
    }

    // Prefixes stand in one column, separated by commas.
    private func requireReadable(_ plan: DialPlan?, of owner: String) throws(CallStoreError) {
        guard let plan else { return }
        let prefixes = plan.internationalPrefixes + plan.hidingPrefixes + plan.showingPrefixes
        guard prefixes.allSatisfy({ !$0.isEmpty && !$0.contains(",") }) else {
            throw .invalidPlan(detail: "a dial prefix of \(owner) is empty or has a comma")
        }
    }

    // Hosts do as well.
    private func requireReadable(_ trunk: Trunk) throws(CallStoreError) {
        guard trunk.redirectHosts.allSatisfy({ !$0.isEmpty && !$0.contains(",") }) else {
            throw .invalidPlan(detail: "a redirect host of trunk `\(trunk.name)` is empty or has a comma")
        }
    }

    private func requireDistinct(_ kind: String, _ names: [String]) throws(CallStoreError) {
        var seen: Set<String> = []
        for name in names {
            guard !name.isEmpty else { throw .invalidPlan(detail: "a name of a \(kind) is empty") }
            guard seen.insert(name).inserted else { throw .invalidPlan(detail: "\(kind) `\(name)` is named twice") }
        }
    }
}
