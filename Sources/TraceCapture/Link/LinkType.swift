// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The link layers that can be read.
package enum LinkType: Hashable, Sendable {
    case ethernet
    /// BSD loopback: the address family in the byte order of the machine that captured, or in network order.
    case loopback
    case ppp
    /// PPPoE without Ethernet before it.
    case pppoe
    case rawIP
    case linuxCooked
    case linuxCooked2

    /// Finds a link layer by libpcap's number (`DLT_…`); nil for one that is not read.
    package init?(dataLink: Int32) {
        switch dataLink {
        case 1: self = .ethernet
        case 0, 108: self = .loopback
        case 9, 50: self = .ppp
        case 51: self = .pppoe
        // DLT_RAW is 12 or 14 by platform, LINKTYPE_RAW 101.
        case 12, 14, 101, 228, 229: self = .rawIP
        case 113: self = .linuxCooked
        case 276: self = .linuxCooked2
        default: return nil
        }
    }

    /// What to tell someone whose capture has another one.
    package static let list = "Ethernet, Linux cooked (v1 and v2), raw IP, loopback, PPP and PPPoE"
}
