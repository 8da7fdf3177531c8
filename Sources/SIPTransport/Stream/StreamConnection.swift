// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import MonotonicTime
internal import NIOCore
internal import TransportLayerSecurity

/// One stream connection: the one handler of its channel.
final class StreamConnection {
    /// Which side opened the connection.
    enum Origin {
        case accepted
        case opened
    }

    /// RFC 3261 says nothing of connection states; these are the socket's.
    enum State {
        /// Not established; what is sent waits.
        case connecting
        case open
        /// Nothing more is read or taken; what was taken still goes out.
        case closing(since: Instant)
        case closed
    }

    let transport: ShardTransport
    let identifier: ConnectionIdentifier
    let origin: Origin
    let listener: Int
    let kind: TransportKind
    /// Whom a TLS connection opened from this side must lead to.
    let destination: SecureDestination?
    /// What the TLS handshake found; nil before it, and without TLS.
    var security: ConnectionSecurity?
    var isInHandshake = false
    var peer: PeerAddress
    var aliases: [PeerAddress] = []
    private(set) var state = State.connecting
    private(set) var lastActivity: Instant
    private(set) var partialSince: Instant?
    private(set) var wasOpen = false
    var isDirty = false
    private var channel: (any Channel)?
    private var framer: StreamFramer
    private var waiting: [(bytes: [UInt8], token: UInt64)] = []
    private var waitingBytes = 0
    private var closeReason: TransportFailure?

    private static let pong: StaticString = "\r\n"

    init(
        transport: ShardTransport,
        identifier: ConnectionIdentifier,
        origin: Origin,
        listener: Int,
        peer: PeerAddress,
        kind: TransportKind = .tcp,
        destination: SecureDestination? = nil
    ) {
        self.transport = transport
        self.kind = kind
        self.destination = destination
        self.identifier = identifier
        self.origin = origin
        self.listener = listener
        self.peer = peer
        let limits = transport.limits
        framer = StreamFramer(
            maxHeaderSectionBytes: limits.maxHeaderSectionBytes,
            maxMessageBytes: limits.maxMessageBytes
        )
        lastActivity = transport.now()
    }

    private var source: ReceivedFrom {
        ReceivedFrom(
            kind: kind,
            listener: listener,
            peer: peer,
            connection: identifier,
            isVerified: security?.isVerified ?? false
        )
    }
}

extension StreamConnection {
    /// Takes a message; a failure known at once is returned.
    func send(_ bytes: [UInt8], token: UInt64) -> TransportFailure? {
        switch state {
        case .connecting:
            guard waitingBytes + bytes.count <= transport.limits.maxOutboundBufferedBytes else { return .congested }
            waitingBytes += bytes.count
            waiting.append((bytes, token))
            return nil
        case .open:
            write(bytes, token: token)
            return nil
        case .closing, .closed:
            return .connectionClosed
        }
    }

    /// Hands what was written to the system; a peer that lets too much pile up is cut off.
    func flush() {
        isDirty = false
        guard let channel else { return }
        channel.flush()
        guard !channel.isWritable, channel.isActive else { return }
        transport.counters.congestedClosed &+= 1
        abort(.congested)
    }

    /// Sends what was taken, then closes; the peer may still read it (an immediate close could reset the stream).
    func close() {
        switch state {
        case .connecting:
            abort(.connectionClosed)
        case .open:
            state = .closing(since: transport.now())
            transport.retire(self)
            guard let channel else { return }
            // SAFETY: everything here runs on the one loop; NIO checks it.
            channel.writeAndFlush(ByteBuffer()).assumeIsolated().whenComplete { _ in
                channel.close(mode: .output, promise: nil)
            }
        case .closing, .closed:
            break
        }
    }

    /// Closes at once; what still waits fails for this reason.
    func abort(_ reason: TransportFailure) {
        closeReason = closeReason ?? reason
        channel?.close(promise: nil)
    }

    /// Opening the connection failed.
    func connectFailed(_ reason: TransportFailure) {
        state = .closed
        failWaiting(closeReason ?? reason)
    }

    private func write(_ bytes: [UInt8], token: UInt64) {
        guard let channel else {
            transport.failed(token: token, reason: .connectionClosed)
            return
        }
        lastActivity = transport.now()
        transport.counters.streamMessagesOut &+= 1
        transport.counters.bytesOut &+= UInt64(bytes.count)
        transport.markDirty(self)
        let buffer = channel.allocator.buffer(bytes: bytes)
        guard token != 0 else {
            channel.write(buffer, promise: nil)
            return
        }
        // SAFETY: everything here runs on the one loop; NIO checks it.
        channel.write(buffer).assumeIsolated().whenFailure { [self] error in
            transport.failed(token: token, reason: closeReason ?? SystemError.failure(error))
        }
    }

    private func failWaiting(_ reason: TransportFailure) {
        for message in waiting {
            transport.failed(token: message.token, reason: reason)
        }
        waiting = []
        waitingBytes = 0
    }
}

extension StreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
    }

    func channelActive(context: ChannelHandlerContext) {
        guard closeReason == nil else {
            context.close(promise: nil)
            return
        }
        if origin == .opened {
            transport.counters.connectionsOpened &+= 1
        } else if kind == .tcp, !admit(context.channel) {
            context.close(promise: nil)
            return
        }
        state = .open
        wasOpen = true
        lastActivity = transport.now()
        let messages = waiting
        waiting = []
        waitingBytes = 0
        for message in messages {
            write(message.bytes, token: message.token)
        }
        flush()
    }

    /// Takes an accepted connection into the table, unless a limit forbids it.
    func admit(_ channel: any Channel) -> Bool {
        guard let address = channel.remoteAddress.flatMap({ PeerAddress($0) }) else { return false }
        peer = address
        return transport.admit(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .open = state else { return }
        let buffer = unwrapInboundIn(data)
        transport.counters.bytesIn &+= UInt64(buffer.readableBytes)
        lastActivity = transport.now()
        framer.append(buffer.readableBytesView)
        var messageEnded = false
        while case .open = state, let event = framer.next() {
            messageEnded = true
            handle(event, context: context)
        }
        if framer.isMidMessage {
            partialSince = messageEnded ? lastActivity : partialSince ?? lastActivity
        } else {
            partialSince = nil
        }
    }

    private func handle(_ event: StreamEvent, context: ChannelHandlerContext) {
        switch event {
        case .message(let bytes):
            transport.counters.streamMessagesIn &+= 1
            transport.delegate?.received(bytes, from: source)
        case .ping:
            transport.counters.keepAlives &+= 1
            context.write(wrapOutboundOut(context.channel.allocator.buffer(staticString: Self.pong)), promise: nil)
            transport.markDirty(self)
        case .failed(let reason, let head):
            transport.counters.framingErrors &+= 1
            transport.delegate?.framingFailed(from: source, reason: reason, head: head)
            close()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        transport.finishBatch()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        channel = nil
        failWaiting(closeReason ?? .connectionClosed)
        endHandshake()
        transport.connectionEnded(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? TLSError { noteBroken(error) }
        abort(SystemError.failure(error))
    }
}
