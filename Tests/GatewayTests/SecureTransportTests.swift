// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Foundation
import Gateway
import Testing
import TollgateConfiguration
import TransportLayerSecurity

@Suite(.timeLimit(.minutes(3)))
struct SecureTransportTests {
    let certificates: Certificates

    init() throws {
        certificates = try Certificates()
        try certificates.issue("edge", "DNS:edge.example.com")
    }

    private var edge: CertificateFiles {
        CertificateFiles(certificate: certificates.path("edge.pem"), key: certificates.path("edge.key"))
    }

    /// A deployment with a TLS listener beside the others.
    private func deployment(trunks: String = "") throws -> Deployment {
        var deployment = try Deployment(trunks: trunks)
        deployment.configuration.sip.listeners.append(
            ListenerSettings(
                transport: .tls,
                address: "127.0.0.1",
                port: 0,
                security: ListenerSecurity(identity: edge)
            )
        )
        deployment.configuration.security.authorities = certificates.authorities
        return deployment
    }

    private func secureTrunk(
        _ port: Int,
        _ tls: String = "verify_name: sip.carrier.example",
        _ more: String = ""
    ) -> String {
        trunk("carrier", port, transport: "tls", "tls: {\(tls)}" + (more.isEmpty ? "" : ", \(more)"))
    }

    private func carrier(
        _ names: String = "DNS:sip.carrier.example",
        _ clients: ClientCertificates = .none
    ) async throws
        -> Peer
    {
        try await .secureListen(try certificates.server(try certificates.issue("carrier", names), clients))
    }

    private func phone(_ gateway: Running, _ credentials: Credentials = .alice) async throws -> Phone {
        let peer = try await Peer.secure(to: gateway.tls, try certificates.client())
        return Phone(peer, credentials, transport: "TLS")
    }

    private static let trusted = "trust: {basis: tls, note: verified}"

    @Test(
        "RFC 3261 §26.3.2: a call from a telephone to a trunk, TLS on both legs, ended by either side",
        arguments: [true, false]
    )
    func wholeCall(callerHangsUp: Bool) async throws {
        let carrier = try await carrier()
        try await deployment(trunks: secureTrunk(carrier.port)).run { gateway in
            let alice = try await phone(gateway)
            try await alice.register()
            let scene = Scene(gateway: gateway, trunk: carrier, alice: alice)
            let invite = try await scene.dial()
            #expect(invite.first("Via").hasPrefix("SIP/2.0/TLS 127.0.0.1:\(gateway.tls);"))
            #expect(invite.requestURI == "sip:+12025550123@127.0.0.1:\(carrier.port);user=phone;transport=tls")
            #expect(invite.contactURI == "sip:127.0.0.1:\(gateway.tls);transport=tls")
            // A Contact without a transport does not lead out of TLS.
            try await carrier.reply(200, to: invite, carrier.contact, body: Phone.session(port: 30_000))
            try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
            #expect(alice.target == "sip:127.0.0.1:\(gateway.tls);transport=tls")
            #expect(try await carrier.request("ACK").first("Via").hasPrefix("SIP/2.0/TLS "))
            if callerHangsUp { return try await scene.hangUp() }
            try await scene.callee(of: invite).send("BYE")
            try await alice.peer.reply(200, to: try await alice.peer.request("BYE"))
            try await carrier.response(200, to: "BYE")
        }
    }

    @Test("RFC 5922 §7.3: a trunk whose certificate is for another name is sent nothing")
    func wrongName() async throws {
        let carrier = try await carrier("DNS:sip.other.example")
        let calls = try await deployment(trunks: secureTrunk(carrier.port)).run { gateway in
            let alice = try await phone(gateway)
            try await alice.register()
            try await alice.invite(Scene.number)
            try await alice.peer.response(503)
        }
        #expect(calls.count == 1)
    }

    @Test("RFC 3325 §5: a trunk trusted because of TLS is told the hidden number; one not verified is not")
    func trust() async throws {
        for (settings, isTold) in [
            (secureTrunk(0, "verify_name: sip.carrier.example", Self.trusted), true),
            (secureTrunk(0, "verify: off"), false),
        ] {
            let carrier = try await carrier()
            let trunks = settings.replacing("port: 0", with: "port: \(carrier.port)")
            try await deployment(trunks: trunks).run { gateway in
                let alice = try await phone(gateway)
                try await alice.register()
                let scene = Scene(gateway: gateway, trunk: carrier, alice: alice)
                let invite = try await scene.dial(Scene.number, "Privacy: id\r\n")
                #expect(invite.all("P-Asserted-Identity").isEmpty != isTold)
                try await carrier.reply(486, to: invite)
                try await alice.peer.response(486)
            }
        }
    }

    @Test("A trunk trusted because of mutual TLS must have asked for our certificate", arguments: [true, false])
    func mutualTrust(asks: Bool) async throws {
        let own = try certificates.issue("own", "DNS:edge.example.com")
        let carrier = try await carrier("DNS:sip.carrier.example", asks ? .require : .none)
        let tls = "verify_name: sip.carrier.example, certificate: \"\(own.certificate)\", key: \"\(own.key)\""
        let trunks = secureTrunk(carrier.port, tls, "trust: {basis: mutual_tls, note: both}")
        try await deployment(trunks: trunks).run { gateway in
            let alice = try await phone(gateway)
            try await alice.register()
            try await alice.invite(Scene.number, "Privacy: id\r\n")
            guard asks else {
                try await alice.peer.response(503)
                return
            }
            let invite = try await carrier.request("INVITE")
            #expect(!invite.all("P-Asserted-Identity").isEmpty)
            try await carrier.reply(486, to: invite)
            try await alice.peer.response(486)
        }
    }

