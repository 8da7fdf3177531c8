// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Foundation
import Gateway
import MonotonicTime
import Testing
import TollgateConfiguration
import TrunkSupervision

@Suite(.timeLimit(.minutes(3)))
struct TrunkStateTests {
    /// A gateway with two trunks, the first of which has further settings.
    private func withTrunks(
        _ settings: String,
        secondSettings: String = "",
        alice: String = "",
        shards: Int = 1,
        _ body: (Running, _ first: Peer, _ second: Peer, Phone) async throws -> Void
    ) async throws -> [CallRecord] {
        let (first, second) = (try await Peer.udp(), try await Peer.udp())
        let further = secondSettings.isEmpty ? "" : ", \(secondSettings)"
        var deployment = try Deployment(
            trunks: trunk("first", first.port, "priority: 0, \(settings)")
                + trunk("second", second.port, "priority: 1\(further)"),
            alice: alice
        )
        deployment.configuration.shards = .exactly(shards)
        return try await deployment.run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await body(gateway, first, second, alice)
        }
    }

    /// Calls, and is refused by a trunk for the callee's sake.
    private func call(_ alice: Phone, at trunk: Peer) async throws {
        let phone = Phone(alice.peer)
        try await phone.invite(Scene.number)
        try await trunk.reply(486, to: try await trunk.request("INVITE"))
        try await trunk.request("ACK")
        try await phone.acknowledgeRefusal(try await phone.peer.response(486), Scene.number)
    }

    /// Waits until the first trunk is as wanted.
    private func wait(_ gateway: Running, _ isWanted: (TrunkState) -> Bool) async throws {
        while true {
            if let state = await gateway.server.trunkStates().first, isWanted(state) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func options(_ trunk: Peer, _ status: Int) async throws {
        let request = try await trunk.request("OPTIONS")
        #expect(request.requestURI == "sip:127.0.0.1:\(trunk.port)")
        try await trunk.reply(status, to: request)
    }

    @Test(
        "RFC 3261 §11 a trunk that refuses OPTIONS with 503 gets no calls until it answers them again",
        arguments: [1, 2]
    )
    func health(shards: Int) async throws {
        let health = "health: {interval_seconds: 1, timeout_seconds: 1, failures: 2, successes: 1}"
        let records = try await withTrunks(health, shards: shards) { gateway, first, second, alice in
            try await options(first, 503)
            try await options(first, 503)
            try await wait(gateway) { $0.obstacles == [.health] }
            let phone = Phone(alice.peer)
            try await phone.invite(Scene.number)
            try await second.reply(486, to: try await second.request("INVITE"))
            try await second.request("ACK")
            try await phone.acknowledgeRefusal(try await phone.peer.response(486), Scene.number)
            try await options(first, 404)
            try await wait(gateway) { $0.isUp }
        }
        #expect(records.map { $0.trunk?.name } == ["second"])
    }

    @Test("a trunk that says nothing to OPTIONS in time is down")
    func silence() async throws {
        let health = "health: {interval_seconds: 1, timeout_seconds: 1, failures: 2, successes: 1}"
        _ = try await withTrunks(health) { gateway, first, _, _ in
            try await first.request("OPTIONS")
            try await first.request("OPTIONS")
            try await wait(gateway) { $0.obstacles == [.health] }
        }
    }

    @Test("when every trunk is down, a call is refused with 503 and Retry-After at once")
    func allDown() async throws {
        let health = "health: {interval_seconds: 1, timeout_seconds: 1, failures: 1, successes: 1}"
        let records = try await withTrunks(health, secondSettings: "enabled: false") { gateway, first, _, alice in
            try await options(first, 503)
            try await wait(gateway) { !$0.isUp }
            try await alice.invite(Scene.number)
            let refusal = try await alice.peer.response(503)
            #expect(refusal.first("Retry-After") == "5")
        }
        #expect(records.first?.rejectingRule == "route.select")
    }

    @Test("RFC 3261 §21.5.4 a trunk that answers 503 with Retry-After is left alone until then")
    func retryAfter() async throws {
        let records = try await withTrunks("breaker: off") { gateway, first, second, alice in
            let phone = Phone(alice.peer)
            try await phone.invite(Scene.number)
            try await first.reply(503, to: try await first.request("INVITE"), "Retry-After: 120\r\n")
            try await first.request("ACK")
            try await second.reply(486, to: try await second.request("INVITE"))
            try await second.request("ACK")
            try await phone.acknowledgeRefusal(try await phone.peer.response(486), Scene.number)
            try await wait(gateway) { $0.obstacles == [.breaker] }
            try await call(alice, at: second)
        }
        #expect(records.map { $0.attempts.map { $0.trunk.name } } == [["first", "second"], ["second"]])
    }

    @Test("calls that find a trunk unreachable open its breaker: the next call does not try it")
    func breaker() async throws {
        let second = try await Peer.udp()
        // Port 1 is nobody's.
        let trunks =
            trunk("first", 1, transport: "tcp", "priority: 0, breaker: {failures: 2, seconds: 600}")
            + trunk("second", second.port, "priority: 1")
        let records = try await Deployment(trunks: trunks).run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            for _ in 0..<3 { try await call(alice, at: second) }
        }
        #expect(records.map { $0.attempts.count } == [2, 2, 1])
    }

    @Test("a trunk that carries as many calls as it may is passed over, on whatever shard", arguments: [1, 2])
    func concurrentCalls(shards: Int) async throws {
        let records = try await withTrunks("concurrent_calls: 1", shards: shards) { gateway, first, second, alice in
            let scene = Scene(gateway: gateway, trunk: first, alice: alice)
            _ = try await scene.answered()
            try await wait(gateway) { $0.isFull && $0.calls == 1 }
            for _ in 0..<3 { try await call(alice, at: second) }
            try await scene.hangUp()
            try await wait(gateway) { !$0.isFull && $0.calls == 0 }
            try await call(alice, at: first)
        }
        #expect(records.map { $0.trunk?.name } == ["first", "second", "second", "second", "first"])
    }

    @Test("a trunk that is switched off at a reload gets no new calls, and those there go on")
    func drain() async throws {
        let (first, second) = (try await Peer.udp(), try await Peer.udp())
        func trunks(_ enabled: Bool) -> String {
            trunk("first", first.port, "priority: 0, enabled: \(enabled)")
                + trunk("second", second.port, "priority: 1")
        }
        let deployment = try Deployment(trunks: trunks(true))
        let records = try await deployment.run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            let scene = Scene(gateway: gateway, trunk: first, alice: alice)
            _ = try await scene.answered()
            let file = deployment.folder.appending(path: "provisioning.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacing(trunks(true), with: trunks(false)).write(to: file, atomically: true, encoding: .utf8)
            let plan = try ProvisioningFile.load(
                path: file.path,
                in: ProvisioningFile.Context(deployment.configuration)
            ).plan
            let store = try CallStore(
                path: deployment.configuration.store.path,
                options: CallStoreOptions(readers: 1, isExclusive: false)
            )
            _ = try store.apply(plan, at: .current)
            try store.close()
            await gateway.server.reload()
            #expect(await gateway.server.trunkStates().map(\.name) == ["second"])
            try await call(alice, at: second)
            try await scene.hangUp()
        }
        #expect(records.map { $0.trunk?.name } == ["first", "second"])
    }
}
