// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// A program that a test runs, with its output in files; it never outlives the value.
final class ChildProcess {
    let name: String
    let outputFile: URL
    let errorFile: URL
    private let process = Process()

    /// Starts a program.
    init(_ executable: String, _ arguments: [String], name: String, in directory: URL) throws {
        self.name = name
        outputFile = directory.appendingPathComponent(name + ".out")
        errorFile = directory.appendingPathComponent(name + ".err")
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try Self.withoutBlockedSignals { try process.run() }
    }

    /// A program inherits the signals that its maker's thread blocks, and Dispatch's threads block them all.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var former = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        try body()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }
    /// What it wrote to standard output so far.
    var output: String { Self.text(outputFile) }
    /// What it wrote to standard error so far.
    var errors: String { Self.text(errorFile) }

    /// Sends a signal to this process alone.
    func send(_ signal: Int32) {
        if process.isRunning { kill(process.processIdentifier, signal) }
    }

    /// The exit status, or 128 and the signal that ended it.
    func exitStatus(within seconds: Double) async throws -> Int32 {
        try await waiting("\(name) to end", within: seconds) { !process.isRunning }
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// Ends it: with SIGTERM first, and with SIGKILL after some seconds.
    func end() async {
        send(SIGTERM)
        if (try? await exitStatus(within: 3)) == nil {
            send(SIGKILL)
            _ = try? await exitStatus(within: 3)
        }
    }

    private static func text(_ file: URL) -> String {
        String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }
}

/// A condition did not come true in time.
struct TookTooLong: Error, CustomStringConvertible {
    let description: String
}

/// Looks every few milliseconds whether something has come true.
func waiting(
    _ what: String,
    within seconds: Double,
    every milliseconds: Int = 10,
    _ condition: () throws -> Bool
) async throws {
    let limit = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        guard ContinuousClock.now < limit else { throw TookTooLong(description: "waited \(seconds) s for \(what)") }
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}
