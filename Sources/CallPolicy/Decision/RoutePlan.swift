// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The trunks a call is tried on, in order; empty for calls that need none.
///
/// It keeps the snapshot it was drawn from, so a reload between two attempts changes nothing for the call.
package struct RoutePlan: RandomAccessCollection, Sendable {
    private let snapshot: PolicySnapshot
    private let order: [Int32]

    init(snapshot: PolicySnapshot, order: [Int32]) {
        self.snapshot = snapshot
        self.order = order
    }

    /// Always zero.
    package var startIndex: Int { 0 }
    /// How many trunks there are to try.
    package var endIndex: Int { order.count }

    /// The trunk of the attempt at `position`, which counts from zero.
    package subscript(position: Int) -> Trunk {
        snapshot.trunks[Int(order[position])]
    }

    /// The trunk of the attempt at `position`, which counts from zero; nil when none is left.
    package func trunk(at position: Int) -> Trunk? {
        indices.contains(position) ? self[position] : nil
    }
}
