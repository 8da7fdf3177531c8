// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import CommandLineTool
import Testing

@Suite("tollgate init")
struct InitCommandTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    @Test("the first super admin is made, and what comes next is told")
    func first() async throws {
        let config = try bench.configuration("control_api: {port: 8181}")
        let file = try bench.write("long enough\nsecond line\n", to: "password")
        let result = try Tool.run(InitCommand.self, "--config", config, "--username", "ops", "--password-file", file)
        #expect(result.status == .success)
        #expect(result.output.hasPrefix("super admin ops: created\n"))
        #expect(result.output.contains("http://127.0.0.1:8181/auth/login"))
        #expect(!result.output.contains("long enough"))
        let store = try CallStore(path: bench.path("store.db"))
        let agent = try await store.read { try StoredAgent.find($0, username: "ops") }
        #expect(agent?.permission == 1)
        #expect(agent?.customer == nil)
        #expect(agent?.passwordHash.revealed.hasPrefix("scrypt$") == true)
    }

    @Test("another one is refused with status 1, unless forced; a user name is never taken over")
    func second() throws {
        let config = try bench.configuration()
        let file = try bench.write("long enough", to: "password")
        func run(_ arguments: String...) throws -> CommandResult {
            try Tool.run(InitCommand.self, ["--config", config, "--password-file", file] + arguments)
        }
        let made = try run()
        #expect(made.status == .success)
        #expect(made.output.contains("control_api: {}"))
        #expect(try run("--username", "ops").status == .rejected)
        #expect(try run("--username", "ops", "--force").status == .success)
        #expect(try run("--username", "ops", "--force").status == .rejected)
    }

    @Test("a password that is too short changes nothing; a user name with blanks is a wrong command line")
    func wrong() throws {
        let config = try bench.configuration()
        let file = try bench.write("short", to: "password")
        let result = try Tool.run(InitCommand.self, "--config", config, "--password-file", file)
        #expect(result.status == .rejected)
        #expect(Tool.refusal(InitCommand.self, "--config", config, "--username", "a b") == 64)
        let missing = try Tool.run(InitCommand.self, "--config", config, "--password-file", bench.path("none"))
        #expect(missing.status == .noInput)
    }
}
