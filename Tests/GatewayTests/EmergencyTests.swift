// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallStore
import Gateway
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct EmergencyTests {
    /// An emergency call goes out and is torn down; hands back what the trunk saw.
    private static func help(_ scene: Scene, _ uri: String, _ headers: String = "") async throws -> WireMessage {
        let invite = try await scene.dial(uri, headers)
        try await scene.trunk.reply(486, to: invite)
        try await scene.trunk.request("ACK")
        try await scene.alice.acknowledgeRefusal(try await scene.alice.peer.response(486), uri)
        return invite
    }

    @Test("an emergency call passes every rule and limit, is never anonymous, and is on record as one")
    func passes() async throws {
        let records = try await withScene(
            customer: "    status: frozen\n    limits: {concurrent_calls: 1, calls_per_second: 1}\n",
            alice: " emergency_caller_id: \"+15551234568\","
        ) { scene in
            for uri in ["sip:112@edge.example.com", "sip:9-1-1@edge.example.com;user=phone", "tel:112"] {
                let invite = try await Self.help(scene, uri, "Privacy: id;user\r\n")
                #expect(invite.first("From").contains("+15551234568"))
                #expect(!invite.first("From").contains("nonymous"))
                #expect(invite.first("Privacy") == "")
                #expect(invite.requestURI.hasPrefix(uri.contains("9-1-1") ? "sip:911@" : "sip:112@"))
            }
            let counters = await scene.gateway.server.counters()
            #expect(counters.first?.emergencies == 3)
        }
        #expect(records.allSatisfy { $0.destinationKind == .emergency && $0.isApproved })
    }

    @Test("RFC 5031 a service URN reaches a trunk that takes it as it is, another one as the country's number")
    func serviceURN() async throws {
        try await withScene("emergency: only, takes_service_urns: true") { scene in
            let invite = try await Self.help(scene, "urn:service:sos.fire")
            #expect(invite.requestURI == "urn:service:sos.fire")
            try await scene.alice.invite(Scene.number)
            let refusal = try await scene.alice.peer.response(404)
            try await scene.alice.acknowledgeRefusal(refusal, Scene.number)
        }
        try await withScene(alice: " dial_plan: {country: us},") { scene in
            let invite = try await Self.help(scene, "urn:service:sos")
            #expect(invite.requestURI.hasPrefix("sip:911@"))
        }
    }

    @Test("neither a missing registration nor the limit of the whole gateway stops a call for help")
    func unregistered() async throws {
        func fill(_ configuration: inout GatewayConfiguration) { configuration.limits.maximumConcurrentCalls = 1 }
        try await withScene(configure: fill) { scene in
            _ = try await scene.answered()
            let stranger = try await Phone.udp(scene.gateway, .bob)
            try await stranger.invite(Scene.number)
            try await stranger.acknowledgeRefusal(try await stranger.peer.response(403), Scene.number)
            try await stranger.invite("sip:112@edge.example.com")
            let invite = try await scene.trunk.request("INVITE")
            #expect(invite.requestURI.hasPrefix("sip:112@"))
        }
    }

    @Test("a nationally known emergency number is one only where the dial plan's country has it")
    func national() async throws {
        try await withScene(alice: " dial_plan: {country: jp},") { scene in
            let invite = try await Self.help(scene, "sip:119@edge.example.com")
            #expect(invite.requestURI.hasPrefix("sip:119@"))
        }
        try await withScene { scene in
            try await scene.alice.invite("sip:119@edge.example.com")
            let refusal = try await scene.alice.peer.response(404)
            try await scene.alice.acknowledgeRefusal(refusal, "sip:119@edge.example.com")
        }
    }
}
