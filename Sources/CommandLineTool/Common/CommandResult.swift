// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallStore
package import TollgateConfiguration

/// What a command has to say, and the status it ends with.
package struct CommandResult: Hashable, Sendable {
    /// The text for standard output, line ends included.
    package var output: String
    /// The text for standard error, line ends included.
    package var diagnostics: String
    /// What the process exits with.
    package var status: CommandStatus

    /// Makes a result; by default a silent success.
    package init(output: String = "", diagnostics: String = "", status: CommandStatus = .success) {
        self.output = output
        self.diagnostics = diagnostics
        self.status = status
    }

    /// The result of a command that failed.
    package init(_ failure: CommandFailure) {
        self.init(diagnostics: failure.message + "\n", status: failure.status)
    }
}

/// Why a command could not do its work: what is wrong, what to do about it, and the status to exit with.
package struct CommandFailure: Error, Hashable, Sendable {
    /// One line, or one for each problem of a file; without the last line end.
    package var message: String
    /// What the process exits with.
    package var status: CommandStatus

    /// Makes a failure; the message is what the operator reads.
    package init(_ message: String, status: CommandStatus) {
        self.message = "tollgate: " + message
        self.status = status
    }

    /// Every problem of a file, each with its place.
    package init(_ problems: ConfigurationProblems) {
        message = problems.description
        status = .configuration
    }

    /// What the store reports.
    package init(_ error: CallStoreError) {
        self.init(error.description, status: error.exitStatus)
    }
}

extension CallStoreError {
    /// The status that a command ends with when the store fails so.
    package var exitStatus: CommandStatus {
        switch self {
        case .cannotOpen, .lockedByAnotherProcess, .schemaTooNew: .cannotOpenStore
        case .invalidPlan: .configuration
        case .diskFull, .corrupt, .notWritable, .rejected, .queueFull, .closed, .failed: .inputOutput
        }
    }
}
