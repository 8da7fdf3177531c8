// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite("The control API beside calls under way", .serialized)
    struct ControlAPITests {
        private static let calls = 250

        @Test("S0: a country that PUT /outbound_config takes away is refused from its answer on, under load, too")
        func whitelist() async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene, .init(demoTrunk: false, controlAPI: true))
                try await gateway.start()
                let api = try await APIClient(gateway.apiPort, username: "demo", password: "demo-customer")
                let scenarios = Places.scenarios
                let trunk = try SIPp(
                    scenarios.appendingPathComponent("uas.xml"),
                    port: gateway.trunkPort,
                    in: scene
                )
                let register = try SIPp(
                    scenarios.appendingPathComponent("register.xml"),
                    to: gateway.port,
                    ["-m", "1", "-timeout", "10"],
                    in: scene
                )
                try #require(try await register.finished(within: 12).status == 0)
                let load = try SIPp(
                    scenarios.appendingPathComponent("call.xml"),
                    to: gateway.port,
                    ["-r", "40", "-m", "\(Self.calls)", "-l", "500", "-timeout", "30"],
                    in: scene
                )
                try await Self.approvals(api, atLeast: 20)
                let answer = try await api.ask("PUT", "/v1.0/outbound_config", ["destination_whitelist": ["gb"]])
                // The gateway's clock is this machine's, too.
                let answered = Date()
                try #require(answer.status == 200)
                _ = try await load.process.exitStatus(within: 40)
                await trunk.process.end()
                try await Self.check(gateway, api, answered)
            }
        }

        private static func approvals(_ api: APIClient, atLeast count: Int) async throws {
            for _ in 0..<300 {
                if try await api.calls("verdict=approved").count >= count { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("no \(count) calls were approved in 15 s")
        }

        private static func check(_ gateway: Gateway, _ api: APIClient, _ answered: Date) async throws {
            _ = try await gateway.endedCalls()
            let calls = try await api.calls()
            let approved = try await Set(api.calls("verdict=approved").map(\.id))
            try #require(calls.count == Self.calls && approved.count >= 20)
            // Of a record's time the parts of a millisecond are left out: one of the same may have begun before.
            let later = calls.filter { $0.created.timeIntervalSince(answered) > 0.001 }
            try #require(later.count >= 20, "too few calls began after the change")
            #expect(later.filter { approved.contains($0.id) }.isEmpty)
            let decision = try await api.ask("GET", "/v1.0/calls/\(later[0].id)/decision")
            #expect(decision.text("verdict") == "rejected")
            #expect(decision.number("sip_status") == 403)
        }
    }
}
