// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// A command that works out what it has to say before it says it, and waits for others meanwhile.
package protocol AsyncReportingCommand: AsyncParsableCommand {
    /// Does the work.
    ///
    /// - Throws: `CommandFailure`, or `ValidationError` for a wrong command line.
    func result() async throws -> CommandResult
}

extension AsyncReportingCommand {
    /// The result, or the failure as a result; a wrong command line is still thrown.
    package func reportedResult() async throws -> CommandResult {
        do {
            return try await result()
        } catch let failure as CommandFailure {
            return CommandResult(failure)
        }
    }

    /// Writes what the command has to say and ends with its status.
    package func run() async throws {
        let result = try await reportedResult()
        try Console.write(result)
        guard result.status == .success else { throw ExitCode(result.status.rawValue) }
    }
}
