// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import Logging
import MonotonicTime
import NIOCore
import SIPTransport
import ServerLocation

extension Shard {
    /// The hop's address when it is one already.
    func literalPeer(_ hop: NextHop) -> PeerAddress? {
        if let known = literals[hop.host] { return known.withPort(hop.port) }
        guard let peer = PeerAddress(host: hop.host, port: hop.port) else { return nil }
        if literals.count > 10_000 { literals.removeAll() }
        literals[hop.host] = peer
        return peer
    }

    /// Locates servers (RFC 3263 §4, §5) and goes on here: at once when they are known, else in a later turn of the loop.
    func locate(
        _ request: LocationRequest,
        _ capabilities: ServerCapabilities? = nil,
        _ completion: @escaping (Shard, ServerLocator.Outcome) -> Void
    ) {
        let eventLoop = self.eventLoop
        let waiting = NIOLoopBound(WaitingShard(self, completion), eventLoop: eventLoop)
        let known = context.locator.locate(
            request,
            capabilities ?? ServerCapabilities(listeners),
            seed: random.next()
        ) { outcome in
            eventLoop.execute { waiting.value.goOn(outcome) }
        }
        if let known { completion(self, known) }
    }

    /// Locates the servers of a call's target and tells the call.
    func locate(target: Int, _ hop: NextHop, for active: ActiveCall) {
        locate(LocationRequest(hop)) { shard, outcome in
            let hops: Result<[LocatedHop], LocationRefusal>
            switch outcome {
            case .success(let found):
                shard.noteTrunk(hop.host, found.servers)
                hops = .success(found.servers.compactMap { shard.hop(to: $0, insteadOf: hop) })
            case .failure(let failure):
                shard.logLocation(failure, of: hop, active)
                hops = .failure(LocationRefusal(failure.text))
            }
            shard.handle(active) { $0.call?.located(target, hops, &$1) }
        }
    }

    /// The hop to one of the servers that stand behind a hop by name.
    func hop(to server: LocatedServer, insteadOf hop: NextHop) -> LocatedHop? {
        guard let transport = server.sipTransport else { return nil }
        let peer = server.peer
        var located = hop
        located.transport = transport
        located.host = peer.hostText
        located.port = server.port
        located.listener = listener(for: transport, peer)
        located.mayPreferTCP = hop.mayPreferTCP && transport == .udp
        located.search = .addresses
        located.name = hop.host
        return LocatedHop(hop: located, local: localAddress(listener: located.listener, toward: peer))
    }

    /// A server failed: every shard tries others first for a while.
    func avoid(_ hop: NextHop, seconds: Int?) {
        guard let server = LocatedServer(hop) else { return }
        context.locator.noteFailure(of: server, for: seconds.map { .seconds(Int64($0)) })
    }

    private func logLocation(_ failure: LocationFailure, of hop: NextHop, _ active: ActiveCall) {
        context.logger.warning(
            "a call's next hop cannot be located",
            metadata: ["call": "\(active.id)", "host": "\(hop.host)", "reason": "\(failure)"]
        )
    }
}

/// What a shard goes on with when servers are located.
private final class WaitingShard {
    private let shard: Shard
    private let completion: (Shard, ServerLocator.Outcome) -> Void

    init(_ shard: Shard, _ completion: @escaping (Shard, ServerLocator.Outcome) -> Void) {
        self.shard = shard
        self.completion = completion
    }

    func goOn(_ outcome: ServerLocator.Outcome) {
        shard.touch()
        completion(shard, outcome)
        shard.flush()
    }
}
