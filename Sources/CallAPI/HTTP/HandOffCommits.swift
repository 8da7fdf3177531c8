// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallStore
import Synchronization

/// Carries the commits of handed-over calls to a call API that is made after the writer.
package final class HandOffCommits: StoreCompletionSink {
    private let api = Mutex<HTTPCallAPI?>(nil)

    /// Makes a sink that leads nowhere yet.
    package init() {}

    func connect(_ api: HTTPCallAPI) {
        self.api.withLock { $0 = api }
    }

    /// Hands the tokens on.
    package func storeCompleted(tokens: [UInt64], outcome: StoreOutcome) {
        api.withLock { $0 }?.storeCompleted(tokens: tokens, outcome: outcome)
    }
}
