// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An IP address as it stands in a packet.
struct IPAddress: Hashable, Sendable {
    /// The first eight octets of an IPv6 address; zero for IPv4.
    var high: UInt64
    /// The last eight octets of an IPv6 address, or the four of an IPv4 address.
    var low: UInt64
    var isIPv6: Bool
}

/// Where a captured message came from or went to: an IP address and a port.
package struct CaptureAddress: Hashable, Sendable {
    let address: IPAddress
    /// The UDP or TCP port; 0 when a trace names none.
    package let port: UInt16

    init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Makes an IPv4 address from its 32 bits in host order.
    package init(ipv4: UInt32, port: UInt16) {
        self.init(IPAddress(high: 0, low: UInt64(ipv4), isIPv6: false), port: port)
    }

    /// Makes an IPv6 address from its two halves in host order.
    package init(ipv6High: UInt64, low: UInt64, port: UInt16) {
        self.init(IPAddress(high: ipv6High, low: low, isIPv6: true), port: port)
    }

    /// Whether the address is one of IPv6.
    package var isIPv6: Bool { address.isIPv6 }

    /// The 32 bits of an IPv4 address in host order; nil for IPv6.
    package var ipv4Bits: UInt32? { address.isIPv6 ? nil : UInt32(truncatingIfNeeded: address.low) }

    /// The two halves of an IPv6 address in host order; nil for IPv4.
    package var ipv6Bits: (high: UInt64, low: UInt64)? { address.isIPv6 ? (address.high, address.low) : nil }

    /// The address without brackets and port, in the form RFC 5952 recommends.
    package var hostText: String {
        guard address.isIPv6 else {
            return [24, 16, 8, 0].map { String((address.low >> $0) & 255) }.joined(separator: ".")
        }
        var octets = (address.high.bigEndian, address.low.bigEndian)
        return String(unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                guard inet_ntop(AF_INET6, &octets, text.baseAddress, socklen_t(INET6_ADDRSTRLEN)) != nil,
                    let start = text.baseAddress
                else { return 0 }
                return strlen(start)
            }
        }
    }
}

extension CaptureAddress: CustomStringConvertible {
    /// `192.0.2.1:5060` or `[2001:db8::1]:5060`.
    package var description: String { isIPv6 ? "[\(hostText)]:\(port)" : "\(hostText):\(port)" }

    /// Reads `192.0.2.1:5060`, `[2001:db8::1]:5060`, or an IPv6 address whose last colon parts the port, as sngrep
    /// writes it; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard !text.utf8.contains(0), let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = String(text[..<colon])
        var ipv4: UInt32 = 0
        if inet_pton(AF_INET, host, &ipv4) == 1 {
            self.init(ipv4: UInt32(bigEndian: ipv4), port: port)
            return
        }
        if host.first == "[", host.last == "]" { host = String(host.dropFirst().dropLast()) }
        var ipv6: (UInt64, UInt64) = (0, 0)
        guard inet_pton(AF_INET6, host, &ipv6) == 1 else { return nil }
        self.init(ipv6High: UInt64(bigEndian: ipv6.0), low: UInt64(bigEndian: ipv6.1), port: port)
    }
}
