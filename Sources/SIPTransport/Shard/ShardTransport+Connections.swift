// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import MonotonicTime

extension ShardTransport {
    /// Takes an accepted connection into the table, unless a limit forbids it.
    func admit(_ connection: StreamConnection) -> Bool {
        guard shutdownPromise == nil, connections.count < limits.maxConnections,
            connections.accepted(from: connection.peer) < limits.tcpConnectionsPerPeer
        else {
            counters.connectionsRefused &+= 1
            return false
        }
        if connection.kind == .tls {
            guard connections.handshakeCount < limits.maxHandshakes,
                connections.handshakes(from: connection.peer) < limits.handshakesPerPeer
            else {
                counters.connectionsRefused &+= 1
                return false
            }
            connection.beginHandshake()
        }
        counters.connectionsAccepted &+= 1
        connections.insert(connection)
        startSweeping()
        return true
    }

    func retire(_ connection: StreamConnection) {
        connections.retire(connection)
        scheduleSweep(at: now() + limits.closeTimeout)
    }

    /// A channel is gone, or was never opened. May be told twice.
    func connectionEnded(_ connection: StreamConnection) {
        guard connections.remove(connection) else { return }
        if connection.wasOpen {
            postConnectionClosed(connection)
        }
        finishShutdownIfDrained()
    }

    func startSweeping() {
        scheduleSweep(at: now() + sweepInterval)
    }

    /// Looks at every connection now and then, which is cheaper than a timer for each.
    func sweep() {
        let instant = now()
        for connection in connections.byIdentifier.values {
            switch connection.state {
            case .open: closeIfStale(connection, at: instant)
            case .closing(let since) where instant - since >= limits.closeTimeout: connection.abort(.connectionClosed)
            case .closing, .connecting, .closed: break
            }
        }
        if connections.count > 0 {
            scheduleSweep(at: instant + sweepInterval)
        }
    }

    private func closeIfStale(_ connection: StreamConnection, at instant: Instant) {
        if let since = connection.partialSince, instant - since >= limits.partialMessageTimeout {
            counters.stalledClosed &+= 1
            connection.close()
        } else if instant - connection.lastActivity >= limits.idleTimeout {
            counters.idleClosed &+= 1
            connection.close()
        }
    }

    /// An eighth of the shortest timeout, between 20 ms and 5 s: a timeout is at most that late.
    private var sweepInterval: Interval {
        let shortest = min(limits.idleTimeout, limits.partialMessageTimeout, limits.closeTimeout * 8)
        return .milliseconds(max(20, min(5_000, shortest.milliseconds / 8)))
    }
}
