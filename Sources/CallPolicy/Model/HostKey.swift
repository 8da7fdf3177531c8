// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A host as a URI or a configuration names it, the same for all its spellings.
///
/// Case, brackets, an address zone and a final dot make no difference, and addresses are compared by their bits: an
/// IPv4 address may be written in hexadecimal, in octal or in fewer than four parts, as resolvers take it.
enum HostKey: Hashable, Sendable {
    case name(String)
    case address(IPAddressBits)

    /// Reads a host's bytes.
    init(_ host: some Sequence<UInt8>) {
        var bytes = host.map(\.foldedToLowerCase)
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") { bytes = Array(bytes[1...].dropLast()) }
        while bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        if bytes.contains(UInt8(ascii: ":")) {
            let unzoned = bytes.prefix { $0 != UInt8(ascii: "%") }
            if let address = Self.ipv6(unzoned) {
                self = .address(address)
                return
            }
        } else if let address = Self.ipv4(bytes[...]) {
            self = .address(IPAddressBits(ipv4: address))
            return
        }
        self = .name(String(decoding: bytes, as: UTF8.self))
    }

    /// One to four parts, each decimal, octal or hexadecimal; the last one fills what is left.
    private static func ipv4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var address: UInt64 = 0
        for (index, part) in parts.enumerated() {
            let octets = index == parts.count - 1 ? 5 - parts.count : 1
            guard let value = number(part), value < 1 << UInt64(8 * octets) else { return nil }
            address = address << UInt64(8 * octets) | value
        }
        return UInt32(exactly: address)
    }

    private static func number(_ part: ArraySlice<UInt8>) -> UInt64? {
        guard let first = part.first, first.isDigit else { return nil }
        var digits = part
        var radix: UInt64 = 10
        if first == UInt8(ascii: "0"), part.count > 1 {
            radix = part[part.startIndex + 1] == UInt8(ascii: "x") ? 16 : 8
            digits = part.dropFirst(radix == 16 ? 2 : 1)
        }
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = byte.hexadecimalValue, UInt64(digit) < radix, value <= UInt64(UInt32.max) else {
                return nil
            }
            value = value * radix + UInt64(digit)
        }
        return value
    }

    private static func ipv6(_ bytes: ArraySlice<UInt8>) -> IPAddressBits? {
        let colon = UInt8(ascii: ":")
        let gap = bytes.indices.first { $0 + 1 < bytes.endIndex && bytes[$0] == colon && bytes[$0 + 1] == colon }
        var groups: [UInt16]
        if let gap {
            guard let head = self.groups(bytes[..<gap]), let tail = self.groups(bytes[(gap + 2)...]),
                head.count + tail.count < 8
            else { return nil }
            groups = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        } else {
            guard let all = self.groups(bytes), all.count == 8 else { return nil }
            groups = all
        }
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        for group in groups.prefix(4) { halves.high = halves.high << 16 | UInt64(group) }
        for group in groups.dropFirst(4) { halves.low = halves.low << 16 | UInt64(group) }
        return IPAddressBits(high: halves.high, low: halves.low)
    }

    /// Groups between colons; the last may be an IPv4 address, which is two.
    private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        guard !bytes.isEmpty else { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let address = ipv4(part) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: address >> 16))
                groups.append(UInt16(truncatingIfNeeded: address))
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt16 = 0
            for byte in part {
                guard let digit = byte.hexadecimalValue else { return nil }
                value = value << 4 | UInt16(digit)
            }
            groups.append(value)
        }
        return groups.count <= 8 ? groups : nil
    }
}
