// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

/// A socket of a test's own: a telephone's, or a trunk's.
final class Peer: Sendable {
    let port: Int
    private let channel: any Channel
    private let mailbox: Mailbox
    private let destination: SocketAddress?
    private let latest = Mutex<Delivery?>(nil)
    /// What must live as long as the socket.
    private let kept = Mutex<[any Sendable]>([])

    /// How long a message may take on a busy machine before a test fails.
    static let patience = TimeAmount.seconds(30)

    init(_ channel: any Channel, _ mailbox: Mailbox, destination: SocketAddress? = nil) {
        self.channel = channel
        self.mailbox = mailbox
        self.destination = destination
        port = channel.localAddress?.port ?? 0
    }

    /// A UDP socket on a free port; without a destination it answers whoever sent last.
    static func udp(
        to port: Int? = nil,
        host: String = "127.0.0.1",
        from source: String? = nil,
        port own: Int = 0
    ) async throws -> Peer {
        let mailbox = Mailbox()
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Inlet(mailbox))
                }
            }
            .bind(host: source ?? host, port: own).get()
        let destination = try port.map { try SocketAddress(ipAddress: host, port: $0) }
        return Peer(channel, mailbox, destination: destination)
    }

    /// A connection to a port.
    static func connect(to port: Int, host: String = "127.0.0.1") async throws -> Peer {
        let mailbox = Mailbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamInlet(mailbox))
                }
            }
            .connect(host: host, port: port).get()
        return Peer(channel, mailbox)
    }

    /// A socket that takes connections; it answers on the connection that the last message came by.
    static func listen(port: Int = 0) async throws -> Peer {
        let mailbox = Mailbox()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamInlet(mailbox))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return Peer(channel, mailbox)
    }

    func send(_ bytes: [UInt8]) async throws {
        let latest = latest.withLock { $0 }
        if let destination = destination ?? latest?.sender {
            let envelope = AddressedEnvelope(remoteAddress: destination, data: ByteBuffer(bytes: bytes))
            try await channel.writeAndFlush(envelope)
        } else {
            let connection = latest?.channel ?? channel
            try await connection.writeAndFlush(ByteBuffer(bytes: bytes))
        }
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// The next message that comes.
    func receive(_ wanted: String = "a message", within limit: TimeAmount = patience) async throws -> WireMessage {
        guard let delivery = await mailbox.take(within: limit) else {
            throw Missed(description: "\(wanted) did not come to port \(port)")
        }
        latest.withLock { $0 = delivery }
        return delivery.message
    }

    /// The next message, which must be this request.
    @discardableResult
    func request(_ method: String) async throws -> WireMessage {
        let message = try await receive(method)
        guard message.isRequest, message.method == method else {
            throw Missed(description: "instead of \(method) came:\n\(message)")
        }
        return message
    }

    /// The next message but 100 (Trying), which must be a response of this status.
    @discardableResult
    func response(_ status: Int, to method: String? = nil) async throws -> WireMessage {
        let message = try await receive("\(status)")
        if message.status == 100, status != 100 { return try await response(status, to: method) }
        guard message.status == status, method == nil || message.method == method else {
            throw Missed(description: "instead of \(status) \(method ?? "") came:\n\(message)")
        }
        return message
    }

    /// Answers a request that came here.
    func reply(
        _ status: Int,
        to request: WireMessage,
        tag: String = "callee",
        _ headers: String = "",
        body: String = "",
        phrase: String = "Text"
    ) async throws {
        let vias = request.all("Via").map { "Via: \($0)\r\n" }.joined()
        let routes = request.all("Record-Route").map { "Record-Route: \($0)\r\n" }.joined()
        let to = request.toTag.isEmpty && status > 100 ? "\(request.first("To"));tag=\(tag)" : request.first("To")
        let type = body.isEmpty ? "" : "Content-Type: application/sdp\r\n"
        try await send(
            "SIP/2.0 \(status) \(phrase)\r\n\(vias)\(routes)From: \(request.first("From"))\r\nTo: \(to)\r\n"
                + "Call-ID: \(request.callID)\r\nCSeq: \(request.first("CSeq"))\r\n\(headers)\(type)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    /// A Contact header field that leads here.
    var contact: String { "Contact: <sip:peer@127.0.0.1:\(port)>\r\n" }

    func keep(_ object: any Sendable) {
        kept.withLock { $0.append(object) }
    }

    func close() async {
        try? await channel.close()
    }
}
