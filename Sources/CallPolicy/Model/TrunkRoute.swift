// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The numbers that a route is for: all, or those that begin with certain digits.
package struct RouteTarget: Hashable, Sendable, LosslessStringConvertible {
    /// Every number; written `all`.
    package static let all = RouteTarget(digits: 0, count: 0)

    /// The digits as a decimal number, and how many they are: 0 to 15, none for every number.
    let digits: UInt64
    let count: Int

    init(digits: UInt64, count: Int) {
        self.digits = digits
        self.count = count
    }

    /// Reads `all`, or `+` and 1 to 15 digits of which the first is not zero: a calling code, or more of a number.
    package init?(_ description: String) {
        if description == "all" {
            self = .all
            return
        }
        let bytes = description.utf8
        guard bytes.first == UInt8(ascii: "+"), (2...16).contains(bytes.count) else { return nil }
        var digits: UInt64 = 0
        for byte in bytes.dropFirst() {
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9, digits > 0 || digit > 0 else { return nil }
            digits = digits &* 10 &+ UInt64(digit)
        }
        self.init(digits: digits, count: bytes.count - 1)
    }

    /// `all`, or `+` and the digits.
    package var description: String {
        count == 0 ? "all" : "+\(digits)"
    }
}

/// A rule by which the calls of one customer, or of all, to certain numbers take a certain trunk.
package struct TrunkRoute: Hashable, Sendable {
    /// The route's identity.
    package var id: ResourceIdentifier
    /// The customer whose calls it is for; nil for every customer's.
    package var customer: ResourceIdentifier?
    /// The trunk that the calls take.
    package var trunk: ResourceIdentifier
    /// Lower is tried first; of equals the one that was made first.
    package var priority: Int
    /// The numbers it is for.
    package var target: RouteTarget

    /// Makes a route; by default for all numbers.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier? = nil,
        trunk: ResourceIdentifier,
        priority: Int = 0,
        target: RouteTarget = .all
    ) {
        self.id = id
        self.customer = customer
        self.trunk = trunk
        self.priority = priority
        self.target = target
    }
}
