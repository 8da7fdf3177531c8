// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import SessionDescription
import Testing

/// A small deployment that tests change in one place and then judge a call by.
struct Deployment {
    static let customerID = ResourceIdentifier(high: 1, low: 1)
    static let otherID = ResourceIdentifier(high: 1, low: 2)
    static let endpointID = ResourceIdentifier(high: 2, low: 1)
    static let colleagueID = ResourceIdentifier(high: 2, low: 2)

    var rules = DeploymentRules()
    var customer: Customer
    var endpoint: Endpoint
    var colleague: Endpoint
    var numbers: [OwnedNumber]
    var trunks: [Trunk]
    /// In the order of their creation.
    var routes: [TrunkRoute] = []
    /// What the customer is doing before each call that is judged.
    var usage = CustomerUsage()

    let own: E164Number
    let second: E164Number
    let fallback: E164Number
    let virtual: E164Number
    let foreign: E164Number

    init() throws {
        own = try #require(E164Number("+12125550100"))
        second = try #require(E164Number("+12125550101"))
        fallback = try #require(E164Number("+12125550199"))
        virtual = try #require(E164Number("+12125550150"))
        foreign = try #require(E164Number("+12125550999"))
        customer = Customer(
            id: Self.customerID,
            name: "acme",
            outbound: OutboundConfiguration(
                id: Self.customerID,
                destinationWhitelist: [try #require(Country("us")), try #require(Country("ca"))],
                defaultOutgoingSourceNumber: fallback
            )
        )
        endpoint = Endpoint(
            id: Self.endpointID,
            customer: Self.customerID,
            username: "alice",
            extensions: ["1001"],
            number: own,
            displayName: "Front Desk"
        )
        colleague = Endpoint(id: Self.colleagueID, customer: Self.customerID, username: "bob", extensions: ["1002"])
        numbers = [
            OwnedNumber(id: .zero, customer: Self.customerID, number: own),
            OwnedNumber(id: .zero, customer: Self.customerID, number: second),
            OwnedNumber(id: .zero, customer: Self.customerID, number: fallback),
            OwnedNumber(id: .zero, customer: Self.customerID, number: virtual, type: .virtual),
            OwnedNumber(id: .zero, customer: Self.otherID, number: foreign),
        ]
        trunks = [Trunk(id: ResourceIdentifier(high: 3, low: 1), name: "east", host: "192.0.2.1")]
    }

    var snapshot: PolicySnapshot {
        PolicySnapshot(
            rules: rules,
            customers: [customer, Customer(id: Self.otherID, name: "other")],
            endpoints: [endpoint, colleague],
            numbers: numbers,
            trunks: trunks,
            routes: routes
        )
    }

    func decide(_ attempt: CallAttempt) -> PolicyDecision {
        var usage = usage
        return PolicyEngine.decide(attempt, under: snapshot, counting: &usage, at: Instant(milliseconds: 7))
    }

    /// Judges a call of the endpoint to what it dials in the deployment's own domain.
    func dial(_ user: String, _ change: (inout CallAttempt) -> Void = { _ in }) -> PolicyDecision {
        var attempt = CallAttempt(
            caller: .endpoint(Self.endpointID),
            destination: DialledDestination(scheme: .sip, user: ReceivedText(user)),
            identity: RequestedIdentity(fromUser: ReceivedText("alice"))
        )
        change(&attempt)
        return decide(attempt)
    }

    /// Judges a call of the control API on the customer's behalf.
    func request(
        _ user: String,
        from: String,
        _ anonymous: AnonymousSetting = .auto,
        privacy: [String] = []
    ) -> PolicyDecision {
        decide(
            CallAttempt(
                caller: .customer(Self.customerID),
                destination: DialledDestination(scheme: .tel, user: ReceivedText(user)),
                identity: RequestedIdentity(
                    fromUser: ReceivedText(from),
                    fromDisplayName: ReceivedText("Campaign")
                ),
                privacy: PrivacyRequest(values: privacy),
                anonymous: anonymous
            )
        )
    }

    static var trusted: Trunk {
        Trunk(
            id: ResourceIdentifier(high: 3, low: 9),
            name: "trusted",
            host: "192.0.2.9",
            trust: .trusted(basis: .privateNetwork, note: "contract")
        )
    }

    static var untrusted: Trunk {
        Trunk(id: ResourceIdentifier(high: 3, low: 8), name: "untrusted", host: "192.0.2.8")
    }
}

extension PolicyDecision {
    func finding(_ rule: RuleIdentifier) -> Finding? {
        findings.first { $0.rule == rule }
    }

    /// The telephone number the destination was read as, whatever became of the call; nil when it was read as none.
    var number: E164Number? {
        if case .telephoneNumber(let number, _, _) = finding(.destinationClassify)?.detail { number } else { nil }
    }

    func outcome(_ rule: RuleIdentifier) -> FindingOutcome? {
        finding(rule)?.outcome
    }
}
