// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPParser
import SIPTransport
import ServerLocation

/// A response whose connection is gone.
struct LateResponse {
    let bytes: [UInt8]
    /// Where to send it when the address that the request came from cannot be reached; nil once that is tried.
    var sentBy: LocationRequest?
    var servers: [LocatedServer] = []
    let until: Instant
}

/// RFC 3261 §18.2.2 and RFC 3263 §5: a response over a stream goes by the connection of its request; when that is gone,
/// to the address the request came from at the port of sent-by; and when that fails, to where sent-by leads.
extension Shard {
    private static let lateLimit = 1024
    private static let lateLifetime = Interval.seconds(64)

    /// Sends a response on the connection its request came by, which this shard holds, or by a new one.
    func sendOnStream(_ bytes: [UInt8], backTo source: ReceivedFrom, via: Via?) {
        let holder = source.connection == .none ? index : source.connection.shard
        if holder != index, peers.indices.contains(holder) {
            return peers[holder].execute { shard in
                shard.sendOnStream(bytes, backTo: source, via: via)
                shard.flush()
            }
        }
        guard let transport else { return }
        guard let via, !transport.isAlive(source.connection) else {
            return transport.send(
                bytes,
                kind: source.kind,
                to: source.peer,
                listener: source.listener,
                connection: source.connection
            )
        }
        touch()
        let token = mint.next()
        let protocolName = ServerTransport(rawValue: source.kind.text)
        let request = sentBy(of: bytes).map { LocationRequest(host: $0, port: via.port, transport: protocolName) }
        keep(LateResponse(bytes: bytes, sentBy: request, until: now + Self.lateLifetime), token)
        let peer = source.peer.withPort(via.port ?? protocolName?.defaultPort ?? 5060)
        transport.send(bytes, kind: source.kind, to: peer, listener: source.listener, token: token)
    }

    /// The sent-by host of a response's topmost Via.
    private func sentBy(of response: [UInt8]) -> String? {
        guard let message = try? context.reader.read(response, .stream) else { return nil }
        return message.text(message.mandatory.via.host)
    }

    /// A late response could not be sent: it goes on to where its Via leads; false when the token is none of a response.
    func lateResponseFailed(_ token: UInt64) -> Bool {
        guard var late = lateResponses.removeValue(forKey: token) else { return false }
        guard let sentBy = late.sentBy.take() else {
            sendToNextServer(late)
            return true
        }
        locate(sentBy) { [late] shard, outcome in
            guard case .success(let found) = outcome else { return }
            var late = late
            late.servers = Array(found.servers.prefix(4))
            shard.sendToNextServer(late)
        }
        return true
    }

    private func sendToNextServer(_ late: LateResponse) {
        var late = late
        guard late.until > now, !late.servers.isEmpty else { return }
        let server = late.servers.removeFirst()
        guard let transport = server.sipTransport else { return sendToNextServer(late) }
        let token = mint.next()
        keep(late, token)
        self.transport?.send(
            late.bytes,
            kind: TransportKind(transport),
            to: server.peer,
            listener: listener(for: transport, server.peer),
            token: token
        )
    }

    private func keep(_ late: LateResponse, _ token: UInt64) {
        if lateResponses.count >= Self.lateLimit { lateResponses = lateResponses.filter { $0.value.until > now } }
        if lateResponses.count >= Self.lateLimit { lateResponses.removeAll() }
        lateResponses[token] = late
    }
}
