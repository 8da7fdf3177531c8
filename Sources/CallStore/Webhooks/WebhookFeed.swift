// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import Synchronization

/// Whose calls' events are kept for delivery, and who is told when there are some.
///
/// The writer looks here once per batch; while nobody subscribes it does no more than that.
package final class WebhookFeed: Sendable {
    private struct State {
        var isOpen = false
        var subscribers: Set<ResourceIdentifier> = []
        var listener: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    init() {}

    /// The customers whose calls' events are kept; none while the feed is closed.
    package var subscribers: Set<ResourceIdentifier> {
        state.withLock { $0.isOpen ? $0.subscribers : [] }
    }

    /// Begins to keep events; a gateway that delivers none leaves the feed closed, so that they do not pile up.
    func open() {
        state.withLock { $0.isOpen = true }
    }

    /// Names the customers whose calls' events are kept from the next batch on.
    func subscribe(_ customers: Set<ResourceIdentifier>) {
        state.withLock { $0.subscribers = customers }
    }

    /// Has `listener` called whenever events have been committed, on the writer's thread: it must return at once.
    package func listen(_ listener: (@Sendable () -> Void)?) {
        state.withLock { $0.listener = listener }
    }

    /// Tells the listener that events have been committed.
    func signal() {
        state.withLock { $0.listener }?()
    }
}
