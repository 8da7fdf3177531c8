// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import Testing

@testable import ControlAPI

@Suite("Rules of webhooks")
struct WebhookRulesTests {
    @Test("three attempts with growing waits, then none; one attempt while the server is known to be away")
    func schedule() {
        let schedule = WebhookSchedule()
        #expect(schedule.delay(after: 1, isUnreachable: false) == .seconds(1))
        #expect(schedule.delay(after: 2, isUnreachable: false) == .seconds(5))
        #expect(schedule.delay(after: 3, isUnreachable: false) == nil)
        #expect(schedule.delay(after: 1, isUnreachable: true) == nil)
        var patient = WebhookSchedule()
        patient.maximumAttempts = 10
        #expect(patient.delay(after: 3, isUnreachable: false) == .seconds(25))
        #expect(patient.delay(after: 9, isUnreachable: false) == .seconds(25))
    }

    @Test("5xx is tried again, 2xx is delivered, everything else is final")
    func outcomes() {
        #expect(WebhookConnection.outcome(ofStatus: 204) == .delivered)
        for status: UInt in [301, 400, 404, 410, 429] {
            guard case .refused = WebhookConnection.outcome(ofStatus: status) else {
                Issue.record("\(status) is not final")
                continue
            }
        }
        for status: UInt in [500, 503, 599] {
            guard case .failed = WebhookConnection.outcome(ofStatus: status) else {
                Issue.record("\(status) is final")
                continue
            }
        }
    }

    @Test("RFC 4231 test case 2: the signature is the HMAC-SHA256 of the body")
    func signature() throws {
        let text = try WebhookMessage.signature(of: "what do ya want for nothing?", secret: "Jefe")
        #expect(text == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test(
        "RFC 6890: addresses outside the public internet, IPv4-mapped and translated ones too",
        arguments: [
            "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
            "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
            "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
            "::ffff:10.0.0.1", "64:ff9b::7f00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
            "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "::127.0.0.1",
        ]
    )
    func reserved(_ text: String) async throws {
        let address = try #require(await HostResolver.addresses(of: text).first)
        #expect(!ReservedAddresses.arePublic(address.bits))
    }

    @Test(
        "public addresses pass",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.0.1", "100.128.0.1", "172.15.0.1", "172.32.0.1",
            "192.0.1.1", "192.167.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
            "2a00:1450::1", "::ffff:1.1.1.1", "2003::1",
        ]
    )
    func open(_ text: String) async throws {
        let address = try #require(await HostResolver.addresses(of: text).first)
        #expect(ReservedAddresses.arePublic(address.bits))
    }

    @Test("ways to write a loopback address that only the system's resolver understands are seen through")
    func disguised() async {
        for text in ["0x7f.1", "2130706433", "127.1"] {
            for address in await HostResolver.addresses(of: text) {
                #expect(!ReservedAddresses.arePublic(address.bits))
            }
        }
    }
}
