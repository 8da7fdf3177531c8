// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallAPI
import CallPolicy
import CallStore
import DemoTrunk
import DigestAuthentication
package import Logging
import MonotonicTime
import NIOCore
import NIOPosix
import NumberingPlan
import Registrar
package import SIPTransport
import ServerLocation
import Synchronization
package import TollgateConfiguration

/// A running gateway: its store, its shards and, in a demo, its trunk.
package final class GatewayServer: Sendable {
    /// The configuration it runs by.
    package let configuration: GatewayConfiguration
    /// What listens where, as bound.
    package let listening: [BoundListener]
    /// The demo trunk's port; nil without one.
    package let demoTrunkPort: Int?

    private let store: CallStore
    private let writer: StoreWriter
    private let callAPI: any CallAPI
    private let locator: ServerLocator
    let shards: [ShardHandle]
    private let group: MultiThreadedEventLoopGroup
    private let demoTrunk: DemoTrunk?
    private let policyReload = PolicyReload()
    private let controlAPI = Mutex<RunningControlAPI?>(nil)
    private let logger: Logger

    private init(
        configuration: GatewayConfiguration,
        store: CallStore,
        writer: StoreWriter,
        callAPI: any CallAPI,
        locator: ServerLocator,
        started: StartedShards,
        demoTrunk: DemoTrunk?,
        logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.writer = writer
        self.callAPI = callAPI
        self.locator = locator
        self.shards = started.shards
        self.group = started.group
        self.listening = started.listening
        self.demoTrunk = demoTrunk
        self.demoTrunkPort = demoTrunk?.port
        self.logger = logger
    }

    /// Opens the store, applies the provisioning file if the configuration names one, and starts to listen.
    ///
    /// - Throws: `GatewayStartError` when a port, the store or the provisioning file is unusable; nothing is left
    ///   running then.
    package static func start(configuration: GatewayConfiguration, logger: Logger) async throws -> GatewayServer {
        let store = try openStore(configuration)
        try provision(store, configuration, logger)
        let policy = try loadPolicy(store, configuration, previous: nil)
        let security = try SecurityContexts(configuration, trunks: policy.snapshot.trunks, previous: nil, logger)
        let locator = try startLocator(configuration)
        let relay = CompletionRelay()
        let count = configuration.shardCount
        let commits = HandOffCommits()
        let writer = try startWriter(
            store,
            sinks: (0..<count).map { CompletionRelay.Sink(relay: relay, shard: $0) } + [commits],
            configuration
        )
        let api = try makeCallAPI(configuration, writer, commits, relay, logger)
        let context = ShardContext(
            configuration: configuration,
            callAPI: api,
            writer: writer,
            locator: locator,
            logger: logger
        )
        context.trunks.update(policy.snapshot.trunks)
        let server: GatewayServer
        do {
            let bindings = try loadBindings(store)
            // Before the calls of the last run are closed: their ends are news, too.
            if configuration.controlAPI?.isEnabled == true { try store.openWebhooks() }
            try restoreHistory(store, policy, configuration)
            let kept = try takeUpCalls(store, api, logger)
            let started = try await StartedShards(
                configuration: configuration,
                context: context,
                policy: policy,
                bindings: bindings,
                kept: kept,
                security: security
            )
            relay.connect(started.shards)
            let trunk = try await startDemoTrunk(configuration, started.group, logger)
            server = GatewayServer(
                configuration: configuration,
                store: store,
                writer: writer,
                callAPI: api,
                locator: locator,
                started: started,
                demoTrunk: trunk,
                logger: logger
            )
        } catch {
            await api.shutdown()
            locator.close()
            writer.close()
            try? store.close()
            throw error
        }
        try await server.startControlAPI()
        return server
    }

    // What started before it is stopped when it cannot listen.
    private func startControlAPI() async throws {
        guard let settings = configuration.controlAPI, settings.isEnabled else { return }
        do {
            let api = try await RunningControlAPI.start(settings, in: configuration, store, commands, logger)
            controlAPI.withLock { $0 = api }
        } catch {
            await shutdown()
            throw error
        }
    }

    /// The control API's port, as bound; nil without one.
    package var controlAPIPort: Int? {
        controlAPI.withLock { $0?.port }
    }

    /// Reads customers, endpoints, numbers and trunks from the store again; calls in progress keep what they have.
    package func reload() async {
        do {
            try await commands.reloadPolicy()
        } catch {
            logger.error("policy not reloaded, the former one stays", metadata: ["reason": "\(error)"])
        }
    }

    /// What the control API may ask of the gateway.
    package var commands: any CallCommands {
        GatewayCommands(
            store: store,
            shards: shards,
            configuration: configuration,
            reloads: policyReload,
            logger: logger
        )
    }

    /// How many calls are in progress.
    package func callsInProgress() async -> Int {
        var sum = 0
        for shard in shards { sum += (try? await shard.value { $0.activeCalls }) ?? 0 }
        return sum
    }

    /// What the shards have counted.
    package func counters() async -> [ShardCounters] {
        var all: [ShardCounters] = []
        for shard in shards {
            if let counters = try? await shard.value({ $0.counters }) { all.append(counters) }
        }
        return all
    }

    /// Stops: new calls are refused with 503, calls in progress may go on until the drain limit, then they are ended.
    package func shutdown() async {
        await controlAPI.withLock { $0.take() }?.shutdown()
        for shard in shards { shard.execute { $0.isDraining = true } }
        let deadline = Instant.current + configuration.drain
        while await callsInProgress() > 0, Instant.current < deadline {
            try? await Task.sleep(for: .milliseconds(50))
        }
        for shard in shards { try? await shard.value { $0.hangUpAll() } }
        await endTrunkRegistrations()
        await callAPI.shutdown()
        locator.close()
        await demoTrunk?.shutdown()
        writer.close()
        for shard in shards { try? await shard.closeTransport() }
        try? await group.shutdownGracefully()
        try? store.close()
    }
}

extension GatewayConfiguration {
    /// How many shards to run: one for each core unless the configuration says otherwise.
    var shardCount: Int {
        switch shards {
        case .automatic: min(64, System.coreCount)
        case .exactly(let count): count
        }
    }
}
