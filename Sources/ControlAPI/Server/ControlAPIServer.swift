// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
package import NIOCore

/// The control API, listening.
package final class ControlAPIServer: Sendable {
    /// The port it listens on.
    package let port: Int
    private let task: Task<Void, any Error>

    private init(port: Int, task: Task<Void, any Error>) {
        self.port = port
        self.task = task
    }

    /// Starts to listen.
    ///
    /// - Throws: What the system says when the address cannot be listened on.
    package static func start(_ services: APIServices, on group: any EventLoopGroup) async throws -> ControlAPIServer {
        let (started, continuation) = AsyncThrowingStream.makeStream(of: Int.self)
        let settings = services.settings
        let application = Application(
            router: router(services),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.address, port: settings.port),
                serverName: "Tollgate"
            ),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? settings.port) },
            eventLoopGroupProvider: .shared(group),
            logger: services.logger
        )
        let task = Task {
            do {
                try await application.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
                throw error
            }
        }
        for try await port in started { return ControlAPIServer(port: port, task: task) }
        throw CancellationError()
    }

    /// Stops listening; requests under way are let finish.
    package func shutdown() async {
        task.cancel()
        _ = try? await task.value
    }

    /// The router of the whole API.
    static func router(_ services: APIServices) -> Router<APIRequestContext> {
        Dispatcher(services: services, gate: RequestGate()).router(ControlAPI.operations)
    }
}
