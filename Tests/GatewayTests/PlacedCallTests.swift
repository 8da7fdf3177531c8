// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallLifecycle
import CallPolicy
import CallStore
import Foundation
import MonotonicTime
import NIOCore
import Testing
import TollgateConfiguration

@testable import Gateway

@Suite(.timeLimit(.minutes(3)))
struct PlacedCallTests {
    @Test("RFC 3725 §4.3 two parties are called, brought together, talk, and hang up; each leg has a record of its own")
    func twoParties() async throws {
        var id = ResourceIdentifier.zero
        let records = try await withPlacing { scene in
            let placed = try await scene.place(connect: [Placing.second])
            id = placed.id
            #expect(placed.status == .dialing && placed.destination == "+12025550101")
            let pair = try await scene.bridge()
            // Afterwards it is a call like any other: a re-INVITE crosses, under the gateway's own o= line.
            try await pair.first.send("INVITE", body: Phone.session(port: 41_000, "a=sendonly\r\n"))
            try await scene.trunk.response(100)
            let held = try await scene.trunk.request("INVITE")
            #expect(held.callID == pair.second.callID)
            #expect(held.body.contains("m=audio 41000") && held.body.contains("a=sendonly"))
            try await scene.trunk.reply(200, to: held, scene.trunk.contact, body: Phone.session(port: 42_000))
            let answer = try await scene.trunk.response(200, to: "INVITE")
            #expect(answer.callID == pair.first.callID && answer.body.contains("m=audio 42000"))
            try await pair.first.acknowledge(answer)
            #expect(try await scene.trunk.request("ACK").callID == pair.second.callID)
            try await scene.hangUp(from: pair.second, toward: pair.first)
        }
        #expect(records.count == 2)
        let first = try #require(records.first { $0.id == id })
        let second = try #require(records.first { $0.id != id })
        #expect(first.flow == Placing.flow && first.master == nil)
        #expect(second.master == id && second.flow == nil)
        #expect(records.allSatisfy { $0.status == .hangup && $0.hangupReason == .normal && $0.endpoint == nil })
        #expect(records.allSatisfy { $0.ringing != nil && $0.progressing != nil && $0.destinationKind == .tel })
        #expect(records.allSatisfy { $0.source == "+15551234567" && $0.isApproved && $0.trunk?.name == "carrier" })
        #expect(first.hangupBy == .local && second.hangupBy == .remote)
    }

    @Test("A call with nobody to connect is answered without media, and ended")
    func nothingToConnect() async throws {
        let records = try await withPlacing { scene in
            try await scene.place()
            let invite = try await scene.trunk.request("INVITE")
            #expect(invite.body.isEmpty && invite.first("Max-Forwards") == "70")
            try await scene.trunk.reply(200, to: invite, scene.trunk.contact, body: Phone.session(port: 30_000))
            let ack = try await scene.trunk.request("ACK")
            #expect(ack.body.contains("m=audio 9 RTP/AVP 0 8\r\n") && ack.body.contains("a=inactive"))
            let bye = try await scene.trunk.request("BYE")
            #expect(bye.first("Reason").hasPrefix("Q.850;cause=16"))
            try await scene.trunk.reply(200, to: bye)
        }
        #expect(records.map(\.status) == [.hangup])
        #expect(records.map(\.hangupBy) == [.local])
        #expect(records.map(\.hangupReason) == [.normal])
        #expect(records.first?.progressing != nil)
    }

    @Test("RFC 3725 §6 a party that is busy ends the first party's call, with the reason")
    func busyParty() async throws {
        let records = try await withPlacing { scene in
            try await scene.place(connect: [Placing.second])
            _ = try await scene.answerFirst()
            let invite = try await scene.trunk.request("INVITE")
            try await scene.trunk.reply(486, to: invite)
            try await scene.trunk.request("ACK")
            let bye = try await scene.trunk.request("BYE")
            #expect(bye.first("Reason").hasPrefix("Q.850;cause=17"))
            try await scene.trunk.reply(200, to: bye)
        }
        #expect(records.map(\.hangupReason) == [.normal, .busy])
    }

