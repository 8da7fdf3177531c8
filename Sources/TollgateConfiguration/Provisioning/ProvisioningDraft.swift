// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import NumberingPlan

/// A provisioning file's parts with their places, before they are checked against each other.
struct ProvisioningDraft {
    struct CustomerDraft {
        var name: Located<String>
        var customer: ProvisionedCustomer
        var dialPlan: DialPlanDraft?
        var defaultNumber: Located<E164Number>?
    }

    struct NumberDraft {
        var customer: Located<String>
        var position: SourcePosition
        var number: ProvisionedNumber

        var isUsable: Bool { number.type == .normal && number.status == .active }
    }

    struct EndpointDraft {
        var customer: Located<String>
        var username: Located<String>
        var extensions: [Located<String>]
        var dialPlan: DialPlanDraft?
        var ownNumbers: [(key: String, number: Located<E164Number>)]
        var endpoint: ProvisionedEndpoint
    }

    struct TrunkDraft {
        var name: Located<String>
        var customer: Located<String>?
        var trunk: Trunk
    }

    struct AgentDraft {
        var username: Located<String>
        var customer: Located<String>?
        var agent: ProvisionedAgent
    }

    var realm: String?
    var customers: [CustomerDraft] = []
    var numbers: [NumberDraft] = []
    var endpoints: [EndpointDraft] = []
    var trunks: [TrunkDraft] = []
    var agents: [AgentDraft] = []
    /// The deployment's emergency numbers.
    let emergencyNumbers: Set<String>
    private var prune = false

    init(_ fields: Fields, context: ProvisioningFile.Context?) {
        let named = fields.located("realm", .realm)
        if let named, let context, named.value != context.realm {
            let message = "`realm` is `\(clipped(named.value))`, but the gateway's is `\(clipped(context.realm))`"
            fields.log.add(message, "write the same realm in both files, or remove it here", at: named.position)
        }
        realm = named?.value ?? context?.realm
        emergencyNumbers = context?.emergencyNumbers ?? DeploymentRules().emergencyNumbers
        let algorithms = fields.algorithms("algorithms") ?? context?.algorithms ?? DigestSettings().algorithms
        prune = fields.value("prune", .boolean) ?? prune
        let hasher = CredentialReader(realm: realm, algorithms: algorithms)
        customers = Self.parts(fields, "customers", CustomerDraft.init(_:))
        numbers = Self.parts(fields, "numbers", NumberDraft.init(_:))
        endpoints = Self.parts(fields, "endpoints") { EndpointDraft($0, credentials: hasher) }
        trunks = Self.parts(fields, "trunks", TrunkDraft.init(_:))
        agents = Self.parts(fields, "agents", AgentDraft.init(_:))
    }

    private static func parts<Part>(_ fields: Fields, _ key: String, _ decode: (Fields) -> Part?) -> [Part] {
        guard let nodes = fields.nodes(key) else { return [] }
        var parts: [Part] = []
        parts.reserveCapacity(nodes.count)
        for node in nodes {
            if let part = Fields.decode(node, name: key, log: fields.log, decode), let part { parts.append(part) }
        }
        return parts
    }

    /// Checks the parts against each other and joins them; what is wrong goes to the log.
    func plan(log: ProblemLog) -> ProvisioningPlan {
        ProvisioningChecks(self, log: log).run()
        var endpointsByCustomer: [String: [ProvisionedEndpoint]] = [:]
        for draft in endpoints { endpointsByCustomer[draft.customer.value, default: []].append(draft.endpoint) }
        var numbersByCustomer: [String: [ProvisionedNumber]] = [:]
        for draft in numbers { numbersByCustomer[draft.customer.value, default: []].append(draft.number) }
        let joined = customers.map { draft in
            var customer = draft.customer
            customer.endpoints = endpointsByCustomer[customer.name] ?? []
            customer.numbers = numbersByCustomer[customer.name] ?? []
            return customer
        }
        let trunks = trunks.map { ProvisionedTrunk(customerName: $0.customer?.value, trunk: $0.trunk) }
        return ProvisioningPlan(customers: joined, trunks: trunks, agents: agents.map(\.agent), prune: prune)
    }
}
