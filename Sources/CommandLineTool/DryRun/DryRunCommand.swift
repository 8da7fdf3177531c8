// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallStore
import DryRun
import Foundation
import TollgateConfiguration

/// `tollgate dry-run`: what a policy makes of the calls in a capture.
package struct DryRunCommand: ReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "dry-run",
        abstract: "Judge the calls of a capture by a policy, without placing them.",
        discussion: DryRunHelp.discussion
    )

    /// The forms of output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, html
    }

    @Argument(help: ArgumentHelp("Captures: pcap, pcapng or text; - for standard input.", valueName: "capture"))
    var captures: [String]

    @OptionGroup var location: StoreArguments

    @Option(name: .long, help: ArgumentHelp("Judge by this file in memory, without a store.", valueName: "file"))
    var provisioning: String?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Take every call to come from this endpoint.", valueName: "username")
    )
    var caller: String?

    @Flag(name: .customLong("all"), help: "Judge every INVITE outside a dialog, those of other legs too.")
    var judgesAll = false

    @Option(
        name: .long,
        help: ArgumentHelp("A name that means the gateway in this capture; may be given several times.")
    )
    var domain: [String] = []

    @Option(name: .long, help: ArgumentHelp("Read these packets only, as 'udp port 5060'.", valueName: "bpf"))
    var filter: String?

    @Option(name: .long, help: "The form of the output: text, json or html.")
    var format = Format.text

    @Option(name: .long, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Option(
        name: .customLong("call"),
        help: ArgumentHelp("Tell all about this call, and no other.", valueName: "number")
    )
    var only: Int?

    @Flag(name: .long, help: "Tell all about every call: findings, and the message beside the captured one.")
    var verbose = false

    @Option(name: .long, help: ArgumentHelp("Compare with the policy of this configuration.", valueName: "file"))
    var againstConfig: String?

    @Option(name: .long, help: ArgumentHelp("Compare with the policy of this provisioning file.", valueName: "file"))
    var againstProvisioning: String?

    @Option(name: .long, help: ArgumentHelp("Write what each call comes to, for --expect.", valueName: "file"))
    var record: String?

    @Option(name: .long, help: ArgumentHelp("Compare with what --record wrote.", valueName: "file"))
    var expect: String?

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Refuses what does not go together.
    package func validate() throws {
        let comparisons = [isComparing, expect != nil].filter(\.self).count
        guard comparisons < 2 else { throw ValidationError("--expect and --against-… exclude each other.") }
        guard comparisons == 0 || format != .html else { throw ValidationError("A comparison is text or json.") }
        guard expect == nil || format == .text else { throw ValidationError("--expect prints text.") }
        guard (only ?? 1) > 0 else { throw ValidationError("--call counts from 1.") }
        guard captures.filter({ $0 == "-" }).count < 2 else {
            throw ValidationError("Standard input can be read once only.")
        }
    }

    /// Whether a second policy was named.
    var isComparing: Bool { againstConfig != nil || againstProvisioning != nil }

    /// Judges the captures; the whole output is held in memory.
    package func result() throws -> CommandResult {
        var text = ""
        var result = try perform(DryRunScreen()) { text += $0 }
        result.output = text
        return result
    }

    /// Judges the captures and writes as it goes.
    package func run() throws {
        let target = try output.map(OutputFile.init) ?? OutputFile.standardOutput
        let screen = output == nil ? DryRunScreen.current : DryRunScreen(progress: .ifWatched)
        let result = try perform(screen) { try target.write($0) }
        try target.close()
        if !result.diagnostics.isEmpty { Console.note(result.diagnostics) }
        guard result.status == .success else { throw ExitCode(result.status.rawValue) }
    }

    private func perform(_ screen: DryRunScreen, _ write: (String) throws -> Void) throws -> CommandResult {
        let failure: CommandFailure
        do {
            return try DryRunSession(self, screen).run(write)
        } catch let error as CommandFailure {
            failure = error
        } catch let problems as ConfigurationProblems {
            failure = CommandFailure(problems)
        } catch let error as CallStoreError {
            failure = CommandFailure(error)
        }
        var result = CommandResult(failure)
        // Whoever compares in a script tells "different" from "could not compare" by 1 and 2.
        if isComparing || expect != nil { result.status = .unanswerable }
        return result
    }
}

/// What the one who reads the output sees it on.
struct DryRunScreen {
    var width: Int?
    var hasColour = false
    var progress: ProgressBar?

    /// The process's own terminal, if it has one.
    static var current: DryRunScreen {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let wantsNoColour = !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        return DryRunScreen(width: Terminal.width, hasColour: isTerminal && !wantsNoColour, progress: .ifWatched)
    }
}

/// A file, or standard output, that is written bit by bit.
struct OutputFile {
    private let handle: FileHandle
    private let path: String?

    static var standardOutput: OutputFile { OutputFile(handle: .standardOutput, path: nil) }

    init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw ExitCode(Self.fail("cannot write `\(path)`; check the folder and its permissions")) }
        self.init(handle: handle, path: path)
    }

    private init(handle: FileHandle, path: String?) {
        self.handle = handle
        self.path = path
    }

    func write(_ text: String) throws {
        guard !text.isEmpty else { return }
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            let name = path.map { "`\($0)`" } ?? "standard output"
            throw CommandFailure("cannot write to \(name): the disk may be full", status: .inputOutput)
        }
    }

    func close() throws {
        if path != nil { try handle.close() }
    }

    private static func fail(_ message: String) -> Int32 {
        Console.note("tollgate: \(message)\n")
        return CommandStatus.inputOutput.rawValue
    }
}
