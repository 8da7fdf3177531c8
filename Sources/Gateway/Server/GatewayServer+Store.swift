// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DemoTrunk
import DigestAuthentication
import Logging
import MonotonicTime
import NIOPosix
import Registrar
import ServerLocation
import TollgateConfiguration

extension GatewayServer {
    /// Starts the location of servers by the configured DNS servers.
    static func startLocator(_ configuration: GatewayConfiguration) throws -> ServerLocator {
        let dns = configuration.dns
        let settings = DNSSettings(servers: dns.servers, timeout: dns.timeout, attempts: dns.attempts)
        do {
            return try ServerLocator(settings) { .current }
        } catch {
            throw GatewayStartError("\(error); see `dns` in the configuration", exitCode: 71)
        }
    }

    static func openStore(_ configuration: GatewayConfiguration) throws -> CallStore {
        do {
            return try CallStore(path: configuration.store.path)
        } catch {
            throw GatewayStartError("\(error)", exitCode: 74)
        }
    }

    static func startWriter(
        _ store: CallStore,
        sinks: [any StoreCompletionSink],
        _ configuration: GatewayConfiguration
    ) throws -> StoreWriter {
        let gather = Int(clamping: configuration.store.gather.milliseconds) * 1000
        do {
            return try StoreWriter(store: store, sinks: sinks, options: StoreWriterOptions(gatherMicroseconds: gather))
        } catch {
            throw GatewayStartError("\(error)", exitCode: 74)
        }
    }

    static func provision(_ store: CallStore, _ configuration: GatewayConfiguration, _ logger: Logger) throws {
        guard let path = configuration.provisioning else { return }
        do {
            let file = try ProvisioningFile.load(path: path, in: ProvisioningFile.Context(configuration))
            for change in try store.apply(file.plan, at: .current) {
                logger.notice("provisioned", metadata: ["change": "\(change)"])
            }
        } catch let problems as ConfigurationProblems {
            throw GatewayStartError("\(problems)", exitCode: 78)
        } catch {
            throw GatewayStartError("\(error)", exitCode: 74)
        }
    }

    static func loadPolicy(
        _ store: CallStore,
        _ configuration: GatewayConfiguration,
        previous: PolicyView?
    ) throws -> PolicyView {
        do {
            let snapshot = try store.loadSnapshot(
                rules: configuration.rules,
                adjusting: configuration.callAPI.trunks
            )
            let credentials = try store.loadCredentials().mapValues(HA1Set.init)
            return PolicyView(snapshot: snapshot, credentials: credentials, previous: previous)
        } catch {
            throw GatewayStartError("\(error)", exitCode: 74)
        }
    }

    static func loadBindings(_ store: CallStore) throws -> [ResourceIdentifier: [Binding]] {
        do {
            var all: [ResourceIdentifier: [Binding]] = [:]
            for entry in try store.loadBindings(at: .current) {
                all[entry.endpoint] = entry.bindings.compactMap(Binding.init)
            }
            return all
        } catch {
            throw GatewayStartError("\(error)", exitCode: 74)
        }
    }

    static func startDemoTrunk(
        _ configuration: GatewayConfiguration,
        _ group: MultiThreadedEventLoopGroup,
        _ logger: Logger
    ) async throws -> DemoTrunk? {
        guard configuration.demoTrunk.isEnabled else { return nil }
        var settings = DemoTrunkConfiguration()
        settings.address = configuration.demoTrunk.address
        settings.port = configuration.demoTrunk.port
        settings.logger = logger
        do {
            return try await DemoTrunk.start(configuration: settings, group: group)
        } catch {
            throw GatewayStartError(
                "the demo trunk cannot listen on \(configuration.demoTrunk.address):\(configuration.demoTrunk.port): "
                    + "\(error); change `demo_trunk.port`",
                exitCode: 69
            )
        }
    }
}
