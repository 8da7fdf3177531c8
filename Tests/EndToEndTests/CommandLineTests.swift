// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite("The command line", .serialized)
    struct CommandLineTests {
        @Test("check, provision, number, decide and calls work on the files that come with the gateway")
        func shippedFiles() async throws {
            try await inScene { scene in
                let config = Places.repository.appendingPathComponent("config")
                for name in ["demo.yaml", "gateway.example.yaml"] {
                    let path = config.appendingPathComponent(name).path
                    let checked = try await scene.tollgate("check", "--config", path)
                    try #require(checked.status == 0 && checked.errors.isEmpty)
                }
                let demo = try Self.demo(in: scene)
                let missing = try await scene.tollgate("calls", "--config", demo.path)
                try #require(missing.status == 66 && missing.errorLines.count == 1)
                let file = config.appendingPathComponent("demo-provisioning.yaml").path
                let provisioned = try await scene.tollgate("provision", "--config", demo.path, file)
                try #require(provisioned.status == 0 && provisioned.output.contains("alice"))
                let number = try await scene.tollgate("number", "+442079460000")
                try #require(number.status == 0 && number.output.contains("gb"))
                let decided = try await scene.tollgate(
                    "decide",
                    "--config",
                    demo.path,
                    "--endpoint",
                    "alice",
                    "--to",
                    "+33123456789"
                )
                try #require(decided.output.contains("destination.whitelist"))
                let calls = try await scene.tollgate("calls", "--config", demo.path, "--json")
                try #require(calls.status == 0 && calls.output.filter { !$0.isWhitespace } == "[]")
            }
        }

        @Test("The demonstration says where SIP listens, which accounts are ready, what to dial and what happens")
        func greeting() async throws {
            try await inScene { scene in
                let demo = try Self.demo(in: scene)
                let server = try scene.start(Places.tollgate(), ["serve", "--config", demo.path], name: "demo")
                try await waiting("the greeting", within: 15) { server.output.contains("whitelist") }
                let words = [
                    "SIP over UDP on 127.0.0.1:\(demo.port)", "SIP over TCP on 127.0.0.1:\(demo.port)",
                    "user alice, password alice-demo, extension 1001",
                    "user bob,   password bob-demo,   extension 1002",
                    "+15559876543", "ends in 0486   486 Busy Here",
                    "ends otherwise rings, answers, plays a 440 Hz tone",
                ]
                for text in words { try #require(server.output.contains(text), "`\(text)` is missing") }
                server.send(SIGTERM)
                try #require(try await server.exitStatus(within: 10) == 0)
            }
        }

        @Test("A port in use: one line, status 69, and a store that works once the port is free")
        func portInUse() async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene)
                let descriptor = try Loopback.occupy(gateway.port)
                let refused = try await scene.tollgate("serve", "--config", gateway.configuration)
                close(descriptor)
                try #require(refused.status == 69)
                let lines = refused.errorLines.filter { $0.hasPrefix("tollgate: ") }
                try #require(lines.count == 1 && lines[0].contains("\(gateway.port)"))
                try #require(refused.output.isEmpty)
                try await gateway.start()
                try #require(try await gateway.calls().isEmpty)
            }
        }

        @Test("A store that cannot be made: one line, status 73 or 74, and nothing is left behind")
        func unwritableStore() async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene)
                try scene.write("in the way", to: "file")
                let text = try String(contentsOfFile: gateway.configuration, encoding: .utf8)
                try scene.write(text.replacing("path: calls.db", with: "path: file/calls.db"), to: "blocked.yaml")
                let refused = try await scene.tollgate("serve", "--config", scene.file("blocked.yaml").path)
                try #require([73, 74].contains(refused.status) && refused.errorLines.count == 1)
                try #require(refused.errorLines[0].contains("file/calls.db") && refused.output.isEmpty)
                try #require(scene.read("file") == "in the way")
            }
        }

        @Test("A wrong configuration: a line for the problem with its place, status 78, and no store is made")
        func wrongConfiguration() async throws {
            try await inScene { scene in
                let path = try scene.write("store: {path: calls.db}\nshards: many\n", to: "wrong.yaml")
                for command in ["serve", "check"] {
                    let refused = try await scene.tollgate(command, "--config", path)
                    try #require(refused.status == 78 && refused.errorLines.count == 1)
                    try #require(refused.errorLines[0].contains("wrong.yaml:2:9: `shards`"))
                }
                try #require(!FileManager.default.fileExists(atPath: scene.file("calls.db").path))
            }
        }

        @Test("SIGTERM during a call: new calls get 503, the call ends as its caller wants, and then the process")
        func draining() async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene, .init(demoTrunk: false, drainSeconds: 10))
                try await gateway.start()
                let uas = Places.scenarios.appendingPathComponent("uas.xml")
                let trunk = try SIPp(uas, port: gateway.trunkPort, in: scene)
                let more = ["-m", "1", "-timeout", "15"]
                let register = Places.scenarios.appendingPathComponent("register.xml")
                let registered = try await SIPp(register, to: gateway.port, more, in: scene).finished(within: 12)
                try #require(registered.status == 0)
                let long = Places.scenarios.appendingPathComponent("call-long.xml")
                let call = try SIPp(long, to: gateway.port, more, in: scene)
                try await waiting("the answer", within: 8, every: 50) {
                    trunk.received.contains { $0.contains("\nACK sip:") }
                }
                let process = try #require(gateway.process)
                process.send(SIGTERM)
                try await waiting("the drain", within: 5) { process.errors.contains("stopping") }
                let refused = Places.scenarios.appendingPathComponent("call-refused.xml")
                let late = try await SIPp(refused, to: gateway.port, more, in: scene).finished(within: 12)
                try #require(late.status == 0 && late.successful == 1)
                try #require(process.isRunning)
                try #require(try await call.finished(within: 12).status == 0)
                try #require(try await process.exitStatus(within: 5) == 0)
                let records = try await gateway.calls()
                try #require(records.contains { $0.status == "hangup" && $0.finalStatus == 200 })
            }
        }

        /// The demonstration's files with other ports, and the port that SIP listens on then.
        private static func demo(in scene: Scene) throws -> (path: String, port: Int) {
            let config = Places.repository.appendingPathComponent("config")
            let port = try Loopback.freePort()
            let trunk = try Loopback.freePort()
            let api = try Loopback.freePort()
            for name in ["demo.yaml", "demo-provisioning.yaml"] {
                let text = try String(contentsOf: config.appendingPathComponent(name), encoding: .utf8)
                    .replacing("port: 5060", with: "port: \(port)").replacing("port: 5070", with: "port: \(trunk)")
                    .replacing("port: 8080", with: "port: \(api)")
                try scene.write(text, to: name)
            }
            return (scene.file("demo.yaml").path, port)
        }
    }
}
