// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Testing
import TollgateConfiguration

struct TrunkOperationTests {
    private func trunk(_ text: String) throws -> TrunkOperation? {
        let text = "realm: r\ntrunks:\n  - {name: t, host: sip.t.example, \(text)}\n"
        return try ProvisioningFile.decode(ConfigurationFile(name: "/etc/tollgate/p.yaml", text: text)).plan.trunks
            .first?.trunk.operation
    }

    private func problems(_ text: String) -> String {
        do {
            _ = try trunk(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("without a word, only the breaker works")
    func defaults() throws {
        #expect(try trunk("port: 5060") == TrunkOperation())
        #expect(try trunk("health: off, breaker: off, register: off") == TrunkOperation(breaker: nil))
    }

    @Test("every key is read")
    func whole() throws {
        let operation = try trunk(
            """
            health: {interval_seconds: 10, timeout_seconds: 2, failures: 4, successes: 1},
                breaker: {failures: 7, seconds: 9}, concurrent_calls: 20, calls_per_second: 3,
                register: {expires_seconds: 600, username: u, password: p, domain: d.example, contact_user: c,
                required: true}
            """
        )
        let expected = TrunkOperation(
            health: TrunkHealthSettings(interval: 10, timeout: 2, failures: 4, successes: 1),
            breaker: TrunkBreakerSettings(failures: 7, seconds: 9),
            limits: TrunkLimits(concurrentCalls: 20, callsPerSecond: 3),
            registration: TrunkRegistrationSettings(
                expires: 600,
                username: "u",
                password: Secret("p"),
                domain: "d.example",
                contactUser: "c",
                isRequired: true
            )
        )
        #expect(operation == expected)
    }

    @Test("a short interval shortens the time for an answer with it")
    func shortInterval() throws {
        #expect(try trunk("health: {interval_seconds: 2}")?.health?.timeout == 2)
    }

    @Test("what cannot be is refused with a remedy")
    func problems() {
        #expect(problems("health: on").contains("`health` is `on`, neither `off` nor a section"))
        #expect(problems("health: {interval_seconds: 3, timeout_seconds: 9}").contains("`timeout_seconds` is 9"))
        #expect(problems("register: {expires_seconds: 600}").contains("`register` has no `username`"))
        #expect(problems("register: {password: secret-word}").contains("stands without `username`"))
        #expect(!problems("register: {password: secret-word}").contains("secret-word"))
        #expect(problems("concurrent_calls: 0").contains("concurrent_calls"))
        #expect(problems("register: {}, username: u, password: p").isEmpty)
    }
}
