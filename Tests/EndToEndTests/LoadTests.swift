// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite("SIPp", .serialized)
    struct LoadTests {
        @Test("200 calls a second for 3 seconds: none fails, and each is on record with its end")
        func calls() async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene, .init(demoTrunk: false))
                try await gateway.start()
                let scenarios = Places.benchmarkScenarios
                let trunk = try SIPp(scenarios.appendingPathComponent("uas.xml"), port: gateway.trunkPort, in: scene)
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
                    ["-r", "200", "-m", "600", "-l", "2000", "-timeout", "30"],
                    in: scene
                )
                let result = try await load.finished(within: 35)
                try #require(result.failed == 0 && result.successful == 600 && result.status == 0)
                await trunk.process.end()
                try await Self.check(gateway)
            }
        }

        private static func check(_ gateway: Gateway) async throws {
            let calls = try await gateway.endedCalls()
            try #require(calls.count == 600)
            try #require(Set(calls.map(\.endpointCallId)).count == 600)
            try #require(Set(calls.map(\.outboundCallId)).count == 600)
            let wrong = calls.filter { call in
                call.status != "hangup" || call.hangupReason != "normal" || call.finalStatus != 200
                    || call.destination != "+15559876543" || call.source != "+15551234567" || !call.isAnonymous
                    || !call.isApproved
            }
            try #require(wrong.isEmpty)
        }
    }
}
