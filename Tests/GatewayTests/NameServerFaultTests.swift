// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import MonotonicTime
import ServerLocation
import Synchronization
import Testing
import TollgateConfiguration

/// DNS servers that are gone, slow, or lie.
@Suite(.timeLimit(.minutes(3)))
struct NameServerFaultTests {
    /// What a false server does to every query.
    enum Fault: String, CaseIterable, Sendable {
        case noise
        case empty
        case halfHeader
        case aliasLoop
        case compressionLoop
        case longCount
        case refusal
        case hostileNames
        case manyRecords

        func answer(_ query: [UInt8], isStream: Bool) -> [UInt8] {
            let type = DNSBytes.type(query)
            switch self {
            case .noise: return (0..<200).map { _ in UInt8.random(in: 0...255) }
            case .empty: return []
            case .halfHeader: return Array(query.prefix(7))
            case .aliasLoop:
                let loop = DNSBytes.name("loop.test")
                return DNSBytes.answer(query, count: 2) + DNSBytes.record(type: 5, loop)
                    + DNSBytes.record(loop, type: 5, Array(DNSBytes.question(query).dropLast(4)))
            case .compressionLoop:
                let head = DNSBytes.answer(query, count: 1)
                return head
                    + DNSBytes.record([0xC0, UInt8(truncatingIfNeeded: head.count)], type: type, [192, 0, 2, 1])
            case .longCount: return DNSBytes.answer(query, count: 65_535) + DNSBytes.record(type: type, [192, 0, 2, 1])
            case .refusal: return DNSBytes.answer(query, flags: 0x8185, count: 0)
            case .hostileNames:
                let target: [UInt8] = [9] + "a\r\nX: y z".utf8 + [0]
                return DNSBytes.answer(query, count: 1)
                    + DNSBytes.record(type: type, [0, 0, 0, 0, 0x13, 0xC4] + target)
            case .manyRecords:
                guard type == 33 else { return DNSBytes.answer(query, count: 0) }
                guard isStream else { return DNSBytes.answer(query, flags: 0x8380, count: 0) }
                let records = (0..<1000).flatMap { index in
                    let target = DNSBytes.name("h\(index).test")
                    return DNSBytes.record(type: 33, DNSBytes.number(index) + [0, 1, 0x13, 0xC4] + target)
                }
                return DNSBytes.answer(query, count: 1000) + records
            }
        }
    }

    private static func deployment(_ server: String, _ good: Int) throws -> Deployment {
        // A call to a number by the named trunk alone, and one to a SIP URI by its address, which needs no DNS.
        var deployment = try Deployment(
            trunks: "  - {name: carrier, host: trunk.test}\n",
            customer: "    may_call_sip_uris: true\n"
        )
        deployment.configuration.dns.servers = [server]
        deployment.configuration.dns.timeout = .milliseconds(200)
        return deployment
    }

    private static func expectRefusal(_ server: String) async throws -> String {
        let other = try await Peer.udp(from: "127.0.0.2")
        var warning = ""
        let calls = try await deployment(server, other.port).run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number)
            // While that call waits for DNS, another one that needs none is carried.
            let bob = try await Phone.udp(gateway)
            try await bob.register()
            try await bob.invite("sip:bob@127.0.0.2:\(other.port)")
            try await other.reply(486, to: try await other.request("INVITE"))
            try await bob.peer.response(486)
            warning = try await alice.peer.response(503).first("Warning")
        }
        #expect(calls.first { $0.attempts.count == 1 }?.attempts.map(\.status) == [503])
        return warning
    }

    @Test(
        "A DNS server that answers nonsense makes a clear refusal of the calls that need it, and harms no other",
        arguments: Fault.allCases
    )
    func nonsense(fault: Fault) async throws {
        let server = try await FalseNameServer { fault.answer($0, isStream: $1) }
        let warning = try await Self.expectRefusal(server.address)
        #expect(warning.contains("next hop") || warning.contains("DNS"), "\(warning)")
        #expect(!warning.contains("trunk.test"))
        await server.stop()
    }

    @Test("A DNS server that is silent makes a clear refusal in time")
    func silence() async throws {
        let silent = try await Peer.udp()
        let warning = try await Self.expectRefusal("127.0.0.1:\(silent.port)")
        #expect(warning.contains("no DNS server could say"))
    }
}

/// The locator with a real DNS server, and a clock of the test's own.
@Suite(.timeLimit(.minutes(3)), .enabled(if: NameServer.program != nil, "dnsmasq is not installed"))
struct ServerLocatorTests {
    /// A clock that stands still until it is moved.
    final class Clock: Sendable {
        private let time = Mutex(Instant(milliseconds: 1_000_000))
        var now: Instant { time.withLock { $0 } }
        func advance(seconds: Int64) { time.withLock { $0 = $0 + .seconds(seconds) } }
    }

