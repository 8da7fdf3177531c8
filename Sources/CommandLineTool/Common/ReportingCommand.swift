// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallStore
import Foundation
import TollgateConfiguration

/// A command that works out what it has to say before it says it, so that tests can read it.
package protocol ReportingCommand: ParsableCommand {
    /// Does the work.
    ///
    /// - Throws: `CommandFailure`, `ConfigurationProblems`, `CallStoreError`, or `ValidationError` for a wrong
    ///   command line.
    func result() throws -> CommandResult
}

extension ReportingCommand {
    /// The result, or the failure as a result; a wrong command line is still thrown.
    package func reportedResult() throws -> CommandResult {
        do {
            return try result()
        } catch let failure as CommandFailure {
            return CommandResult(failure)
        } catch let problems as ConfigurationProblems {
            return CommandResult(CommandFailure(problems))
        } catch let error as CallStoreError {
            return CommandResult(CommandFailure(error))
        }
    }

    /// Writes what the command has to say and ends with its status.
    package func run() throws {
        let result = try reportedResult()
        try Console.write(result)
        guard result.status == .success else { throw ExitCode(result.status.rawValue) }
    }
}

/// The process's own standard streams.
package enum Console {
    /// Writes a result, diagnostics last, so that they stand below what they are about.
    package static func write(_ result: CommandResult) throws {
        if !result.output.isEmpty { try FileHandle.standardOutput.write(contentsOf: Data(result.output.utf8)) }
        if !result.diagnostics.isEmpty { note(result.diagnostics) }
    }

    /// Writes to standard error; nothing can be done when that fails.
    package static func note(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
