// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why bytes could not be sent (RFC 3261 §18.4: the transport user is told).
package enum TransportFailure: Hashable, Sendable {
    /// The peer refused the connection, or no process listens there.
    case refused
    /// The connection was not established in time.
    case timedOut
    /// No route to the network or the host, or the local address cannot reach it.
    case unreachable
    /// The datagram is longer than the path or the protocol allows; a stream is needed (RFC 3261 §18.1.1).
    case tooLong
    /// The connection was closed or reset before the bytes were handed to the system.
    case connectionClosed
    /// The peer does not read: more bytes wait for it than the limit allows.
    case congested
    /// The shard holds as many connections as it may.
    case tooManyConnections
    /// No listener has this index, or the peer's address family is not the listener's.
    case noSuitableListener
    /// The transport is shutting down.
    case shutDown
    /// The TLS connection could not be made, or broke: what is wrong, in words.
    case insecure(String)
    /// Another error of the system, with its `errno`.
    case system(Int32)
}

extension TransportFailure: CustomStringConvertible {
    /// The reason in words, for logs and Reason header fields.
    package var description: String {
        switch self {
        case .refused: "connection refused"
        case .timedOut: "connection timed out"
        case .unreachable: "peer unreachable"
        case .tooLong: "datagram too long"
        case .connectionClosed: "connection closed"
        case .congested: "peer does not read"
        case .tooManyConnections: "too many connections"
        case .noSuitableListener: "no suitable listener"
        case .shutDown: "transport shut down"
        case .insecure(let words): "TLS: \(words)"
        case .system(let code): "system error: \(SystemError.text(code))"
        }
    }
}