    @Test("The first party hangs up while the other rings: the other is cancelled")
    func firstHangsUp() async throws {
        let records = try await withPlacing { scene in
            try await scene.place(connect: [Placing.second])
            let first = try await scene.answerFirst()
            let invite = try await scene.trunk.request("INVITE")
            try await scene.trunk.reply(180, to: invite)
            try await first.send("BYE")
            try await scene.trunk.response(200, to: "BYE")
            let cancel = try await scene.trunk.request("CANCEL")
            #expect(cancel.callID == invite.callID)
            try await scene.trunk.reply(200, to: cancel)
            try await scene.trunk.reply(487, to: invite)
            try await scene.trunk.request("ACK")
        }
        #expect(records.map(\.hangupReason) == [.normal, .cancel])
        #expect(records.map(\.hangupBy) == [.remote, .local])
    }

    @Test("A call outside the whitelist and one to an emergency number are refused, and recorded with the rule")
    func refused() async throws {
        let records = try await withPlacing { scene in
            let cases: [(PlacedDestination, RuleIdentifier)] = [
                (.telephone("+33142685300"), .destinationWhitelist), (.telephone("911"), .emergencyExempt),
                (.extensionName("4711"), .destinationClassify), (.sipURI("nonsense"), .destinationClassify),
            ]
            for (destination, rule) in cases {
                var placement = scene.placement()
                placement.destination = destination
                guard case .rejected(let record, let rejection) = await scene.commands.place(placement) else {
                    Issue.record("\(destination) was not refused")
                    continue
                }
                #expect(rejection.rule == rule && record.rejectingRule == rule.rawValue)
                #expect(record.id == placement.id)
            }
        }
        #expect(records.count == 4)
        #expect(records.allSatisfy { !$0.isApproved && $0.status == .hangup && $0.flow == Placing.flow })
        #expect(Set(records.map(\.destination)) == ["+33142685300", "911", "4711", "nonsense"])
    }

    @Test("A party that policy refuses is recorded, and ends the first party's call")
    func refusedParty() async throws {
        let records = try await withPlacing { scene in
            try await scene.place(connect: [CallConnection(destination: .telephone("+33142685300"))])
            _ = try await scene.answerFirst()
            try await scene.trunk.reply(200, to: try await scene.trunk.request("BYE"))
        }
        #expect(records.map(\.isApproved) == [true, false])
        #expect(records.last?.master == records.first?.id)
    }

    @Test("Placed calls count against the customer's limits")
    func limits() async throws {
        try await withPlacing(customer: "    limits: {concurrent_calls: 1}\n") { scene in
            try await scene.place()
            let invite = try await scene.trunk.request("INVITE")
            guard case .rejected(_, let rejection) = await scene.commands.place(scene.placement()) else {
                throw Missed(description: "the second call was not refused")
            }
            #expect(rejection.rule == .customerLimits)
            try await scene.trunk.reply(486, to: invite)
            try await scene.trunk.request("ACK")
        }
    }

    @Test("A placed call is hung up by command: first ringing, then talking")
    func hangUp() async throws {
        try await withPlacing { scene in
            let ringing = try await scene.place()
            let invite = try await scene.trunk.request("INVITE")
            try await scene.trunk.reply(180, to: invite)
            #expect(await scene.commands.hangUp(ringing.id) == .canceling)
            let cancel = try await scene.trunk.request("CANCEL")
            try await scene.trunk.reply(200, to: cancel)
            try await scene.trunk.reply(487, to: invite)
            try await scene.trunk.request("ACK")
            #expect(await scene.commands.hangUp(.zero) == nil)

            let talking = try await scene.place(connect: [Placing.second])
            let pair = try await scene.bridge()
            #expect(await scene.commands.hangUp(talking.id) == .terminating)
            var ended: Set<String> = []
            for _ in 0..<2 {
                let bye = try await scene.trunk.request("BYE")
                ended.insert(bye.callID)
                try await scene.trunk.reply(200, to: bye)
            }
            #expect(ended == [pair.first.callID, pair.second.callID])
        }
    }

