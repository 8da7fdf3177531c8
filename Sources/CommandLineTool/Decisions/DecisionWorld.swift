// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
package import CallPolicy
import CallStore
import Foundation
import MonotonicTime
import TollgateConfiguration

/// All that a decision is made under, and the names that stand for the gateway.
package struct DecisionWorld: Sendable {
    /// What decisions are made under.
    package var snapshot: PolicySnapshot
    /// Host names and addresses that mean the gateway, in lower case.
    package var localNames: Set<String>
    /// The host that the gateway writes into From and P-Asserted-Identity.
    package var gatewayHost: String
    /// What customers did in the last day and are doing, as far as the store knows.
    private var usages: [ResourceIdentifier: CustomerUsage] = [:]

    /// The present, for limits: history lies before it.
    static let now = Instant(milliseconds: 0)

    /// Makes a world.
    package init(snapshot: PolicySnapshot, localNames: Set<String>, gatewayHost: String) {
        self.snapshot = snapshot
        self.localNames = localNames
        self.gatewayHost = gatewayHost
    }

    /// A world under the rules and names of a configuration; without one, the realm stands for the gateway.
    init(_ configuration: GatewayConfiguration?, realm: String? = nil, _ snapshot: PolicySnapshot) {
        let sip = (configuration ?? GatewayConfiguration()).sip
        let listener = sip.listeners.first.map { $0.advertisedAddress ?? $0.address } ?? "localhost"
        var names = Set(sip.localNames.map { $0.lowercased() })
        if configuration == nil, let realm { names.insert(realm.lowercased()) }
        self.init(
            snapshot: snapshot,
            localNames: names,
            gatewayHost: sip.domains.first ?? (configuration == nil ? realm : nil) ?? listener
        )
    }
}

extension DecisionWorld {
    /// Reads out of the store what the running gateway's limits count.
    mutating func readUsage(_ store: CallStore) throws {
        let present = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        func instant(_ time: WallTime) -> Instant {
            Instant(milliseconds: -max(0, present.milliseconds &- time.milliseconds))
        }
        let since = WallTime(milliseconds: present.milliseconds - CustomerUsage.history.milliseconds)
        try store.forEachTelephoneCall(since: since) { call in
            usages[call.customer, default: CustomerUsage()].restore(
                attemptTo: call.number,
                in: call.country,
                by: call.endpoint,
                at: instant(call.created),
                answered: call.answered.map(instant),
                ended: call.ended.map(instant),
                now: Self.now
            )
        }
        for call in try store.loadLiveCalls().map(\.record) {
            usages[call.customer, default: CustomerUsage()].callBegan(by: call.endpoint)
            guard call.destinationKind == .tel, let answered = call.progressing else { continue }
            usages[call.customer]?.callAnswered(by: call.endpoint, to: call.country, at: instant(answered))
        }
    }

    /// What the caller's customer is doing.
    func usage(of caller: Caller) -> CustomerUsage {
        customer(of: caller).flatMap { usages[$0] } ?? CustomerUsage()
    }

    /// The limits that a caller's calls run into, the customer's first; nil for a caller that is not there.
    func limits(of caller: Caller) -> (CallLimits, CallLimits)? {
        guard let customer = customer(of: caller).flatMap({ snapshot.customers[$0] }) else { return nil }
        guard case .endpoint(let id) = caller else { return (customer.limits, .none) }
        return (customer.limits, snapshot.endpoints[id]?.limits ?? .none)
    }

    private func customer(of caller: Caller) -> ResourceIdentifier? {
        switch caller {
        case .endpoint(let id): snapshot.endpoints[id]?.customer
        case .customer(let id): id
        }
    }
}

extension ProvisioningPlan {
    /// The snapshot that a store would yield which holds this plan and nothing else.
    package func snapshot(rules: DeploymentRules) -> PolicySnapshot {
        var numbering = Numbering()
        var customers: [String: Customer] = [:]
        var endpoints: [Endpoint] = []
        var numbers: [OwnedNumber] = []
        for declared in self.customers {
            let customer = Customer(declared, &numbering)
            customers[customer.name] = customer
            endpoints += declared.endpoints.map { Endpoint($0, of: customer.id, &numbering) }
            numbers += declared.numbers.map {
                OwnedNumber(
                    id: numbering.next(),
                    customer: customer.id,
                    number: $0.number,
                    type: $0.type,
                    status: $0.status
                )
            }
        }
        let trunks = self.trunks.map { declared in
            var trunk = declared.trunk
            trunk.id = numbering.next()
            trunk.customer = declared.customerName.flatMap { customers[$0]?.id }
            return trunk
        }
        return PolicySnapshot(
            rules: rules,
            customers: Array(customers.values),
            endpoints: endpoints,
            numbers: numbers,
            trunks: trunks
        )
    }
}

/// Identities for things that no store has named yet.
private struct Numbering {
    private var last: UInt64 = 0

    mutating func next() -> ResourceIdentifier {
        last += 1
        return ResourceIdentifier(high: 0, low: last)
    }
}

extension Customer {
    fileprivate init(_ declared: ProvisionedCustomer, _ numbering: inout Numbering) {
        self.init(
            id: numbering.next(),
            name: declared.name,
            status: declared.status,
            identityVerification: declared.identityVerification,
            billingAccount: declared.billingAccount,
            limits: declared.limits,
            dialPlan: declared.dialPlan,
            mayCallSIPURIs: declared.mayCallSIPURIs
        )
        let rules = declared.outbound ?? ProvisionedOutbound()
        outbound = OutboundConfiguration(
            id: numbering.next(),
            name: rules.name,
            destinationWhitelist: rules.destinationWhitelist,
            codecs: rules.codecs,
            defaultOutgoingSourceNumber: rules.defaultOutgoingSourceNumber,
            whenNoValidSource: rules.whenNoValidSource,
            whenAnonymityDisallowed: rules.whenAnonymityDisallowed,
            allowedSpecial: rules.allowedSpecial
        )
    }
}

extension Endpoint {
    fileprivate init(
        _ declared: ProvisionedEndpoint,
        of customer: ResourceIdentifier,
        _ numbering: inout Numbering
    ) {
        self.init(
            id: numbering.next(),
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
    }
}
