// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The transport address of a peer: an IP address and a port, as plain bits.
///
/// 24 bytes without a reference, so that it can be copied, compared and hashed on the call path without touching a
/// reference count. An IPv4 address is kept in its IPv4-mapped form (RFC 4291 §2.5.5.2).
package struct PeerAddress: Sendable {
    /// The first eight bytes of the address, in host order.
    package let high: UInt64
    /// The last eight bytes of the address, in host order.
    package let low: UInt64
    /// The zone of a link-local IPv6 address (RFC 4007), 0 when there is none.
    package let scope: UInt32
    /// The port, in host order.
    package let port: UInt16
    /// Whether this is an IPv6 address.
    package let isIPv6: Bool

    /// Makes an IPv4 address from its four bytes in host order.
    @inlinable
    package init(ipv4 bits: UInt32, port: UInt16) {
        high = 0
        low = 0x0000_FFFF_0000_0000 | UInt64(bits)
        scope = 0
        self.port = port
        isIPv6 = false
    }

    /// Makes an IPv6 address from its two halves in host order.
    @inlinable
    package init(ipv6High high: UInt64, low: UInt64, port: UInt16, scope: UInt32 = 0) {
        self.high = high
        self.low = low
        self.scope = scope
        self.port = port
        isIPv6 = true
    }

    /// The four bytes of an IPv4 address in host order; nil for IPv6.
    @inlinable
    package var ipv4Bits: UInt32? {
        isIPv6 ? nil : UInt32(truncatingIfNeeded: low)
    }

    /// Whether this is the wildcard address (`0.0.0.0` or `::`).
    @inlinable
    package var isWildcard: Bool {
        isIPv6 ? (high | low) == 0 : UInt32(truncatingIfNeeded: low) == 0
    }

    /// The same address with another port.
    @inlinable
    package func withPort(_ port: UInt16) -> PeerAddress {
        if let bits = ipv4Bits {
            return PeerAddress(ipv4: bits, port: port)
        }
        return PeerAddress(ipv6High: high, low: low, port: port, scope: scope)
    }
}

extension PeerAddress: Hashable {
    /// Address, port, family and zone all count.
    @inlinable
    package static func == (left: PeerAddress, right: PeerAddress) -> Bool {
        left.low == right.low && left.high == right.high && left.port == right.port && left.isIPv6 == right.isIPv6
            && left.scope == right.scope
    }

    /// Feeds the address and the port; the family follows from the address in all but contrived cases.
    @inlinable
    package func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
        hasher.combine(port)
    }
}
