// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// The routes by whose calls and which numbers they are for.
struct RouteTable: Sendable {
    /// One route with what selection reads of its trunk.
    struct Entry: Sendable {
        let route: TrunkRoute
        /// The trunk's place in the snapshot's list; nil for one that is switched off.
        let place: Int32?
        /// The customer that the trunk is reserved for.
        let reservation: ResourceIdentifier?
    }

    private struct Key: Hashable {
        let customer: ResourceIdentifier?
        let target: RouteTarget
    }

    private var entries: [Key: [Entry]] = [:]
    /// Bit n stands when some route is for numbers that begin with n certain digits.
    private var lengths: UInt32 = 0

    /// Sorts routes that are given in the order of their creation; nil when none is left.
    ///
    /// A route to a trunk that is switched off stays: it leads nowhere, and does not open the way to other trunks. One to
    /// a trunk that is not there is left out.
    init?(_ routes: [TrunkRoute], all trunks: [Trunk], enabled: [Trunk]) {
        guard !routes.isEmpty else { return nil }
        let known = Dictionary(trunks.map { ($0.id, $0.customer) }, uniquingKeysWith: { first, _ in first })
        let places = Dictionary(
            zip(enabled.map(\.id), enabled.indices.map { Int32(truncatingIfNeeded: $0) }),
            uniquingKeysWith: { first, _ in first }
        )
        let sorted = routes.enumerated().sorted {
            ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset)
        }
        for (_, route) in sorted {
            guard let reservation = known[route.trunk] else { continue }
            entries[Key(customer: route.customer, target: route.target), default: []].append(
                Entry(route: route, place: places[route.trunk], reservation: reservation)
            )
            lengths |= 1 << UInt32(truncatingIfNeeded: route.target.count)
        }
        if entries.isEmpty { return nil }
    }

    /// The routes that apply to a customer's call to a number, in the order in which they are tried: the customer's own
    /// for the longest beginning of the number, its own for all numbers, and then the same two for every customer.
    ///
    /// A route to a trunk that is reserved for another customer does not apply.
    func entries(for number: E164Number, of customer: ResourceIdentifier) -> [Entry] {
        var found: [Entry] = []
        for owner in [customer, nil] {
            found += longest(number, owner, customer)
            found += entries(.all, owner, customer)
        }
        return found
    }

    private func longest(
        _ number: E164Number,
        _ owner: ResourceIdentifier?,
        _ customer: ResourceIdentifier
    ) -> [Entry] {
        var digits = number.value
        for count in (1...number.digitCount).reversed() {
            if lengths & 1 << UInt32(truncatingIfNeeded: count) != 0 {
                let found = entries(RouteTarget(digits: digits, count: count), owner, customer)
                if !found.isEmpty { return found }
            }
            digits /= 10
        }
        return []
    }

    private func entries(
        _ target: RouteTarget,
        _ owner: ResourceIdentifier?,
        _ customer: ResourceIdentifier
    ) -> [Entry] {
        guard let found = entries[Key(customer: owner, target: target)] else { return [] }
        return found.filter { $0.reservation == nil || $0.reservation == customer }
    }
}
