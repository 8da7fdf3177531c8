// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPTransaction
import Testing

/// Targets that stand for several servers (RFC 3263 §4.3).
struct ServerFailoverTests {
    private static let name = "trunk.carrier.example"

    private static func server(_ number: Int, _ transport: SIPTransportProtocol = .udp) -> NextHop {
        NextHop(transport: transport, host: "192.0.2.\(number)", port: 5070, name: name)
    }

    private static func harness(
        _ servers: [NextHop] = [server(11), server(12), server(13)],
        headers: [String] = [],
        change: (inout Trunk) -> Void = { _ in }
    ) throws -> Harness {
        var deployment = Deployment()
        deployment.trunks = [
            Deployment.trunk(1) {
                $0.host = name
                $0.port = 0
                $0.findsTransport = true
                change(&$0)
            }, Deployment.trunk(2),
        ]
        let harness = try Harness(deployment, headers: headers)
        harness.zone[name] = .success(servers)
        return harness
    }

    private static func hosts(_ harness: Harness) -> [String] {
        harness.toOutside.filter { $0.method == .invite && !$0.isResponse }.compactMap { $0.hop?.host }
    }

    private static func attempts(_ harness: Harness) -> [CallProgress] {
        harness.records.filter {
            switch $0 {
            case .attempt, .attemptEnded: true
            default: false
            }
        }
    }

    @Test("§4 a trunk by name is located first, with what its settings leave to DNS; its Request-URI keeps the name")
    func located() throws {
        let harness = try Self.harness()
        harness.begin()
        #expect(harness.lookups.map(\.search) == [.transports])
        let invite = try harness.outside(.invite)
        #expect(invite.hop == Self.server(11))
        #expect(invite.text.hasPrefix("INVITE sip:+13125550123@\(Self.name);user=phone SIP/2.0\r\n"))
        let literal = try Harness()
        literal.begin()
        #expect(literal.lookups.isEmpty)
    }

    @Test(
        "§4.3 a transport error, silence and a 503 go on to the next server of the same trunk",
        arguments: ["transport", "timeout", "503"]
    )
    func failsOver(how: String) throws {
        let harness = try Self.harness()
        harness.begin()
        for _ in 0..<2 {
            let invite = try harness.outside(.invite)
            switch how {
            case "transport": harness.fail(invite.transaction, .transport)
            case "timeout": harness.fail(invite.transaction, .timeout)
            default: try harness.answer(invite, 503, ["Retry-After: 60"])
            }
        }
        #expect(Self.hosts(harness) == ["192.0.2.11", "192.0.2.12", "192.0.2.13"])
        #expect(harness.lookups.count == 1)
        #expect(harness.avoided.map(\.host) == ["192.0.2.11", "192.0.2.12"])
        #expect(Self.attempts(harness).count == 5)
        let last = try harness.outside(.invite)
        try harness.answer(last, 200, body: Caller.description(codecs: "0"))
        try harness.callerAcknowledges()
        #expect(harness.final() == 200)
        #expect(try harness.outside(.ack).hop?.host == "192.0.2.13")
        try harness.callerSends("BYE")
        #expect(try harness.outside(.bye).hop?.host == "192.0.2.13")
        try harness.settle()
        harness.expectSound()
    }

    @Test("§4.3 after the last server comes the next trunk")
    func nextTrunk() throws {
        let harness = try Self.harness([Self.server(11), Self.server(12)])
        harness.begin()
        for _ in 0..<2 { harness.fail(try harness.outside(.invite).transaction, .transport) }
        #expect(Self.hosts(harness) == ["192.0.2.11", "192.0.2.12", "192.0.2.2"])
        try harness.answer(try harness.outside(.invite), 486)
        #expect(harness.final() == 486)
        harness.expectSound()
    }

