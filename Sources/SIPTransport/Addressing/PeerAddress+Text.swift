// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension PeerAddress: CustomStringConvertible {
    /// Reads an IP literal; an IPv6 literal may stand in brackets (RFC 3261 §25.1 `IPv6reference`).
    ///
    /// Returns nil for a host name or anything else that is not an address: nothing is looked up. A zone
    /// (`fe80::1%2`) is accepted as a number only.
    package init?(host: String, port: UInt16) {
        // The system's reader takes a C string and would stop at a NUL.
        guard !host.utf8.contains(0) else { return nil }
        var text = host[...]
        if text.first == "[" {
            guard text.last == "]" else { return nil }
            text = text.dropFirst().dropLast()
        }
        if let address = PeerAddress(ipv4Text: text, port: port) ?? PeerAddress(ipv6Text: text, port: port) {
            self = address
        } else {
            return nil
        }
    }

    private init?(ipv4Text text: Substring, port: UInt16) {
        var parsed: UInt32 = 0
        guard inet_pton(AF_INET, String(text), &parsed) == 1 else { return nil }
        self.init(ipv4: UInt32(bigEndian: parsed), port: port)
    }

    private init?(ipv6Text text: Substring, port: UInt16) {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let literal = parts.first else { return nil }
        var scope: UInt32 = 0
        if parts.count == 2 {
            guard let number = UInt32(parts[1]) else { return nil }
            scope = number
        }
        var parsed: (UInt64, UInt64) = (0, 0)
        guard inet_pton(AF_INET6, String(literal), &parsed) == 1 else { return nil }
        let high = UInt64(bigEndian: parsed.0)
        self.init(ipv6High: high, low: UInt64(bigEndian: parsed.1), port: port, scope: scope)
    }

    /// The address as text without brackets, port or zone, in the form RFC 5952 recommends.
    package var hostText: String {
        guard let bits = ipv4Bits else { return ipv6Text }
        // At most 15 bytes: a small string, which needs no allocation.
        return String(unsafeUninitializedCapacity: 15) { buffer in
            var count = 0
            for shift in [UInt32(24), 16, 8, 0] {
                if count > 0 {
                    buffer[count] = UInt8(ascii: ".")
                    count += 1
                }
                count += PeerAddress.writeDecimal(UInt8(truncatingIfNeeded: bits >> shift), to: buffer, at: count)
            }
            return count
        }
    }

    private static func writeDecimal(_ value: UInt8, to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int
    {
        var index = start
        if value >= 100 {
            buffer[index] = UInt8(ascii: "0") + value / 100
            index += 1
        }
        if value >= 10 {
            buffer[index] = UInt8(ascii: "0") + value / 10 % 10
            index += 1
        }
        buffer[index] = UInt8(ascii: "0") + value % 10
        return index + 1 - start
    }

    private var ipv6Text: String {
        var address = (high.bigEndian, low.bigEndian)
        return String(unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                guard inet_ntop(AF_INET6, &address, characters.baseAddress, socklen_t(INET6_ADDRSTRLEN)) != nil else {
                    return 0
                }
                return characters.firstIndex(of: 0) ?? 0
            }
        }
    }

    /// Address and port as written in a URI: `192.0.2.1:5060`, `[2001:db8::1]:5060`.
    package var description: String {
        isIPv6 ? "[\(hostText)]:\(port)" : "\(hostText):\(port)"
    }
}
