// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import CallStore

/// The call API inside the process: a call is created by the commit of its record in the gateway's own store.
package final class EmbeddedCallAPI: CallAPI {
    private let writer: StoreWriter

    /// Makes the API over a store's writer; the writer reports commits to the sinks it was made with.
    package init(writer: StoreWriter) {
        self.writer = writer
    }

    /// Queues the record; the shard hears of its commit.
    package func create(_ record: CallRecord, shard: Int, token: UInt64) -> Bool {
        writer.submit(.createCall(record), shard: shard, token: token) == .accepted
    }

    /// Queues the record without waiting for its commit; a full queue loses it, since nothing was promised.
    package func noteRejected(_ record: CallRecord) {
        _ = writer.submit(.createCall(record), shard: 0, token: 0)
    }

    /// Queues the change behind the record's creation.
    package func update(_ change: CallUpdate) {
        _ = writer.submit(.updateCall(change), shard: 0, token: 0)
    }

    /// Nothing: there is no outside service.
    package func resume(_ id: ResourceIdentifier, as identifier: CallAPIIdentifier) {}

    /// Nothing: the writer is closed by whoever made it.
    package func shutdown() async {}
}
