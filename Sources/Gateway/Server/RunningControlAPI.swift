// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallStore
import ControlAPI
import Logging
import MonotonicTime
import NIOCore
import NIOPosix
import TollgateConfiguration

/// The control API of a gateway, on a thread of its own, so that shards are not held up by it.
struct RunningControlAPI: Sendable {
    private let server: ControlAPIServer
    private let group: MultiThreadedEventLoopGroup

    /// The port it listens on.
    var port: Int { server.port }

    /// Starts to listen.
    ///
    /// - Throws: `GatewayStartError` when the address or the port cannot be had; nothing is left running then.
    static func start(
        _ configuration: ControlAPIConfiguration,
        in gateway: GatewayConfiguration,
        _ store: CallStore,
        _ commands: any CallCommands,
        _ logger: Logger
    ) async throws -> RunningControlAPI {
        if !configuration.isLocal {
            logger.warning(
                "the control API listens beyond this machine without encryption; put a reverse proxy with TLS before it",
                metadata: ["address": "\(configuration.address)"]
            )
        }
        var settings = ControlAPISettings(configuration)
        settings.realm = gateway.sip.realm
        settings.digestAlgorithms = gateway.digest.algorithms
        let services = APIServices(
            store: store,
            commands: commands,
            settings: settings,
            now: { .current },
            logger: logger
        )
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            return RunningControlAPI(server: try await ControlAPIServer.start(services, on: group), group: group)
        } catch {
            try? await group.shutdownGracefully()
            let place = "\(configuration.address):\(configuration.port)"
            throw GatewayStartError(
                "the control API cannot listen on \(place): \(error); change `control_api.port`",
                exitCode: 69
            )
        }
    }

    /// Stops listening; requests under way are let finish.
    func shutdown() async {
        await server.shutdown()
        try? await group.shutdownGracefully()
    }
}

extension ControlAPISettings {
    fileprivate init(_ configuration: ControlAPIConfiguration) {
        self.init()
        address = configuration.address
        port = configuration.port
        maximumBodyBytes = configuration.maximumBodyBytes
        tokenLifetime = configuration.tokenLifetime
        allowsPrivateWebhooks = configuration.allowsPrivateWebhooks
        authenticationRate = Rate(configuration.authenticationsPerAddress, seconds: 1)
        usernameRate = Rate(configuration.loginsPerUsername, seconds: 60)
        addressRate = Rate(configuration.requestsPerAddress, seconds: 1)
        customerRate = Rate(configuration.requestsPerCustomer, seconds: 1)
    }
}

extension ControlAPISettings.Rate {
    fileprivate init(_ rate: ControlAPIConfiguration.Rate, seconds: Double) {
        self.init(perSecond: Double(rate.count) / seconds, burst: Double(rate.burst))
    }
}
