// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Gateway
import MonotonicTime
import ScriptedHTTPService
import Testing
import TollgateConfiguration

private let created = #"[{"id":"c0ffee-1","status":"dialing"}]"#

/// What the service of a test does, and what the gateway is told of it.
private struct Behaviour {
    let script: @Sendable (HTTPRequest, Int) -> [ScriptedHTTPService.Step]
    var configure: (inout CallAPISettings) -> Void = { _ in }

    static func acting(_ script: @escaping @Sendable (HTTPRequest, Int) -> [ScriptedHTTPService.Step]) -> Behaviour {
        Behaviour(script: script)
    }

    func with(_ configure: @escaping (inout CallAPISettings) -> Void) -> Behaviour {
        Behaviour(script: script, configure: configure)
    }
}

/// Runs a test with a gateway that hands its calls to a service which acts by a script.
@discardableResult
private func withService(
    _ behaviour: Behaviour,
    _ body: (Scene, ScriptedHTTPService) async throws -> Void
) async throws -> [CallRecord] {
    let service = try await ScriptedHTTPService.start(behaviour.script)
    var settings = CallAPISettings()
    settings.mode = .http
    settings.baseURL = "http://127.0.0.1:\(service.port)"
    settings.connectTimeout = .seconds(100)
    settings.readTimeout = .seconds(100)
    settings.deadline = .seconds(100)
    settings.retries = 0
    settings.identifierHeader = "X-Call-API-ID"
    behaviour.configure(&settings)
    let configure = { (configuration: inout GatewayConfiguration) in configuration.callAPI = settings }
    return try await withScene(configure: configure) { scene in
        do {
            try await body(scene, service)
        } catch {
            await service.stop()
            throw error
        }
        await service.stop()
    }
}

@Suite("Calls handed to a call API over HTTP", .timeLimit(.minutes(3)))
struct HandOffTests {
    @Test("the INVITE waits for the service, and then carries the service's name of the call")
    func admitted() async throws {
        let calls = try await withService(.acting { _, _ in [.wait(300), .answer(200, created)] }) { scene, service in
            try await scene.alice.invite(Scene.number)
            #expect(try await scene.alice.peer.receive().status == 100)
            #expect(await service.hasReceived(1))
            let invite = try await scene.trunk.request("INVITE")
            #expect(invite.first("X-Call-API-ID") == "c0ffee-1")
            try await scene.trunk.reply(486, to: invite)
            try await scene.trunk.request("ACK")
            let busy = try await scene.alice.peer.response(486, to: "INVITE")
            #expect(!busy.has("X-Call-API-ID"))
            #expect(await service.hasReceived(1, "/calls/c0ffee-1/hangup"))
        }
        #expect(calls.map(\.finalStatus) == [486])
    }

