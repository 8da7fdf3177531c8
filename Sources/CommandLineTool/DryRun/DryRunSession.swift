// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DryRun
import TraceCapture

/// One run of `tollgate dry-run`.
struct DryRunSession {
    private let command: DryRunCommand
    private let screen: DryRunScreen

    init(_ command: DryRunCommand, _ screen: DryRunScreen) {
        self.command = command
        self.screen = screen
    }

    /// Does the work; the output goes out through `write` bit by bit.
    func run(_ write: (String) throws -> Void) throws -> CommandResult {
        let files = PolicyFiles(
            config: command.location.config,
            provisioning: command.provisioning,
            store: command.location.store,
            domains: command.domain
        )
        let world = try files.load()
        guard !command.isComparing else { return try compare(world, write) }
        if let path = command.expect { return try expect(world, path, write) }
        return try judge(world, write)
    }

    private var feed: CaptureFeed {
        CaptureFeed(captures: command.captures, filter: command.filter, progress: screen.progress)
    }

    private func dryRun(_ world: JudgingWorld) -> DryRun {
        DryRun(
            world.dryRun,
            options: DryRunOptions(caller: command.caller, judgesEveryInvite: command.judgesAll)
        )
    }

    private func result(_ worlds: [JudgingWorld], _ feed: CaptureFeed, status: CommandStatus) -> CommandResult {
        let remarks = worlds.compactMap(\.remark) + feed.errors
        let diagnostics = remarks.map { "tollgate: \(PlainText.harmless($0))\n" }.joined()
        guard feed.errors.isEmpty else {
            let isComparison = command.isComparing || command.expect != nil
            return CommandResult(diagnostics: diagnostics, status: isComparison ? .unanswerable : .noInput)
        }
        return CommandResult(diagnostics: diagnostics, status: status)
    }

    // MARK: - Judging

    private var writer: any DryRunWriter {
        switch command.format {
        case .json: DryRunJSONWriter()
        case .html: DryRunHTMLWriter()
        case .text:
            DryRunTextWriter(
                isVerbose: command.verbose || command.only != nil,
                hasColour: screen.hasColour,
                width: screen.width
            )
        }
    }

    private func judge(_ world: JudgingWorld, _ write: (String) throws -> Void) throws -> CommandResult {
        var run = dryRun(world)
        var feed = feed
        var writer = writer
        var summary = DryRunSummary()
        let recorder = try command.record.map(OutputFile.init)
        try write(try writer.begin(command.captures))
        func drain() throws {
            while let judged = run.nextCall() {
                let call = DryRunCall(judged, in: world.decision)
                summary.add(call)
                if let recorder { try recorder.write(try JSONText.line(Expectation(call))) }
                if command.only == nil || command.only == call.call { try write(try writer.call(call)) }
            }
            while let note = run.nextNote() { summary.add(note) }
        }
        try feed.read { event in
            switch event {
            case .message(let message): run.take(message)
            case .note(let note): summary.add(note)
            }
            try drain()
        }
        run.finish()
        try drain()
        try recorder?.close()
        summary.captures = command.captures
        summary.take(run.counts)
        summary.packets = feed.packets
        summary.errors = feed.errors
        if let only = command.only, only > summary.calls {
            let there = PlainText.count(summary.calls, "call")
            throw CommandFailure("there is no call \(only); the capture has \(there)", status: .unanswerable)
        }
        // When nothing could be read there is nothing to sum up, and the errors say why.
        let isEmpty = run.counts.messages == 0 && feed.errors.count == command.captures.count
        guard command.format != .text || !isEmpty else { return result([world], feed, status: .success) }
        if command.only == nil || command.format == .html { try write(try writer.end(summary)) }
        return result([world], feed, status: .success)
    }

    // MARK: - Comparing

    private func expect(
        _ world: JudgingWorld,
        _ path: String,
        _ write: (String) throws -> Void
    ) throws -> CommandResult {
        var expectations = try ExpectationFile(path: path)
        var run = dryRun(world)
        var feed = feed
        func drain() throws {
            while let judged = run.nextCall() {
                try write(expectations.take(DryRunCall(judged, in: world.decision)))
            }
            while run.nextNote() != nil {}
        }
        try feed.read { event in
            if case .message(let message) = event { run.take(message) }
            try drain()
        }
        run.finish()
        try drain()
        try write(expectations.finish())
        return result([world], feed, status: expectations.different == 0 ? .success : .rejected)
    }

    private func compare(_ world: JudgingWorld, _ write: (String) throws -> Void) throws -> CommandResult {
        let files = PolicyFiles(
            config: command.againstConfig ?? command.location.config,
            provisioning: command.againstProvisioning ?? (command.againstConfig == nil ? command.provisioning : nil),
            store: command.againstConfig == nil && command.againstProvisioning == nil ? command.location.store : nil,
            domains: command.domain
        )
        let other = try files.load()
        var (first, second) = (dryRun(world), dryRun(other))
        var feed = feed
        var comparison = DryRunComparison()
        func tell(_ entry: DryRunComparison.Entry?) throws {
            guard let entry else { return }
            try write(command.format == .json ? try JSONText.line(entry) : entry.text)
        }
        func drain() throws {
            while let call = first.nextCall() {
                try tell(comparison.takeFirst(DryRunCall(call, in: world.decision)))
            }
            while let call = second.nextCall() {
                try tell(comparison.takeSecond(DryRunCall(call, in: other.decision)))
            }
            while first.nextNote() != nil {}
            while second.nextNote() != nil {}
        }
        try feed.read { event in
            if case .message(let message) = event {
                first.take(message)
                second.take(message)
            }
            try drain()
        }
        first.finish()
        second.finish()
        try drain()
        for entry in comparison.finish() { try tell(entry) }
        try write(command.format == .json ? try JSONText.line(comparison.counts) : comparison.counts.text)
        return result([world, other], feed, status: comparison.counts.different == 0 ? .success : .rejected)
    }
}
