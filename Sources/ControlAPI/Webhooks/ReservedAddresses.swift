// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// The addresses that no webhook may go to, unless the operator allows it: those that are not of the public internet
/// (IANA special-purpose address registries, RFC 6890), where a request could reach what trusts this machine.
enum ReservedAddresses {
    /// Whether an address is of the public internet.
    static func arePublic(_ address: IPAddressBits) -> Bool {
        if address.isIPv4 { return !ipv4.contains { $0.contains(address) } }
        guard globalUnicast?.contains(address) ?? false else { return false }
        return !ipv6.contains { $0.contains(address) }
    }

    private static let ipv4: [AddressRange] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
        (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16), (0xC612_0000, 15),
        (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
    ].compactMap { AddressRange(base: IPAddressBits(ipv4: $0.0), prefixLength: 96 + $0.1) }

    // What lies outside is unassigned, or of one machine, link or site, or translated into IPv4.
    private static let globalUnicast = AddressRange(base: IPAddressBits(high: 0x2000 << 48, low: 0), prefixLength: 3)

    private static let ipv6: [AddressRange] = [
        (0x2001_0000_0000_0000, 23), (0x2001_0DB8_0000_0000, 32), (0x2002_0000_0000_0000, 16),
        (0x3FFF_0000_0000_0000, 20),
    ].compactMap { AddressRange(base: IPAddressBits(high: $0.0, low: 0), prefixLength: $0.1) }
}
