// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

/// An HTTP/1.1 service on a socket of its own that does to each request what a test tells it, good or bad.
package final class ScriptedHTTPService: Sendable {
    /// What the service does with a request, in order.
    package enum Step: Hashable, Sendable {
        /// Sends these bytes as they are.
        case send(String)
        /// Waits for so many milliseconds.
        case wait(Int64)
        /// Closes the connection.
        case close
    }

    /// The port on 127.0.0.1.
    package let port: Int
    private let channel: any Channel
    private let log: RequestLog

    private init(_ channel: any Channel, _ log: RequestLog) {
        self.channel = channel
        self.log = log
        port = channel.localAddress?.port ?? 0
    }

    /// Starts a service on a free port; the script gets each request and how many came before it.
    package static func start(
        _ script: @escaping @Sendable (HTTPRequest, Int) -> [Step]
    ) async throws -> ScriptedHTTPService {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 1024)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(log, script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedHTTPService(channel, log)
    }

    /// The requests so far.
    package var requests: [HTTPRequest] { log.requests }

    /// The connections so far.
    package var connections: Int { log.connections }

    /// Waits until so many requests have come; false when they do not within 30 seconds.
    package func hasReceived(_ count: Int, _ path: String = "/") async -> Bool {
        for _ in 0..<3000 {
            if requests.filter({ $0.path.hasPrefix(path) }).count >= count { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// Stops listening, and closes what is open.
    package func stop() async {
        try? await channel.close()
        for connection in log.channels { try? await connection.close() }
    }
}

extension ScriptedHTTPService.Step {
    /// A whole answer with a JSON body.
    package static func answer(_ status: Int, _ body: String = "", _ headers: String = "") -> Self {
        .send(
            "HTTP/1.1 \(status) Text\r\nContent-Type: application/json\r\n\(headers)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }
}

/// A request as the service got it.
package struct HTTPRequest: Hashable, Sendable {
    /// The method.
    package let method: String
    /// The path with its query.
    package let path: String
    /// The body.
    package let body: String
    private let headers: [String: String]

    init?(_ head: String, body: String) {
        var lines = head.split(separator: "\r\n")
        guard !lines.isEmpty else { return nil }
        let words = lines.removeFirst().split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        method = words[0]
        path = words[1]
        self.body = body
        var headers: [String: String] = [:]
        for line in lines {
            let pair = line.split(separator: ":", maxSplits: 1)
            headers[pair[0].lowercased()] = pair.count > 1 ? String(pair[1].drop { $0 == " " }) : ""
        }
        self.headers = headers
    }

    /// A header field's value; empty without one.
    package func header(_ name: String) -> String { headers[name.lowercased()] ?? "" }
}

final class RequestLog: Sendable {
    private let state = Mutex<(requests: [HTTPRequest], channels: [any Channel])>(([], []))

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    var connections: Int { channels.count }
    var channels: [any Channel] { state.withLock { $0.channels } }

    func add(_ request: HTTPRequest) -> Int {
        state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
    }

    func opened(_ channel: any Channel) { state.withLock { $0.channels.append(channel) } }
}

private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let log: RequestLog
    private let script: @Sendable (HTTPRequest, Int) -> [ScriptedHTTPService.Step]
    private var waiting = ""

    init(_ log: RequestLog, _ script: @escaping @Sendable (HTTPRequest, Int) -> [ScriptedHTTPService.Step]) {
        self.log = log
        self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
        log.opened(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waiting += String(buffer: unwrapInboundIn(data))
        while let request = next() {
            perform(script(request, log.add(request))[...], context.channel)
        }
    }

    private func next() -> HTTPRequest? {
        guard let gap = waiting.firstRange(of: "\r\n\r\n"),
            let head = HTTPRequest(String(waiting[..<gap.lowerBound]), body: "")
        else { return nil }
        let length = Int(head.header("Content-Length")) ?? 0
        let rest = waiting[gap.upperBound...]
        guard rest.utf8.count >= length else { return nil }
        let body = String(decoding: Array(rest.utf8.prefix(length)), as: UTF8.self)
        let request = HTTPRequest(String(waiting[..<gap.lowerBound]), body: body)
        waiting = String(decoding: Array(rest.utf8.dropFirst(length)), as: UTF8.self)
        return request
    }

    private func perform(_ steps: ArraySlice<ScriptedHTTPService.Step>, _ channel: any Channel) {
        guard let step = steps.first else { return }
        let rest = steps.dropFirst()
        switch step {
        case .send(let text):
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            perform(rest, channel)
        case .wait(let milliseconds):
            let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
            channel.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
                bound.value.perform(rest, channel)
            }
        case .close:
            channel.close(promise: nil)
        }
    }
}
