// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// Single values out of one side's dialog: reading them here spares copying the whole dialog with its references.
extension Call {
    /// Where requests to a side are sent.
    func hop(_ pair: Int, _ leg: Leg) -> NextHop {
        leg == .endpoint ? pairs[pair].endpoint.hop : pairs[pair].outbound.hop
    }

    /// Our tag on a side.
    func localTag(_ pair: Int, _ leg: Leg) -> UInt64 {
        leg == .endpoint ? pairs[pair].endpoint.localTag : pairs[pair].outbound.localTag
    }

    /// The number of the latest request of a side.
    func remoteSequence(_ pair: Int, _ leg: Leg) -> UInt32? {
        leg == .endpoint ? pairs[pair].endpoint.remoteSequence : pairs[pair].outbound.remoteSequence
    }

    /// The gateway's Contact on a side.
    func contact(_ pair: Int, _ leg: Leg) -> [UInt8] {
        switch leg {
        case .endpoint: pairs[pair].endpoint.contact
        case .outbound: pairs[pair].outbound.contact
        }
    }
}