    @Test("A telephone's call is hung up by command: 487 and CANCEL before the answer, BYE to both behind it")
    func hangUpOfTelephone() async throws {
        let records = try await withScene { scene in
            let commands = scene.gateway.server.commands
            let invite = try await scene.dial()
            try await scene.trunk.reply(180, to: invite)
            try await scene.alice.peer.response(180)
            let ringing = try await scene.current()
            #expect(await commands.hangUp(ringing) == .canceling)
            let final = try await scene.alice.peer.response(487, to: "INVITE")
            try await scene.alice.acknowledgeRefusal(final, Scene.number)
            let cancel = try await scene.trunk.request("CANCEL")
            try await scene.trunk.reply(200, to: cancel)
            try await scene.trunk.reply(487, to: invite)
            try await scene.trunk.request("ACK")

            scene.alice.remoteTag = ""
            scene.alice.callID = Phone.token()
            _ = try await scene.answered()
            let talking = try await scene.current()
            #expect(await commands.hangUp(talking) == .terminating)
            try await scene.trunk.reply(200, to: try await scene.trunk.request("BYE"))
            try await scene.alice.peer.reply(200, to: try await scene.alice.peer.request("BYE"))
            #expect(await commands.hangUp(talking) != .terminating)
        }
        #expect(records.map(\.hangupBy) == [.local, .local])
        #expect(records.map(\.hangupReason) == [.cancel, .normal])
    }

    @Test("The demo trunk answers both parties of a placed call, and talks to itself until one hangs up")
    func demoTrunk() async throws {
        let free = try await Peer.udp()
        let port = free.port
        await free.close()
        var deployment = try Deployment(trunks: trunk("demo", port))
        deployment.configuration.demoTrunk.isEnabled = true
        deployment.configuration.demoTrunk.address = "127.0.0.1"
        deployment.configuration.demoTrunk.port = port
        deployment.configuration.timers.t1 = .milliseconds(500)
        let records = try await deployment.run { running in
            let scene = Placing(
                gateway: running,
                trunk: free,
                alice: try await Phone.udp(running),
                customer: try await running.server.onlyCustomer()
            )
            // The second number is one that answers and hangs up after two seconds.
            try await scene.place(connect: [CallConnection(destination: .telephone("+12025550002"))])
            while await running.server.callsInProgress() > 0 { try await Task.sleep(for: .milliseconds(50)) }
        }
        #expect(records.count == 2)
        #expect(records.allSatisfy { $0.progressing != nil && $0.hangupReason == .normal })
        #expect(records.map(\.hangupBy) == [.local, .remote])
    }

    @Test("Parties that talk find each other again after their gateway was killed; those that do not are released")
    func restart() async throws {
        let carrier = try await Peer.udp()
        var deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        defer { deployment.remove() }
        let running = try await deployment.start()
        let alice = try await Phone.udp(running)
        let customer = try await running.server.onlyCustomer()
        let scene = Placing(gateway: running, trunk: carrier, alice: alice, customer: customer)
        try await scene.place(connect: [Placing.second])
        let pair = try await scene.bridge()
        let lonely = try await scene.place(connect: [Placing.second])
        let waiting = try await scene.answerFirst()
        let unanswered = try await carrier.request("INVITE")
        let copy = try await deployment.copiedStore { live in
            live.filter { $0.dialogState != nil }.count == 3
        }
        let port = running.udp
        await running.server.shutdown()
        while try await carrier.heardAnything() {}

        deployment.configuration.store.path = copy
        deployment.configuration.sip.listeners = [ListenerSettings(transport: .udp, address: "127.0.0.1", port: port)]
        let again = try await deployment.start()
        let bye = try await carrier.request("BYE")
        #expect(bye.callID == waiting.callID && bye.callID != unanswered.callID)
        try await carrier.reply(200, to: bye)
        try await scene.hangUp(from: pair.first, toward: pair.second)
        await again.server.shutdown()
        let records = try deployment.calls()
        #expect(records.allSatisfy { $0.status == .hangup })
        #expect(records.first { $0.id == lonely.id }?.hangupReason == .normal)
    }
}

/// A gateway whose control API places calls by one trunk.
struct Placing {
    static let flow = ResourceIdentifier(high: 0xF10, low: 1)
    static let second = CallConnection(destination: .telephone("+12025550102"))

    let gateway: Running
    let trunk: Peer
    let alice: Phone
    let customer: ResourceIdentifier

    var commands: any CallCommands { gateway.server.commands }

