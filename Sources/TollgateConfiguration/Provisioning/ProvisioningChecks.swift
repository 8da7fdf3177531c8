// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import NumberingPlan

/// The checks of a provisioning file that need more than one of its parts.
struct ProvisioningChecks {
    private let draft: ProvisioningDraft
    private let log: ProblemLog
    private let customerNames: Set<String>

    init(_ draft: ProvisioningDraft, log: ProblemLog) {
        self.draft = draft
        self.log = log
        customerNames = Set(draft.customers.map(\.name.value))
    }

    func run() {
        checkUnique("customer", draft.customers.map(\.name))
        checkUnique("trunk", draft.trunks.map(\.name))
        checkUnique("username", draft.endpoints.map(\.username))
        checkUnique("agent", draft.agents.map(\.username))
        checkUnique("number", draft.numbers.map { Located(value: "\($0.number.number)", position: $0.position) })
        for endpoint in draft.endpoints { checkCustomer(endpoint.customer) }
        for number in draft.numbers { checkCustomer(number.customer) }
        for trunk in draft.trunks { if let customer = trunk.customer { checkCustomer(customer) } }
        for agent in draft.agents { if let customer = agent.customer { checkCustomer(customer) } }
        checkExtensions()
        checkOwnership()
        DiallingChecks(draft, log: log).run()
    }

    private func checkUnique(_ kind: String, _ names: [Located<String>]) {
        var first: [String: SourcePosition] = Dictionary(minimumCapacity: names.count)
        for name in names {
            guard let earlier = first.updateValue(name.position, forKey: name.value) else { continue }
            first[name.value] = earlier
            let message = "duplicate \(kind) `\(clipped(name.value))`, already on line \(earlier.line)"
            log.add(message, "give each its own, or remove one", at: name.position)
        }
    }

    private func checkCustomer(_ name: Located<String>) {
        guard !customerNames.contains(name.value) else { return }
        let remedy =
            Suggestion.nearest(to: name.value, among: customerNames.sorted()).map { "did you mean `\($0)`?" }
            ?? "add it under `customers`"
        log.add("there is no customer `\(clipped(name.value))` in this file", remedy, at: name.position)
    }

    // An extension names one endpoint of its customer, and so does a user name.
    private func checkExtensions() {
        var owners: [ExtensionOwner: Located<String>] = [:]
        for endpoint in draft.endpoints {
            let key = ExtensionOwner(customer: endpoint.customer.value, name: endpoint.username.value)
            owners[key] = endpoint.username
        }
        for endpoint in draft.endpoints {
            for name in endpoint.extensions {
                let key = ExtensionOwner(customer: endpoint.customer.value, name: name.value)
                guard let owner = owners[key] else {
                    owners[key] = Located(value: endpoint.username.value, position: name.position)
                    continue
                }
                let holder = "`\(clipped(owner.value))` on line \(owner.position.line)"
                let message = "duplicate extension `\(clipped(name.value))`, already dialled for \(holder)"
                log.add(message, "give each endpoint its own", at: name.position)
            }
        }
    }

    private func checkOwnership() {
        var owners: [E164Number: ProvisioningDraft.NumberDraft] = [:]
        for number in draft.numbers where owners[number.number.number] == nil { owners[number.number.number] = number }
        for customer in draft.customers {
            guard let number = customer.defaultNumber else { continue }
            check("default_outgoing_source_number", number, of: customer.name.value, in: owners)
        }
        for endpoint in draft.endpoints {
            for (key, number) in endpoint.ownNumbers { check(key, number, of: endpoint.customer.value, in: owners) }
        }
    }

    private func check(
        _ key: String,
        _ number: Located<E164Number>,
        of customer: String,
        in owners: [E164Number: ProvisioningDraft.NumberDraft]
    ) {
        guard let owner = owners[number.value], owner.customer.value == customer else {
            let message = "`\(key)` is \(number.value), which is not a number of customer `\(clipped(customer))`"
            let entry = "{number: \"\(number.value)\", customer: \(clipped(customer))}"
            log.add(message, "add `\(entry)` under `numbers`", at: number.position)
            return
        }
        guard !owner.isUsable else { return }
        let state = "\(owner.number.type.rawValue) and \(owner.number.status.rawValue)"
        let message = "`\(key)` is \(number.value), which is \(state) (line \(owner.position.line))"
        log.add(message, "only a normal, active number can be shown to callees", at: number.position)
    }
}

private struct ExtensionOwner: Hashable {
    var customer: String
    var name: String
}
