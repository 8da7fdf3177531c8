// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import TransportLayerSecurity

struct HandshakeTests {
    let authority: Authority

    init() throws {
        authority = try Authority.shared.get()
    }

    private func contexts(_ title: String = #function, names: String = "DNS:sip.example.net") throws -> Contexts {
        let title = String(title.prefix { $0 != "(" }) + String(UInt32.random(in: 0...UInt32.max), radix: 16)
        return Contexts(authority, try authority.issue(title, names: names))
    }

    @Test("RFC 5246 and RFC 8446: a handshake, a message each way, and close_notify", arguments: TLSVersion.allCases)
    func wholeConnection(version: TLSVersion) throws {
        var contexts = try contexts()
        contexts.client.common.maximumVersion = version
        contexts.client.common.minimumVersion = version
        let link = try contexts.link(to: "sip.example.net")
        try link.connect()
        let security = try #require(link.clientSide.security)
        #expect(security.version == "TLSv\(version.rawValue)")
        #expect(security.isVerified && !security.isResumed && !security.presentedCertificate)
        #expect(security.peer?.names.dnsNames == ["sip.example.net"] && security.peer?.fingerprint.count == 64)
        #expect(!security.cipher.isEmpty)
        let served = try #require(link.serverSide.security)
        #expect(served.serverName == "sip.example.net" && served.peer == nil && !served.isVerified)
        #expect(link.clientSide.wasActive && link.serverSide.wasActive)
        link.send("OPTIONS", from: link.client)
        link.send("SIP/2.0 200 OK", from: link.server)
        #expect(link.serverSide.text == "OPTIONS" && link.clientSide.text == "SIP/2.0 200 OK")
        link.client.close(promise: nil)
        link.pump()
        #expect(link.serverSide.isGone && link.serverSide.errors.isEmpty && link.clientSide.errors.isEmpty)
    }

    @Test("RFC 6066 §3: the certificate is that of the domain asked for, and the default for others")
    func serverName() throws {
        var contexts = try contexts(names: "DNS:default.example")
        contexts.server.domains["one.example"] = try authority.issue("one.example", names: "DNS:one.example")
        for (name, isGood) in [("one.example", true), ("default.example", true), ("two.example", false)] {
            let link = try contexts.link(to: name)
            try link.connect()
            #expect((link.clientSide.security != nil) == isGood)
            if !isGood {
                #expect(link.clientSide.words == "the certificate is for default.example, not for two.example")
            }
        }
    }

    @Test("An expired certificate is refused with its name and its last day")
    func expired() throws {
        let identity = try authority.issue(
            "expired",
            names: "DNS:sip.example.net",
            from: "20200101000000Z",
            until: "20210131000000Z"
        )
        let link = try Contexts(authority, identity).link(to: "sip.example.net")
        try link.connect()
        #expect(link.clientSide.words == "certificate has expired (sip.example.net, 2021-01-31)")
        #expect(link.serverSide.words == "peer refused: certificate expired")
        #expect(!link.clientSide.wasActive && !link.serverSide.wasActive)
    }

    @Test("A certificate of the future is refused with its first day")
    func early() throws {
        let identity = try authority.issue(
            "early",
            names: "DNS:sip.example.net",
            from: "20900101000000Z",
            until: "20910101000000Z"
        )
        let link = try Contexts(authority, identity).link(to: "sip.example.net")
        try link.connect()
        #expect(link.clientSide.words == "certificate is not valid yet (sip.example.net, 2090-01-01)")
    }

    @Test("A self-signed certificate is refused, unless verification is off, and then it is not called verified")
    func selfSigned() throws {
        var contexts = Contexts(authority, try authority.selfSigned("self.example"))
        let refused = try contexts.link(to: "self.example")
        try refused.connect()
        #expect(refused.clientSide.words == "self-signed certificate (self.example)")
        contexts.client.verifies = false
        let taken = try contexts.link(to: "other.example")
        try taken.connect()
        #expect(taken.clientSide.security?.isVerified == false)
    }

    @Test("A certificate of an unknown authority is refused")
    func unknownAuthority() throws {
        let other = try Authority(name: "Other")
        let link = try Contexts(authority, try other.issue("x.example", names: "DNS:x.example")).link(to: "x.example")
        try link.connect()
        #expect(link.clientSide.words == "the certificate's issuer is not trusted (x.example)")
    }