    @Test(
        "What a server says of the call, and not of itself, is not asked of another server",
        arguments: [404, 486, 500, 603]
    )
    func otherAnswers(status: Int) throws {
        let harness = try Self.harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), status)
        #expect(!Self.hosts(harness).contains("192.0.2.12"))
        #expect(harness.avoided.isEmpty)
    }

    @Test("A server that says nothing has four seconds when there is another one, the last one has Timer B")
    func silence() throws {
        let harness = try Self.harness([Self.server(11), Self.server(12)])
        harness.begin()
        harness.advance(milliseconds: 3999)
        #expect(Self.hosts(harness) == ["192.0.2.11"])
        harness.advance(milliseconds: 1)
        #expect(Self.hosts(harness) == ["192.0.2.11", "192.0.2.12"])
        harness.advance(milliseconds: 31_999)
        #expect(Self.hosts(harness).count == 2)
        harness.advance(milliseconds: 1)
        #expect(Self.hosts(harness) == ["192.0.2.11", "192.0.2.12", "192.0.2.2"])
    }

    @Test("A server that has said 100 is waited for")
    func trying() throws {
        let harness = try Self.harness([Self.server(11), Self.server(12)])
        harness.begin()
        try harness.answer(try harness.outside(.invite), 100)
        harness.advance(seconds: 30)
        #expect(Self.hosts(harness) == ["192.0.2.11"])
    }

    @Test("A server that wakes up after the next one was tried is cancelled, and its answer taken back")
    func lateServer() throws {
        let harness = try Self.harness([Self.server(11), Self.server(12)])
        harness.begin()
        let first = try harness.outside(.invite)
        harness.advance(seconds: 4)
        let second = try harness.outside(.invite)
        try harness.answer(first, 180, tag: "late")
        #expect(try harness.outside(.cancel).header(.callID) == first.header(.callID))
        #expect(harness.final() == 0 && !harness.toCaller.contains { $0.status == 180 })
        try harness.answer(first, 200, tag: "late")
        #expect(try harness.outside(.bye).header(.callID) == first.header(.callID))
        try harness.answer(second, 200, body: Caller.description(codecs: "0"))
        #expect(harness.final() == 200)
        try harness.callerAcknowledges()
        try harness.callerSends("BYE")
        try harness.settle()
        harness.expectSound()
    }

    @Test("Each server gets the identity and privacy of the first one, in a dialog and a transaction of its own")
    func identity() throws {
        let harness = try Self.harness(headers: ["Privacy: id"]) {
            $0.trust = .trusted(basis: .privateNetwork, note: "contract")
        }
        harness.begin()
        for _ in 0..<2 { harness.fail(try harness.outside(.invite).transaction, .transport) }
        let invites = harness.toOutside.filter { $0.method == .invite }
        #expect(invites.count == 3)
        #expect(Set(invites.map { $0.header(.pAssertedIdentity) }) == ["<tel:+12125550100>"])
        #expect(Set(invites.map { $0.header(.privacy) }) == ["id"])
        #expect(invites.allSatisfy { $0.header(.from)?.contains("anonymous.invalid") == true })
        #expect(Set(invites.map { $0.header(.callID) }).count == 3)
        #expect(Set(invites.map { $0.header(.via) }).count == 3)
    }

    @Test("The transport is the server's, in Via, Contact and way")
    func transport() throws {
        let harness = try Self.harness([Self.server(11, .tcp), Self.server(12, .udp)])
        harness.begin()
        let first = try harness.outside(.invite)
        #expect(first.header(.via)?.hasPrefix("SIP/2.0/TCP ") == true && first.hop?.transport == .tcp)
        #expect(first.header(.contact)?.contains(";transport=tcp") == true)
        harness.fail(first.transaction, .transport)
        let second = try harness.outside(.invite)
        #expect(second.header(.via)?.hasPrefix("SIP/2.0/UDP ") == true && second.hop?.transport == .udp)
        #expect(second.header(.contact)?.contains("transport") == false)
    }

    @Test("A trunk that cannot be located is an attempt that failed, in words, and the next trunk is tried")
    func unlocated() throws {
        let harness = try Self.harness()
        harness.zone[Self.name] = .failure(LocationRefusal("no DNS server could say where the next hop is"))
        harness.begin()
        #expect(Self.hosts(harness) == ["192.0.2.2"])
        #expect(Self.attempts(harness).count == 3)
        #expect(Self.attempts(harness)[1] == .attemptEnded(status: 503, cause: .of(sipStatus: 503)))
        try harness.answer(try harness.outside(.invite), 503)
        #expect(harness.final() == 503)
        harness.expectSound()
    }

    @Test("A call whose only trunk cannot be located is refused with the reason, which names no host")
    func refused() throws {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.host = Self.name }]
        let harness = try Harness(deployment)
        harness.zone[Self.name] = .success([])
        harness.begin()
        #expect(harness.final() == 503)
        let answer = try harness.response()
        #expect(answer.has("the next hop's name has no address") && !answer.has(Self.name))
        #expect(harness.isFinished)
        harness.expectSound()
    }

    @Test("A caller who gives up while the trunk is located gets its 487, and nothing goes out when the answer comes")
    func cancelled() throws {
        let harness = try Self.harness()
        harness.delaysLocation = true
        harness.begin()
        #expect(harness.toOutside.isEmpty)
        harness.callerCancels()
        #expect(harness.final() == 487)
        harness.event { call, context in
            call.located(
                0,
                .success([LocatedHop(hop: Self.server(11), local: LocalAddress(host: "h", port: 1))]),
                &context
            )
        }
        #expect(harness.toOutside.isEmpty)
        harness.expectSound()
    }

    @Test(
        "A callee's Contact that is the name its server was located by goes on meaning that server",
        arguments: ["", ";lr"]
    )
    func sticks(routed: String) throws {
        let harness = try Self.harness()
        harness.begin()
        harness.fail(try harness.outside(.invite).transaction, .transport)
        let contact = "Contact: <sip:callee@Trunk.carrier.example>"
        let route = "Record-Route: <sip:trunk.carrier.example;lr>"
        let invite = try harness.outside(.invite)
        let fields = routed.isEmpty ? [contact] : [contact, route]
        try harness.answer(invite, 200, fields, body: Caller.description(codecs: "0"))
        try harness.callerAcknowledges()
        #expect(try harness.outside(.ack).hop == Self.server(12))
        try harness.callerSends("BYE")
        #expect(try harness.outside(.bye).hop == Self.server(12))
        try harness.settle()
        harness.expectSound()
    }

    @Test(
        "§4 what a URI leaves open decides what is asked",
        arguments: [
            ("sip:a@b.example", HopSearch.transports, "b.example", 5060),
            ("sip:a@b.example;transport=TCP", .services, "b.example", 5060),
            ("sip:a@b.example:5070", .addresses, "b.example", 5070),
            ("sip:a@b.example;maddr=c.example", .transports, "c.example", 5060),
            ("sip:a@b.example;maddr=[2001:db8::1]", .transports, "2001:db8::1", 5060),
        ]
    )
    func searches(uri: String, search: HopSearch, host: String, port: Int) throws {
        let bytes = Array(uri.utf8)
        let hop = try #require(NextHop(bytes, try URIReference.parse(bytes.span, 0..<bytes.count), listener: 0))
        #expect(hop.search == search && hop.host == host && Int(hop.port) == port)
        #expect(hop.isNamed == !host.contains(":"))
    }
}
