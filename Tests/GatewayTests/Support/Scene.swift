// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import TollgateConfiguration

/// A gateway with one trunk and one registered telephone, for a test.
struct Scene {
    static let number = "sip:+12025550123@edge.example.com"

    let gateway: Running
    let trunk: Peer
    let alice: Phone

    /// Calls a number; the trunk has its INVITE when this returns.
    func dial(
        _ uri: String = Scene.number,
        _ headers: String = "",
        body: String = Phone.offer
    ) async throws
        -> WireMessage
    {
        try await alice.invite(uri, headers, body: body)
        return try await trunk.request("INVITE")
    }

    /// Calls a number and answers it; hands back the trunk's side of the call.
    func answered(_ headers: String = "") async throws -> Phone {
        let invite = try await dial(Scene.number, headers)
        try await trunk.reply(200, to: invite, trunk.contact, body: Phone.session(port: 30_000))
        try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
        try await trunk.request("ACK")
        return callee(of: invite)
    }

    /// The trunk's side of a call.
    func callee(of invite: WireMessage, tag: String = "callee") -> Phone {
        let side = Phone(trunk)
        side.callID = invite.callID
        side.localTag = tag
        side.remoteTag = invite.fromTag
        side.target = invite.contactURI
        return side
    }

    /// The caller hangs up; the BYE crosses and is answered.
    func hangUp() async throws {
        try await alice.send("BYE")
        try await trunk.reply(200, to: try await trunk.request("BYE"))
        try await alice.peer.response(200, to: "BYE")
    }

    /// Whether the gateway still answers a telephone.
    func isAlive() async throws {
        let probe = try await Phone.udp(gateway)
        try await probe.send("OPTIONS")
        try await probe.peer.response(200, to: "OPTIONS")
    }
}

/// Runs a test against a gateway with one trunk and a registered telephone; hands back the stored calls.
@discardableResult
func withScene(
    _ trunkSettings: String = "",
    endpoints: String = "",
    customer: String = "",
    alice: String = "",
    configure: (inout GatewayConfiguration) -> Void = { _ in },
    _ body: (Scene) async throws -> Void
) async throws -> [CallRecord] {
    let carrier = try await Peer.udp()
    var deployment = try Deployment(
        trunks: trunk("carrier", carrier.port, trunkSettings),
        endpoints: endpoints,
        customer: customer,
        alice: alice
    )
    configure(&deployment.configuration)
    return try await deployment.run { gateway in
        let alice = try await Phone.udp(gateway)
        try await alice.register()
        try await body(Scene(gateway: gateway, trunk: carrier, alice: alice))
    }
}
