// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Who is asked and told about a connection's handshake.
package protocol TLSHandlerDelegate: AnyObject {
    /// The connection is there: whether it may begin its handshake. It is closed otherwise.
    func handshakeMayBegin(_ channel: any Channel) -> Bool

    /// The handshake is over; on success the channel becomes active for the handlers behind.
    func handshakeEnded(_ result: Result<ConnectionSecurity, TLSError>)
}

/// TLS between the socket and the handlers behind, which see plaintext only.
///
/// Those handlers see the channel become active when the handshake is done, never before. What goes wrong is told
/// them as `TLSError` by `errorCaught`, and the channel closes; so is an end without close_notify, after which the
/// last message may be missing. Nothing is buffered: one read's plaintext goes on at once, and what is written is
/// encrypted at once, so that the channel's water marks count it.
package final class TLSHandler {
    /// Which side this is.
    package enum Side {
        /// Accepts connections.
        case server(TLSServerContext)
        /// Opens connections to a peer.
        case client(TLSClientContext, PeerName)
    }

    enum State {
        case idle
        case handshaking(TLSEngine)
        case open(TLSEngine)
        /// Ended, well or badly: nothing is read or written any more.
        case over
    }

    let side: Side
    let timeout: TimeAmount
    weak var delegate: (any TLSHandlerDelegate)?
    var state = State.idle
    var deadline: Scheduled<Void>?
    var waiting: [(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)] = []
    var waitingBytes = 0
    /// A `read` that has brought no plaintext yet.
    var wantsRead = false
    private var hasSeenBytes = false

    /// How much plaintext may wait for the handshake.
    static let mostWaiting = 65_536

    /// Makes a handler for one connection.
    ///
    /// - Parameters:
    ///   - side: Which side this is, with its context.
    ///   - timeout: How long the handshake may take.
    ///   - delegate: Who is asked and told.
    package init(_ side: Side, timeout: TimeAmount = .seconds(5), delegate: (any TLSHandlerDelegate)? = nil) {
        self.side = side
        self.timeout = timeout
        self.delegate = delegate
    }

    /// RFC 8446 §5.1: a connection begins with a handshake record, or with an alert from a peer that refuses at once.
    func looksLikeTLS(_ buffer: ByteBuffer) -> TLSError? {
        guard !hasSeenBytes, let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else { return nil }
        hasSeenBytes = true
        return first == 0x16 || first == 0x15 ? nil : .notTLS(firstByte: first)
    }
}

extension TLSHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    package func channelActive(context: ChannelHandlerContext) {
        begin(context)
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let error = looksLikeTLS(buffer) { return fail(error, context) }
        switch state {
        case .idle, .over:
            break
        case .handshaking(let engine):
            buffer.withUnsafeReadableBytes { engine.receive($0) }
            advance(engine, context)
        case .open(let engine):
            buffer.withUnsafeReadableBytes { engine.receive($0) }
            deliver(engine, context)
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if case .open = state { context.fireChannelReadComplete() }
        if wantsRead {
            wantsRead = false
            context.read()
        }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        switch state {
        case .handshaking: fail(.closedInHandshake, context)
        case .open: fail(.truncated, context)
        case .idle, .over: break
        }
        end()
        context.fireChannelInactive()
    }
}

extension TLSHandler: ChannelOutboundHandler {
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    package func read(context: ChannelHandlerContext) {
        wantsRead = true
        context.read()
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        switch state {
        case .idle, .handshaking:
            guard waitingBytes + bytes.readableBytes <= Self.mostWaiting else {
                promise?.fail(TLSError.tooMuchWaiting)
                return
            }
            waitingBytes += bytes.readableBytes
            waiting.append((bytes, promise))
        case .open(let engine):
            encrypt(bytes, engine, context, promise)
        case .over:
            promise?.fail(ChannelError.ioOnClosedChannel)
        }
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if case .open(let engine) = state, mode != .input {
            engine.close()
            sendOutput(engine, context, promise: nil)
            context.flush()
            // After close_notify nothing is written; what the peer still says of itself is not waited for.
            end()
        } else if case .handshaking = state, mode == .all {
            end()
        }
        context.close(mode: mode, promise: promise)
    }
}
