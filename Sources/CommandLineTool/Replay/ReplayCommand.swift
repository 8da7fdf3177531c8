// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallStore
import Dispatch
import Foundation
import Replay
import TollgateConfiguration

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `tollgate replay`: sends what a capture's clients sent to a live gateway.
package struct ReplayCommand: AsyncParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send the requests of a capture to a live gateway and tell what differs.",
        discussion: ReplayHelp.discussion
    )

    /// The forms of output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: ArgumentHelp("Captures: pcap, pcapng or text; - for standard input.", valueName: "capture"))
    var captures: [String]

    @Option(name: .long, help: ArgumentHelp("The live gateway; the port is 5060 by default.", valueName: "host:port"))
    var to: String

    @Flag(name: .long, help: "Place the calls even if the gateway is not on this machine.")
    var allowRemote = false

    @Option(
        name: .long,
        help: ArgumentHelp("Replay only what this client sent; may be repeated.", valueName: "address")
    )
    var from: [String] = []

    @Option(name: .long, help: ArgumentHelp("The server in the capture; may be repeated.", valueName: "address"))
    var server: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What replaces the captured server's names in URIs; by default --to's host.",
            valueName: "name"
        )
    )
    var domain: String?

    @Option(
        name: [.customLong("customers"), .customLong("provisioning")],
        help: ArgumentHelp("Take the clients' secrets from this provisioning file.", valueName: "file")
    )
    var customers: String?

    @Option(name: .long, help: ArgumentHelp("Take them from this gateway's store.", valueName: "file"))
    var config: String?

    @Option(
        name: [.customLong("store"), .customLong("database")],
        help: ArgumentHelp("Take them from this store; with --config, which names the realm.", valueName: "path")
    )
    var store: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A client's password, which others on this machine can see; may be repeated.",
            valueName: "user=password"
        )
    )
    var password: [String] = []

    @Option(name: .long, help: ArgumentHelp("Passwords, a line `user=password` for each.", valueName: "file"))
    var passwordFile: String?

    @Option(name: .long, help: ArgumentHelp("How much faster than captured; 0 is as fast as answers allow."))
    var speed = 1.0

    @Option(name: .long, help: ArgumentHelp("Replay so many dialogs at most.", valueName: "number"))
    var limit: Int?

    @Option(name: .long, help: ArgumentHelp("How many dialogs are open at once.", valueName: "number"))
    var concurrency = 50

    @Option(
        name: .long,
        help: ArgumentHelp("How long to wait for an answer beyond what it took in the capture.", valueName: "seconds")
    )
    var timeout = 32.0

    @Option(name: .long, help: "Send everything over udp or tcp; by default as captured.")
    var transport: PlannedLine.Transport?

    @Option(name: .long, help: ArgumentHelp("Read these packets only, as 'udp port 5060'.", valueName: "bpf"))
    var filter: String?

    @Option(name: .long, help: "The form of the output: text or json.")
    var format = Format.text

    @Flag(name: .long, help: "Tell everything that differs.")
    var verbose = false

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Refuses what makes no sense.
    package func validate() throws {
        guard speed >= 0, speed.isFinite else { throw ValidationError("--speed is 0 or more.") }
        guard concurrency > 0 else { throw ValidationError("--concurrency is 1 or more.") }
        guard (limit ?? 1) > 0 else { throw ValidationError("--limit is 1 or more.") }
        guard timeout > 0, timeout <= 86_400 else { throw ValidationError("--timeout is more than 0 seconds.") }
        for address in from + server where ReplayPlanOptions.Endpoint(address) == nil {
            throw ValidationError("`\(address)` is no address: write 192.0.2.1 or 192.0.2.1:5060.")
        }
        for pair in password where !pair.contains("=") {
            throw ValidationError("--password is USER=PASSWORD.")
        }
        guard captures.filter({ $0 == "-" }).count < 2 else {
            throw ValidationError("Standard input can be read once only.")
        }
    }

    /// Replays the captures; the whole output is held in memory.
    package func result() async -> CommandResult {
        let output = ReplayOutput(nil)
        var result = await perform(output, progress: false)
        result.output = output.text
        return result
    }

    /// Replays the captures and writes as it goes. An interrupt ends the calls in progress.
    package func run() async throws {
        let replay = Task { await perform(ReplayOutput(.standardOutput), progress: isatty(STDERR_FILENO) == 1) }
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        signal(SIGINT, SIG_IGN)
        source.setEventHandler { replay.cancel() }
        source.resume()
        defer { source.cancel() }
        let result = await replay.value
        if !result.diagnostics.isEmpty { Console.note(result.diagnostics) }
        guard result.status == .success else { throw ExitCode(result.status.rawValue) }
    }

    private func perform(_ output: ReplayOutput, progress: Bool) async -> CommandResult {
        var result: CommandResult
        do {
            return try await ReplaySession(self).run(output, progress: progress)
        } catch let failure as CommandFailure {
            result = CommandResult(failure)
        } catch let problems as ConfigurationProblems {
            result = CommandResult(CommandFailure(problems))
        } catch let error as CallStoreError {
            result = CommandResult(CommandFailure(error))
        } catch {
            result = CommandResult(CommandFailure("\(error)", status: .unanswerable))
        }
        // Whoever compares in a script tells "different" from "could not compare" by 1 and 2.
        result.status = .unanswerable
        return result
    }
}

extension PlannedLine.Transport: ExpressibleByArgument {}
