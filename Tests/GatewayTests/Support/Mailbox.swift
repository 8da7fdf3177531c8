// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

/// A message with the way it came.
struct Delivery: Sendable {
    let message: WireMessage
    let channel: any Channel
    let sender: SocketAddress?
}

/// What a test was waiting for did not come.
struct Missed: Error, CustomStringConvertible {
    let description: String
}

/// Messages that have come for a test, taken one by one; waiting ends when one comes, or at a deadline.
final class Mailbox: Sendable {
    private struct State {
        var messages: [Delivery] = []
        var waiter: CheckedContinuation<Delivery?, Never>?
        var turn = 0
    }

    private let state = Mutex(State())

    func put(_ delivery: Delivery) {
        let waiter = state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            if waiter == nil { state.messages.append(delivery) }
            return waiter
        }
        waiter?.resume(returning: delivery)
    }

    /// The next message; nil when none comes in time.
    func take(within limit: TimeAmount) async -> Delivery? {
        await withCheckedContinuation { continuation in
            let found: Delivery? = state.withLock { state in
                guard state.messages.isEmpty else { return state.messages.removeFirst() }
                state.turn += 1
                state.waiter = continuation
                let turn = state.turn
                MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: limit) { self.giveUp(turn) }
                return nil
            }
            if let found { continuation.resume(returning: found) }
        }
    }

    private func giveUp(_ turn: Int) {
        let waiter: CheckedContinuation<Delivery?, Never>? = state.withLock { state in
            guard state.turn == turn, let waiter = state.waiter else { return nil }
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: nil)
    }
}

/// Cuts what comes on a socket into messages and puts them into a mailbox.
final class Inlet: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let mailbox: Mailbox

    init(_ mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let message = WireMessage(Array(buffer: envelope.data)) else { return }
        mailbox.put(Delivery(message: message, channel: context.channel, sender: envelope.remoteAddress))
    }
}

/// The same for a stream, where Content-Length tells the messages apart.
final class StreamInlet: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let mailbox: Mailbox
    private var waiting: [UInt8] = []

    init(_ mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waiting.append(contentsOf: Array(buffer: unwrapInboundIn(data)))
        while let message = next() {
            mailbox.put(Delivery(message: message, channel: context.channel, sender: nil))
        }
    }

    private func next() -> WireMessage? {
        while waiting.starts(with: [13, 10]) { waiting.removeFirst(2) }
        guard let head = WireMessage(waiting), let length = Int(head.first("Content-Length")) else { return nil }
        let whole = waiting.count - head.body.utf8.count + length
        guard whole <= waiting.count, let message = WireMessage(Array(waiting[..<whole])) else { return nil }
        waiting.removeFirst(whole)
        return message
    }
}
