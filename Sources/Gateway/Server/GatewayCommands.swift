// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallPolicy
import CallStore
import Logging
import NIOCore
import SIPTransport
import TollgateConfiguration

/// What the control API asks of the shards.
struct GatewayCommands: CallCommands {
    let store: CallStore
    let shards: [ShardHandle]
    let configuration: GatewayConfiguration
    let reloads: PolicyReload
    let logger: Logger

    /// The call may be on any shard.
    func hangUp(_ call: ResourceIdentifier) async -> CallHangUp? {
        for shard in shards {
            if let outcome = try? await shard.value({ $0.hangUp(call) }) { return outcome }
        }
        return nil
    }

    /// The identity's random part chooses the shard, so that placed calls spread over all.
    func place(_ placement: CallPlacement) async -> CallPlacementOutcome {
        guard !shards.isEmpty else { return .unavailable("the gateway is shutting down") }
        let handle = shards[Int(placement.id.low % UInt64(shards.count))]
        let shard = handle.shard
        let eventLoop = handle.eventLoop
        do {
            return try await eventLoop.flatSubmit {
                let answer = eventLoop.makePromise(of: CallPlacementOutcome.self)
                shard.value.place(placement, answer)
                return answer.futureResult
            }.get()
        } catch {
            return .unavailable("the gateway is shutting down")
        }
    }

    func reloadPolicy() async throws {
        try await reloads.run { try await readPolicy() }
    }

    private func readPolicy() async throws {
        guard let first = shards.first else { return }
        let previous = try await first.value { $0.policy }
        let policy = try GatewayServer.loadPolicy(store, configuration, previous: previous)
        for shard in shards { try await shard.value { $0.policy = policy } }
        try await readSecurity()
        logger.notice("policy reloaded", metadata: ["endpoints": "\(policy.snapshot.endpoints.count)"])
    }

    /// Reads certificates, keys, authorities and revocation lists again: connections there are keep theirs, and where a
    /// new one cannot be used the former stays.
    private func readSecurity() async throws {
        guard let first = shards.first else { return }
        let (previous, trunks) = try await first.value { ($0.security, $0.policy.snapshot.trunks) }
        let security = try SecurityContexts(configuration, trunks: trunks, previous: previous, logger)
        let servers = security.servers
        for shard in shards {
            shard.execute { shard in
                shard.security = security
                for (place, context) in servers { shard.transport?.setSecurity(context, listener: place) }
            }
        }
    }
}
