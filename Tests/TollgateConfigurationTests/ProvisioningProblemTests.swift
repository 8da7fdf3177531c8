// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TollgateConfiguration

@Suite("What is wrong with a provisioning file")
struct ProvisioningProblemTests {
    @Test("Names that stand twice are refused, and so is a customer that is not there")
    func duplicates() {
        let text = """
            customers:
              - name: acme
              - name: acme
            numbers:
              - {number: +15551234567, customer: acme}
              - {number: +15551234567, customer: acne}
            endpoints:
              - {username: alice, customer: acme, extensions: ["1001", bob]}
              - {username: alice, customer: acme, extensions: ["1001"]}
              - {username: bob, customer: nobody}
              - {username: bob2, customer: acme, extensions: [bob2, alice]}
            trunks:
              - {name: t, host: a.example}
              - {name: t, host: b.example, customer: acm}
            """
        #expect(
            provisioningProblems(text) == [
                "p.yaml:3:11: duplicate customer `acme`, already on line 2; give each its own, or remove one",
                "p.yaml:6:14: duplicate number `+15551234567`, already on line 5; give each its own, or remove one",
                "p.yaml:6:38: there is no customer `acne` in this file; did you mean `acme`?",
                "p.yaml:9:16: duplicate username `alice`, already on line 8; give each its own, or remove one",
                "p.yaml:9:52: duplicate extension `1001`, already dialled for `alice` on line 8; give each endpoint its own",
                "p.yaml:10:31: there is no customer `nobody` in this file; add it under `customers`",
                "p.yaml:11:51: duplicate extension `bob2`, already dialled for `bob2` on line 11; "
                    + "give each endpoint its own",
                "p.yaml:11:57: duplicate extension `alice`, already dialled for `alice` on line 9; "
                    + "give each endpoint its own",
                "p.yaml:14:12: duplicate trunk `t`, already on line 13; give each its own, or remove one",
                "p.yaml:14:42: there is no customer `acm` in this file; did you mean `acme`?",
            ]
        )
    }

    @Test("A number shown to callees is the customer's own, normal and active")
    func ownership() {
        let text = """
            customers:
              - {name: a, outbound: {default_outgoing_source_number: +15551234567}}
              - {name: b, outbound: {default_outgoing_source_number: +15551234568}}
            numbers:
              - {number: +15551234568, customer: a}
              - {number: +15551234569, customer: a, type: virtual}
              - {number: +15551234570, customer: a, status: deleted}
            endpoints:
              - {username: x, customer: a, number: +15551234569, emergency_caller_id: +15551234570}
            """
        #expect(
            provisioningProblems(text) == [
                "p.yaml:2:58: `default_outgoing_source_number` is +15551234567, which is not a number of customer `a`; "
                    + "add `{number: \"+15551234567\", customer: a}` under `numbers`",
                "p.yaml:3:58: `default_outgoing_source_number` is +15551234568, which is not a number of customer `b`; "
                    + "add `{number: \"+15551234568\", customer: b}` under `numbers`",
                "p.yaml:9:40: `number` is +15551234569, which is virtual and active (line 6); "
                    + "only a normal, active number can be shown to callees",
                "p.yaml:9:75: `emergency_caller_id` is +15551234570, which is normal and deleted (line 7); "
                    + "only a normal, active number can be shown to callees",
            ]
        )
    }

    @Test("A customer's rules are read strictly")
    func customers() {
        let text = """
            customers:
              - status: activ
                identity_verification: maybe
                billing: {credit_usd: 1.2345678, token: 1}
                limits: {concurrent_calls: 0}
                outbound:
                  destination_whitelist: [uk, usa, zz]
                  codecs: [PCMU, "a,b"]
                  default_outgoing_source_number: 15551234567
                  when_no_valid_source: rejekt
                  allowed_special: [premum, mobile]
            """
        #expect(
            provisioningProblems(text) == [
                "p.yaml:2:5: missing key `name`; add for example `name: acme`",
                "p.yaml:2:13: `status` cannot be `activ`; did you mean `active`?",
                "p.yaml:3:28: `identity_verification` cannot be `maybe`; "
                    + "choose one of none, pending, verified, rejected",
                "p.yaml:4:27: `credit_usd` must be an amount of US dollars, not `1.2345678`; "
                    + "give a number with at most six decimals, for example 12.50",
                "p.yaml:4:38: unknown key `token`; did you mean `tokens`?",
                "p.yaml:5:32: `concurrent_calls` is 0, out of range; give a number from 1 to 1000000",
                "p.yaml:7:31: `destination_whitelist` holds `uk`, which is not a country code; "
                    + "did you mean `gb`? The code of the United Kingdom is gb",
                "p.yaml:7:35: `destination_whitelist` holds `usa`, which is not a country code; did you mean `us`?",
                "p.yaml:7:40: `destination_whitelist` holds `zz`, which is not a country code; "
                    + "give the two letters of ISO 3166-1, for example us",
                "p.yaml:8:22: `codecs` cannot be `a,b`; use letters, digits and `-` only",
                "p.yaml:9:39: `default_outgoing_source_number` must be in international form, not `15551234567`; "
                    + "did you mean `+15551234567`?",
                "p.yaml:10:29: `when_no_valid_source` cannot be `rejekt`; did you mean `reject`?",
                "p.yaml:11:25: `allowed_special` cannot be `premum`; did you mean `premium`?",
                "p.yaml:11:33: `allowed_special` holds `mobile`, which is not blocked in an allowed country; remove it",
            ]
        )
    }

    @Test("An endpoint is read strictly, and its secrets are never shown")
    func endpoints() {
        let text = """
            realm: r
            customers: [{name: a}]
            endpoints:
              - {username: "al ice", customer: a, password: s3cret, ha1: {MD5: 00}}
              - {username: b, customer: a, ha1: {SHA256: x}}
              - {username: c, customer: a, ha1: {}, extensions: ["10/1"], number: "+1"}
              - username: d
                customer: a
                source_addresses: [10.0.0.5/8, 0.0.0.0/0, nowhere, 10.0.0.0/33, 192.0.2.1]
              - {username: e, customer: a, password: "a\\tsecret"}
            """
        #expect(
            provisioningProblems(text) == [
                "p.yaml:4:16: `username` cannot be `al ice`; use letters, digits and "
                    + "`-` `_` `.` `!` `~` `*` `'` `(` `)` `&` `=` `+` `$` only",
                "p.yaml:4:57: `ha1` and `password` both say how the endpoint authenticates; keep one of them",
                "p.yaml:4:68: `MD5` must be 32 hexadecimal digits, not 2 characters; "
                    + "give the hash of username:realm:password",
                "p.yaml:5:37: `ha1` names no algorithm; add for example `MD5: <32 hexadecimal digits>`",
                "p.yaml:5:38: unknown key `SHA256`; did you mean `SHA-256`?",
                "p.yaml:6:37: `ha1` names no algorithm; add for example `MD5: <32 hexadecimal digits>`",
                "p.yaml:6:54: `extensions` cannot be `10/1`; use letters, digits and `-` `_` `.` `*` `#` `+` only",
                "p.yaml:6:71: `number` must be in international form, not `+1`; "
                    + "write `+` and 7 to 15 digits, for example +15551234567",
                "p.yaml:9:5: `source_addresses` has no effect on an endpoint that must register; "
                    + "add `require_registration: false`, or remove the addresses",
                "p.yaml:9:24: `source_addresses` has address bits behind its prefix in `10.0.0.5/8`; "
                    + "clear them, or write `10.0.0.5` for that address alone",
                "p.yaml:9:36: `source_addresses` admits every address without a password; "
                    + "name the networks the calls come from",
                "p.yaml:9:47: `source_addresses` must be an address block, not `nowhere`; "
                    + "give one like 192.0.2.0/24 or 2001:db8::/32",
                "p.yaml:9:56: `source_addresses` must be an address block, not `10.0.0.0/33`; "
                    + "give one like 192.0.2.0/24 or 2001:db8::/32",
                "p.yaml:10:42: `password` holds a control character; remove it",
            ]
        )
    }

    @Test("RFC 3324 §2.3 a trunk is trusted only with what the trust rests on")
    func trunks() {
        let text = """
            trunks:
              - {name: a, host: a.example, trust: trusted}
              - {name: b, host: b.example, trust: {basis: private_network}}
              - {name: c, host: c.example, trust: {basis: tls, note: n}}
              - {name: d, host: "d:5060", transport: sctp, asserted_identity: tell}
              - {name: e, host: 300.1.2.3, username: u, tech_prefix: a/b}
              - {name: f}
            """
        #expect(
            provisioningProblems(text) == [
                "p.yaml:2:39: `trust` is `trusted`, without what the trust rests on; write `untrusted`, or for example "
                    + "`trust: {basis: private_network, note: \"MPLS to the carrier\"}`",
                "p.yaml:3:39: missing key `note`; add for example `note: \"MPLS to the carrier\"`",
                "p.yaml:4:47: `basis` is `tls`, but `udp` is not encrypted; write `transport: tls`, `private_network` "
                    + "or `untrusted`",
                "p.yaml:5:21: `host` must be a host name or an IP address, not `d:5060`; "
                    + "give one like edge.example.com, 192.0.2.1 or \"[2001:db8::1]\", without a port",
                "p.yaml:5:42: `transport` cannot be `sctp`; choose one of udp, tcp, tls",
                "p.yaml:5:67: `asserted_identity` cannot be `tell`; did you mean `tel`?",
                "p.yaml:6:21: `host` must be a host name or an IP address, not `300.1.2.3`; "
                    + "give one like edge.example.com, 192.0.2.1 or \"[2001:db8::1]\", without a port",
                "p.yaml:6:32: `username` stands without `password`; add it, or remove both",
                "p.yaml:6:58: `tech_prefix` cannot be `a/b`; use letters, digits and `*` `#` `+` `-` only",
                "p.yaml:7:5: missing key `host`; add for example `host: sip.carrier.example`",
            ]
        )
    }

    @Test("A trunk's further hosts are hosts without ports, each once and not its own")
    func redirectHosts() {
        let text = """
            trunks:
              - {name: a, host: a.example, pass_refer: yes, redirect_hosts: b.example}
              - {name: b, host: b.example, redirect_hosts: [c.example, B.example, C.example, "c.example:5060"]}
              - {name: c, host: "2001:db8::1", redirect_hosts: ["[2001:DB8:0::1]", 300.1.2.3, "a,b", ""]}
              - {name: d, host: d.example, pass_refers: true, redirect_host: [e.example]}
            """
        let remedy = "give one like edge.example.com, 192.0.2.1 or \"[2001:db8::1]\", without a port"
        let own = "remove it: redirections may lead there anyway"
        #expect(
            provisioningProblems(text) == [
                "p.yaml:2:44: `pass_refer` must be true or false, not `yes`; write `true`",
                "p.yaml:2:65: `redirect_hosts` must be a list, not a single value; "
                    + "write `redirect_hosts: [first, second]`, or each on a line that begins with `- `",
                "p.yaml:3:60: `redirect_hosts` holds `b.example`, the trunk's own `host`; \(own)",
                "p.yaml:3:71: `redirect_hosts` holds `c.example` twice; keep one of them",
                "p.yaml:3:82: `redirect_hosts` must be a host name or an IP address, not `c.example:5060`; \(remedy)",
                "p.yaml:4:53: `redirect_hosts` holds `2001:db8::1`, the trunk's own `host`; \(own)",
                "p.yaml:4:72: `redirect_hosts` must be a host name or an IP address, not `300.1.2.3`; \(remedy)",
                "p.yaml:4:83: `redirect_hosts` must be a host name or an IP address, not `a,b`; \(remedy)",
                "p.yaml:4:90: `redirect_hosts` must be a host name or an IP address, not ``; \(remedy)",
                "p.yaml:5:32: unknown key `pass_refers`; did you mean `pass_refer`?",
                "p.yaml:5:51: unknown key `redirect_host`; did you mean `redirect_hosts`?",
            ]
        )
    }
}
