// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import SpawnedProgram
import Synchronization
import Testing

/// A DNS server of a test's own: dnsmasq on a free port, with the records that the test names.
final class NameServer {
    static let program = ["/usr/sbin/dnsmasq", "/usr/local/sbin/dnsmasq", "/usr/bin/dnsmasq"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Where it answers, as the configuration names it.
    private(set) var address = ""
    private var process: SpawnedProgram?
    private let folder: URL

    /// Starts a server; `records` are lines of a dnsmasq configuration.
    init(_ records: [String]) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tollgate-dns-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A port that is free for UDP may be taken for TCP, and someone may be quicker.
        var log = ""
        for _ in 0..<5 {
            let claim = try await Peer.udp()
            await claim.close()
            log = try await start(at: claim.port, records)
            if process?.isRunning == true { return }
        }
        throw Missed(description: "dnsmasq does not start: \(log)")
    }

    /// Starts dnsmasq; hands back what it says. It has ended when it could not have the port.
    private func start(at port: Int, _ records: [String]) async throws -> String {
        address = "127.0.0.1:\(port)"
        let lines = [
            "port=\(port)", "listen-address=127.0.0.1", "bind-interfaces", "no-resolv", "no-hosts", "local-ttl=60",
            "local=/test/",
        ]
        let file = folder.appending(path: "dnsmasq.conf")
        let output = folder.appending(path: "dnsmasq.log")
        try (lines + records).joined(separator: "\n").appending("\n").write(to: file, atomically: true, encoding: .utf8)
        try Data().write(to: output)
        let process = try SpawnedProgram(
            try #require(Self.program),
            ["--no-daemon", "--conf-file=\(file.path)", "--pid-file="],
            errors: output.path
        )
        self.process = process
        var log = ""
        while process.isRunning, !log.contains("started") {
            try await Task.sleep(for: .milliseconds(10))
            log = try String(contentsOf: output, encoding: .utf8)
        }
        return log
    }

    /// Ends it; nothing answers at its port then.
    func stop() async throws {
        process?.end()
    }

    deinit {
        process?.end()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Something that answers DNS queries with whatever a test makes of them, over UDP and TCP.
final class FalseNameServer: Sendable {
    let address: String
    private let channels: [any Channel]

    /// Starts one; `answer` makes a message out of a query, and is told whether it came by a stream.
    init(_ answer: @escaping @Sendable (_ query: [UInt8], _ isStream: Bool) -> [UInt8]) async throws {
        // A port that is free for TCP may be taken for UDP.
        var bound = try? await Self.bind(answer)
        for _ in 0..<5 where bound == nil { bound = try? await Self.bind(answer) }
        channels = try #require(bound)
        address = "127.0.0.1:\(channels.first?.localAddress?.port ?? 0)"
    }

    private static func bind(
        _ answer: @escaping @Sendable (_ query: [UInt8], _ isStream: Bool) -> [UInt8]
    ) async throws -> [any Channel] {
        let group = MultiThreadedEventLoopGroup.singleton
        let stream = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamAnswerer(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = stream.localAddress?.port ?? 0
        let datagrams = try await DatagramBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramAnswerer(answer))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return [stream, datagrams]
    }

    func stop() async {
        for channel in channels { try? await channel.close() }
    }
}

private final class DatagramAnswerer: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let answer: @Sendable ([UInt8], Bool) -> [UInt8]

    init(_ answer: @escaping @Sendable ([UInt8], Bool) -> [UInt8]) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let bytes = answer(Array(buffer: envelope.data), false)
        let reply = AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: bytes))
        context.channel.writeAndFlush(reply, promise: nil)
    }
}

private final class StreamAnswerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let answer: @Sendable ([UInt8], Bool) -> [UInt8]
    private var waiting = ByteBuffer()

    init(_ answer: @escaping @Sendable ([UInt8], Bool) -> [UInt8]) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var received = unwrapInboundIn(data)
        waiting.writeBuffer(&received)
        while let length = waiting.getInteger(at: waiting.readerIndex, as: UInt16.self),
            waiting.readableBytes >= Int(length) + 2
        {
            waiting.moveReaderIndex(forwardBy: 2)
            let query = waiting.readBytes(length: Int(length)) ?? []
            let reply = answer(query, true)
            var framed = ByteBuffer()
            framed.writeInteger(UInt16(reply.count))
            framed.writeBytes(reply)
            context.channel.writeAndFlush(framed, promise: nil)
        }
    }
}

/// The parts of DNS messages that a false server composes.
enum DNSBytes {
    /// The head and question of an answer to a query.
    static func answer(_ query: [UInt8], flags: UInt16 = 0x8180, count: Int) -> [UInt8] {
        Array(query[..<2]) + number(Int(flags)) + [0, 1] + number(count) + [0, 0, 0, 0] + question(query)
    }

    static func question(_ query: [UInt8]) -> [UInt8] {
        guard query.count > 16, let end = query[12...].firstIndex(of: 0) else { return [] }
        return Array(query[12..<min(query.count, end + 5)])
    }

    static func type(_ query: [UInt8]) -> Int {
        question(query).suffix(4).prefix(2).reduce(0) { $0 << 8 | Int($1) }
    }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    /// A record under the name of the question, or another one.
    static func record(_ name: [UInt8] = [0xC0, 12], type: Int, seconds: Int = 60, _ data: [UInt8]) -> [UInt8] {
        name + number(type) + [0, 1] + number(seconds >> 16) + number(seconds & 0xFFFF) + number(data.count) + data
    }

    static func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
}
