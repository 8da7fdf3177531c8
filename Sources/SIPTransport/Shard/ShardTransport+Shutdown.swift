// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import MonotonicTime
package import NIOCore

extension ShardTransport {
    /// Closes everything in good order: listeners at once, connections when what was given to them is sent, or at the
    /// latest after `closeTimeout`. When the future succeeds the delegate has been let go.
    package func shutdown() -> EventLoopFuture<Void> {
        if let promise = shutdownPromise { return promise.futureResult }
        let promise = eventLoop.makePromise(of: Void.self)
        shutdownPromise = promise
        closeListeners()
        flush()
        for connection in connections.byIdentifier.values {
            connection.close()
        }
        finishShutdownIfDrained()
        if !isDrained {
            scheduleSweep(at: now() + limits.closeTimeout)
        }
        return promise.futureResult
    }

    private func closeListeners() {
        for listener in listeners {
            listener.channel?.close(promise: nil)
        }
    }

    /// Closes listeners that were never promised to anyone: their end is not told.
    func abandonListeners() {
        let abandoned = listeners
        listeners = []
        for listener in abandoned {
            listener.channel?.close(promise: nil)
        }
    }

    /// A listener's channel is gone: expected while shutting down, told to the delegate otherwise.
    func listenerClosed(_ index: Int, channel: any Channel) {
        guard index < listeners.count, listeners[index].channel === channel else { return }
        listeners[index].channel = nil
        listeners[index].datagramSocket = nil
        if shutdownPromise == nil {
            postListenerFailed(index, reason: .connectionClosed)
        }
        finishShutdownIfDrained()
    }

    func finishShutdownIfDrained() {
        guard let promise = shutdownPromise, !isDrained, connections.count == 0,
            listeners.allSatisfy({ $0.channel == nil })
        else { return }
        isDrained = true
        silenceAlarms()
        deliverNotices()
        listeners = []
        delegate = nil
        promise.succeed()
    }
}
