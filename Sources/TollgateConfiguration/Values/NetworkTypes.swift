// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Glibc

/// An IP address with the text it was read from, in the system's canonical spelling.
struct IPLiteral: Hashable {
    let bits: IPAddressBits
    let text: String

    /// Reads an IPv4 address, or an IPv6 address with or without brackets; never a name.
    init?(_ text: String) {
        guard text.utf8.count <= 48, !text.utf8.contains(0) else { return nil }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.utf8.count > 2
        let bare = isBracketed ? String(text.dropFirst().dropLast()) : text
        if !isBracketed, let octets = Self.octets(of: bare, family: AF_INET, count: 4) {
            let value = octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            bits = IPAddressBits(ipv4: value)
        } else if let octets = Self.octets(of: bare, family: AF_INET6, count: 16) {
            let high = octets[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let low = octets[8...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            bits = IPAddressBits(high: high, low: low)
        } else {
            return nil
        }
        self.text = Self.spelling(of: bits) ?? bare.lowercased()
    }

    /// Whether it stands for every address of the host.
    var isUnspecified: Bool {
        bits == IPAddressBits(ipv4: 0) || bits == IPAddressBits(high: 0, low: 0)
    }

    private static func spelling(of bits: IPAddressBits) -> String? {
        let octets = [bits.high, bits.low].flatMap { half in
            stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
        }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bits.isIPv4 ? AF_INET : AF_INET6
        let address = bits.isIPv4 ? Array(octets[12...]) : octets
        guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func octets(of text: String, family: Int32, count: Int) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &octets) == 1 ? octets : nil
    }
}

extension ScalarType where Value == IPLiteral {
    /// A literal IP address.
    static var address: ScalarType {
        ScalarType("an IP address") { text throws(ScalarFault) in
            guard let literal = IPLiteral(text) else {
                throw ScalarFault(
                    "must be an IP address, not `\(clipped(text))`",
                    "give one like 127.0.0.1 or \"[::1]\""
                )
            }
            return literal
        }
    }
}

extension ScalarType where Value == String {
    /// A host name or a literal IP address, in lower case and without brackets.
    static var host: ScalarType {
        ScalarType("a host name or an IP address") { text throws(ScalarFault) in
            if let literal = IPLiteral(text) { return literal.text }
            let isName = text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
            let looksLikeAddress = text.unicodeScalars.allSatisfy { $0.isASCIIDigit || $0 == "." }
            guard isName, !looksLikeAddress, text.utf8.count <= 253 else {
                throw ScalarFault(
                    "must be a host name or an IP address, not `\(clipped(text))`",
                    "give one like edge.example.com, 192.0.2.1 or \"[2001:db8::1]\", without a port"
                )
            }
            return text.lowercased()
        }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.unicodeScalars.allSatisfy { $0.isASCIILetterOrDigit || $0 == "-" }
    }
}

extension ScalarType where Value == AddressRange {
    /// A block of addresses that stands for credentials: an address, or an address with a prefix length.
    static var sourceRange: ScalarType {
        ScalarType("an address block") { text throws(ScalarFault) in
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let literal = IPLiteral(String(parts[0])) else { throw notABlock(text) }
            let width = literal.bits.isIPv4 ? 32 : 128
            let prefix = parts.count == 2 ? prefixLength(parts[1]) : width
            guard let prefix, prefix <= width else { throw notABlock(text) }
            guard prefix > 0 else {
                throw ScalarFault("admits every address without a password", "name the networks the calls come from")
            }
            let range = AddressRange(base: literal.bits, prefixLength: 128 - width + prefix)
            guard let range, range.base == literal.bits else {
                throw ScalarFault(
                    "has address bits behind its prefix in `\(clipped(text))`",
                    "clear them, or write `\(literal.text)` for that address alone"
                )
            }
            return range
        }
    }

    private static func notABlock(_ text: String) -> ScalarFault {
        ScalarFault("must be an address block, not `\(clipped(text))`", "give one like 192.0.2.0/24 or 2001:db8::/32")
    }

    private static func prefixLength(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.unicodeScalars.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }
}
