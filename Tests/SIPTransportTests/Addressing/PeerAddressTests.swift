// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import SIPTransport

@Suite("PeerAddress")
struct PeerAddressTests {
    @Test("Is 24 bytes at most, without references")
    func size() {
        #expect(MemoryLayout<PeerAddress>.size <= 24)
        #expect(MemoryLayout<PeerAddress>.stride <= 24)
        #expect(_isPOD(PeerAddress.self))
    }

    @Test(
        "IP literals are read and written back",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("192.0.2.1", "192.0.2.1"), ("255.255.255.255", "255.255.255.255"),
            ("10.20.30.105", "10.20.30.105"), ("::", "::"), ("::1", "::1"), ("[2001:db8::a]", "2001:db8::a"),
            ("2001:0db8:0000:0000:0000:0000:0000:000A", "2001:db8::a"), ("fe80::1%3", "fe80::1"),
        ]
    )
    func literals(input: String, text: String) throws {
        let address = try #require(PeerAddress(host: input, port: 5060))
        #expect(address.hostText == text)
        #expect(address.port == 5060)
        #expect(address.isIPv6 == text.contains(":"))
        #expect(address.description == (address.isIPv6 ? "[\(text)]:5060" : "\(text):5060"))
    }

    @Test(
        "Host names and malformed literals are refused",
        arguments: [
            "", "localhost", "example.com", "192.0.2", "192.0.2.256", "192.0.2.1 ", "[::1", "::1]", "[]",
            "fe80::1%eth0", "1.2.3.4%1", "192.0.2.1\u{0}",
        ]
    )
    func refused(input: String) {
        #expect(PeerAddress(host: input, port: 1) == nil)
    }

    @Test(
        "NIO addresses convert there and back",
        arguments: ["192.0.2.17", "2001:db8:1:2:3:4:5:6", "::1", "127.0.0.1"]
    )
    func conversion(host: String) throws {
        let nio = try SocketAddress(ipAddress: host, port: 50_601)
        let peer = try #require(PeerAddress(nio))
        #expect(peer == PeerAddress(host: host, port: 50_601))
        #expect(peer.hostText == host)
        #expect(peer.socketAddress == nio)
        #expect(PeerAddress(peer.socketAddress) == peer)
    }

    @Test("A zone survives conversion")
    func zone() throws {
        let peer = try #require(PeerAddress(host: "fe80::1%7", port: 5060))
        #expect(peer.scope == 7)
        #expect(PeerAddress(peer.socketAddress)?.scope == 7)
    }

    @Test("A Unix socket is no peer address")
    func unixSocket() throws {
        #expect(PeerAddress(try SocketAddress(unixDomainSocketPath: "/tmp/x")) == nil)
    }

    @Test("Address, port and family each make a difference")
    func equality() throws {
        let address = PeerAddress(ipv4: 0x7F00_0001, port: 5060)
        #expect(address != address.withPort(5061))
        #expect(address == address.withPort(5061).withPort(5060))
        #expect(address != PeerAddress(ipv4: 0x7F00_0002, port: 5060))
        #expect(address != PeerAddress(ipv6High: address.high, low: address.low, port: 5060))
    }

    @Test("Wildcards are known as such")
    func wildcards() {
        #expect(PeerAddress(host: "0.0.0.0", port: 0)?.isWildcard == true)
        #expect(PeerAddress(host: "::", port: 0)?.isWildcard == true)
        #expect(PeerAddress(host: "::1", port: 0)?.isWildcard == false)
        #expect(PeerAddress(host: "127.0.0.1", port: 0)?.isWildcard == false)
    }

    @Test("A connection identifier carries its shard, and none is 0")
    func identifiers() {
        let identifier = ConnectionIdentifier(shard: 7, serial: 42)
        #expect(identifier.shard == 7)
        #expect(ConnectionIdentifier(rawValue: identifier.rawValue) == identifier)
        #expect(identifier != ConnectionIdentifier(shard: 8, serial: 42))
        #expect(ConnectionIdentifier.none.rawValue == 0)
        #expect(ConnectionIdentifier(shard: 0, serial: 1) != .none)
    }
}