    func placement(connect: [CallConnection] = []) -> CallPlacement {
        let time = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        return CallPlacement(
            id: ResourceIdentifier(
                unixMilliseconds: time.milliseconds,
                random: (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))
            ),
            customer: customer,
            destination: .telephone("+12025550101"),
            flow: Self.flow,
            connect: connect
        )
    }

    @discardableResult
    func place(connect: [CallConnection] = []) async throws -> CallRecord {
        let outcome = await commands.place(placement(connect: connect))
        guard case .placed(let record) = outcome else { throw Missed(description: "\(outcome)") }
        return record
    }

    /// The first party answers; its offer is answered with streams that carry nothing.
    func answerFirst() async throws -> Phone {
        let invite = try await trunk.request("INVITE")
        #expect(invite.body.isEmpty)
        #expect(invite.first("From").contains("+15551234567"))
        try await trunk.reply(180, to: invite, tag: "first")
        try await trunk.reply(200, to: invite, tag: "first", trunk.contact, body: Phone.session(port: 30_000))
        let ack = try await trunk.request("ACK")
        #expect(ack.body.contains("m=audio 9 RTP/AVP 0 8\r\n") && ack.body.contains("a=inactive\r\n"))
        return side(of: invite, tag: "first")
    }

    /// Both parties answer and get each other's session.
    func bridge() async throws -> (first: Phone, second: Phone) {
        let first = try await answerFirst()
        let invite = try await trunk.request("INVITE")
        #expect(invite.body.isEmpty && invite.requestURI.contains("12025550102"))
        try await trunk.reply(180, to: invite, tag: "second")
        try await trunk.reply(200, to: invite, tag: "second", trunk.contact, body: Phone.session(port: 31_000))
        let offer = try await trunk.request("INVITE")
        #expect(offer.callID == first.callID && offer.body.contains("m=audio 31000"))
        try await trunk.reply(200, to: offer, trunk.contact, body: Phone.session(port: 30_002))
        let answer = try await trunk.request("ACK")
        #expect(answer.callID == invite.callID && answer.body.contains("m=audio 30002"))
        let last = try await trunk.request("ACK")
        #expect(last.callID == first.callID && last.body.isEmpty)
        return (first, side(of: invite, tag: "second"))
    }

    /// One party hangs up, and the other hears of it.
    func hangUp(from party: Phone, toward other: Phone) async throws {
        try await party.send("BYE")
        let messages = [try await trunk.receive(), try await trunk.receive()]
        let bye = try #require(messages.first { $0.isRequest })
        #expect(bye.method == "BYE" && bye.callID == other.callID)
        #expect(messages.contains { $0.status == 200 && $0.callID == party.callID })
        try await trunk.reply(200, to: bye)
    }

    private func side(of invite: WireMessage, tag: String) -> Phone {
        let side = Scene(gateway: gateway, trunk: trunk, alice: alice).callee(of: invite, tag: tag)
        side.sequence = 100
        return side
    }
}

/// Runs a test against a gateway with one trunk; hands back the stored calls.
@discardableResult
private func withPlacing(customer: String = "", _ body: (Placing) async throws -> Void) async throws -> [CallRecord] {
    try await withScene(customer: customer) { scene in
        let customer = try await scene.gateway.server.onlyCustomer()
        try await body(Placing(gateway: scene.gateway, trunk: scene.trunk, alice: scene.alice, customer: customer))
    }
}

extension GatewayServer {
    fileprivate func onFirstShard<Value: Sendable>(_ body: @escaping @Sendable (Shard) -> Value) async throws -> Value {
        let commands = try #require(commands as? GatewayCommands)
        return try await #require(commands.shards.first).value(body)
    }

    fileprivate func onlyCustomer() async throws -> ResourceIdentifier {
        try #require(try await onFirstShard { $0.policy.snapshot.customers.keys.first })
    }
}

extension Scene {
    /// The call in progress.
    fileprivate func current() async throws -> ResourceIdentifier {
        let found = try await gateway.server.onFirstShard { shard in
            shard.callsByTag.values.first { $0.lastStatus != .hangup }?.id
        }
        return try #require(found)
    }
}

extension Deployment {
    /// A copy of the store as a killed gateway would leave it, once the calls in it are as they should be.
    fileprivate func copiedStore(once ready: ([LiveCall]) -> Bool) async throws -> String {
        let path = configuration.store.path
        for attempt in 0..<600 {
            let store = try CallStore(path: path, options: CallStoreOptions(isExclusive: false))
            let live = try store.loadLiveCalls()
            try store.close()
            if ready(live) { break }
            try #require(attempt < 599, "the store does not hold what it should: \(live)")
            try await Task.sleep(for: .milliseconds(50))
        }
        let copy = folder.appending(path: "copy.db").path
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        return copy
    }
}

extension Peer {
    /// Whether one more message comes soon.
    fileprivate func heardAnything() async throws -> Bool {
        do {
            _ = try await receive(within: .milliseconds(200))
            return true
        } catch is Missed {
            return false
        }
    }
}
