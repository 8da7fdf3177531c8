// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What the process exits with; the numbers from 64 on are those of `sysexits.h`.
package enum CommandStatus: Int32, Sendable, CaseIterable {
    /// All went well; for `decide`, the call is approved.
    case success = 0
    /// The answer is no: a call is rejected, a number is refused, or the control API refuses what it is asked.
    case rejected = 1
    /// The question cannot be answered: an endpoint, a trunk or a call that is not there, a URI that cannot be read.
    case unanswerable = 2
    /// The command line itself is wrong.
    case usage = 64
    /// A file that was named cannot be read.
    case noInput = 66
    /// A port or another service the gateway needs is not available, or the control API does not answer.
    case unavailable = 69
    /// The store cannot be opened.
    case cannotOpenStore = 73
    /// The store, or the terminal, failed while it was read or written.
    case inputOutput = 74
    /// A configuration or provisioning file is wrong.
    case configuration = 78

    /// The list of all statuses, for help texts.
    package static let explanation = """
        EXIT STATUS
          0   all went well; for `decide`, the call is approved
          1   the answer is no: the call is rejected, a number is refused, the
              control API refuses
          2   the question cannot be answered, as with an endpoint that is not there
          64  the command line is wrong
          66  a file that was named cannot be read
          69  a port that the gateway needs is not available, or the control API
              does not answer
          73  the store cannot be opened
          74  the store, or the output, failed
          78  a configuration or provisioning file is wrong
        """
}
