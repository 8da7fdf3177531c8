// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy

/// What keeps calls away from a trunk.
package enum TrunkObstacle: String, Hashable, Sendable, CaseIterable {
    /// It does not answer OPTIONS.
    case health
    /// Calls to it came to nothing, or it asked to be left alone.
    case breaker
    /// There is no registration at it, and it wants one.
    case registration
}

/// A trunk as an operator sees it.
package struct TrunkState: Hashable, Sendable {
    /// The trunk.
    package let id: ResourceIdentifier
    /// Its name.
    package let name: String
    /// What keeps calls away; empty for a trunk that is up.
    package let obstacles: [TrunkObstacle]
    /// Whether it carries as many calls, or as many new ones a second, as it may.
    package let isFull: Bool
    /// The calls under way on it.
    package let calls: Int
    /// Whether the gateway is registered at it; nil for a trunk without registration.
    package let isRegistered: Bool?

    /// Whether calls may go there.
    package var isUp: Bool { obstacles.isEmpty }
}

/// A trunk went down or came up.
package struct TrunkChange: Hashable, Sendable {
    /// The trunk's name.
    package let name: String
    /// What keeps calls away now; empty when it came up.
    package let obstacles: [TrunkObstacle]
}
