// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallLifecycle

/// A placed call as its shard holds it: the machine that is the caller of its legs, and their calls.
final class PlacedLegs {
    var control: PlacedCall
    /// What was asked for; nil for a call of the last run, whose parties talk already.
    let placement: CallPlacement?
    /// The calls of the legs that are not over, by number.
    var legs: [Int: ActiveCall] = [:]

    init(control: PlacedCall, placement: CallPlacement?) {
        self.control = control
        self.placement = placement
    }

    /// Gives a call its place among the legs.
    func seat(_ active: ActiveCall, as leg: Int) {
        legs[leg] = active
        active.seat = Seat(placed: self, leg: leg)
    }

    /// Which leg of which placed call a call is.
    struct Seat {
        let placed: PlacedLegs
        let leg: Int
    }

    /// Something that a leg has for the machine, in the order in which it came up.
    struct News {
        enum Kind {
            case action(CallAction)
            case ended(ReleaseCause)
            case waited
        }

        let placed: PlacedLegs
        let leg: Int
        let kind: Kind
    }
}