    private static func locate(_ locator: ServerLocator, _ request: LocationRequest) async -> ServerLocator.Outcome {
        await withCheckedContinuation { continuation in
            let known = locator.locate(request, ServerCapabilities(ipv4: [.udp, .tcp]), seed: 7) {
                continuation.resume(returning: $0)
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private static func places(_ outcome: ServerLocator.Outcome) -> [String] {
        switch outcome {
        case .success(let found): found.servers.map { "\($0.transport) \($0.address):\($0.port)" }
        case .failure(let failure): ["\(failure)"]
        }
    }

    private let records = [
        "naptr-record=carrier.test,20,10,s,SIP+D2T,,_sip._tcp.carrier.test",
        "naptr-record=carrier.test,10,10,s,SIP+D2U,,_sip._udp.carrier.test",
        "srv-host=_sip._udp.carrier.test,two.test,5062,20,1", "srv-host=_sip._udp.carrier.test,one.test,5061,10,1",
        "srv-host=_sip._tcp.carrier.test,one.test,5063,0,1", "host-record=one.test,192.0.2.1,2001:db8::1",
        "host-record=two.test,192.0.2.2", "cname=alias.test,one.test",
    ]

    @Test("What a real server knows: NAPTR, SRV, A and aliases; nothing is nothing")
    func records() async throws {
        let names = try await NameServer(records)
        let locator = try ServerLocator(DNSSettings(servers: [names.address])) { Clock().now }
        defer { withExtendedLifetime(names) {} }
        defer { locator.close() }
        let carrier = await Self.locate(locator, LocationRequest(host: "Carrier.test"))
        #expect(Self.places(carrier) == ["udp 192.0.2.1:5061", "udp 192.0.2.2:5062", "tcp 192.0.2.1:5063"])
        let alias = await Self.locate(locator, LocationRequest(host: "alias.test", port: 5080))
        #expect(Self.places(alias) == ["udp 192.0.2.1:5080"])
        #expect(Self.places(await Self.locate(locator, LocationRequest(host: "gone.test"))) == ["noAddress"])
        #expect(Self.places(await Self.locate(locator, LocationRequest(host: "x.invalid"))) == ["noAddress"])
        let local = await Self.locate(locator, LocationRequest(host: "localhost"))
        #expect(Self.places(local) == ["udp 127.0.0.1:5060"])
    }

    @Test("RFC 8767 when the servers are gone, what they said goes on for an hour; then it is over")
    func stale() async throws {
        let names = try await NameServer(records)
        let clock = Clock()
        let settings = DNSSettings(servers: [names.address], timeout: .milliseconds(100), attempts: 1)
        let locator = try ServerLocator(settings) { clock.now }
        defer { locator.close() }
        let request = LocationRequest(host: "carrier.test")
        let fresh = Self.places(await Self.locate(locator, request))
        try await names.stop()
        clock.advance(seconds: 30)
        #expect(Self.places(await Self.locate(locator, request)) == fresh)
        clock.advance(seconds: 600)
        #expect(Self.places(await Self.locate(locator, request)) == fresh)
        clock.advance(seconds: 3600)
        #expect(Self.places(await Self.locate(locator, request)) == ["serversSilent"])
    }

    @Test("However many ask for one name at once, each record is asked for once")
    func asksOnce() async throws {
        let asked = Mutex<[String: Int]>([:])
        let server = try await FalseNameServer { query, _ in
            asked.withLock { $0["\(DNSBytes.question(query))", default: 0] += 1 }
            let isAddress = DNSBytes.type(query) == 1
            return DNSBytes.answer(query, count: isAddress ? 1 : 0)
                + (isAddress ? DNSBytes.record(type: 1, [192, 0, 2, 1]) : [])
        }
        let locator = try ServerLocator(DNSSettings(servers: [server.address])) { Instant(milliseconds: 0) }
        defer { locator.close() }
        await withTaskGroup(of: [String].self) { group in
            for _ in 0..<500 {
                group.addTask { Self.places(await Self.locate(locator, LocationRequest(host: "busy.test"))) }
            }
            for await places in group { #expect(places == ["udp 192.0.2.1:5060"]) }
        }
        #expect(asked.withLock { $0.count } == 4)
        #expect(asked.withLock { $0.values.allSatisfy { $0 == 1 } })
        await server.stop()
    }

    @Test("Closing ends what is open, at once")
    func closing() async throws {
        let (asked, note) = AsyncStream.makeStream(of: Void.self)
        let silent = try await FalseNameServer { _, _ in
            note.yield()
            return []
        }
        let settings = DNSSettings(servers: [silent.address], timeout: .seconds(10), attempts: 3)
        let locator = try ServerLocator(settings) { Instant(milliseconds: 0) }
        async let outcome = Self.locate(locator, LocationRequest(host: "slow.test"))
        for await _ in asked { break }
        locator.close()
        #expect(Self.places(await outcome) == ["serversSilent"])
        #expect(Self.places(await Self.locate(locator, LocationRequest(host: "slow.test"))) == ["overloaded"])
        await silent.stop()
    }

    @Test("A server that cannot be one is refused at the start, in words")
    func unusable() throws {
        #expect(throws: ResolverError.self) {
            _ = try ServerLocator(DNSSettings(servers: ["nonsense"])) { Instant(milliseconds: 0) }
        }
    }
}
