// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// A UDP socket on 127.0.0.1 that never blocks.
final class DatagramPeer {
    let port: Int
    private let descriptor: Int32

    /// Binds a port; 0 lets the system choose.
    init(port: Int = 0) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0, let bound = Loopback.bind(descriptor, port: port) else {
            if descriptor >= 0 { close(descriptor) }
            throw TookTooLong(description: "UDP port \(port) of 127.0.0.1 cannot be bound")
        }
        self.port = bound
    }

    deinit {
        close(descriptor)
    }

    /// Sends a datagram to a port of 127.0.0.1.
    func send(_ text: String, to port: Int) {
        let bytes = Array(text.utf8)
        Loopback.withAddress(port) { address, length in
            _ = sendto(descriptor, bytes, bytes.count, 0, address, length)
        }
    }

    /// The next datagram; nil when none has come.
    func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}

/// Addresses and ports of 127.0.0.1.
enum Loopback {
    /// A port that is free for UDP and TCP, outside the range that the system chooses ports from.
    static func freePort() throws -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 20_000..<32_000)
            if isFree(port, SOCK_DGRAM), isFree(port, SOCK_STREAM) { return port }
        }
        throw TookTooLong(description: "no free port found")
    }

    /// Opens a socket that keeps a TCP port busy; close it to free the port.
    static func occupy(_ port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = try #require(bind(descriptor, port: port))
        try #require(listen(descriptor, 1) == 0)
        return descriptor
    }

    static func bind(_ descriptor: Int32, port: Int) -> Int? {
        let result = withAddress(port) { Glibc.bind(descriptor, $0, $1) }
        guard result == 0 else { return nil }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return named == 0 ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }

    @discardableResult
    static func withAddress<Result>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func isFree(_ port: Int, _ type: __socket_type) -> Bool {
        let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
        defer { close(descriptor) }
        return bind(descriptor, port: port) != nil
    }
}
