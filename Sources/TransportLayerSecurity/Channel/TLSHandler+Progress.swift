// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

extension TLSHandler {
    /// Starts the handshake, and its clock.
    func begin(_ context: ChannelHandlerContext) {
        guard case .idle = state else { return }
        if let delegate, !delegate.handshakeMayBegin(context.channel) {
            state = .over
            context.close(promise: nil)
            return
        }
        let role: TLSEngine.Role =
            switch side {
            case .server(let context): .server(context)
            case .client(let context, let peer): .client(context, peer)
            }
        let engine: TLSEngine
        do throws(TLSError) {
            engine = try TLSEngine(role)
        } catch {
            return fail(error, context)
        }
        state = .handshaking(engine)
        // SAFETY: everything here runs on the one loop; NIO checks it.
        let loop = context.eventLoop.assumeIsolated()
        deadline = loop.scheduleTask(in: timeout) { [weak self] in
            guard let self, case .handshaking = self.state else { return }
            self.fail(.handshakeTimeout, context)
        }
        advance(engine, context)
    }

    /// Goes on with the handshake as far as what has come allows.
    func advance(_ engine: TLSEngine, _ context: ChannelHandlerContext) {
        let outcome = engine.handshake()
        sendOutput(engine, context, promise: nil)
        context.flush()
        switch outcome {
        case .done: open(engine, context)
        case .starved: break
        case .closed: fail(.closedInHandshake, context)
        case .failed(let error): fail(error, context)
        }
    }

    private func open(_ engine: TLSEngine, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        state = .open(engine)
        delegate?.handshakeEnded(.success(engine.security()))
        context.fireChannelActive()
        let messages = waiting
        waiting = []
        waitingBytes = 0
        for message in messages {
            guard case .open = state else {
                message.promise?.fail(ChannelError.ioOnClosedChannel)
                continue
            }
            encrypt(message.bytes, engine, context, message.promise)
        }
        if !messages.isEmpty { context.flush() }
        // Data may have come in one segment with the end of the handshake.
        if case .open = state { deliver(engine, context) }
        engine.shrink()
    }

    /// Hands on what can be decrypted.
    func deliver(_ engine: TLSEngine, _ context: ChannelHandlerContext) {
        var plaintext = context.channel.allocator.buffer(capacity: 0)
        let outcome = engine.read(into: &plaintext)
        // Key updates and alerts are answered inside of a read.
        if sendOutput(engine, context, promise: nil) { context.flush() }
        if plaintext.readableBytes > 0 {
            wantsRead = false
            context.fireChannelRead(wrapInboundOut(plaintext))
        }
        guard case .open = state else { return }
        switch outcome {
        case .done, .starved: break
        case .closed: context.channel.close(promise: nil)
        case .failed(let error): fail(error, context)
        }
    }

    /// Encrypts and writes, for the flush that follows.
    func encrypt(
        _ bytes: ByteBuffer,
        _ engine: TLSEngine,
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        if case .failed(let error) = bytes.withUnsafeReadableBytes({ engine.write($0) }) {
            promise?.fail(error)
            return fail(error, context)
        }
        if !sendOutput(engine, context, promise: promise) {
            // An empty write stands for «all before it is written».
            context.write(wrapOutboundOut(bytes), promise: promise)
        }
    }

    /// Writes the ciphertext that there is; false when there is none, and the promise is not taken.
    @discardableResult
    func sendOutput(_ engine: TLSEngine, _ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) -> Bool {
        guard let buffer = engine.takeOutput(context.channel.allocator) else { return false }
        context.write(wrapOutboundOut(buffer), promise: promise)
        return true
    }

    /// Ends the connection for a reason, told to those behind.
    func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        let wasOpening =
            switch state {
            case .idle, .handshaking: true
            case .open, .over: false
            }
        if case .over = state { return }
        end()
        if wasOpening { delegate?.handshakeEnded(.failure(error)) }
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }

    /// Lets go of the connection's state.
    func end() {
        deadline?.cancel()
        deadline = nil
        state = .over
        let messages = waiting
        waiting = []
        waitingBytes = 0
        for message in messages { message.promise?.fail(ChannelError.ioOnClosedChannel) }
    }
}
