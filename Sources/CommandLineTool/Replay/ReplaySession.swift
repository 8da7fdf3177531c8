// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import Replay
import Synchronization
import TraceCapture

/// One run of `tollgate replay`.
struct ReplaySession {
    private let command: ReplayCommand

    init(_ command: ReplayCommand) {
        self.command = command
    }

    func run(_ output: ReplayOutput, progress: Bool) async throws -> CommandResult {
        let target: ReplayTarget
        do {
            target = try ReplayTarget(command.to, allowsRemote: command.allowRemote)
        } catch {
            throw CommandFailure("--to: \(error.description)", status: .unanswerable)
        }
        let secrets = try ReplaySecrets(command)
        var feed = CaptureFeed(
            captures: command.captures,
            filter: command.filter,
            progress: progress ? .ifWatched : nil
        )
        let plan = try plan(&feed)
        var diagnostics = feed.errors.map { "tollgate: \(PlainText.harmless($0))\n" }.joined()
        guard !plan.dialogs.isEmpty else {
            diagnostics += "tollgate: \(PlainText.harmless(Self.emptyPlan(plan)))\n"
            return CommandResult(diagnostics: diagnostics, status: .unanswerable)
        }
        var writer = ReplayWriter(command, plan)
        try output.write(writer.begin(target))
        let state = Mutex(State(writer: writer))
        try await ReplayRunner.run(plan, options(target), secrets, target: target) { report in
            state.withLock { state in
                do {
                    if progress { Console.note("\r\u{1B}[K") }
                    try output.write(try state.writer.report(report))
                    if progress { Console.note(state.writer.progress) }
                } catch {
                    state.failure = state.failure ?? "\(error)"
                }
            }
        }
        if progress { Console.note("\r\u{1B}[K") }
        let failure = state.withLock { $0.failure }
        if let failure { throw CommandFailure(failure, status: .inputOutput) }
        writer = state.withLock { $0.writer }
        try output.write(try writer.end())
        if let silence = writer.silence {
            diagnostics += "tollgate: nothing came back from \(target.domain): \(PlainText.harmless(silence)); "
            diagnostics += "is the gateway running, and is that its port?\n"
        }
        let hasErrors = !feed.errors.isEmpty || writer.silence != nil
        return CommandResult(
            diagnostics: diagnostics,
            status: hasErrors ? .unanswerable : writer.hasDifferences ? .rejected : .success
        )
    }

    private struct State {
        var writer: ReplayWriter
        var failure: String?
    }

    private func plan(_ feed: inout CaptureFeed) throws -> ReplayPlan {
        var options = ReplayPlanOptions()
        options.clients = command.from.compactMap { ReplayPlanOptions.Endpoint($0) }
        options.servers = command.server.compactMap { ReplayPlanOptions.Endpoint($0) }
        options.transport = command.transport
        if let limit = command.limit { options.limit = limit }
        var planner = ReplayPlanner(options)
        try feed.read { event in
            switch event {
            case .message(let message): planner.take(message)
            case .note(let note): planner.take(note)
            }
        }
        return planner.finish()
    }

    private func options(_ target: ReplayTarget) -> ReplayOptions {
        let server = LocalEndpoint(host: target.ipAddress, port: UInt16(clamping: target.port))
        var options = ReplayOptions(server: server, domain: command.domain ?? target.domain)
        options.speed = command.speed
        options.concurrency = command.concurrency
        options.timeout = .milliseconds(Int64(command.timeout * 1000))
        return options
    }

    private static func emptyPlan(_ plan: ReplayPlan) -> String {
        guard plan.counts.messages > 0 else { return "the captures hold no SIP message that could be read" }
        let server = plan.servers.map(\.description).joined(separator: ", ")
        let taken = server.isEmpty ? "no server was found" : "the server is taken to be \(server)"
        return "nothing to replay: \(taken); name it with --server, and look at --from"
    }
}

/// Where a replay's output goes: a file, or memory.
final class ReplayOutput: Sendable {
    private let file: Mutex<OutputFile?>
    private let held = Mutex("")

    init(_ file: OutputFile?) {
        self.file = Mutex(file)
    }

    var text: String { held.withLock { $0 } }

    func write(_ text: String) throws {
        let isHeld = try file.withLock { file in
            try file?.write(text)
            return file == nil
        }
        if isHeld { held.withLock { $0 += text } }
    }
}
