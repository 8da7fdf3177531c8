// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// A caller with its customer, boxed so that a decision takes one reference instead of copying both.
final class KnownCaller: Sendable {
    let customer: Customer
    /// Nil for a caller of the control API.
    let endpoint: Endpoint?
    /// The endpoint's configured name, fit for the wire.
    let displayName: DisplayName?
    /// The endpoint's identity, number, switch and limits beside it, for reading them out of it would copy it whole.
    let endpointID: ResourceIdentifier?
    let endpointNumber: E164Number?
    let isEnabled: Bool
    let endpointLimits: CallLimits
    /// Whether `customer.limits` and `destination.limits` have anything to judge; most callers have no limits.
    let limitsRate: Bool
    let limitsDestinations: Bool
    /// Reads what is dialled by the endpoint's plan, or by the customer's.
    let reader: DialPlanReader
    /// How long one call may last, in seconds.
    let maximumDuration: LimitLevels

    init(customer: Customer, endpoint: Endpoint?, reader: DialPlanReader) {
        self.customer = customer
        self.endpoint = endpoint
        self.reader = reader
        displayName = endpoint?.displayName.flatMap { DisplayName($0) }
        endpointID = endpoint?.id
        endpointNumber = endpoint?.number
        isEnabled = endpoint?.isEnabled ?? true
        endpointLimits = endpoint?.limits ?? .none
        limitsRate = customer.limits.limitsRate || endpointLimits.limitsRate
        limitsDestinations = customer.limits.limitsDestinations || endpointLimits.limitsDestinations
        maximumDuration = customer.limits.maximumDuration.tightened(by: endpointLimits.maximumDuration)
    }
}

extension PolicySnapshot {
    /// How long one call of a customer, or of one of its endpoints, may last, in seconds: the smaller of both, level by
    /// level. No limit for an endpoint or customer that is not there.
    package func maximumDuration(customer: ResourceIdentifier, endpoint: ResourceIdentifier?) -> LimitLevels {
        let known = endpoint.flatMap { endpointCallers[$0] } ?? customerCallers[customer]
        return known?.maximumDuration ?? LimitLevels()
    }
}

extension LimitLevels {
    /// The smaller of both, level by level.
    fileprivate func tightened(by other: LimitLevels) -> LimitLevels {
        func smaller(_ left: Int?, _ right: Int?) -> Int? {
            guard let left, let right else { return left ?? right }
            return min(left, right)
        }
        return LimitLevels(soft: smaller(soft, other.soft), hard: smaller(hard, other.hard))
    }
}

/// The part of a trunk that route selection reads: small, and without references to count.
struct TrunkKey: Sendable {
    let id: ResourceIdentifier
    let customer: ResourceIdentifier?
    let priority: Int
    let weight: UInt64
    let emergency: EmergencyUse

    init(_ trunk: Trunk) {
        id = trunk.id
        customer = trunk.customer
        priority = trunk.priority
        weight = UInt64(min(max(trunk.weight, 0), 65_535))
        emergency = trunk.emergency
    }

    /// Whether the trunk takes calls of this customer: its own, or one that is shared.
    func serves(_ caller: ResourceIdentifier) -> Bool {
        guard let customer else { return true }
        return customer == caller
    }
}
