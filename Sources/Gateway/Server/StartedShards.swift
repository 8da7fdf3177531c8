// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallPolicy
import CallStore
import DigestAuthentication
import MonotonicTime
import NIOCore
import NIOPosix
import Registrar
import SIPTransport
import Synchronization
import TollgateConfiguration

/// The shards of a gateway, listening.
struct StartedShards: Sendable {
    let group: MultiThreadedEventLoopGroup
    let shards: [ShardHandle]
    let listening: [BoundListener]

    /// Starts one thread for each shard, and has each bind its own sockets.
    init(
        configuration: GatewayConfiguration,
        context: ShardContext,
        policy: PolicyView,
        bindings: [ResourceIdentifier: [Binding]],
        kept: [KeptCall],
        security: SecurityContexts
    ) async throws {
        let count = configuration.shardCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        do {
            let key = try SecretKey.random()
            var handles: [ShardHandle] = []
            for index in 0..<count {
                handles.append(
                    try await Self.makeShard(index, group.next(), configuration, context, policy, bindings, key)
                )
            }
            var listening: [BoundListener] = []
            let shards = handles
            // Before the first socket opens: a request may come by any shard, for a call that another has taken up.
            for shard in shards {
                shard.execute {
                    $0.peers = shards
                    $0.security = security
                    $0.restore(kept, of: count, configuration.sip.listeners)
                }
            }
            for shard in shards {
                // The first shard's sockets claim the ports; the others join them, at the ports that it got.
                let bound = try await shard.listen(configuration, joining: listening)
                if listening.isEmpty { listening = bound }
            }
            for shard in shards { shard.execute { $0.endOrphans() } }
            shards.first?.execute { $0.superviseTrunks() }
            self.group = group
            self.shards = shards
            self.listening = listening
        } catch {
            try? await group.shutdownGracefully()
            if let error = error as? TransportBindError {
                throw GatewayStartError("\(error)", exitCode: 69)
            }
            throw error
        }
    }

    private static func makeShard(
        _ index: Int,
        _ eventLoop: any EventLoop,
        _ configuration: GatewayConfiguration,
        _ context: ShardContext,
        _ policy: PolicyView,
        _ bindings: [ResourceIdentifier: [Binding]],
        _ key: SecretKey
    ) async throws -> ShardHandle {
        let nonceLifetime = configuration.digest.nonceLifetime
        let limits = TransportLimits(configuration.limits)
        return try await eventLoop.submit {
            let shard = try Shard(
                index: index,
                eventLoop: eventLoop,
                context: context,
                policy: policy,
                nonceLifetime: nonceLifetime,
                nonceKey: key
            )
            shard.bindings = bindings
            shard.transport = ShardTransport(eventLoop: eventLoop, shard: index, limits: limits, delegate: shard)
            shard.armSweep()
            return ShardHandle(shard)
        }.get()
    }
}

extension ShardHandle {
    /// Reads something of the shard on its event loop.
    func value<Value: Sendable>(_ body: @escaping @Sendable (Shard) -> Value) async throws -> Value {
        let shard = self.shard
        return try await eventLoop.submit { body(shard.value) }.get()
    }

    /// Binds the configuration's listeners on the shard.
    ///
    /// - Parameters:
    ///   - configuration: Names the listeners.
    ///   - others: What the first shard has bound; empty for the first shard itself.
    /// - Returns: What was bound.
    /// - Throws: `TransportBindError` when one of them cannot be bound.
    func listen(
        _ configuration: GatewayConfiguration,
        joining others: [BoundListener]
    ) async throws -> [BoundListener] {
        let shard = self.shard
        let wanted = configuration.sip.listeners
        return try await eventLoop.flatSubmit {
            let listeners = wanted.enumerated().map { place, listener in
                ListenerConfiguration(
                    kind: TransportKind(listener.transport),
                    address: listener.address,
                    port: others.indices.contains(place)
                        ? others[place].address.port : UInt16(clamping: listener.port)
                )
            }
            guard let transport = shard.value.transport else {
                return shard.value.eventLoop.makeSucceededFuture([])
            }
            return transport.bind(listeners, security: shard.value.security.servers).map { bound in
                shard.value.listeners = zip(bound, wanted).map {
                    ShardListener($0, advertisedHost: $1.advertisedAddress)
                }
                shard.value.lookUpTrunks()
                return bound
            }
        }.get()
    }

    /// Closes the shard's sockets.
    func closeTransport() async throws {
        let shard = self.shard
        try await eventLoop.flatSubmit {
            shard.value.transport?.shutdown() ?? shard.value.eventLoop.makeSucceededVoidFuture()
        }.get()
    }
}

extension TransportLimits {
    /// The limits of the configuration.
    init(_ settings: LimitSettings) {
        self.init()
        udpSlotBytes = 16_384
        maxMessageBytes = settings.maximumMessageBytes
        maxHeaderSectionBytes = settings.maximumHeaderBytes
        tcpConnectionsPerPeer = settings.tcpConnectionsPerPeer
        maxConnections = settings.maximumTCPConnections
        idleTimeout = settings.tcpIdle
    }
}

/// Carries the store's answers to shards that do not exist yet when the writer is made.
final class CompletionRelay: Sendable {
    struct Sink: StoreCompletionSink {
        let relay: CompletionRelay
        let shard: Int

        func storeCompleted(tokens: [UInt64], outcome: StoreOutcome) {
            relay.forward(tokens, outcome, to: shard)
        }
    }

    private let shards = Mutex<[ShardHandle]>([])

    /// Names the shards; work is handed to the store only after this.
    func connect(_ handles: [ShardHandle]) {
        shards.withLock { $0 = handles }
    }

    /// A sink for the answers of a call API to one shard's calls.
    func admissions(of shard: Int) -> Admissions { Admissions(relay: self, shard: shard) }

    struct Admissions: CallAdmissionSink {
        let relay: CompletionRelay
        let shard: Int

        func admissionCompleted(tokens: [UInt64], admission: CallAdmission) {
            relay.handle(of: shard)?.execute { $0.completed(tokens, admission) }
        }
    }

    private func handle(of shard: Int) -> ShardHandle? {
        shards.withLock { $0.indices.contains(shard) ? $0[shard] : nil }
    }

    private func forward(_ tokens: [UInt64], _ outcome: StoreOutcome, to shard: Int) {
        guard let handle = handle(of: shard) else { return }
        ShardCompletionSink(shard: handle).storeCompleted(tokens: tokens, outcome: outcome)
    }
}
