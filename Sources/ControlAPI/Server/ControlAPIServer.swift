// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import HTTPTypes
import Hummingbird
import Logging
package import NIOCore
import ServiceLifecycle

/// The control API, listening.
package final class ControlAPIServer: Sendable {
    /// The port it listens on.
    package let port: Int
    private let services: ServiceGroup
    private let task: Task<Void, any Error>
    private let webhooks: WebhookDispatcher
    private static let patience = Duration.seconds(5)

    private init(port: Int, services: ServiceGroup, task: Task<Void, any Error>, webhooks: WebhookDispatcher) {
        self.port = port
        self.services = services
        self.task = task
        self.webhooks = webhooks
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
            logger: quiet(services.logger)
        )
        let serving = ServiceGroup(services: [application], gracefulShutdownSignals: [], logger: quiet(services.logger))
        let task = Task {
            do {
                try await serving.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
                throw error
            }
        }
        for try await port in started {
            try services.store.openWebhooks()
            let webhooks = WebhookDispatcher(services, on: group)
            await webhooks.start()
            return ControlAPIServer(port: port, services: serving, task: task, webhooks: webhooks)
        }
        throw CancellationError()
    }

    /// Stops listening; requests under way are let finish, unless they take longer than a few seconds, and webhooks
    /// not yet delivered stay in the store.
    package func shutdown() async {
        await webhooks.shutdown()
        await services.triggerGracefulShutdown()
        let limit = Task { [task] in
            try await Task.sleep(for: Self.patience)
            task.cancel()
        }
        _ = try? await task.value
        limit.cancel()
    }

    // The server's own news is the greeting's, and failures are thrown.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    /// The router of the whole API.
    static func router(_ services: APIServices) -> Router<APIRequestContext> {
        Dispatcher(services: services, gate: RequestGate()).router(ControlAPI.operations)
    }
}
