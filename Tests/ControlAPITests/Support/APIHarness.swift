// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallPolicy
import CallStore
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import MonotonicTime
import NIOCore
import Synchronization
import Testing

@testable import ControlAPI

/// The whole API over a store of its own, asked without a socket.
struct APIHarness {
    let services: APIServices
    let commands: NotingCommands
    let time: TestTime
    /// Whether every answer must be as its operation describes it.
    var checksAnswers = true
    private let folder: URL

    init(_ change: (inout ControlAPISettings) -> Void = { _ in }) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tollgate-api-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        commands = NotingCommands()
        let time = TestTime()
        self.time = time
        var settings = ControlAPISettings()
        change(&settings)
        services = APIServices(
            store: try CallStore(path: folder.appendingPathComponent("tollgate.db").path),
            commands: commands,
            settings: settings,
            now: { time.now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Asks once, by the router that the server uses.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        headers: HTTPFields = [:],
        body: JSONValue? = nil
    ) async throws -> Answer {
        try await ask(method, path, headers: headers, text: body?.serialized)
    }

    /// Asks once with a body as it stands.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        headers: HTTPFields = [:],
        text: String?
    ) async throws -> Answer {
        var headers = headers
        if text != nil { headers[.contentType] = "application/json" }
        let fields = headers
        let application = Application(router: ControlAPIServer.router(services), logger: services.logger)
        return try await application.test(.router) { client in
            let response = try await client.execute(
                uri: path,
                method: method,
                headers: fields,
                body: text.map { ByteBuffer(string: $0) }
            )
            let bytes = Array(response.body.readableBytesView)
            let answer = Answer(
                status: response.status.code,
                headers: response.headers,
                text: String(decoding: bytes, as: UTF8.self),
                body: JSONValue(parsing: bytes) ?? .null
            )
            if checksAnswers {
                let problems = DescribedAnswers.problems(of: answer, to: method, path)
                #expect(problems.isEmpty, "\(method) \(path): \(problems) in \(answer.text)")
            }
            return answer
        }
    }

    /// What was answered.
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String
        let body: JSONValue

        subscript(key: String) -> JSONValue? { body.members?[key] }
    }
}

/// A clock that stands until it is moved.
final class TestTime: Sendable {
    private let time = Mutex(WallTime(milliseconds: 1_790_000_000_000))

    var now: WallTime { time.withLock { $0 } }

    func advance(_ interval: Interval) {
        time.withLock { $0 = WallTime(milliseconds: $0.milliseconds + interval.milliseconds) }
    }
}

/// Stands where the gateway is when only the API is under test: notes what it is asked.
final class NotingCommands: CallCommands {
    let hungUp = Mutex<[ResourceIdentifier]>([])
    let placements = Mutex<[CallPlacement]>([])
    let reloads = Mutex(0)

    func hangUp(_ call: ResourceIdentifier) async -> CallHangUp? {
        hungUp.withLock { $0.append(call) }
        return nil
    }

    func place(_ placement: CallPlacement) async -> CallPlacementOutcome {
        placements.withLock { $0.append(placement) }
        return .unavailable("no gateway runs")
    }

    func reloadPolicy() async throws {
        reloads.withLock { $0 += 1 }
    }
}
