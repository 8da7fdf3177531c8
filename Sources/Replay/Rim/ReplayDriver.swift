// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The sockets and the clock of a replay; confined to one event loop.
final class ReplayDriver {
    private var machine: ReplayMachine
    private let target: SocketAddress
    private let eventLoop: any EventLoop
    private var channels: [Int: any Channel] = [:]
    private var alarm: Scheduled<Void>?
    private var done: EventLoopPromise<Void>?
    private let onReport: (ReplayReport) -> Void

    init(
        _ machine: consuming ReplayMachine,
        target: SocketAddress,
        on eventLoop: any EventLoop,
        onReport: @escaping (ReplayReport) -> Void
    ) {
        self.machine = machine
        self.target = target
        self.eventLoop = eventLoop
        self.onReport = onReport
    }

    static var now: Instant {
        Instant(milliseconds: Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds / 1_000_000))
    }

    /// Runs the replay to its end.
    func run() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        done = promise
        machine.begin()
        pump()
        return promise.futureResult
    }

    /// Gives up what is left.
    func interrupt() {
        machine.interrupt(now: Self.now)
        pump()
    }

    /// Does what the machine asks for, until it asks for nothing more.
    private func pump() {
        while let output = machine.nextOutput() {
            switch output {
            case .open(let line, .udp): openDatagram(line)
            case .open(let line, .tcp): openStream(line)
            case .send(let line, let bytes): send(bytes, line)
            case .report(let report): onReport(report)
            }
        }
        guard !machine.isFinished else { return finish() }
        setAlarm()
    }

    private func setAlarm() {
        alarm?.cancel()
        alarm = nil
        guard let deadline = machine.nextDeadline else { return }
        let wait = max(0, deadline.milliseconds - Self.now.milliseconds)
        alarm = eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(wait)) { [weak self] in
            guard let self else { return }
            machine.advance(to: Self.now)
            pump()
        }
    }

    private func finish() {
        alarm?.cancel()
        guard let promise = done else { return }
        done = nil
        let closed = channels.values.map { channel in
            // What was written last is to go out before.
            channel.writeAndFlush(ByteBuffer()).flatMapError { _ in channel.eventLoop.makeSucceededVoidFuture() }
                .flatMap { channel.close(mode: .all) }
        }
        channels = [:]
        EventLoopFuture.andAllComplete(closed, on: eventLoop).cascade(to: promise)
    }

    private func send(_ bytes: [UInt8], _ line: Int) {
        guard let channel = channels[line] else { return }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    // MARK: - Sockets

    private func openDatagram(_ line: Int) {
        let inlet = inlet(line)
        let bootstrap = DatagramBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramInlet(inlet.value))
                    try channel.pipeline.syncOperations.addHandler(ConnectedDatagrams())
                }
            }
        take(bootstrap.connect(to: target), line)
    }

    private func openStream(_ line: Int) {
        let inlet = inlet(line)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamInlet(inlet.value))
                }
            }
        take(bootstrap.connect(to: target), line)
    }

    private func inlet(_ line: Int) -> NIOLoopBound<ReplayInlet> {
        let inlet = ReplayInlet()
        inlet.onMessage = { [weak self] bytes in
            guard let self else { return }
            machine.received(bytes, on: line, now: Self.now)
            pump()
        }
        inlet.onFailure = { [weak self] reason in self?.failed(line, reason) }
        return NIOLoopBound(inlet, eventLoop: eventLoop)
    }

    private func take(_ opening: EventLoopFuture<any Channel>, _ line: Int) {
        opening.assumeIsolated().whenComplete { [weak self] result in
            guard let self else { return }
            switch result {
            case .success(let channel):
                guard let local = channel.localAddress, let host = local.ipAddress, let port = local.port else {
                    return failed(line, "the socket has no address")
                }
                channels[line] = channel
                machine.opened(line, at: LocalEndpoint(host: host, port: UInt16(clamping: port)), now: Self.now)
                pump()
            case .failure(let error): failed(line, Self.words(error))
            }
        }
    }

    private func failed(_ line: Int, _ reason: String) {
        channels.removeValue(forKey: line)?.close(promise: nil)
        machine.failed(line, reason, now: Self.now)
        pump()
    }

    /// An error of a socket in words.
    static func words(_ error: any Error) -> String {
        if let error = error as? NIOConnectionError, let first = error.connectionErrors.first {
            return words(first.error)
        }
        switch (error as? IOError)?.errnoCode {
        case ECONNREFUSED: return "nobody listens there"
        case ENETUNREACH, EHOSTUNREACH: return "there is no way to it"
        case EMFILE, ENFILE: return "too many sockets are open: raise `ulimit -n` or replay less at once"
        case EMSGSIZE: return "the message is too long for a datagram"
        default: return "the socket failed: \(error)"
        }
    }
}

/// Sends plain buffers on a connected datagram socket.
private final class ConnectedDatagrams: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let buffer = unwrapOutboundIn(data)
        guard buffer.readableBytes > 0, let remote = context.channel.remoteAddress else {
            promise?.succeed()
            return
        }
        context.write(
            wrapOutboundOut(AddressedEnvelope(remoteAddress: remote, data: buffer)),
            promise: promise
        )
    }
}
