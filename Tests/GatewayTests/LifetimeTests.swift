// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import GRDB
import Gateway
import MonotonicTime
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct LifetimeTests {
    @Test("While the gateway drains, a new INVITE gets 503 and a call in progress goes on")
    func drain() async throws {
        let carrier = try await Peer.udp()
        var deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        deployment.configuration.drain = .seconds(60)
        defer { deployment.remove() }
        let gateway = try await deployment.start()
        let (alice, bob) = (try await Phone.udp(gateway), try await Phone.udp(gateway, .bob))
        try await alice.register()
        let scene = Scene(gateway: gateway, trunk: carrier, alice: alice)
        let callee = try await scene.answered()
        let shutdown = Task { await gateway.server.shutdown() }
        // The order to stop reaches the shard on its own time; until then new calls are challenged.
        var status = 407
        while status == 407 {
            bob.callID = Phone.token()
            try await bob.send("INVITE", to: Scene.number, body: Phone.offer)
            let answer = try await bob.peer.receive()
            status = answer.status
            if status == 503 { #expect(answer.has("Retry-After")) }
        }
        #expect(status == 503)
        try await callee.send("INFO")
        try await alice.peer.reply(200, to: try await alice.peer.request("INFO"))
        try await carrier.response(200, to: "INFO")
        try await scene.hangUp()
        await shutdown.value
        let third = try await deployment.start()
        await third.server.shutdown()
        #expect(try deployment.calls().map(\.hangupReason.name) == ["normal"])
    }

    @Test("When the drain is over, calls in progress are ended on both sides and recorded")
    func forcedEnd() async throws {
        let carrier = try await Peer.udp()
        let deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        defer { deployment.remove() }
        let gateway = try await deployment.start()
        let alice = try await Phone.udp(gateway)
        try await alice.register()
        _ = try await Scene(gateway: gateway, trunk: carrier, alice: alice).answered()
        let shutdown = Task { await gateway.server.shutdown() }
        try await carrier.request("BYE")
        try await alice.peer.request("BYE")
        await shutdown.value
        #expect(try deployment.calls().map(\.status) == [.hangup])
    }

    @Test("When the store fails, calls and registrations are refused with 503; calls in progress and for help go on")
    func storeFails() async throws {
        let carrier = try await Peer.udp()
        let deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        try await deployment.run { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            let scene = Scene(gateway: gateway, trunk: carrier, alice: alice)
            _ = try await scene.answered()
            var patient = GRDB.Configuration()
            patient.busyMode = .timeout(30)
            let database = try DatabaseQueue(path: deployment.configuration.store.path, configuration: patient)
            let breaking = "ALTER TABLE calls RENAME TO lost_calls; ALTER TABLE bindings RENAME TO lost_bindings"
            try await database.write { try $0.execute(sql: breaking) }
            let second = Phone(try await Peer.udp(to: gateway.udp))
            try await second.invite(Scene.number)
            let refusal = try await second.peer.response(503)
            try await second.acknowledgeRefusal(refusal, Scene.number)
            try await second.register("Expires: 90\r\n", status: 503)
            let help = Phone(try await Peer.udp(to: gateway.udp))
            try await help.invite("sip:112@edge.example.com")
            let call = try await carrier.request("INVITE")
            #expect(call.requestURI.hasPrefix("sip:112@"))
            try await carrier.reply(486, to: call)
            try await carrier.request("ACK")
            try await help.acknowledgeRefusal(try await help.peer.response(486), "sip:112@edge.example.com")
            try await scene.hangUp()
            let mending = "ALTER TABLE lost_calls RENAME TO calls; ALTER TABLE lost_bindings RENAME TO bindings"
            try await database.write { try $0.execute(sql: mending) }
            try database.close()
            try await second.register("Expires: 90\r\n")
        }
    }

    @Test("A port that is taken ends the start with a clear error, and leaves nothing running")
    func portTaken() async throws {
        let deployment = try Deployment()
        try await deployment.run { gateway in
            var second = try Deployment()
            defer { second.remove() }
            second.configuration.sip.listeners = [
                ListenerSettings(transport: .tcp, address: "127.0.0.1", port: gateway.tcp)
            ]
            let error = await #expect(throws: GatewayStartError.self) { try await second.start() }
            #expect(error?.exitCode == 69)
        }
    }
}
