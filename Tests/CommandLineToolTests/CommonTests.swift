// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallStore
import CommandLineTool
import Testing

@Suite("All commands")
struct CommonTests {
    private static let commands: [any ParsableCommand.Type] = [
        CheckCommand.self, ProvisionCommand.self, DecideCommand.self, CallsCommand.self, CallsCommand.List.self,
        CallsCommand.Show.self, NumberCommand.self, VersionCommand.self, LoginCommand.self,
    ]
    private static let groups: [any ParsableCommand.Type] = [
        CustomerCommand.self, NumbersCommand.self, EndpointCommand.self, TrunkCommand.self, RouteCommand.self,
        ConfigCommand.self, AgentCommand.self, AccessKeyCommand.self, CallsCommand.self,
    ]

    @Test("every command explains itself, and nothing laid out in its help is wider than a terminal of 80")
    func help() {
        var commands = Self.commands + Self.groups
        for group in Self.groups { commands += group.configuration.subcommands }
        for command in commands {
            #expect(!command.configuration.abstract.isEmpty)
            #expect(command.configuration.abstract.hasSuffix("."))
            #expect(!command.configuration.discussion.isEmpty)
            let laidOut = command.configuration.discussion.split(separator: "\n").filter { $0.hasPrefix(" ") }
            for line in laidOut { #expect(line.count < 80, "\(line)") }
        }
    }

    @Test("the help explains every exit status", arguments: CommandStatus.allCases)
    func exitStatuses(status: CommandStatus) {
        #expect(CommandStatus.explanation.split(separator: "\n").contains { $0.hasPrefix("  \(status.rawValue) ") })
    }

    @Test(
        "sysexits.h has the statuses of the store's failures",
        arguments: [
            (CallStoreError.lockedByAnotherProcess(path: "x"), CommandStatus.cannotOpenStore),
            (.diskFull, .inputOutput),
            (.corrupt(detail: ""), .inputOutput), (.invalidPlan(detail: ""), .configuration),
        ]
    )
    func storeFailures(error: CallStoreError, status: CommandStatus) {
        let failure = CommandFailure(error)
        #expect(failure.status == status)
        #expect(failure.message == "tollgate: \(error)")
    }

    @Test("version names the program and the numbering plan's metadata")
    func version() throws {
        let lines = try Tool.run(VersionCommand.self).output.split(separator: "\n")
        #expect(lines.first == "tollgate 0.1.0")
        #expect(lines.contains { $0.hasPrefix("numbering plan: libphonenumber ") })
        #expect(lines.contains { $0.hasPrefix("database: SQLite 3.") })
        #expect(lines.contains { $0.hasPrefix("cryptography: OpenSSL ") })
    }
}
