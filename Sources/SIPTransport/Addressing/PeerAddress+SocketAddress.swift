// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import NIOCore

extension PeerAddress {
    /// Takes the bits out of a NIO address without formatting anything; nil for an address that is not IP.
    package init?(_ address: SocketAddress) {
        switch address {
        case .v4(let ipv4):
            self = withUnsafeBytes(of: ipv4.address) { raw in
                PeerAddress(
                    ipv4: UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self)),
                    port: UInt16(bigEndian: raw.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
                )
            }
        case .v6(let ipv6):
            self = withUnsafeBytes(of: ipv6.address) { raw in
                PeerAddress(
                    ipv6High: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                    low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                    port: UInt16(bigEndian: raw.loadUnaligned(fromByteOffset: 2, as: UInt16.self)),
                    scope: raw.loadUnaligned(fromByteOffset: 24, as: UInt32.self)
                )
            }
        case .unixDomainSocket:
            return nil
        }
    }

    /// The NIO form of the address. Costs one allocation, no text is formatted.
    package var socketAddress: SocketAddress {
        withSystemAddress { pointer, _ in
            let raw = UnsafeRawPointer(pointer)
            return isIPv6
                ? SocketAddress(raw.load(as: sockaddr_in6.self), host: "")
                : SocketAddress(raw.load(as: sockaddr_in.self), host: "")
        }
    }

    /// Gives the address to a system call, from the stack.
    ///
    /// The fields are stored by offset, as Linux lays out `sockaddr_in` (family 0, port 2, address 4) and
    /// `sockaddr_in6` (family 0, port 2, address 8, scope 24): which module owns their C declarations depends on who
    /// else is in the build.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &storage) { raw in
            raw.storeBytes(of: UInt16(isIPv6 ? AF_INET6 : AF_INET), toByteOffset: 0, as: UInt16.self)
            raw.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            if isIPv6 {
                raw.storeBytes(of: high.bigEndian, toByteOffset: 8, as: UInt64.self)
                raw.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt64.self)
                raw.storeBytes(of: scope, toByteOffset: 24, as: UInt32.self)
            } else {
                raw.storeBytes(of: UInt32(truncatingIfNeeded: low).bigEndian, toByteOffset: 4, as: UInt32.self)
            }
        }
        let length = isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        return withUnsafePointer(to: storage) { pointer in
            // The kernel reads either form through `sockaddr`, by the family field that both begin with.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                body(address, socklen_t(length))
            }
        }
    }
}
