// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A UDP socket on 127.0.0.1 whose reader waits, but not for ever.
final class UDPSocket {
    /// How long `receive` waits, in seconds.
    private static let patience = 5

    /// The port that the system chose.
    let port: UInt16
    private let descriptor: Int32

    /// Binds a socket to a free port.
    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw BenchmarkError("no socket: errno \(errno)") }
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        let descriptor = descriptor
        let hasFailed = withUnsafeMutablePointer(to: &address) { typed in
            typed.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 || getsockname(descriptor, $0, &length) != 0
            }
        }
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard !hasFailed, setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size) == 0 else {
            throw BenchmarkError("the socket cannot be bound: errno \(errno)")
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
        close(descriptor)
    }

    /// Sends one datagram to a port of 127.0.0.1.
    func send(_ bytes: [UInt8], to port: UInt16) throws {
        var address = Self.loopback(port: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let sent = withUnsafePointer(to: &address) { typed in
            typed.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, 0, $0, size)
            }
        }
        guard sent == bytes.count else { throw BenchmarkError("nothing sent: errno \(errno)") }
    }

    /// The next datagram; throws when none comes.
    func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw BenchmarkError("the gateway sent nothing for \(Self.patience) s") }
        buffer.removeLast(buffer.count - count)
        return buffer
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }
}

/// Why a benchmark could not be run.
struct BenchmarkError: Error, CustomStringConvertible {
    /// What went wrong.
    let description: String

    /// Makes an error.
    init(_ description: String) {
        self.description = description
    }
}
