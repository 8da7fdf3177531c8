// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// An IP address as bits; IPv4 addresses are held in the IPv4-mapped form (RFC 4291 §2.5.5.2).
package struct IPAddressBits: Hashable, Sendable {
    /// The first eight octets, most significant first.
    package let high: UInt64
    /// The last eight octets, most significant first.
    package let low: UInt64

    /// Makes an IPv6 address from its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an IPv4 address from its 32 bits, most significant octet first.
    package init(ipv4: UInt32) {
        self.high = 0
        self.low = 0xFFFF_0000_0000 | UInt64(ipv4)
    }

    /// Whether this is an IPv4 address in mapped form.
    package var isIPv4: Bool {
        high == 0 && low >> 32 == 0xFFFF
    }
}

/// A block of IP addresses in CIDR form (RFC 4632).
package struct AddressRange: Hashable, Sendable {
    /// The block's first address.
    package let base: IPAddressBits
    /// How many leading bits of the 128 are fixed; an IPv4 `/n` is held as `96 + n`.
    package let prefixLength: Int

    /// Makes a block; nil when the prefix is not between 0 and 128. Host bits of the base are cleared.
    package init?(base: IPAddressBits, prefixLength: Int) {
        guard (0...128).contains(prefixLength) else { return nil }
        let mask = Self.mask(prefixLength)
        self.base = IPAddressBits(high: base.high & mask.high, low: base.low & mask.low)
        self.prefixLength = prefixLength
    }

    /// Whether the address lies in the block.
    package func contains(_ address: IPAddressBits) -> Bool {
        let mask = Self.mask(prefixLength)
        return address.high & mask.high == base.high && address.low & mask.low == base.low
    }

    private static func mask(_ length: Int) -> IPAddressBits {
        let high: UInt64 = length >= 64 ? .max : (length == 0 ? 0 : .max << UInt64(64 - length))
        let low: UInt64 = length <= 64 ? 0 : .max << UInt64(128 - length)
        return IPAddressBits(high: high, low: low)
    }
}
