// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import Synchronization

@testable import ControlAPI

/// A customer's server: notes what it is sent and answers as told, 200 when nothing is left to tell.
final class HookServer: Sendable {
    struct Event: Sendable {
        let method: String
        let host: String?
        let contentType: String?
        let signature: String?
        let ownSignature: String?
        let body: String

        var type: String { value["type"]?.text ?? "" }
        var data: JSONObject { value["data"]?.members ?? JSONObject() }
        private var value: JSONObject { JSONValue(parsing: Array(body.utf8))?.members ?? JSONObject() }
    }

    private struct State {
        var events: [Event] = []
        var statuses: [Int]
    }

    let port: Int
    private let task: Task<Void, any Error>
    private let state: SharedState

    private final class SharedState: Sendable {
        let state: Mutex<State>
        init(_ statuses: [Int]) { state = Mutex(State(statuses: statuses)) }
    }

    private init(port: Int, task: Task<Void, any Error>, state: SharedState) {
        self.port = port
        self.task = task
        self.state = state
    }

    var uri: String { "http://127.0.0.1:\(port)/hook" }
    var received: [Event] { state.state.withLock { $0.events } }

    static func start(statuses: [Int] = []) async throws -> HookServer {
        let state = SharedState(statuses)
        let router = Router()
        for method in [HTTPRequest.Method.post, .put, .get] {
            router.on("hook", method: method) { request, _ in
                var request = request
                let body = try await request.collectBody(upTo: 1_000_000)
                let event = Event(
                    method: request.method.rawValue,
                    host: request.head.authority,
                    contentType: request.headers[.contentType],
                    signature: HTTPField.Name("X-VoIPBIN-Signature").flatMap { request.headers[$0] },
                    ownSignature: HTTPField.Name("X-Tollgate-Signature").flatMap { request.headers[$0] },
                    body: String(buffer: body)
                )
                let status = state.state.withLock { state in
                    state.events.append(event)
                    return state.statuses.isEmpty ? 200 : state.statuses.removeFirst()
                }
                return Response(status: .init(code: status), headers: [.location: "/hook"])
            }
        }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "hook") { _ in SwiftLogNoOpLogHandler() }
        )
        let task = Task { try await application.runService(gracefulShutdownSignals: []) }
        for await port in ports { return HookServer(port: port, task: task, state: state) }
        throw CancellationError()
    }

    func stop() async {
        task.cancel()
        _ = try? await task.value
    }
}
