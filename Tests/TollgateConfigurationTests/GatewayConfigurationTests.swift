// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import DigestAuthentication
import MonotonicTime
import Testing
import TollgateConfiguration

@Suite("The gateway's configuration")
struct GatewayConfigurationTests {
    @Test("Every key lands where it belongs")
    func values() throws {
        let configuration = try gateway(
            """
            sip:
              listen:
                - {transport: tcp, address: "[::1]", port: 5062}
                - {transport: udp, address: 0.0.0.0, advertised_address: Edge.Example.com}
              domains: [Edge.example.com, other.example]
              user_agent: Edge/1
            shards: 4
            timers: {t1_ms: 100, t2_ms: 200, t4_ms: 300, dial_timeout_seconds: 5, timer_c_seconds: 200, target_timeout_milliseconds: 700}
            dns: {servers: [192.0.2.53, "127.0.0.1:5353", "[2001:db8::53]:53"], timeout_milliseconds: 300, attempts: 3}
            limits: {max_header_lines: 20, max_concurrent_calls: 7}
            digest: {algorithms: [SHA-512-256], nonce_seconds: 60}
            registrar: {min_expires: 10, default_expires: 20, max_expires: 30, max_contacts: 2}
            store: {path: /var/lib/t.db, gather_ms: 0}
            logging: {level: debug, caller_numbers: none}
            policy: {require_verified_identity: true, emergency_numbers: ["112"], pass_headers: [X-A]}
            call_api: {mode: embedded}
            demo_trunk: {enabled: true, address: 127.0.0.2, port: 5090}
            provisioning: p.yaml
            greeting: |
              two accounts:
                alice

            drain_seconds: 0
            """
        )
        #expect(configuration.sip.listeners[0] == ListenerSettings(transport: .tcp, address: "::1", port: 5062))
        #expect(configuration.sip.listeners[1].advertisedAddress == "edge.example.com")
        #expect(configuration.sip.localNames == ["::1", "0.0.0.0", "edge.example.com", "other.example"])
        #expect(configuration.sip.realm == "edge.example.com")
        #expect(configuration.shards == .exactly(4))
        #expect(configuration.timers.t2 == .milliseconds(200))
        #expect(configuration.timers.dialTimeout == .seconds(5))
        #expect(configuration.timers.targetTimeout == .milliseconds(700))
        #expect(configuration.dns.servers == ["192.0.2.53:53", "127.0.0.1:5353", "[2001:db8::53]:53"])
        #expect(configuration.dns.timeout == .milliseconds(300) && configuration.dns.attempts == 3)
        #expect(configuration.limits.maximumConcurrentCalls == 7)
        #expect(configuration.digest.algorithms == [.sha512_256])
        #expect(configuration.registrar.maximumExpires == .seconds(30))
        #expect(configuration.store.gather == .milliseconds(0))
        #expect(configuration.logging.callerNumbers == CallerNumberDisplay.none)
        #expect(configuration.policy.rules.requiresVerifiedIdentity)
        #expect(configuration.policy.rules.emergencyNumbers == ["112"])
        #expect(configuration.rules.emergencyNumbers == ["112"])
        #expect(configuration.rules.localNames == configuration.sip.localNames)
        #expect(configuration.demoTrunk.address == "127.0.0.2")
        #expect(configuration.provisioning == "p.yaml")
        #expect(configuration.greeting == "two accounts:\n  alice")
        #expect(configuration.drain == .seconds(0))
    }

    @Test(
        "RFC 4028 §4 a session interval is 90 seconds or more, or 0 for none",
        arguments: [("0", Int64(0)), ("90", 90), ("600", 600), ("86400", 86_400)]
    )
    func sessionInterval(text: String, seconds: Int64) throws {
        let configuration = try gateway("timers: {session_interval_seconds: \(text)}\n")
        #expect(configuration.timers.sessionInterval == .seconds(seconds))
    }

