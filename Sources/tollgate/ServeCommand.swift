// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandLineTool
import Dispatch
import Foundation
import Gateway
import Logging
import TollgateConfiguration

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `tollgate serve`: runs the gateway until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the gateway.",
        discussion: """
            Reads the configuration, opens the store, applies the provisioning file that the configuration names, and \
            listens. What listens where is printed on standard output; the log goes to standard error.

            EXAMPLES
              tollgate serve --config config/demo.yaml
              tollgate check --config gateway.yaml && tollgate serve --config gateway.yaml

            SIGNALS
              TERM, INT  stop: new calls are refused with 503, calls in progress
                         may go on for `drain_seconds`; a second signal ends
                         the process at once
              HUP        take over what `tollgate provision` changed in the store;
                         calls in progress go on

            The exit status is 78 when the configuration is wrong (each problem is printed with its line), 69 when a \
            port is in use, and 74 when the store cannot be used.
            """
    )

    @Option(name: .long, help: ArgumentHelp("The gateway's configuration.", valueName: "file"))
    var config: String

    func run() async throws {
        let signals = ProcessSignals([SIGTERM, SIGINT, SIGHUP])
        let configuration = try load()
        StoreDirectory.make(for: configuration.store.path)
        let server: GatewayServer
        do {
            server = try await GatewayServer.start(configuration: configuration, logger: logger(configuration))
        } catch let error as GatewayStartError {
            Console.note("tollgate: \(error.description)\n")
            throw ExitCode(error.exitCode)
        }
        try Console.write(CommandResult(output: server.greeting + "\n"))
        await serve(server, until: signals)
    }

    private func load() throws -> GatewayConfiguration {
        do {
            return try GatewayConfiguration.load(path: config)
        } catch {
            try Console.write(CommandResult(CommandFailure(error)))
            throw ExitCode(CommandStatus.configuration.rawValue)
        }
    }

    private func logger(_ configuration: GatewayConfiguration) -> Logger {
        var logger = Logger(label: "tollgate") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: configuration.logging.level.rawValue) ?? .info
        return logger
    }

    /// Reloads at every SIGHUP and stops at the first SIGTERM or SIGINT; the next one ends the process.
    private func serve(_ server: GatewayServer, until signals: ProcessSignals) async {
        var stopping: Task<Void, Never>?
        for await signal in signals.received {
            if signal == SIGHUP {
                await server.reload()
            } else if stopping == nil {
                Console.note("tollgate: stopping; calls in progress may finish, another signal ends them at once\n")
                stopping = Task { [end = signals.end] in
                    await server.shutdown()
                    end.finish()
                }
            } else {
                _exit(128 + signal)
            }
        }
    }
}

/// The signals sent to the process, as a stream, for as long as the value lives.
private final class ProcessSignals {
    let received: AsyncStream<Int32>
    /// What ends the stream.
    let end: AsyncStream<Int32>.Continuation
    private let sources: [any DispatchSourceSignal]

    /// Takes the signals over from their default action.
    init(_ numbers: [Int32]) {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        let queue = DispatchQueue(label: "tollgate.signals")
        sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
        received = stream
        end = continuation
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
