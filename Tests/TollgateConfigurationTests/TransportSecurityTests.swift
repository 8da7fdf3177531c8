// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Testing
import TollgateConfiguration

struct TransportSecurityTests {
    private func gateway(_ text: String) throws -> GatewayConfiguration {
        try GatewayConfiguration.decode(ConfigurationFile(name: "/etc/tollgate/g.yaml", text: text))
    }

    private func trunk(_ text: String) throws -> Trunk? {
        let text = "realm: r\ntrunks:\n  - {name: t, host: sip.t.example, \(text)}\n"
        return try ProvisioningFile.decode(ConfigurationFile(name: "/etc/tollgate/p.yaml", text: text)).plan.trunks
            .first?.trunk
    }

    private func words(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("A TLS listener has port 5061, its files, and its domains")
    func listener() throws {
        let configuration = try gateway(
            """
            sip:
              listen:
                - transport: tls
                  address: 127.0.0.1
                  certificate: a.pem
                  key: /keys/a.key
                  client_certificates: require
                  ca: ca.pem
                  minimum_version: "1.3"
                  domains: [{domain: B.example, certificate: b.pem, key: b.key}]
            tls: {ca: all.pem, verify: off, allow_wildcards: true}
            """
        )
        let listener = try #require(configuration.sip.listeners.first)
        #expect(listener.port == 5061 && listener.transport == .tls)
        let security = try #require(listener.security)
        #expect(security.identity.certificate == "/etc/tollgate/a.pem" && security.identity.key == "/keys/a.key")
        #expect(security.clientCertificates == .require && security.minimumVersion == .version13)
        #expect(security.domains["b.example"]?.key == "/etc/tollgate/b.key")
        #expect(configuration.security.authorities == "/etc/tollgate/all.pem")
        #expect(!configuration.security.verifies && configuration.security.allowsWildcards)
    }

    @Test(
        "What is missing or means nothing is said",
        arguments: [
            ("{transport: tls, address: 127.0.0.1, key: k}", "missing key `certificate`"),
            ("{transport: tls, address: 127.0.0.1, certificate: c}", "missing key `key`"),
            (
                "{transport: tcp, address: 127.0.0.1, certificate: c}",
                "`certificate` means something with `transport: tls`"
            ),
            ("{transport: tls, address: 127.0.0.1, certificate: c, key: k, client_certificates: maybe}", "maybe"),
        ]
    )
    func faults(listener: String, fault: String) {
        #expect(words { _ = try gateway("sip: {listen: [\(listener)]}") }.contains(fault))
    }

    @Test("A trunk by TLS has its own files and name, and port 5061 unless its name says where it is")
    func trunk() throws {
        let found = try #require(
            try trunk("transport: tls, tls: {certificate: c.pem, key: c.key, ca: a.pem, verify_name: x.example}")
        )
        #expect(found.port == 0)
        #expect(
            found.security
                == TrunkSecurity(
                    certificate: "/etc/tollgate/c.pem",
                    key: "/etc/tollgate/c.key",
                    authorities: "/etc/tollgate/a.pem",
                    verifyName: "x.example"
                )
        )
        #expect(!found.isInTrustDomain)
    }

    @Test(
        "Trust that rests on TLS is taken only where TLS, verification and for mutual TLS a certificate hold it up",
        arguments: [
            ("transport: tls, trust: {basis: tls, note: n}", ""),
            ("transport: tls, tls: {certificate: c, key: k}, trust: {basis: mutual_tls, note: n}", ""),
            ("transport: udp, trust: {basis: tls, note: n}", "`udp` is not encrypted"),
            ("transport: tcp, trust: {basis: mutual_tls, note: n}", "`tcp` is not encrypted"),
            ("transport: tls, tls: {verify: off}, trust: {basis: tls, note: n}", "the trunk is not verified"),
            ("transport: tls, trust: {basis: mutual_tls, note: n}", "no certificate of ours"),
            ("transport: udp, tls: {verify: on}", "`tls` means something with `transport: tls` only"),
            ("transport: tls, tls: {certificate: c}", "`certificate` stands without `key`"),
        ]
    )
    func trust(text: String, fault: String) throws {
        let said = words { _ = try trunk(text) }
        #expect(said.isEmpty == fault.isEmpty && (fault.isEmpty || said.contains(fault)))
        if fault.isEmpty { #expect(try trunk(text)?.isInTrustDomain == true) }
    }

    @Test("However it came to be, a trunk without what its trust rests on is not trusted")
    func voidTrust() {
        var trunk = Trunk(id: ResourceIdentifier(high: 1, low: 1), name: "t", host: "t.example")
        trunk.trust = .trusted(basis: .tls, note: "")
        #expect(!trunk.isInTrustDomain && TrustedPeer(trunk) == nil)
        trunk.transport = .tls
        #expect(trunk.isInTrustDomain)
        trunk.security.verifies = false
        #expect(!trunk.isInTrustDomain)
        trunk.security.verifies = true
        trunk.trust = .trusted(basis: .mutualTLS, note: "")
        #expect(!trunk.isInTrustDomain)
        trunk.trust = .trusted(basis: .privateNetwork, note: "")
        trunk.transport = .udp
        #expect(trunk.isInTrustDomain)
    }
}
