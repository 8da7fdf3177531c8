// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallAPI
import CallPolicy
import CallStore
import CommandLineTool
import ControlAPI
import DigestAuthentication
import Foundation
import Logging
import MonotonicTime
import NIOPosix
import Synchronization
import Testing

/// A control API that listens over a store of its own, and commands that use it.
struct OperatedGateway: Sendable {
    static let password = "long enough"
    // Hashing takes its time on purpose; once is enough.
    private static let passwordHash = try? PasswordHash.make(of: password).text

    let url: String
    let directory: String
    let calls: RefusingCalls

    /// Starts an API with the super admin `ops`, and stops it when the body is done.
    static func run(_ body: (OperatedGateway) async throws -> Void) async throws {
        let bench = try Workbench()
        let store = try CallStore(path: bench.path("store.db"))
        let now: @Sendable () -> WallTime = { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
        let calls = RefusingCalls()
        var settings = ControlAPISettings()
        settings.port = 0
        let services = APIServices(
            store: store,
            commands: calls,
            settings: settings,
            now: now,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let agent = StoredAgent(
            id: services.newIdentifier(),
            customer: nil,
            username: "ops",
            passwordHash: Secret(try #require(passwordHash)),
            permission: 1,
            created: now()
        )
        try await store.write { try agent.write($0) }
        let server = try await ControlAPIServer.start(services, on: MultiThreadedEventLoopGroup.singleton)
        _ = try bench.write(password + "\n", to: "password")
        let gateway = OperatedGateway(
            url: "http://127.0.0.1:\(server.port)",
            directory: bench.directory.path,
            calls: calls
        )
        let outcome = await Result { try await body(gateway) }
        await server.shutdown()
        try store.close()
        try outcome.get()
    }

    /// The file that holds `password`.
    var passwordFile: String { directory + "/password" }
    /// Where `login` keeps the token.
    var tokenFile: String { directory + "/tollgate/token.json" }

    /// What a command says, with the token that `login` keeps or with the environment given.
    func tell<Command: ParsableCommand>(
        _ type: Command.Type,
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> CommandResult {
        try await tell(type, arguments, environment: environment)
    }

    /// What a command says.
    func tell<Command: ParsableCommand>(
        _ type: Command.Type,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> CommandResult {
        let own = ["XDG_CONFIG_HOME": directory, "TOLLGATE_URL": url]
        return try await OperatorEnvironment.$variables.withValue(own.merging(environment) { $1 }) {
            let command = try #require(try Command.parseAsRoot(arguments) as? any AsyncReportingCommand)
            return try await command.reportedResult()
        }
    }

    /// What `tollgate login` says.
    func login(_ username: String = "ops") async throws -> CommandResult {
        try await tell(LoginCommand.self, "--username", username, "--password-file", passwordFile)
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous body came to.
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

/// A gateway without telephones: no call is placed, hang-ups find none.
final class RefusingCalls: CallCommands {
    let placements = Mutex<[CallPlacement]>([])

    func hangUp(_ call: ResourceIdentifier) async -> CallHangUp? { nil }

    func place(_ placement: CallPlacement) async -> CallPlacementOutcome {
        placements.withLock { $0.append(placement) }
        return .unavailable("no telephones here")
    }

    func reloadPolicy() async throws {}
}
