// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// One piece of work for the writer.
package enum StoreJob: Sendable {
    /// Stores a new call with its decision.
    indirect case createCall(CallRecord)
    /// Changes a stored call; an unknown call is reported as rejected.
    indirect case updateCall(CallUpdate)
    /// Makes these all the bindings of one endpoint; an unknown endpoint is reported as rejected.
    case replaceBindings(endpoint: ResourceIdentifier, [StoredBinding])
    /// Drops every binding that ended at or before this time.
    case removeExpiredBindings(before: WallTime)

    /// Whether the work belongs to a call that was admitted before, so that it is taken even over the queue's limit.
    var belongsToAdmittedCall: Bool {
        if case .updateCall = self { true } else { false }
    }
}

/// What became of jobs.
package enum StoreOutcome: Hashable, Sendable {
    /// They are on disk.
    case committed
    /// Nothing of them was written.
    case failed(CallStoreError)
}

/// Whether the writer took a job.
package enum StoreSubmission: Hashable, Sendable {
    /// It will be written, and its outcome reported if its token is not 0.
    case accepted
    /// The queue is at its limit; the job is not taken and nothing will be reported.
    case queueFull
    /// The writer is closed; the job is not taken and nothing will be reported.
    case closed
}

/// Where a shard hears of its jobs' outcomes.
package protocol StoreCompletionSink: Sendable {
    /// Called on the writer's thread, once per batch with all of the shard's committed tokens, and once per error.
    ///
    /// It must return at once: hand the tokens over to the shard's own thread.
    func storeCompleted(tokens: [UInt64], outcome: StoreOutcome)
}
