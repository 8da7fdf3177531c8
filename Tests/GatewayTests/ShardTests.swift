// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallStore
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct ShardTests {
    @Test("With two shards, register, call and hang-up work whichever shard a message lands on")
    func calls() async throws {
        let carrier = try await Peer.udp()
        var deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        deployment.configuration.shards = .exactly(2)
        let calls = try await deployment.run { gateway in
            for _ in 0..<50 {
                let alice = try await Phone.udp(gateway)
                // One binding is enough for 50 telephones that are all alice.
                try await alice.register("Contact: <sip:alice@192.0.2.1>\r\nExpires: 300\r\n")
                let scene = Scene(gateway: gateway, trunk: carrier, alice: alice)
                _ = try await scene.answered()
                try await scene.hangUp()
            }
        }
        #expect(calls.count == 50)
        #expect(calls.allSatisfy { $0.hangupReason.name == "normal" })
    }

    @Test("The plain call's trace holds on two shards", arguments: 1...5)
    func trace(_ run: Int) async throws {
        var player = Player(try Scenario(named: "plain-call"))
        let calls = try await player.play(shards: 2)
        #expect(calls.map { $0.hangupReason.name } == ["normal"], "run \(run)")
    }
}
