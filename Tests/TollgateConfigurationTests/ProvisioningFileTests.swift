// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import NumberingPlan
import Testing
import TollgateConfiguration

@Suite("Provisioning files")
struct ProvisioningFileTests {
    @Test("Parts join the customers that they name, and defaults are the model's")
    func plan() throws {
        let file = try provisioning(
            """
            prune: true
            customers:
              - name: a
              - {name: b, status: frozen, billing: {credit_usd: -0.05, tokens: 3}}
            numbers:
              - {number: +15551234567, customer: b, type: virtual, status: deleted}
            endpoints:
              - {username: alice, customer: b}
            trunks:
              - {name: t, host: "[2001:DB8::1]", customer: a, username: u, password: p, tech_prefix: 99#}
            """
        )
        let number = try #require(E164Number("+15551234567"))
        let plan = ProvisioningPlan(
            customers: [
                ProvisionedCustomer(name: "a"),
                ProvisionedCustomer(
                    name: "b",
                    status: .frozen,
                    billingAccount: BillingAccount(creditMicros: -50_000, tokens: 3),
                    endpoints: [ProvisionedEndpoint(username: "alice")],
                    numbers: [ProvisionedNumber(number: number, type: .virtual, status: .deleted)]
                ),
            ],
            trunks: [
                ProvisionedTrunk(
                    customerName: "a",
                    trunk: Trunk(
                        id: .zero,
                        name: "t",
                        host: "2001:db8::1",
                        techPrefix: "99#",
                        username: "u",
                        password: Secret("p")
                    )
                )
            ],
            prune: true
        )
        #expect(file.plan == plan)
        #expect(file.realm == nil)
    }

    @Test("A trunk passes transfers only when told to, and has further hosts only when named, in the file's order")
    func transfers() throws {
        let file = try provisioning(
            """
            trunks:
              - {name: a, host: a.example}
              - name: b
                host: b.example
                pass_refer: true
                redirect_hosts: [GW2.Carrier.example, 192.0.2.9, "[2001:DB8:0::9]", "::ffff:192.0.2.10"]
              - {name: c, host: c.example, pass_refer: false, redirect_hosts: []}
            """
        )
        let trunks = file.plan.trunks.map(\.trunk)
        #expect(trunks.map(\.passesREFER) == [false, true, false])
        let hosts = ["gw2.carrier.example", "192.0.2.9", "2001:db8::9", "192.0.2.10"]
        #expect(trunks.map(\.redirectHosts) == [[], hosts, []])
    }

    @Test("RFC 7616 §3.9.1 a password becomes the hashes of its realm, in the order of the algorithms")
    func hashes() throws {
        let file = try provisioning(
            """
            realm: http-auth@example.org
            algorithms: [MD5, SHA-256]
            customers: [{name: a}]
            endpoints: [{username: Mufasa, password: Circle of Life, customer: a}]
            """
        )
        let expected = [
            StoredCredential(algorithm: "MD5", ha1: "3d78807defe7de2157e2b0b6573a855f"),
            StoredCredential(
                algorithm: "SHA-256",
                ha1: "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232"
            ),
        ]
        #expect(file.plan.customers.first?.endpoints.first?.credentials == .replace(expected))
    }

    @Test("Hashes given are stored in lower case")
    func givenHashes() throws {
        let hash = String(repeating: "AB", count: 16)
        let file = try provisioning(
            "customers: [{name: a}]\nendpoints: [{username: x, customer: a, ha1: {MD5: \(hash)}}]\n"
        )
        let expected = StoredCredential(algorithm: "MD5", ha1: hash.lowercased())
        #expect(file.plan.customers.first?.endpoints.first?.credentials == .replace([expected]))
    }

    @Test("`no` in a whitelist is Norway")
    func norway() throws {
        let file = try provisioning("customers:\n  - {name: a, outbound: {destination_whitelist: [no, NL]}}\n")
        let whitelist = file.plan.customers.first?.outbound?.destinationWhitelist ?? []
        #expect(Set(whitelist.map { "\($0)" }) == ["no", "nl"])
    }

    @Test("Address blocks are read with their prefix; IPv4 ones are held mapped")
    func addressBlocks() throws {
        let file = try provisioning(
            """
            customers: [{name: a}]
            endpoints:
              - username: x
                customer: a
                require_registration: false
                source_addresses: [192.0.2.0/24, 192.0.2.1, "2001:db8::/32"]
            """
        )
        let blocks = file.plan.customers.first?.endpoints.first?.sourceAddresses ?? []
        #expect(blocks.map(\.prefixLength) == [120, 128, 32])
        #expect(blocks.first?.contains(IPAddressBits(ipv4: 0xC000_02FF)) == true)
        #expect(blocks.first?.contains(IPAddressBits(ipv4: 0xC000_0300)) == false)
        #expect(blocks.last?.base == IPAddressBits(high: 0x2001_0DB8_0000_0000, low: 0))
    }

    @Test("The realm must be the gateway's")
    func realm() {
        let context = ProvisioningFile.Context(realm: "edge.example.com", algorithms: [.md5])
        #expect(
            provisioningProblems("realm: other\n", in: context) == [
                "p.yaml:1:8: `realm` is `other`, but the gateway's is `edge.example.com`; "
                    + "write the same realm in both files, or remove it here"
            ]
        )
        let text = "customers: [{name: a}]\nendpoints: [{username: x, password: y, customer: a}]\n"
        #expect(provisioningProblems(text, in: context) == [])
        #expect(
            provisioningProblems(text) == [
                "p.yaml:2:27: `password` cannot be hashed without a realm; "
                    + "add for example `realm: edge.example.com` at the top of the file"
            ]
        )
    }
}
