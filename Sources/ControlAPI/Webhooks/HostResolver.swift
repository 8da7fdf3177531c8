// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An address that a name stands for.
struct ResolvedAddress: Hashable, Sendable {
    /// The address.
    var bits: IPAddressBits
    /// The address as text, as a client connects to it.
    var text: String
}

/// Finds the addresses of a host by the system's resolver, off the threads that may not wait.
enum HostResolver {
    /// The addresses of a name or literal, in the system's order; none when there are none.
    static func addresses(of host: String) async -> [ResolvedAddress] {
        let found = try? await NIOThreadPool.singleton.runIfActive { resolve(host) }
        return found ?? []
    }

    private static func resolve(_ host: String) -> [ResolvedAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        // Without a socket type every address would come three times.
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [ResolvedAddress] = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> ResolvedAddress? {
        guard let bits = bits(entry) else { return nil }
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            entry.ai_addr,
            entry.ai_addrlen,
            &name,
            socklen_t(name.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard code == 0 else { return nil }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return ResolvedAddress(bits: bits, text: text)
    }

    private static func bits(_ entry: addrinfo) -> IPAddressBits? {
        guard let address = UnsafeRawPointer(entry.ai_addr) else { return nil }
        let length = Int(entry.ai_addrlen)
        switch entry.ai_family {
        case AF_INET:
            guard length >= MemoryLayout<sockaddr_in>.size else { return nil }
            return IPAddressBits(ipv4: UInt32(bigEndian: address.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6:
            guard length >= MemoryLayout<sockaddr_in6>.size else { return nil }
            let octets = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: octets) { octets in
                IPAddressBits(
                    high: UInt64(bigEndian: octets.loadUnaligned(as: UInt64.self)),
                    low: UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
        default: return nil
        }
    }
}
