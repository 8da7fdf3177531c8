// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// The owner of a shard's transport. Every call comes on the shard's event loop.
///
/// No method is called from inside `ShardTransport.send`, `flush` or `close`: failures are told afterwards, so an owner
/// in the middle of an action is never re-entered. What an owner sends from any of these methods is flushed when the
/// method, or for `received` the batch of messages, is over.
package protocol TransportDelegate: AnyObject {
    /// A whole message came. The bytes are the delegate's own.
    func received(_ bytes: [UInt8], from source: ReceivedFrom)

    /// The batch of messages at hand has been delivered.
    func readComplete()

    /// Bytes sent with this token (never 0) did not go out.
    func sendFailed(token: UInt64, reason: TransportFailure)

    /// The TLS handshake of a connection failed, or the connection broke: what is wrong, in words.
    func securityFailed(with peer: PeerAddress, listener: Int, reason: String)

    /// A connection that had been open is gone; its identifier will not come back.
    func connectionClosed(_ connection: ConnectionIdentifier, peer: PeerAddress)

    /// A datagram did not fit its slot and was cut: these bytes are its beginning (513 Message Too Large is due).
    func truncatedDatagram(_ bytes: [UInt8], from source: ReceivedFrom)

    /// A stream can no longer be framed. `head` is what is known of the message, at most a header section long.
    /// What the delegate sends on the connection now still goes out; then it is closed (RFC 3261 §18.3).
    func framingFailed(from source: ReceivedFrom, reason: StreamFramingError, head: [UInt8])

    /// A listener's socket failed and is closed; the shard no longer hears anything there.
    func listenerFailed(_ listener: Int, reason: TransportFailure)

    /// The instant asked for with `scheduleWake` has come.
    func wake(at now: Instant)
}

extension TransportDelegate {
    /// Takes no notice.
    package func securityFailed(with peer: PeerAddress, listener: Int, reason: String) {}
}
