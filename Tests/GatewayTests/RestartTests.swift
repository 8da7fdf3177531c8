// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Foundation
import MonotonicTime
import NIOCore
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct RestartTests {
    @Test("After SIGKILL and restart the caller's BYE reaches the trunk, with fewer shards too", arguments: [2, 1])
    func callerHangsUp(shardsAfter: Int) async throws {
        let world = try await KilledWorld()
        defer { world.remove() }
        for _ in 0..<4 { try await world.answeredCall() }
        try await world.restart(shards: shardsAfter)
        for call in world.calls {
            try await call.caller.send("BYE")
            let bye = try await world.trunk.request("BYE")
            #expect(bye.callID == call.callee.callID)
            #expect(bye.fromTag == call.callee.remoteTag)
            #expect(bye.toTag == call.callee.localTag)
            #expect(bye.sequence > call.lastSequence)
            #expect(bye.requestURI == "sip:peer@127.0.0.1:\(world.trunk.port)")
            try await world.trunk.reply(200, to: bye)
            try await call.caller.peer.response(200, to: "BYE")
        }
        let records = try await world.records { $0.allSatisfy { $0.status == .hangup } }
        #expect(records.count == 4)
        #expect(records.allSatisfy { $0.hangupReason == .normal && $0.hangupBy == .local && $0.hangup != nil })
        #expect(records.allSatisfy { $0.finalStatus == 200 && $0.cause == .normalClearing })
        #expect(try world.liveCalls().isEmpty)
    }

    @Test("After SIGKILL and restart the trunk's BYE reaches the caller, and a re-INVITE crosses before it")
    func trunkHangsUp() async throws {
        let world = try await KilledWorld()
        defer { world.remove() }
        let call = try await world.answeredCall()
        try await world.restart(shards: 2)
        let hold = Phone.session(port: 30_000, "a=sendonly\r\n")
        call.callee.sequence = 70
        try await call.callee.send("INVITE", body: hold)
        let passed = try await call.caller.peer.request("INVITE")
        #expect(passed.body == hold)
        #expect(passed.callID == call.caller.callID)
        try await call.caller.peer.reply(200, to: passed, call.caller.peer.contact, body: Phone.offer)
        let answer = try await world.trunk.response(200, to: "INVITE")
        #expect(answer.body == Phone.offer)
        try await call.callee.acknowledge(answer)
        try await call.caller.peer.request("ACK")

        try await world.restart(shards: 2, once: { $0.contains { $0.dialogState != call.state } })
        try await call.callee.send("BYE")
        let bye = try await call.caller.peer.request("BYE")
        #expect(bye.callID == call.caller.callID)
        #expect(bye.fromTag == call.caller.remoteTag)
        #expect(bye.toTag == call.caller.localTag)
        // The re-INVITE's answer moved the caller, which the second restart has kept.
        #expect(bye.requestURI == "sip:peer@127.0.0.1:\(call.caller.peer.port)")
        try await call.caller.peer.reply(200, to: bye)
        try await world.trunk.response(200, to: "BYE")
        let records = try await world.records { $0.allSatisfy { $0.status == .hangup } }
        #expect(records.map(\.hangupReason) == [.normal])
        #expect(records.map(\.hangupBy) == [.remote])
    }

    @Test("§13.2.2.4 After a restart a trunk that missed the ACK gets it, and one with a foreign tag does not")
    func missedAcknowledgement() async throws {
        let world = try await KilledWorld()
        defer { world.remove() }
        let call = try await world.answeredCall()
        try await world.restart(shards: 2)
        try await world.trunk.reply(200, to: call.invite, tag: "stranger", world.trunk.contact)
        try await world.trunk.reply(200, to: call.invite, world.trunk.contact)
        let ack = try await world.trunk.request("ACK")
        #expect(ack.toTag == call.callee.localTag)
        #expect(ack.sequence == call.invite.sequence)
    }

    @Test("A call that was ringing, and one whose state cannot be read, are closed at the restart")
    func closed() async throws {
        let world = try await KilledWorld()
        defer { world.remove() }
        let call = try await world.answeredCall()
        let ringing = try await world.phone()
        try await ringing.invite(Scene.number)
        try await world.trunk.reply(180, to: try await world.trunk.request("INVITE"))
        try await ringing.peer.response(180)
        try await world.restart(shards: 2, once: { $0.count == 2 }, between: world.spoilStates)
        let records = try await world.records { $0.allSatisfy { $0.status == .hangup } }
        #expect(records.count == 2)
        #expect(records.allSatisfy { $0.hangupReason == .failed && $0.hangupBy == .local && $0.hangup != nil })
        #expect(try world.liveCalls().isEmpty)
        try await call.caller.send("BYE")
        try await call.caller.peer.response(481, to: "BYE")
    }

    @Test("§13.2.2.4 A fork that answers when the call is over is acknowledged and ended, once")
    func lateFork() async throws {
        try await withScene { scene in
            let invite = try await scene.dial()
            try await scene.trunk.reply(200, to: invite, scene.trunk.contact, body: Phone.session(port: 30_000))
            try await scene.alice.acknowledge(try await scene.alice.peer.response(200, to: "INVITE"))
            try await scene.trunk.request("ACK")
            try await scene.hangUp()
            var ended = false
            for _ in 0..<2 {
                try await scene.trunk.reply(200, to: invite, tag: "late", scene.trunk.contact)
                let ack = try await scene.trunk.request("ACK")
                #expect(ack.toTag == "late")
                #expect(ack.sequence == invite.sequence)
                if ended { continue }
                let bye = try await scene.trunk.request("BYE")
                #expect(bye.toTag == "late")
                #expect(bye.sequence == invite.sequence + 1)
                try await scene.trunk.reply(200, to: bye)
                ended = true
            }
            try await scene.isAlive()
            #expect(try await !scene.trunk.heard(within: .milliseconds(50)))
        }
    }
}

