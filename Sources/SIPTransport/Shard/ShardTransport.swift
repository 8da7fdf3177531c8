// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime
package import NIOCore

/// The sockets of one shard: its own UDP sockets, TCP listeners and connections, on one event loop.
///
/// Confined to that loop: make it, call it and let it go there. Shards share nothing; each binds the same addresses
/// and the system spreads peers over them. The shard with index 0 binds first, exclusively, so that a second process
/// is found out rather than given half of the traffic; only then may the others bind.
///
/// Delegate and transport hold each other until `shutdown` has ended.
package final class ShardTransport {
    /// The loop everything here is confined to.
    package let eventLoop: any EventLoop
    /// This shard's index, from 0.
    package let shard: Int
    /// What peers may make this shard hold.
    package let limits: TransportLimits
    /// Who is told what comes in.
    package var delegate: (any TransportDelegate)?
    /// What has been seen since the start.
    package internal(set) var counters = TransportCounters()

    var listeners: [Listener] = []
    var connections = ConnectionTable()
    var serial: UInt64 = 0
    var shutdownPromise: EventLoopPromise<Void>?
    var isDrained = false
    private var dirty: [StreamConnection] = []
    private var notices: [Notice] = []
    private var wakeAlarm: LoopAlarm?
    private var sweepAlarm: LoopAlarm?

    private enum Notice {
        case sendFailed(token: UInt64, reason: TransportFailure)
        case connectionClosed(ConnectionIdentifier, PeerAddress)
        case listenerFailed(Int, TransportFailure)
        case securityFailed(PeerAddress, listener: Int, reason: String)
    }

    /// Makes a transport without sockets.
    package init(
        eventLoop: any EventLoop,
        shard: Int,
        limits: TransportLimits = TransportLimits(),
        delegate: (any TransportDelegate)? = nil
    ) {
        self.eventLoop = eventLoop
        self.shard = shard
        self.limits = limits
        self.delegate = delegate
        wakeAlarm = LoopAlarm(eventLoop: eventLoop) { [weak self] in self?.wake() }
        sweepAlarm = LoopAlarm(eventLoop: eventLoop) { [weak self] in self?.sweep() }
    }

    /// The time now, in whole milliseconds of the loop's clock.
    package func now() -> Instant {
        LoopAlarm.now()
    }

    /// Asks for one `wake(at:)` no later than `instant`, an instant of this transport's clock.
    ///
    /// Asking again for a later instant changes nothing, so a wake may come before anything is due; each wake must be
    /// asked for anew.
    package func scheduleWake(at instant: Instant) {
        wakeAlarm?.arm(at: instant)
    }

    /// Hands everything written to the system. Done by itself after each delegate call; others must call it after a
    /// hop from another shard.
    package func flush() {
        while let connection = dirty.popLast() {
            connection.flush()
        }
    }

    private func wake() {
        delegate?.wake(at: now())
        flush()
    }

    func finishBatch() {
        delegate?.readComplete()
        flush()
    }

    func markDirty(_ connection: StreamConnection) {
        guard !connection.isDirty else { return }
        connection.isDirty = true
        dirty.append(connection)
    }

    func scheduleSweep(at instant: Instant) {
        sweepAlarm?.arm(at: instant)
    }

    func silenceAlarms() {
        wakeAlarm?.disarm()
        sweepAlarm?.disarm()
    }
}

extension ShardTransport {
    func failed(token: UInt64, reason: TransportFailure) {
        guard token != 0 else { return }
        post(.sendFailed(token: token, reason: reason))
    }

    func postConnectionClosed(_ connection: StreamConnection) {
        post(.connectionClosed(connection.identifier, connection.peer))
    }

    func postListenerFailed(_ index: Int, reason: TransportFailure) {
        post(.listenerFailed(index, reason))
    }

    func postSecurityFailed(_ connection: StreamConnection, reason: String) {
        post(.securityFailed(connection.peer, listener: connection.listener, reason: reason))
    }

    /// Tells the delegate in a later turn of the loop, so that it is never re-entered from one of its own calls.
    private func post(_ notice: Notice) {
        notices.append(notice)
        guard notices.count == 1 else { return }
        // SAFETY: everything here runs on the one loop; NIO checks it.
        eventLoop.assumeIsolated().execute { self.deliverNotices() }
    }

    func deliverNotices() {
        let delivered = notices
        notices = []
        for notice in delivered {
            switch notice {
            case .sendFailed(let token, let reason): delegate?.sendFailed(token: token, reason: reason)
            case .connectionClosed(let identifier, let peer): delegate?.connectionClosed(identifier, peer: peer)
            case .listenerFailed(let index, let reason): delegate?.listenerFailed(index, reason: reason)
            case .securityFailed(let peer, let listener, let reason):
                delegate?.securityFailed(with: peer, listener: listener, reason: reason)
            }
        }
        flush()
    }
}
