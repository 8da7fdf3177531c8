// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// How the writer gathers work.
package struct StoreWriterOptions: Hashable, Sendable {
    /// Microseconds that a job with a token waits for company; a commit costs the same for one as for many.
    package var gatherMicroseconds: Int
    /// Microseconds that jobs without a token may wait when no one with a token comes.
    package var idleMicroseconds: Int
    /// Waiting jobs at which new calls and bindings are refused; updates of calls are refused at twice as many.
    package var queueLimit: Int
    /// Microseconds before updates that could not be written are tried again.
    package var retryMicroseconds: Int

    /// Makes options.
    package init(
        gatherMicroseconds: Int = 2000,
        idleMicroseconds: Int = 50_000,
        queueLimit: Int = 100_000,
        retryMicroseconds: Int = 1_000_000
    ) {
        self.gatherMicroseconds = gatherMicroseconds
        self.idleMicroseconds = idleMicroseconds
        self.queueLimit = queueLimit
        self.retryMicroseconds = retryMicroseconds
    }
}

/// What the writer has done so far.
package struct StoreWriterStatistics: Hashable, Sendable {
    /// Transactions committed.
    package var commits: UInt64 = 0
    /// Jobs in them.
    package var jobs: UInt64 = 0
    /// Transactions that failed.
    package var failures: UInt64 = 0
    /// Jobs waiting at the moment.
    package var waiting: Int = 0
}