    @Test(
        "RFC 4028 §4 another session interval is refused",
        arguments: [
            ("1", "is 1, out of range"), ("89", "is 89, out of range"), ("86401", "is 86401, out of range"),
            ("-90", "is -90, out of range"), ("00", "is 00, out of range"),
            ("off", "must be a whole number, not `off`"), ("90.5", "must be a whole number, not `90.5`"),
        ]
    )
    func wrongSessionInterval(text: String, words: String) {
        #expect(
            gatewayProblems("timers:\n  session_interval_seconds: \(text)\n") == [
                "gateway.yaml:2:29: `session_interval_seconds` \(words); "
                    + "write 0 for no limit, or give a number from 90 to 86400"
            ]
        )
    }

    @Test("Every wrong value is named with its place and what to do")
    func wrongValues() {
        #expect(gatewayProblems(Self.wrongText) == Self.wrongLines)
    }

    private static let wrongText = """
        sip:
          lisen: []
          listen:
            - {transport: upd, address: localhost, port: 70000}
            - {adress: 127.0.0.1}
            - 5060
          domains: edge.example.com
          realm: ~
        shards: many
        timers: {t1_ms: soon, dial_timeout_seconds: [60]}
        digest: {algorithms: [SHA256, MD5, MD5]}
        logging: {level: loud}
        policy:
          require_verified_identity: yes
          pass_headers: [p-asserted-identity, Authorization, Via, "X Y"]
          emergency_numbers: ["1"]
        call_api: {mode: http}
        demo_trunk: true
        """

    private static let wrongLines = [
        "gateway.yaml:2:3: unknown key `lisen`; known keys are listen, domains, realm, user_agent",
        "gateway.yaml:4:19: `transport` cannot be `upd`; did you mean `udp`?",
        "gateway.yaml:4:33: `address` must be an IP address, not `localhost`; give one like 127.0.0.1 or \"[::1]\"",
        "gateway.yaml:4:50: `port` is 70000, out of range; give a number from 1 to 65535",
        "gateway.yaml:5:7: missing key `address`; add for example `address: 127.0.0.1`",
        "gateway.yaml:5:7: missing key `transport`; add for example `transport: udp`",
        "gateway.yaml:5:8: unknown key `adress`; did you mean `address`?",
        "gateway.yaml:6:7: `listen` must hold keys and values, not a single value; "
            + "write each as `key: value` on a line of its own, indented",
        "gateway.yaml:7:12: `domains` must be a list, not a single value; "
            + "write `domains: [first, second]`, or each on a line that begins with `- `",
        "gateway.yaml:8:10: `realm` is empty; give a realm, or remove the key",
        "gateway.yaml:9:9: `shards` must be a whole number, not `many`; write `auto`, or give a number from 1 to 256",
        "gateway.yaml:10:17: `t1_ms` must be a whole number, not `soon`; give a number from 10 to 10000",
        "gateway.yaml:10:45: `dial_timeout_seconds` must be a number of seconds, not a list; give one value",
        "gateway.yaml:11:23: `algorithms` cannot be `SHA256`; did you mean `SHA-256`?",
        "gateway.yaml:11:36: `algorithms` holds MD5 twice; keep one of them",
        "gateway.yaml:12:18: `level` cannot be `loud`; "
            + "choose one of trace, debug, info, notice, warning, error, critical",
        "gateway.yaml:14:30: `require_verified_identity` must be true or false, not `yes`; write `true`",
        "gateway.yaml:15:18: `pass_headers` cannot hold `p-asserted-identity`, which says who calls; "
            + "remove it: the policy writes identities",
        "gateway.yaml:15:39: `pass_headers` cannot hold `Authorization`, which proves who calls; "
            + "remove it: credentials never cross",
        "gateway.yaml:15:54: `pass_headers` cannot hold `Via`, which each leg has of its own; remove it",
        "gateway.yaml:15:59: `pass_headers` cannot be `X Y`; use letters, digits and "
            + "`-` `.` `!` `%` `*` `_` `+` ``` `'` `~` only",
        "gateway.yaml:16:23: `emergency_numbers` cannot hold `1`; "
            + "give 2 to 16 digits as they are dialled, for example \"112\"",
        "gateway.yaml:17:11: `mode: http` needs `base_url`, the service that is asked; "
            + "add for example `base_url: https://api.example.com/v1.0`",
        "gateway.yaml:18:13: `demo_trunk` must hold keys and values, not a single value; "
            + "write each as `key: value` on a line of its own, indented",
    ]

    @Test("A misspelt key is met with the nearest one that is not there yet")
    func suggestion() {
        #expect(
            gatewayProblems("sip:\n  lisen: []\n") == ["gateway.yaml:2:3: unknown key `lisen`; did you mean `listen`?"]
        )
        #expect(
            gatewayProblems("drain-seconds: 3\n") == [
                "gateway.yaml:1:1: unknown key `drain-seconds`; did you mean `drain_seconds`?"
            ]
        )
    }

    @Test("No listener, and one listener twice, are refused")
    func listeners() {
        #expect(
            gatewayProblems("sip:\n  listen: []\n") == [
                "gateway.yaml:2:3: `listen` names no listener; "
                    + "add for example `- {transport: udp, address: 127.0.0.1, port: 5060}`"
            ]
        )
        let twice =
            "sip:\n  listen:\n    - {transport: udp, address: \"[0:0:0:0:0:0:0:1]\"}\n    - {transport: udp, address: \"[::1]\"}\n"
        #expect(
            gatewayProblems(twice) == ["gateway.yaml:4:7: this listener stands on line 3 already; remove one of them"]
        )
    }

    @Test("A listener on every address must say what peers are told", arguments: ["0.0.0.0", "\"[::]\""])
    func unspecified(_ address: String) {
        let lines = gatewayProblems("sip:\n  listen:\n    - {transport: udp, address: \(address)}\n")
        let bare = address.filter { !"[]\"".contains($0) }
        #expect(
            lines == [
                "gateway.yaml:3:33: a listener on \(bare) needs `advertised_address`: peers are told where to answer; "
                    + "add the host's own address, for example `advertised_address: 192.0.2.10`"
            ]
        )
    }

    @Test("Values that contradict each other are refused")
    func contradictions() {
        #expect(
            gatewayProblems("timers:\n  t1_ms: 500\n  t2_ms: 400\n") == [
                "gateway.yaml:3:3: `t2_ms` (400) is less than `t1_ms` (500); raise t2_ms, or lower t1_ms"
            ]
        )
        #expect(
            gatewayProblems("limits:\n  max_header_bytes: 9000\n  max_message_bytes: 8000\n") == [
                "gateway.yaml:2:3: `max_header_bytes` (9000) is more than `max_message_bytes` (8000); "
                    + "lower it, or raise max_message_bytes"
            ]
        )
        #expect(
            gatewayProblems("limits:\n  max_tcp_connections: 8\n") == [
                "gateway.yaml:2:3: `tcp_connections_per_peer` (64) is more than `max_tcp_connections` (8); "
                    + "lower it, or raise max_tcp_connections"
            ]
        )
        #expect(
            gatewayProblems("registrar:\n  max_expires: 600\n") == [
                "gateway.yaml:2:3: min_expires, default_expires and max_expires are 60, 3600, 600; "
                    + "each must be at least the one before"
            ]
        )
        #expect(
            gatewayProblems("demo_trunk:\n  enabled: true\n  port: 5060\n") == [
                "gateway.yaml:1:1: the demo trunk and a listener both want 127.0.0.1 port 5060; "
                    + "give it another port, as 5070"
            ]
        )
    }

    @Test("A greeting is not empty and holds no control character but line ends")
    func greeting() {
        #expect(
            gatewayProblems("greeting: \"a\\eb\"\n") == [
                "gateway.yaml:1:11: `greeting` holds a control character; remove it"
            ]
        )
        #expect(
            gatewayProblems("greeting: \"\"\n") == [
                "gateway.yaml:1:11: `greeting` is 0 characters long; give 1 to 4096 characters"
            ]
        )
    }

    @Test("An algorithm list that is empty is refused")
    func noAlgorithm() {
        #expect(
            gatewayProblems("digest:\n  algorithms: []\n") == [
                "gateway.yaml:2:3: `algorithms` names no algorithm; write for example `algorithms: [SHA-256, MD5]`"
            ]
        )
    }
}

@Suite("Name servers in the gateway's configuration")
struct NameServerSettingsTests {
    @Test(
        "A DNS server is an IP address with a port or without, and nothing else",
        arguments: ["dns.example.com", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:053", "[::1]53", ":53", ""]
    )
    func notAServer(text: String) {
        let problems = gatewayProblems("dns: {servers: [\"\(text)\"]}\n")
        #expect(problems.count == 1 && problems.first?.contains("IP address of a DNS server") == true, "\(problems)")
    }

    @Test("Each DNS server stands in the list once, whatever its spelling")
    func twice() {
        let problems = gatewayProblems("dns: {servers: [127.0.0.1, \"127.0.0.1:53\"]}\n")
        #expect(problems.count == 1 && problems.first?.contains("twice") == true)
    }
}
