// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Glibc

/// IP addresses and blocks of them, as the API writes and reads them.
enum InternetAddress {
    /// Reads an IPv4 address, or an IPv6 address with or without brackets; never a name or a zone.
    static func read(_ text: some StringProtocol) -> IPAddressBits? {
        guard text.utf8.count <= 48, text.utf8.allSatisfy({ isInLiteral($0) }) else { return nil }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.utf8.count > 2
        let bare = isBracketed ? String(text.dropFirst().dropLast()) : String(text)
        if !isBracketed, let octets = octets(of: bare, family: AF_INET, count: 4) {
            return IPAddressBits(ipv4: octets.reduce(0) { $0 << 8 | UInt32($1) })
        }
        guard let octets = octets(of: bare, family: AF_INET6, count: 16) else { return nil }
        return IPAddressBits(high: half(octets.prefix(8)), low: half(octets.suffix(8)))
    }

    private static func octets(of text: String, family: Int32, count: Int) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &octets) == 1 ? octets : nil
    }

    /// The address in the system's canonical spelling, without brackets.
    static func text(_ bits: IPAddressBits) -> String {
        let octets = [bits.high, bits.low].flatMap { half in
            stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
        }
        let address = bits.isIPv4 ? Array(octets.suffix(4)) : octets
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bits.isIPv4 ? AF_INET : AF_INET6
        guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Reads an address, or an address with a prefix length: `192.0.2.0/24`.
    ///
    /// Nil for anything else, for a block that holds every address, and for one with bits behind its prefix.
    static func readBlock(_ text: String) -> AddressRange? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let bits = read(first) else { return nil }
        let width = bits.isIPv4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].allSatisfy(\.isASCIIDigit),
                let number = Int(parts[1]), (1...width).contains(number)
            else { return nil }
            length = number
        }
        guard let block = AddressRange(base: bits, prefixLength: 128 - width + length), block.base == bits else {
            return nil
        }
        return block
    }

    /// The block as `readBlock` takes it; of one address without a prefix length.
    static func text(_ block: AddressRange) -> String {
        let isIPv4 = block.base.isIPv4 && block.prefixLength >= 96
        let length = isIPv4 ? block.prefixLength - 96 : block.prefixLength
        return text(block.base) + (length == (isIPv4 ? 32 : 128) ? "" : "/\(length)")
    }

    private static func isInLiteral(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: "[].:".utf8.contains(byte)
        }
    }

    private static func half(_ octets: ArraySlice<UInt8>) -> UInt64 {
        octets.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
