// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite("kill -9", .serialized)
    struct DurabilityTests {
        @Test("After kill -9 under load no INVITE that went out lacks a record, and no acknowledged binding is gone")
        func killed() async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene, .init(demoTrunk: false, extraEndpoints: 600, drainSeconds: 0))
                try await gateway.start()
                let trunk = try Self.answeringTrunk(gateway, scene)
                try await Self.registerAlice(gateway, scene)
                let calls = try Self.calls(gateway, scene)
                let registrations = try Self.registrations(gateway, scene)
                // In the middle of both: neither all calls nor all registrations have happened.
                try await waiting("load", within: 15, every: 300) {
                    Self.acknowledged(registrations).count > 100 && Self.dialled(trunk).count > 100
                }
                gateway.process?.send(SIGKILL)
                try #require(try await gateway.process?.exitStatus(within: 5) == 128 + SIGKILL)
                // What is still on its way to them arrives before they end.
                try await Task.sleep(for: .milliseconds(300))
                for run in [calls, registrations, trunk] { await run.process.end() }
                let dialled = Self.dialled(trunk)
                let acknowledged = Self.acknowledged(registrations)
                try #require(dialled.count > 100 && dialled.count < 2000)
                try #require(acknowledged.count > 100 && acknowledged.count < 600)

                try await gateway.start()
                let onRecord = Set(try await gateway.calls().map(\.destination))
                try #require(dialled.subtracting(onRecord).isEmpty)
                try await Self.checkBindings(acknowledged, gateway, scene)
            }
        }

        @Test("An answered call goes on after kill -9: its BYE reaches the trunk, and the record ends as normal")
        func answeredCall() async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene, .init(demoTrunk: false))
                try await gateway.start()
                let trunk = try Self.answeringTrunk(gateway, scene)
                try await Self.registerAlice(gateway, scene)
                let scenario = Places.scenarios.appendingPathComponent("call-long.xml")
                let call = try SIPp(scenario, to: gateway.port, ["-m", "1", "-timeout", "20"], in: scene)
                try await waiting("the answer", within: 12, every: 300) {
                    trunk.received.contains { $0.contains("\nACK sip:") }
                }
                // The answer's record follows the 200 within some tens of milliseconds.
                try await Task.sleep(for: .milliseconds(500))
                gateway.process?.send(SIGKILL)
                try #require(try await gateway.process?.exitStatus(within: 5) == 128 + SIGKILL)
                try await gateway.start()
                try #require(try await call.finished(within: 15).status == 0)
                try #require(trunk.received.contains { $0.contains("\nBYE sip:") })
                let record = try #require(try await gateway.endedCalls().first)
                try #require(record.status == "hangup" && record.hangupReason == "normal")
            }
        }

        private static func answeringTrunk(_ gateway: Gateway, _ scene: Scene) throws -> SIPp {
            try SIPp(Places.scenarios.appendingPathComponent("uas.xml"), port: gateway.trunkPort, in: scene)
        }

        private static func registerAlice(_ gateway: Gateway, _ scene: Scene) async throws {
            let users = try scene.write("SEQUENTIAL\n" + user("alice"), to: "alice.csv")
            let scenario = Places.scenarios.appendingPathComponent("register-many.xml")
            let run = try SIPp(scenario, to: gateway.port, ["-inf", users, "-m", "1", "-timeout", "10"], in: scene)
            try #require(try await run.finished(within: 12).status == 0)
        }

        /// A line of SIPp's file of users: the name, and the credentials that SIPp computes the response from.
        private static func user(_ name: String) -> String {
            "\(name);[authentication username=\(name) password=secret];\n"
        }

        /// Calls that each dial another number.
        private static func calls(_ gateway: Gateway, _ scene: Scene) throws -> SIPp {
            let numbers = (0..<2000).map { "+1555\(2_000_000 + $0);\n" }
            let file = try scene.write("SEQUENTIAL\n" + numbers.joined(), to: "numbers.csv")
            let scenario = Places.scenarios.appendingPathComponent("call-numbers.xml")
            return try SIPp(scenario, to: gateway.port, ["-inf", file, "-r", "100", "-m", "2000"], in: scene)
        }

        private static func registrations(_ gateway: Gateway, _ scene: Scene) throws -> SIPp {
            let users = (0..<600).map { user("user\($0)") }
            let file = try scene.write("SEQUENTIAL\n" + users.joined(), to: "users.csv")
            let scenario = Places.scenarios.appendingPathComponent("register-many.xml")
            return try SIPp(scenario, to: gateway.port, ["-inf", file, "-r", "75", "-m", "600"], in: scene)
        }

        /// The numbers of the INVITEs that the trunk received.
        private static func dialled(_ trunk: SIPp) -> Set<String> {
            Set(trunk.received.compactMap { word(after: "\nINVITE sip:", in: $0) })
        }

        /// The users of the 200 answers that arrived.
        private static func acknowledged(_ run: SIPp) -> Set<String> {
            let answers = run.received.filter { $0.contains("SIP/2.0 200 ") }
            return Set(answers.compactMap { word(after: "To: <sip:", in: $0) })
        }

        /// What stands between a text and the next `@`.
        private static func word(after text: String, in message: String) -> String? {
            guard let start = message.range(of: text)?.upperBound else { return nil }
            return message[start...].split(separator: "@", maxSplits: 1).first.map(String.init)
        }

        /// Asks for each user's bindings with a REGISTER that has no Contact (RFC 3261 §10.2.3).
        private static func checkBindings(_ users: Set<String>, _ gateway: Gateway, _ scene: Scene) async throws {
            let lines = users.sorted().map(user)
            let file = try scene.write("SEQUENTIAL\n" + lines.joined(), to: "acknowledged.csv")
            let scenario = Places.scenarios.appendingPathComponent("bindings.xml")
            let more = ["-inf", file, "-r", "100", "-m", "\(users.count)", "-timeout", "20"]
            let result = try await SIPp(scenario, to: gateway.port, more, in: scene).finished(within: 25)
            try #require(result.status == 0 && result.successful == users.count && result.failed == 0)
        }
    }
}