    @Test("RFC 5630 §5.3: a call to a sips URI is refused with 480 and 380 where only UDP leads on")
    func secureSchemeRefused() async throws {
        let carrier = try await Peer.udp()
        try await deployment(trunks: trunk("carrier", carrier.port)).run { gateway in
            let alice = try await phone(gateway)
            try await alice.register()
            let contact = "Contact: <sips:alice@127.0.0.1:\(alice.peer.port)>\r\n"
            try await alice.invite("sips:+12025550123@edge.example.com", contact)
            let refusal = try await alice.peer.response(480)
            #expect(refusal.first("Warning").hasPrefix("380 "))
        }
    }

    @Test("RFC 5630 §5.3: over a TLS trunk the sips scheme goes on, with a sips Contact on both legs")
    func secureSchemeCarried() async throws {
        let carrier = try await carrier()
        try await deployment(trunks: secureTrunk(carrier.port)).run { gateway in
            let alice = try await phone(gateway)
            try await alice.register()
            let contact = "Contact: <sips:alice@127.0.0.1:\(alice.peer.port)>\r\n"
            try await alice.invite("sips:+12025550123@edge.example.com", contact)
            let invite = try await carrier.request("INVITE")
            #expect(invite.requestURI == "sips:+12025550123@127.0.0.1:\(carrier.port);user=phone")
            #expect(invite.contactURI == "sips:127.0.0.1:\(gateway.tls)")
            let answer = "Contact: <sips:pstn@127.0.0.1:\(carrier.port)>\r\n"
            try await carrier.reply(200, to: invite, answer, body: Phone.session(port: 30_000))
            try await alice.acknowledge(try await alice.peer.response(200, to: "INVITE"))
            #expect(alice.target == "sips:127.0.0.1:\(gateway.tls)")
            #expect(try await carrier.request("ACK").first("Via").hasPrefix("SIP/2.0/TLS "))
            let scene = Scene(gateway: gateway, trunk: carrier, alice: alice)
            // In the open, with everything that the dialog is named by, nobody gets in.
            let intruder = Phone(try await Peer.udp(to: gateway.udp))
            intruder.callID = invite.callID
            intruder.localTag = "callee"
            intruder.remoteTag = invite.fromTag
            intruder.target = "sip:127.0.0.1:\(gateway.udp)"
            try await intruder.send("BYE")
            try await intruder.peer.response(403)
            try await scene.hangUp()
        }
    }

    @Test("RFC 5630 §5.2: sips Contacts are registered by sips URIs only, and then called over TLS by a sip URI")
    func secureContact() async throws {
        try await deployment().run { gateway in
            let bob = try await phone(gateway, .bob)
            let contact = "Contact: <sips:bob@127.0.0.1:\(bob.peer.port)>\r\nExpires: 300\r\n"
            try await bob.sendRegister(contact)
            try await bob.peer.response(400)
            bob.domain = "sips:edge.example.com"
            try await bob.register(contact)
            let alice = try await Phone.udp(gateway)
            try await alice.register()
            try await alice.invite("sip:bob@edge.example.com")
            let invite = try await bob.peer.request("INVITE")
            #expect(invite.requestURI == "sip:bob@127.0.0.1:\(bob.peer.port)")
            #expect(invite.first("Via").hasPrefix("SIP/2.0/TLS "))
            try await bob.peer.reply(486, to: invite)
            try await alice.peer.response(486)
            await bob.peer.close()
            try await alice.invite("sip:bob@edge.example.com")
            let refusal = try await alice.peer.receive()
            _ = refusal.status == 100 ? try await alice.peer.receive() : refusal
        }
    }

    @Test(
        "A reload shows the new certificate to new connections, keeps those there are, and keeps the old for a bad one"
    )
    func reload() async throws {
        try await deployment().run { gateway in
            let before = HandshakeNote()
            let kept = Phone(
                try await Peer.secure(to: gateway.tls, try certificates.client(), told: before),
                transport: "TLS"
            )
            let old = try #require(try await before.result()?.get().peer?.fingerprint)
            try certificates.issue("edge", "DNS:edge.example.com")
            await gateway.server.reload()
            let new = try await fingerprint(gateway)
            #expect(new != old)
            try Data("nonsense".utf8).write(to: URL(filePath: edge.certificate))
            await gateway.server.reload()
            #expect(try await fingerprint(gateway) == new)
            try await kept.send("OPTIONS")
            try await kept.peer.response(200)
        }
    }

    private func fingerprint(_ gateway: Running) async throws -> String? {
        let note = HandshakeNote()
        let peer = try await Peer.secure(to: gateway.tls, try certificates.client(), told: note)
        defer { Task { await peer.close() } }
        return try await note.result()?.get().peer?.fingerprint
    }

    @Test("A listener's certificate that cannot be used keeps the gateway from starting, and is named")
    func badCertificate() async throws {
        var deployment = try deployment()
        defer { deployment.remove() }
        deployment.configuration.sip.listeners[2].security?.identity.certificate = "/nonexistent.pem"
        await #expect {
            _ = try await deployment.start()
        } throws: { error in
            "\(error)".contains("listener 127.0.0.1:0: cannot read the certificate file /nonexistent.pem")
        }
    }

    @Test("Plain SIP on the TLS port is closed, and does no harm")
    func plainSIP() async throws {
        try await deployment().run { gateway in
            let plain = Phone(try await Peer.connect(to: gateway.tls), transport: "TCP")
            try await plain.send("OPTIONS")
            let alice = try await phone(gateway)
            try await alice.send("OPTIONS")
            try await alice.peer.response(200)
        }
    }
}
