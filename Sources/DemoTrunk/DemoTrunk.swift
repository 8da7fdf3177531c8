// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Logging
package import NIOCore
import NIOPosix

/// The answering trunk inside the process: a small SIP user agent server that rings, answers, plays a tone, echoes
/// what it hears, and follows `DemoScript.table` for numbers that are meant to fail.
///
/// It speaks SIP over UDP and RTP with PCMU or PCMA. It is for demonstrations and end-to-end tests, not for carrying
/// calls.
package final class DemoTrunk: Sendable {
    /// The UDP port it listens on.
    package let port: Int

    private let channel: any Channel
    private let agent: NIOLoopBound<TrunkAgent>
    private let logger: Logger

    private init(port: Int, channel: any Channel, agent: NIOLoopBound<TrunkAgent>, logger: Logger) {
        self.port = port
        self.channel = channel
        self.agent = agent
        self.logger = logger
    }

    /// Binds the socket on one of the group's event loops and begins to answer.
    ///
    /// Throws when the address cannot be bound or the configured realm cannot stand in a challenge.
    package static func start(
        configuration: DemoTrunkConfiguration,
        group: any EventLoopGroup
    ) async throws -> DemoTrunk {
        let loop = group.next()
        let channel = try await DatagramReceiver.bind(
            on: loop,
            address: configuration.address,
            port: configuration.port
        ).get()
        do {
            let agent = try await loop.submit {
                NIOLoopBound(try TrunkAgent(configuration, channel: channel), eventLoop: loop)
            }.get()
            let port = channel.localAddress?.port ?? configuration.port
            configuration.logger.info(
                "demo trunk answers",
                metadata: ["address": "\(configuration.address)", "port": "\(port)", "transport": "udp"]
            )
            return DemoTrunk(port: port, channel: channel, agent: agent, logger: configuration.logger)
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// Ends every call and closes every socket; a second call does nothing.
    package func shutdown() async {
        try? await channel.eventLoop.flatSubmit { [agent] in agent.value.stop() }.get()
        logger.info("demo trunk stopped", metadata: ["port": "\(port)"])
    }

    /// The INVITEs received so far, retransmissions not counted, oldest first; at most the configured number.
    package func seenInvites() async -> [SeenInvite] {
        await onLoop(or: []) { $0.seen }
    }

    /// How many calls are in progress.
    package func activeCalls() async -> Int {
        await onLoop(or: 0) { $0.calls.count }
    }

    /// What has happened so far.
    package func counts() async -> DemoTrunkCounts {
        await onLoop(or: DemoTrunkCounts()) { $0.counts }
    }

    // The loop refuses work only after its group was shut down, when there is nothing left to tell.
    private func onLoop<Value: Sendable>(
        or fallback: Value,
        _ read: @escaping @Sendable (TrunkAgent) -> Value
    ) async -> Value {
        (try? await channel.eventLoop.submit { [agent] in read(agent.value) }.get()) ?? fallback
    }
}
