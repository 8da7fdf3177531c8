// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import Testing

@testable import ServerLocation

struct AnswerCacheTests {
    private let question: Question
    private let records = Answer.records([.address(ServerAddress(ipv4: 1))], timeToLive: 100)

    init() throws {
        question = Question(try #require(DomainName("example.com")), .a)
    }

    private func seconds(_ count: Int64) -> Instant { Instant(milliseconds: count * 1000) }

    @Test("RFC 1035 §3.2.1 records are kept for their time to live, and handed out with what is left of it")
    func timeToLive() {
        var cache = AnswerCache()
        #expect(cache.answer(to: question, at: seconds(0)) == nil)
        #expect(cache.store(records, to: question, at: seconds(0)) == records)
        #expect(
            cache.answer(to: question, at: seconds(40)) == .records([.address(ServerAddress(ipv4: 1))], timeToLive: 60)
        )
        #expect(cache.answer(to: question, at: seconds(100)) == nil)
    }

    @Test(
        "A time to live has a floor and a ceiling",
        arguments: [(0, 5), (1, 5), (.max, 86_400), (600, 600)] as [(UInt32, Int64)]
    )
    func bounds(timeToLive: UInt32, kept: Int64) {
        var cache = AnswerCache()
        _ = cache.store(.records([], timeToLive: timeToLive), to: question, at: seconds(0))
        #expect(cache.answer(to: question, at: Instant(milliseconds: kept * 1000 - 1)) != nil)
        #expect(cache.answer(to: question, at: seconds(kept)) == nil)
    }

    @Test(
        "RFC 2308 §5 that there is nothing is kept for as long as the SOA says, within bounds, else 30 s",
        arguments: [(nil, 30), (120, 120), (0, 5), (90_000, 300)] as [(UInt32?, Int64)]
    )
    func negative(timeToLive: UInt32?, kept: Int64) {
        var cache = AnswerCache()
        _ = cache.store(.nothing(timeToLive: timeToLive), to: question, at: seconds(0))
        #expect(cache.answer(to: question, at: Instant(milliseconds: kept * 1000 - 1)) != nil)
        #expect(cache.answer(to: question, at: seconds(kept)) == nil)
    }

    @Test("RFC 8767 §4 records stand in for an hour while no server answers, which is tried again every 30 s")
    func stale() {
        var cache = AnswerCache()
        _ = cache.store(records, to: question, at: seconds(0))
        #expect(cache.answer(to: question, at: seconds(200)) == nil)
        guard case .records = cache.store(.failed(.silence), to: question, at: seconds(200)) else {
            Issue.record("nothing stands in")
            return
        }
        #expect(cache.answer(to: question, at: seconds(229)) != nil)
        #expect(cache.answer(to: question, at: seconds(230)) == nil)
        guard case .records = cache.store(.failed(.refusal), to: question, at: seconds(3690)) else {
            Issue.record("nothing stands in")
            return
        }
        #expect(cache.answer(to: question, at: seconds(3700)) == nil)
        #expect(cache.store(.failed(.silence), to: question, at: seconds(3700)) == .failed(.silence))
    }

    @Test("That no server answers is kept for five seconds, that too much was asked not at all")
    func failures() {
        var cache = AnswerCache()
        _ = cache.store(.failed(.overload), to: question, at: seconds(0))
        #expect(cache.answer(to: question, at: seconds(0)) == nil)
        _ = cache.store(.failed(.silence), to: question, at: seconds(0))
        #expect(cache.answer(to: question, at: seconds(4)) == .failed(.silence))
        #expect(cache.answer(to: question, at: seconds(5)) == nil)
    }

    @Test("What there is nothing of does not stand in for records that were there before")
    func denial() {
        var cache = AnswerCache()
        _ = cache.store(records, to: question, at: seconds(0))
        _ = cache.store(.nothing(timeToLive: 10), to: question, at: seconds(100))
        #expect(cache.store(.failed(.silence), to: question, at: seconds(120)) == .failed(.silence))
    }

    @Test("The number of answers is bounded, and those that end soonest make room")
    func count() throws {
        var limits = AnswerCache.Limits()
        limits.count = 64
        var cache = AnswerCache(limits: limits)
        for index in 0..<1000 {
            let name = try #require(DomainName("h\(index).example"))
            _ = cache.store(.records([], timeToLive: UInt32(100 + index)), to: Question(name, .a), at: seconds(0))
            #expect(cache.count <= 64)
        }
        let last = try #require(DomainName("h999.example"))
        #expect(cache.answer(to: Question(last, .a), at: seconds(1)) != nil)
    }
}

@Suite("RFC 3263 §4.3")
struct ServerHealthTests {
    private let servers = (1...3).map { index in
        LocatedServer(transport: .udp, address: ServerAddress(ipv4: UInt32(index)), port: 5060, name: "example.com")
    }

    private func ports(_ servers: [LocatedServer]) -> [UInt64] { servers.map(\.address.low) }

    @Test("A server that failed is tried last for half a minute, or for as long as it asked")
    func failure() {
        var health = ServerHealth()
        let start = Instant(milliseconds: 0)
        #expect(health.order(servers, at: start) == servers)
        health.noteFailure(of: servers[0], at: start)
        #expect(ports(health.order(servers, at: start)) == [2, 3, 1])
        #expect(ports(health.order(servers, at: start + .seconds(29))) == [2, 3, 1])
        #expect(ports(health.order(servers, at: start + .seconds(30))) == [1, 2, 3])
        health.noteFailure(of: servers[1], for: .seconds(7200), at: start)
        #expect(ports(health.order(servers, at: start + .seconds(299))) == [1, 3, 2])
        #expect(ports(health.order(servers, at: start + .seconds(300))) == [1, 2, 3])
    }

    @Test("When all have failed all are tried, in the records' order; an answer clears a server")
    func allFailed() {
        var health = ServerHealth()
        let start = Instant(milliseconds: 0)
        for server in servers { health.noteFailure(of: server, at: start) }
        #expect(health.order(servers, at: start) == servers)
        health.noteSuccess(of: servers[2])
        #expect(ports(health.order(servers, at: start)) == [3, 1, 2])
    }

    @Test("A server is its transport, address and port: another name for it is the same server")
    func identity() {
        var health = ServerHealth()
        let start = Instant(milliseconds: 0)
        let alias = LocatedServer(transport: .udp, address: servers[0].address, port: 5060, name: "other.example")
        let other = LocatedServer(transport: .tcp, address: servers[1].address, port: 5060, name: "example.com")
        health.noteFailure(of: alias, at: start)
        health.noteFailure(of: other, at: start)
        #expect(ports(health.order(servers, at: start)) == [2, 3, 1])
    }

    @Test("The memory is bounded")
    func bound() {
        var health = ServerHealth()
        for index in 0..<20_000 {
            let address = ServerAddress(ipv4: UInt32(index))
            health.noteFailure(
                of: LocatedServer(transport: .udp, address: address, port: 5060, name: "h"),
                at: Instant(milliseconds: 0)
            )
        }
        #expect(health.order(servers, at: Instant(milliseconds: 0)).count == 3)
    }
}