/// One answered call of a `KilledWorld`, with both of its ends.
private struct LiveEnds {
    let caller: Phone
    let callee: Phone
    let invite: WireMessage
    /// The highest number that the trunk has seen.
    let lastSequence: Int
    /// What the store held of it at the answer.
    let state: [UInt8]?
}

/// A gateway in a process of its own, which is killed and started again on the same ports and store.
private final class KilledWorld {
    let trunk: Peer
    private(set) var calls: [LiveEnds] = []
    private let deployment: Deployment
    private let port: Int
    private var process: Process?

    init() async throws {
        trunk = try await Peer.udp()
        deployment = try Deployment(trunks: GatewayTests.trunk("carrier", trunk.port))
        port = try Self.freePort()
        try await start(shards: 2)
    }

    /// A free port outside the range that the system chooses ports from: between a kill and a restart no other test's
    /// socket may come by it.
    private static func freePort() throws -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 20_000..<32_000)
            let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(descriptor) }
            let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
            if address.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 { return port }
        }
        throw Missed(description: "no free port found")
    }

    var database: String { deployment.configuration.store.path }

    func remove() {
        if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) }
        deployment.remove()
    }

    private func start(shards: Int) async throws {
        let file = deployment.folder.appending(path: "gateway.yaml")
        let text = """
            sip:
              listen: [{transport: udp, address: 127.0.0.1, port: \(port)}]
              domains: [edge.example.com]
              realm: edge.example.com
            shards: \(shards)
            timers: {t1_ms: 10000, t2_ms: 10000}
            store: {path: "\(database)"}
            provisioning: provisioning.yaml
            drain_seconds: 0
            """
        try text.write(to: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "tollgate")
        process.arguments = ["serve", "--config", file.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        let probe = try await phone()
        for _ in 0..<200 {
            try #require(process.isRunning, "the gateway ended with \(process.terminationStatus)")
            try await probe.send("OPTIONS")
            if try await probe.peer.heard(within: .milliseconds(100)) { return }
        }
        throw Missed(description: "the gateway does not answer")
    }

    /// Kills the process once its store holds what it should, by default the state of every call, and starts another.
    func restart(
        shards: Int,
        once ready: ([LiveCall]) -> Bool = { $0.allSatisfy { $0.dialogState != nil } },
        between: () throws -> Void = {}
    ) async throws {
        try await until { ready(try liveCalls()) }
        let process = try #require(process)
        await withCheckedContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            kill(process.processIdentifier, SIGKILL)
        }
        #expect(process.terminationReason == .uncaughtSignal)
        try between()
        try await start(shards: shards)
    }

    func phone() async throws -> Phone {
        Phone(try await Peer.udp(to: port))
    }

    /// A call that was answered and acknowledged, and whose state is on disk.
    @discardableResult
    func answeredCall() async throws -> LiveEnds {
        let caller = try await phone()
        try await caller.register("Contact: <sip:alice@192.0.2.1>\r\nExpires: 300\r\n")
        try await caller.invite(Scene.number)
        let invite = try await trunk.request("INVITE")
        try await trunk.reply(200, to: invite, trunk.contact, body: Phone.session(port: 30_000))
        try await caller.acknowledge(try await caller.peer.response(200, to: "INVITE"))
        try await trunk.request("ACK")
        try await until { try liveCalls().allSatisfy { $0.dialogState != nil } }
        let callee = Phone(trunk)
        callee.callID = invite.callID
        callee.localTag = "callee"
        callee.remoteTag = invite.fromTag
        callee.target = invite.contactURI
        let ends = LiveEnds(
            caller: caller,
            callee: callee,
            invite: invite,
            lastSequence: invite.sequence,
            state: try liveCalls().last?.dialogState
        )
        calls.append(ends)
        return ends
    }

    /// Cuts every kept state short; while no gateway runs.
    func spoilStates() throws {
        let store = try CallStore(path: database)
        let writer = try StoreWriter(store: store, sinks: [])
        for live in try store.loadLiveCalls() {
            guard let state = live.dialogState else { continue }
            var update = CallUpdate(id: live.record.id, time: live.record.updated)
            update.dialogState = .replaced(Array(state.dropLast()))
            _ = writer.submit(.updateCall(update), shard: 0, token: 0)
        }
        writer.close()
        try store.close()
    }

    func liveCalls() throws -> [LiveCall] {
        try reading { try $0.loadLiveCalls() }
    }

    /// The stored calls, the oldest first, once they are as they should be.
    func records(_ ready: ([CallRecord]) -> Bool) async throws -> [CallRecord] {
        var found: [CallRecord] = []
        try await until {
            found = try reading { try $0.calls(limit: 100) }.reversed()
            return ready(found)
        }
        return found
    }

    private func reading<Result>(_ body: (CallStore) throws -> Result) throws -> Result {
        let store = try CallStore(path: database, options: CallStoreOptions(isExclusive: false))
        defer { try? store.close() }
        return try body(store)
    }

    /// Asks again and again, at the pace of the gateway's answers.
    private func until(_ condition: () throws -> Bool) async throws {
        let probe = try await phone()
        for _ in 0..<2000 {
            if try condition() { return }
            try await probe.send("OPTIONS")
            _ = try await probe.peer.heard(within: .milliseconds(20))
        }
        throw Missed(description: "the store does not hold what it should")
    }
}

extension Peer {
    /// Whether any message comes in time.
    fileprivate func heard(within limit: TimeAmount) async throws -> Bool {
        do {
            _ = try await receive(within: limit)
            return true
        } catch is Missed {
            return false
        }
    }
}
