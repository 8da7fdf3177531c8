// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import Testing
import TollgateConfiguration

@Suite("The configuration of the call API")
struct CallAPISettingsTests {
    @Test("Every key lands where it belongs")
    func values() throws {
        let settings = try gateway(
            """
            call_api:
              mode: http
              base_url: https://api.example.com:8443/v1.0/
              accesskey_env: CALL_API_KEY
              ca_file: /etc/ca.pem
              connect_timeout_ms: 10
              read_timeout_ms: 20
              deadline_ms: 50
              retries: 0
              in_flight: 5
              breaker: {failures: 1, failure_percent: 2, minimum_requests: 3, window_seconds: 4, open_seconds: 5, probes: 6}
              id_header: X-Id
              pass_message: true
              bridge: ingress
              ingress: "sip:[2001:db8::1]:5080;transport=tcp"
              ingress_trust: {basis: private_network, note: ours}
            """
        ).callAPI
        #expect(settings.mode == .http)
        #expect(settings.baseURL == "https://api.example.com:8443/v1.0")
        let source = CallAPICredentialSource(place: .environment("CALL_API_KEY"), isBearer: false)
        #expect(settings.credential == source)
        #expect(settings.authorityFile == "/etc/ca.pem")
        #expect(settings.connectTimeout == .milliseconds(10))
        #expect(settings.readTimeout == .milliseconds(20))
        #expect(settings.deadline == .milliseconds(50))
        #expect(settings.retries == 0)
        #expect(settings.inFlight == 5)
        #expect(settings.breaker.consecutiveFailures == 1)
        #expect(settings.breaker.failurePercent == 2)
        #expect(settings.breaker.minimumRequests == 3)
        #expect(settings.breaker.window == .seconds(4))
        #expect(settings.breaker.openTime == .seconds(5))
        #expect(settings.breaker.probes == 6)
        #expect(settings.identifierHeader == "X-Id")
        #expect(settings.passesMessage)
        let ingress = try #require(settings.ingressTrunk)
        #expect(ingress.host == "2001:db8::1")
        #expect(ingress.port == 5080)
        #expect(ingress.transport == .tcp)
        #expect(ingress.trust == .trusted(basis: .privateNetwork, note: "ours"))
    }

    @Test("An ingress is untrusted by default, on UDP port 5060; beside `bridge: trunk` it means nothing")
    func ingress() throws {
        let text = "call_api: {mode: http, base_url: \"http://h\", ingress: \"sip:edge.example.com\""
        let trunk = try #require(try gateway(text + ", bridge: ingress}\n").callAPI.ingressTrunk)
        #expect(trunk.host == "edge.example.com")
        #expect(trunk.port == 5060)
        #expect(trunk.transport == .udp)
        #expect(trunk.trust == .untrusted)
        #expect(try gateway(text + "}\n").callAPI.ingressTrunk == nil)
    }

    @Test("An empty id_header is none")
    func noHeader() throws {
        #expect(try gateway("call_api: {id_header: \"\"}\n").callAPI.identifierHeader == nil)
    }

    @Test(
        "What is wrong is named with its place and what to do",
        arguments: [
            (
                "base_url: ftp://x",
                "3:13: `base_url` must be an address with http or https and a host, not `ftp://x`; "
                    + "write for example https://api.example.com/v1.0"
            ),
            (
                "base_url: https://user:pass@x/",
                "3:13: `base_url` holds a user, a query or a fragment; name the secret by token_file or "
                    + "accesskey_file instead, and write for example https://api.example.com/v1.0"
            ),
            (
                "base_url: https://x/?accesskey=1",
                "3:13: `base_url` holds a user, a query or a fragment; name the secret by token_file or "
                    + "accesskey_file instead, and write for example https://api.example.com/v1.0"
            ),
            ("retries: 11", "3:12: `retries` is 11, out of range; give a number from 0 to 10"),
            (
                "id_header: P-Asserted-Identity",
                "3:14: `id_header` cannot be `P-Asserted-Identity`; "
                    + "give the name of a field that is nobody else's, for example X-Call-API-ID, or \"\" for none"
            ),
            (
                "id_header: \"X: 1\"",
                "3:14: `id_header` cannot be `X: 1`; "
                    + "give the name of a field that is nobody else's, for example X-Call-API-ID, or \"\" for none"
            ),
            (
                "bridge: ingress",
                "3:3: `bridge: ingress` needs `ingress`, the address of the service's SIP side; "
                    + "add for example `ingress: \"sip:192.0.2.5:5060;transport=udp\"`"
            ),
            (
                "ingress: \"sip:a@h\"",
                "3:12: `ingress` must be a SIP URI of a host, not `sip:a@h`; "
                    + "write for example \"sip:192.0.2.5:5060;transport=udp\""
            ),
            (
                "ingress: \"sip:h:0\"",
                "3:12: `ingress` must be a SIP URI of a host, not `sip:h:0`; "
                    + "write for example \"sip:192.0.2.5:5060;transport=udp\""
            ),
            (
                "ingress: \"sip:h;transport=sctp\"",
                "3:12: `ingress` must be a SIP URI of a host, not `sip:h;transport=sctp`; "
                    + "write for example \"sip:192.0.2.5:5060;transport=udp\""
            ),
            ("token_fil: x", "3:3: unknown key `token_fil`; did you mean `token_file`?"),
        ]
    )
    func faults(line: String, words: String) {
        let text = "call_api:\n  mode: embedded\n  \(line)\n"
        let problems = gatewayProblems(line.hasPrefix("bridge") ? text.replacing("embedded", with: "http") : text)
        #expect(problems.contains("gateway.yaml:" + words), "\(problems)")
    }

    @Test("Two secrets beside each other are refused")
    func twoSecrets() {
        #expect(
            gatewayProblems("call_api:\n  token_file: a\n  accesskey_env: B\n") == [
                "gateway.yaml:3:3: `token_file` and `accesskey_env` stand beside each other; "
                    + "keep the one that the service asks for"
            ]
        )
    }
}
