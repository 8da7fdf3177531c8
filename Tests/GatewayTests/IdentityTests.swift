// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Gateway
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct IdentityTests {
    /// The attempts of the only call that the test makes.
    private static func attempts(
        _ deployment: Deployment,
        _ body: (Running) async throws -> Void
    ) async throws -> [AttemptRecord] {
        defer { deployment.remove() }
        let running = try await deployment.start()
        do {
            try await body(running)
        } catch {
            await running.server.shutdown()
            throw error
        }
        await running.server.shutdown()
        let store = try CallStore(path: deployment.configuration.store.path)
        defer { try? store.close() }
        let call = try #require(try store.calls().first)
        return try #require(try store.call(call.id)).attempts
    }

    @Test("A hidden caller's attempts are on record: what each trunk saw, was told, and answered")
    func attempts() async throws {
        let (first, second) = (try await Peer.udp(), try await Peer.udp())
        let trust = "priority: 1, trust: {basis: private_network, note: test}"
        let both = trunk("first", first.port, "priority: 0") + trunk("second", second.port, trust)
        let attempts = try await Self.attempts(try Deployment(trunks: both)) { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            // RFC 3323 §4.3: a user agent may insist on a privacy service.
            try await alice.invite(Scene.number, "Privacy: id\r\nProxy-Require: privacy\r\n")
            let refused = try await first.request("INVITE")
            #expect(refused.first("P-Asserted-Identity") == "")
            try await first.reply(503, to: refused)
            let invite = try await second.request("INVITE")
            #expect(invite.first("P-Asserted-Identity").hasPrefix("<tel:+"))
            try await second.reply(200, to: invite, second.contact, body: Phone.session(port: 30_000))
            try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
            try await second.request("ACK")
            try await alice.send("BYE")
            try await second.reply(200, to: try await second.request("BYE"))
            try await alice.peer.response(200, to: "BYE")
        }
        #expect(attempts.map(\.trunk.name) == ["first", "second"])
        #expect(attempts.map(\.shown) == ["anonymous", "anonymous"])
        #expect(attempts.map(\.asserted.isEmpty) == [true, false])
        #expect(attempts.map(\.privacy) == ["id", "id"])
        #expect(attempts.map(\.status) == [503, 200])
        #expect(attempts.map(\.cause?.value) == [ReleaseCause.of(sipStatus: 503).value, 16])
        let isInOrder = attempts.allSatisfy { attempt in attempt.ended.map { $0 >= attempt.started } ?? false }
        #expect(isInOrder)
    }

    @Test("A caller who gives up leaves its attempt closed with 487")
    func abandoned() async throws {
        let carrier = try await Peer.udp()
        let attempts = try await Self.attempts(try Deployment(trunks: trunk("carrier", carrier.port))) { gateway in
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite(Scene.number)
            let invite = try await carrier.request("INVITE")
            try await carrier.reply(180, to: invite, carrier.contact)
            try await alice.peer.response(180)
            try await alice.cancel(Scene.number, branch: alice.lastBranch)
            try await alice.peer.response(200, to: "CANCEL")
            try await alice.peer.response(487, to: "INVITE")
            try await carrier.reply(200, to: try await carrier.request("CANCEL"))
            try await carrier.reply(487, to: invite)
            try await carrier.request("ACK")
        }
        #expect(attempts.map(\.status) == [487])
        #expect(attempts.map(\.cause?.value) == [16])
        #expect(attempts.first?.shown.hasPrefix("+") == true)
        #expect(attempts.first?.privacy == "")
    }
}