    @Test("RFC 5280 §5: a revoked certificate is refused, and one that is not on the list is taken")
    func revoked() throws {
        let own = try Authority(name: "Revoking")
        let (good, bad) = (
            try own.issue("good.example", names: "DNS:good.example"),
            try own.issue("bad.example", names: "DNS:bad.example")
        )
        let list = try own.revoke(bad)
        for (identity, name, words) in [
            (good, "good.example", ""), (bad, "bad.example", "certificate is revoked (bad.example)"),
        ] {
            var contexts = Contexts(own, identity)
            contexts.client.common.revocationLists = list
            let link = try contexts.link(to: name)
            try link.connect()
            #expect(link.clientSide.words == words && link.clientSide.wasActive == words.isEmpty)
        }
    }

    @Test("Mutual TLS: required, requested or neither", arguments: ClientCertificates.allCases, TLSVersion.allCases)
    func mutual(asked: ClientCertificates, version: TLSVersion) throws {
        var contexts = try contexts()
        contexts.server.clientCertificates = asked
        contexts.client.common.maximumVersion = version
        let bare = try contexts.link(to: "sip.example.net")
        try bare.connect()
        #expect((bare.serverSide.security == nil) == (asked == .require))
        if asked == .require { #expect(bare.serverSide.words == "peer sent no certificate") }

        contexts.client.identity = try authority.issue("edge\(asked)\(version)", names: "URI:sip:edge.example")
        let known = try contexts.link(to: "sip.example.net")
        try known.connect()
        let served = try #require(known.serverSide.security)
        #expect(served.isVerified == (asked != .none))
        #expect(served.peer?.names.domainIdentities == (asked == .none ? nil : ["edge.example"]))
        #expect(known.clientSide.security?.presentedCertificate == (asked != .none))

        let demanding = try contexts.link(to: "sip.example.net", mutual: true)
        try demanding.connect()
        #expect((demanding.clientSide.security != nil) == (asked != .none))
        if asked == .none { #expect(demanding.clientSide.errors == [.notMutual]) }
    }

    @Test("A client certificate that nobody vouches for is refused, even where it is only requested")
    func badClient() throws {
        var contexts = try contexts()
        contexts.server.clientCertificates = .request
        contexts.client.identity = try authority.selfSigned("stranger.example")
        let link = try contexts.link(to: "sip.example.net")
        try link.connect()
        #expect(link.serverSide.words == "self-signed certificate (stranger.example)")
    }

    @Test("RFC 8446 §2.2, RFC 5077: a second connection resumes, and is still verified", arguments: TLSVersion.allCases)
    func resumption(version: TLSVersion) throws {
        var contexts = try contexts()
        contexts.client.common.maximumVersion = version
        let (client, server) = (try TLSClientContext(contexts.client), try TLSServerContext(contexts.server))
        for isSecond in [false, true, true] {
            let link = try Link(client, PeerName("sip.example.net"), server)
            try link.connect()
            let security = try #require(link.clientSide.security)
            #expect(security.isResumed == isSecond && security.isVerified)
            #expect(security.peer?.names.dnsNames == ["sip.example.net"])
        }
        let other = try Link(client, PeerName("other.example"), server)
        try other.connect()
        #expect(other.clientSide.words == "the certificate is for sip.example.net, not for other.example")
    }

    @Test("No shared cipher, and no shared version, are said in words")
    func nothingShared() throws {
        var contexts = try contexts()
        contexts.client.common.maximumVersion = .version12
        contexts.client.common.ciphers = "ECDHE+CHACHA20"
        contexts.server.common.ciphers = "ECDHE+AESGCM"
        let ciphers = try contexts.link(to: "sip.example.net")
        try ciphers.connect()
        #expect(ciphers.serverSide.words == "no shared cipher")
        contexts.server.common.minimumVersion = .version13
        let versions = try contexts.link(to: "sip.example.net")
        try versions.connect()
        #expect(versions.serverSide.words == "no shared TLS version")
        #expect(versions.clientSide.words == "no shared TLS version")
    }
}