    @Test(
        "a refusal of the service reaches the caller with words in Reason and Warning; no INVITE goes out",
        arguments: [(400, 403, 21), (401, 403, 21), (402, 402, 21), (403, 403, 21), (404, 404, 1), (500, 503, 34)]
    )
    func refused(http: Int, sip: Int, cause: Int) async throws {
        let calls = try await withService(.acting { _, _ in [.answer(http, #"{"message":"the service's words"}"#)] }) {
            scene,
            _ in
            try await scene.alice.invite(Scene.number)
            let refusal = try await scene.alice.peer.response(sip, to: "INVITE")
            #expect(refusal.first("Reason").hasPrefix("Q.850;cause=\(cause);text=\"the call API"))
            #expect(refusal.first("Warning").contains("the call API"))
            #expect(refusal.first("Warning").contains("HTTP \(http)"))
            #expect(!refusal.first("Warning").contains("words"))
            #expect(refusal.has("Retry-After") == (sip == 503))
            try await scene.alice.acknowledgeRefusal(refusal, Scene.number)
            try await scene.isAlive()
        }
        #expect(calls.map(\.finalStatus) == [sip])
        #expect(calls.map(\.status) == [.hangup])
        #expect(calls.map(\.cause?.value) == [cause])
        #expect(calls.map(\.outboundCallID) == [""])
    }

    @Test("the service's words stand in Warning where that is configured")
    func message() async throws {
        try await withService(
            .acting { _, _ in [.answer(402, #"{"message":"top \"up\"\r\nX-Evil: 1"}"#)] }.with {
                $0.passesMessage = true
            }
        ) { scene, _ in
            try await scene.alice.invite(Scene.number)
            let refusal = try await scene.alice.peer.response(402, to: "INVITE")
            #expect(refusal.first("Warning").hasSuffix("(HTTP 402): top 'up' X-Evil: 1\""))
            #expect(!refusal.has("X-Evil"))
        }
    }

    @Test("429 becomes 503 with the service's Retry-After")
    func busy() async throws {
        try await withService(.acting { _, _ in [.answer(429, "", "Retry-After: 17\r\n")] }) { scene, _ in
            try await scene.alice.invite(Scene.number)
            let refusal = try await scene.alice.peer.response(503, to: "INVITE")
            #expect(refusal.first("Retry-After") == "17")
        }
    }

    @Test("a caller that gives up while the service is asked gets 487 at once; what is created then is ended there")
    func cancelled() async throws {
        let calls = try await withService(
            .acting { request, _ in
                request.path == "/calls" ? [.wait(500), .answer(200, created)] : [.answer(200, "{}")]
            }
        ) { scene, service in
            try await scene.alice.invite(Scene.number)
            #expect(await service.hasReceived(1))
            try await scene.alice.cancel(Scene.number, branch: scene.alice.lastBranch)
            try await scene.alice.peer.response(200, to: "CANCEL")
            let answer = try await scene.alice.peer.response(487, to: "INVITE")
            #expect(service.requests.count == 1)
            try await scene.alice.acknowledgeRefusal(answer, Scene.number)
            #expect(await service.hasReceived(1, "/calls/c0ffee-1/hangup"))
            try await scene.isAlive()
        }
        #expect(calls.map(\.hangupReason.name) == ["cancel"])
        #expect(calls.map(\.outboundCallID) == [""])
    }

    @Test("a service that hangs is given up when the time is over: 503")
    func hangs() async throws {
        try await withService(.acting { _, _ in [] }.with { $0.deadline = .milliseconds(300) }) { scene, service in
            try await scene.alice.invite(Scene.number)
            let refusal = try await scene.alice.peer.response(503, to: "INVITE")
            #expect(refusal.first("Warning").contains("did not answer in time"))
            #expect(service.requests.count == 1)
        }
    }

    @Test("calls that wait for the service hold up nothing else: neither another call nor a registration")
    func slow() async throws {
        try await withService(
            .acting { request, _ in
                request.body.contains("+12025550199") ? [.answer(200, created)] : []
            }
        ) { scene, service in
            for _ in 0..<10 {
                let phone = try await Phone.udp(scene.gateway)
                try await phone.invite(Scene.number)
            }
            #expect(await service.hasReceived(10))
            let bob = try await Phone.udp(scene.gateway, .bob)
            try await bob.register()
            try await bob.invite("sip:+12025550199@edge.example.com")
            let invite = try await scene.trunk.request("INVITE")
            #expect(invite.requestURI.contains("+12025550199"))
            try await scene.trunk.reply(480, to: invite)
        }
    }

    @Test("an open breaker refuses without asking")
    func breaker() async throws {
        try await withService(.acting { _, _ in [.answer(500)] }.with { $0.breaker.consecutiveFailures = 2 }) {
            scene,
            service in
            for round in 1...3 {
                scene.alice.callID = Phone.token()
                scene.alice.remoteTag = ""
                try await scene.alice.invite(Scene.number)
                let refusal = try await scene.alice.peer.response(503, to: "INVITE")
                try await scene.alice.acknowledgeRefusal(refusal, Scene.number)
                #expect(refusal.first("Warning").contains("left alone") == (round == 3))
            }
            #expect(service.requests.count == 2)
        }
    }

    @Test("an emergency call goes out while the service hangs, and without its name")
    func emergency() async throws {
        try await withService(.acting { _, _ in [] }.with { $0.deadline = .milliseconds(300) }) { scene, service in
            let invite = try await scene.dial("sip:911@edge.example.com")
            #expect(!invite.has("X-Call-API-ID"))
            #expect(await service.hasReceived(1))
            try await scene.trunk.reply(486, to: invite)
        }
    }

    @Test("an answered call that the callee ends is ended at the service too")
    func answered() async throws {
        try await withService(.acting { _, _ in [.answer(200, created)] }) { scene, service in
            let callee = try await scene.answered()
            try await callee.send("BYE")
            try await scene.alice.peer.reply(200, to: try await scene.alice.peer.request("BYE"))
            #expect(await service.hasReceived(1, "/calls/c0ffee-1/hangup"))
        }
    }

    @Test("over the service's own SIP side the INVITE goes there alone, and an emergency call to the trunk")
    func ingress() async throws {
        let ingress = try await Peer.udp()
        try await withService(
            .acting { _, _ in [.answer(200, created)] }.with { settings in
                settings.bridge = .ingress
                settings.ingressTrunk = Trunk(
                    id: CallAPISettings.ingressIdentity,
                    name: "call API",
                    host: "127.0.0.1",
                    port: ingress.port
                )
            }
        ) { scene, service in
            try await scene.alice.invite(Scene.number)
            let invite = try await ingress.request("INVITE")
            #expect(invite.requestURI.contains("+12025550123@127.0.0.1:\(ingress.port)"))
            #expect(invite.first("X-Call-API-ID") == "c0ffee-1")
            try await ingress.reply(503, to: invite)
            try await ingress.request("ACK")
            let refusal = try await scene.alice.peer.response(503, to: "INVITE")
            try await scene.alice.acknowledgeRefusal(refusal, Scene.number)
            scene.alice.callID = Phone.token()
            let help = try await scene.dial("sip:911@edge.example.com")
            try await scene.trunk.reply(486, to: help)
        }
    }

    @Test("after a restart the service hears of calls that did not survive it")
    func restart() async throws {
        let service = try await ScriptedHTTPService.start { _, _ in [.answer(200, created)] }
        let carrier = try await Peer.udp()
        var deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        defer { deployment.remove() }
        deployment.configuration.callAPI.mode = .http
        deployment.configuration.callAPI.baseURL = "http://127.0.0.1:\(service.port)"
        let id = ResourceIdentifier(unixMilliseconds: 1_700_000_000_000, random: (1, 2))
        let store = try CallStore(path: deployment.configuration.store.path)
        let writer = try StoreWriter(store: store, sinks: [])
        var record = CallRecord(
            id: id,
            customer: ResourceIdentifier(high: 1, low: 1),
            destination: "+12025550123",
            destinationKind: .tel,
            created: WallTime(milliseconds: 1_700_000_000_000)
        )
        record.externalIdentifier = "old-1"
        #expect(writer.submit(.createCall(record), shard: 0, token: 0) == .accepted)
        writer.close()
        try store.close()
        let gateway = try await deployment.start()
        #expect(await service.hasReceived(1, "/calls/old-1/hangup"))
        await gateway.server.shutdown()
        #expect(try deployment.calls().map(\.status) == [.hangup])
    }

    @Test("a gateway that stops while the service is asked tells the caller")
    func shutdown() async throws {
        let service = try await ScriptedHTTPService.start { _, _ in [] }
        let carrier = try await Peer.udp()
        var deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        defer { deployment.remove() }
        deployment.configuration.callAPI.mode = .http
        deployment.configuration.callAPI.baseURL = "http://127.0.0.1:\(service.port)"
        deployment.configuration.callAPI.deadline = .milliseconds(800)
        let gateway = try await deployment.start()
        let alice = try await Phone.udp(gateway)
        try await alice.register()
        try await alice.invite(Scene.number)
        #expect(await service.hasReceived(1))
        await gateway.server.shutdown()
        try await alice.peer.response(503, to: "INVITE")
        #expect(try deployment.calls().map(\.status) == [.hangup])
    }
}
