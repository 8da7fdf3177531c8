// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallPolicy
import CallStore
import DigestAuthentication
import Logging
import MonotonicTime
import NIOCore
import Registrar
import SIPParser
import SIPTransaction
import ServerLocation
import Synchronization
import TollgateConfiguration

/// What all shards of a gateway share: settings that never change while it runs, and what they hand work to.
final class ShardContext: Sendable {
    let settings: CallSettings
    let timers: TimerConfiguration
    let reader: MessageReader
    let localNames: Set<String>
    let realm: String
    let digest: DigestVerifier.Configuration
    let registrarLimits: RegistrarLimits
    let maximumConcurrentCalls: Int?
    /// Calls in progress on all shards.
    let concurrentCalls = Atomic<Int>(0)
    let callerNumbers: CallerNumberDisplay
    let callAPI: any CallAPI
    let writer: StoreWriter
    let locator: ServerLocator
    /// Which trunks are down or full.
    let trunks: TrunkBoard
    let logger: Logger

    init(
        configuration: GatewayConfiguration,
        callAPI: any CallAPI,
        writer: StoreWriter,
        locator: ServerLocator,
        logger: Logger
    ) {
        let timers = TimerConfiguration(
            t1: configuration.timers.t1,
            t2: configuration.timers.t2,
            t4: configuration.timers.t4,
            timerC: configuration.timers.timerC
        )
        self.timers = timers
        let sip = configuration.sip
        let host = sip.domains.first ?? sip.listeners.first.map { $0.advertisedAddress ?? $0.address } ?? "localhost"
        settings = CallSettings(
            timers: timers,
            dialTimeout: configuration.timers.dialTimeout,
            targetTimeout: configuration.timers.targetTimeout,
            maximumDuration: configuration.timers.maximumCallDuration,
            sessionInterval: configuration.timers.sessionInterval,
            gatewayHost: host,
            userAgent: sip.userAgent,
            passedHeaders: Set(configuration.policy.passHeaders.map { $0.lowercased() }),
            externalIdentifierHeader: configuration.callAPI.identifierHeader ?? ""
        )
        let limits = configuration.limits
        reader = MessageReader(
            limits: ScannerLimits(
                headerLines: limits.maximumHeaderLines,
                listElements: limits.maximumListElements,
                parameters: limits.maximumParameters,
                headerBytes: limits.maximumHeaderBytes,
                messageBytes: limits.maximumMessageBytes
            )
        )
        localNames = Set(sip.localNames.map { $0.lowercased() })
        realm = sip.realm
        digest = DigestVerifier.Configuration(realm: sip.realm, algorithms: configuration.digest.algorithms)
        registrarLimits = RegistrarLimits(configuration.registrar)
        maximumConcurrentCalls = limits.maximumConcurrentCalls
        callerNumbers = configuration.logging.callerNumbers
        self.callAPI = callAPI
        self.writer = writer
        self.locator = locator
        trunks = TrunkBoard(logger: logger)
        self.logger = logger
    }
}

/// A shard as other threads see it: work goes to it through its event loop.
struct ShardHandle: Sendable {
    let eventLoop: any EventLoop
    let shard: NIOLoopBound<Shard>

    /// Wraps a shard; call this on its event loop.
    init(_ shard: Shard) {
        eventLoop = shard.eventLoop
        self.shard = NIOLoopBound(shard, eventLoop: shard.eventLoop)
    }

    /// Runs work on the shard.
    func execute(_ body: @escaping @Sendable (Shard) -> Void) {
        let shard = self.shard
        eventLoop.execute { body(shard.value) }
    }
}
