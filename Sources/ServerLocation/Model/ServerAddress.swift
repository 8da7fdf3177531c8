// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The IP address of a server, as plain bits.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes of an IPv6 address in host order; zero for IPv4.
    package let high: UInt64
    /// The last eight bytes of an IPv6 address, or the four of an IPv4 address, in host order.
    package let low: UInt64
    /// Whether this is an IPv6 address.
    package let isIPv6: Bool

    /// Makes an IPv4 address from its four bytes in host order.
    package init(ipv4 bits: UInt32) {
        high = 0
        low = UInt64(bits)
        isIPv6 = false
    }

    /// Makes an IPv6 address from its two halves in host order.
    package init(ipv6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        isIPv6 = true
    }

    /// Reads a literal, IPv6 with or without brackets; nil for a name. Nothing is looked up.
    package init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }
        var bare = text[...]
        if bare.hasPrefix("["), bare.hasSuffix("]") { bare = bare.dropFirst().dropLast() }
        var ipv4: UInt32 = 0
        var ipv6: (UInt64, UInt64) = (0, 0)
        if inet_pton(AF_INET, String(bare), &ipv4) == 1 {
            self.init(ipv4: UInt32(bigEndian: ipv4))
        } else if inet_pton(AF_INET6, String(bare), &ipv6) == 1 {
            self.init(ipv6High: UInt64(bigEndian: ipv6.0), low: UInt64(bigEndian: ipv6.1))
        } else {
            return nil
        }
    }

    /// Takes the address from the octets of an A or AAAA record; nil when there are neither 4 nor 16.
    package init?(octets: some Collection<UInt8>) {
        switch octets.count {
        case 4:
            self.init(ipv4: octets.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            let high = octets.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            self.init(ipv6High: high, low: octets.dropFirst(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        default:
            return nil
        }
    }

    /// Whether requests could be sent there at all: not the wildcard, and not a group of hosts.
    package var isUnicast: Bool {
        isIPv6 ? (high | low) != 0 && high >> 56 != 0xFF : low != 0 && low >> 28 != 0xE && low != 0xFFFF_FFFF
    }

    /// The address as text without brackets.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isIPv6 {
            var bits = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &bits, &text, socklen_t(text.count))
        } else {
            var bits = UInt32(truncatingIfNeeded: low).bigEndian
            inet_ntop(AF_INET, &bits, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
