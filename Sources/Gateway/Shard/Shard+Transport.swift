// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import Logging
import MonotonicTime
import NIOCore
import SIPMessage
import SIPParser
import SIPTransaction
import SIPTransport

extension Shard: TransportDelegate {
    func received(_ bytes: [UInt8], from source: ReceivedFrom) {
        touch()
        do {
            let message = try context.reader.read(bytes, source.kind.isStream ? .stream : .datagram)
            route(message, from: source)
        } catch {
            refuse(error, from: source)
        }
    }

    func readComplete() {
        scheduleWake()
    }

    func sendFailed(token: UInt64, reason: TransportFailure) {
        touch()
        if !lateResponseFailed(token) { clientSendFailed(token, reason) }
        scheduleWake()
    }

    func connectionClosed(_ connection: ConnectionIdentifier, peer: PeerAddress) {}

    func truncatedDatagram(_ bytes: [UInt8], from source: ReceivedFrom) {
        touch()
        counters.refused["truncated", default: 0] += 1
        guard
            case .failure(var error) = Result(catching: { () throws(ParseError) in
                try context.reader.read(bytes, .datagram)
            }), error.status != nil
        else { return }
        error.status = 513
        refuse(error, from: source)
    }

    func framingFailed(from source: ReceivedFrom, reason: StreamFramingError, head: [UInt8]) {
        touch()
        guard
            case .failure(var error) = Result(catching: { () throws(ParseError) in
                try context.reader.read(head, .stream)
            })
        else { return }
        if reason == .messageTooLong, error.status != nil { error.status = 513 }
        refuse(error, from: source)
    }

    func listenerFailed(_ listener: Int, reason: TransportFailure) {
        context.logger.error("a listener failed", metadata: ["listener": "\(listener)", "reason": "\(reason)"])
    }

    func wake(at now: Instant) {
        self.now = max(now, .current)
        while let token = wheel.popExpired(at: self.now) { fire(token) }
        scheduleWake()
    }

    /// Answers a message that one of the readers refused, or counts and drops it.
    private func refuse(_ error: ParseError, from source: ReceivedFrom) {
        counters.refused[error.code.rawValue, default: 0] += 1
        guard let status = error.status, error.fields.contains(where: { $0.name == .via }) else { return }
        let template = ResponseTemplate(bytes: error.bytes, fields: error.fields, source: requestSource(source))
        var composer = template.start(status: status, toTag: statelessTag())
        composer.append("Warning: 399 \(localAddress(for: source).host) \"")
        composer.append(Self.quotable(error.reason))
        composer.append("\"\r\n")
        composer.finish()
        send(composer.bytes, backTo: source, via: nil)
    }

    /// Passes a message to the shard that owns its transaction or dialog.
    private func route(_ message: SIPMessage, from source: ReceivedFrom) {
        let owner = owner(of: message)
        guard owner != index, peers.indices.contains(owner) else { return handle(message, from: source) }
        peers[owner].execute { shard in
            shard.touch()
            shard.handle(message, from: source)
            shard.flush()
        }
    }

    /// The shard that owns a message: our own branch or tag names it, else the Call-ID decides; registrations go by
    /// their address of record, so that one shard sees all of an endpoint's.
    private func owner(of message: SIPMessage) -> Int {
        guard peers.count > 1 else { return index }
        let bytes = message.bytes
        let mandatory = message.mandatory
        if !message.isRequest {
            let branch = ViaLine.branchNumber(bytes.span, mandatory.via.branch.indices)
            return branch.map { IdentifierMint.shard(of: $0) % peers.count } ?? index
        }
        if let tag = bytes.span.hexadecimal(mandatory.toTag.indices) {
            // Tags outlive a restart, and there may be fewer shards than when they were minted.
            return IdentifierMint.shard(of: tag) % peers.count
        }
        let subject = message.method == .register ? mandatory.to.uri.user : mandatory.callID
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in subject.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return Int(hash % UInt64(peers.count))
    }

    /// Sends what the event produced and sleeps until the next timer.
    func flush() {
        transport?.flush()
        scheduleWake()
    }

    func scheduleWake() {
        guard let deadline = wheel.nextDeadline else { return }
        transport?.scheduleWake(at: deadline)
    }

    /// Sends a response back to where its request came from (RFC 3261 §18.2.2, RFC 3581 §4).
    ///
    /// - Parameters:
    ///   - bytes: The response.
    ///   - source: Where the request came from.
    ///   - via: The request's topmost Via; nil when it could not be read.
    func send(_ bytes: [UInt8], backTo source: ReceivedFrom, via: Via?) {
        guard source.kind == .udp else { return sendOnStream(bytes, backTo: source, via: via) }
        var peer = source.peer
        if let via, !via.hasRport { peer = peer.withPort(via.port ?? 5060) }
        send(bytes, kind: .udp, to: peer, listener: source.listener, connection: .none, token: 0)
    }

    /// Sends bytes on this shard's sockets, or on the shard whose connection is meant.
    func send(
        _ bytes: [UInt8],
        kind: TransportKind,
        to peer: PeerAddress,
        listener: Int,
        destination: SecureDestination? = nil,
        connection: ConnectionIdentifier,
        token: UInt64
    ) {
        let holder = connection == .none ? index : connection.shard
        guard holder != index, peers.indices.contains(holder) else {
            transport?.send(
                bytes,
                kind: kind,
                to: peer,
                listener: listener,
                destination: destination,
                connection: connection,
                token: token
            )
            return
        }
        peers[holder].execute { shard in
            shard.transport?.send(
                bytes,
                kind: kind,
                to: peer,
                listener: listener,
                destination: destination,
                connection: connection
            )
            shard.transport?.flush()
        }
    }

    /// A request's source as responses repeat it.
    func requestSource(_ source: ReceivedFrom) -> RequestSource {
        RequestSource(host: source.peer.hostText, port: source.peer.port)
    }

    /// How the gateway names itself toward a peer.
    func localAddress(for source: ReceivedFrom) -> LocalAddress {
        localAddress(listener: source.listener, toward: source.peer)
    }

    func localAddress(listener index: Int, toward peer: PeerAddress?) -> LocalAddress {
        guard let listener = listeners.first(where: { $0.index == index }) ?? listeners.first else {
            return LocalAddress(host: context.settings.gatewayHost, port: 5060)
        }
        if let advertised = listener.advertised { return advertised }
        guard let peer else { return LocalAddress(host: context.settings.gatewayHost, port: listener.bound.port) }
        let key = peer.withPort(listener.bound.port)
        if let known = localAddresses[key] { return known }
        let host = RouteProbe.localHost(toward: peer) ?? context.settings.gatewayHost
        let found = LocalAddress(host: host, port: listener.bound.port)
        if localAddresses.count > 4096 { localAddresses.removeAll() }
        localAddresses[key] = found
        return found
    }

    /// A tag for an answer that leaves nothing behind.
    func statelessTag() -> [UInt8] {
        var composer = MessageComposer(capacity: 16)
        composer.append(hexadecimal: mint.next())
        return composer.bytes
    }

    /// Text made fit to stand between quotation marks.
    static func quotable(_ text: String) -> String {
        String(
            decoding: text.utf8.map { $0 < 32 || $0 > 126 || $0 == 34 || $0 == 92 ? UInt8(ascii: "'") : $0 },
            as: UTF8.self
        )
    }
}
