// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage

/// A server that a target's name stands for.
package struct LocatedHop: Sendable {
    /// Where to send: an IP address, its port and transport, and the name it was located by.
    package var hop: NextHop
    /// How the gateway names itself there.
    package var local: LocalAddress

    /// Makes a server.
    package init(hop: NextHop, local: LocalAddress) {
        self.hop = hop
        self.local = local
    }
}

/// What became of a target's location.
struct LocatedHops {
    let hops: [LocatedHop]
    /// Why there are none, in words; nil when there are some.
    let refusal: String?
}

/// Targets given by name: their servers are tried in order, each as an attempt of its own with the same identity and
/// privacy, before the next target is (RFC 3263 §4.3).
extension Call {
    /// The most servers of one name that a call tries.
    private static let serverLimit = 8

    /// The servers of a target were located.
    ///
    /// - Parameters:
    ///   - index: The target's place, as in `CallAction.locate`.
    ///   - servers: The servers in the order to try them in, or why there are none, in words for the caller.
    ///   - context: Takes the actions.
    package mutating func located(
        _ index: Int,
        _ servers: Result<[LocatedHop], LocationRefusal>,
        _ context: inout CallContext
    ) {
        guard !isFinished, openLocations.remove(index) != nil else { return }
        guard phase == .dialing else { return }
        switch servers {
        case .success(let hops) where !hops.isEmpty:
            self.servers[index] = LocatedHops(hops: Array(hops.prefix(Self.serverLimit)), refusal: nil)
        case .success:
            self.servers[index] = LocatedHops(hops: [], refusal: "the next hop's name has no address")
        case .failure(let refusal):
            self.servers[index] = LocatedHops(hops: [], refusal: refusal.text)
        }
        startBranch(toward: index, &context)
        finishIfIdle(&context)
    }

    /// A target as one of its servers; nil when it has to be located first, which is asked for.
    mutating func located(
        _ target: OutboundTarget,
        _ index: Int,
        _ server: Int,
        _ context: inout CallContext
    ) -> OutboundTarget? {
        guard target.hop.isNamed else { return target }
        guard let known = servers[index] else {
            if openLocations.insert(index).inserted { context.actions.append(.locate(target: index, target.hop)) }
            return nil
        }
        guard known.hops.indices.contains(server) else { return target }
        var target = target
        target.hop = known.hops[server].hop
        target.local = known.hops[server].local
        return target
    }

    /// An attempt that has nowhere to go, since its target could not be located.
    mutating func failUnlocated(_ index: Int, _ text: String, _ context: inout CallContext) {
        closeBranch(index, failed: true, &context)
        attemptFailed(Failure(status: 503, text: text, branch: index, isUnlocated: true), &context)
    }

    /// Starts to wait for a sign of life when there is another server to go to.
    mutating func awaitSign(of index: Int, _ context: inout CallContext) {
        guard let known = servers[branches[index].target], branches[index].server + 1 < known.hops.count else { return }
        branches[index].awaitsSign = true
        context.actions.append(.arm(.target(branch: index), settings.targetTimeout))
    }

    /// Something was heard of an attempt's server, or nothing is waited for any more.
    mutating func noteSign(of index: Int, _ context: inout CallContext) {
        guard branches[index].awaitsSign else { return }
        branches[index].awaitsSign = false
        context.actions.append(.disarm(.target(branch: index)))
    }

    /// A server has said nothing, not even 100: the next one is tried.
    ///
    /// The attempt's transaction goes on, so that a late answer is cancelled or taken back.
    mutating func serverExpired(_ index: Int, _ context: inout CallContext) {
        guard branches.indices.contains(index), branches[index].awaitsSign, branches[index].state == .calling,
            !branches[index].isGivenUp
        else { return }
        branches[index].awaitsSign = false
        giveUp(index, &context)
        let text = "no answer from the next hop"
        attemptFailed(Failure(status: 408, text: text, branch: index, isUnreached: true), &context)
    }

    /// Goes on to the next server of the same target after a failure that says something of the server alone; tells
    /// whether it did.
    mutating func tryNextServer(after failure: Failure, _ context: inout CallContext) -> Bool {
        guard failure.leadsToNextServer, let index = failure.branch, branches.indices.contains(index) else {
            return false
        }
        let branch = branches[index]
        guard let known = servers[branch.target], !known.hops.isEmpty else { return false }
        context.actions.append(.avoid(branch.dialog.hop, seconds: failure.response?.retryAfterSeconds))
        guard branch.server + 1 < known.hops.count else { return false }
        startBranch(toward: branch.target, server: branch.server + 1, isRevealed: branch.isRevealed, &context)
        return true
    }
}

/// Why a target could not be located.
package struct LocationRefusal: Error, Hashable, Sendable {
    /// The reason in words for the caller; names no host.
    package let text: String

    /// Makes a reason.
    package init(_ text: String) {
        self.text = text
    }
}

extension SIPMessage {
    /// The seconds that Retry-After names; nil without it.
    var retryAfterSeconds: Int? {
        guard let field = first(.retryAfter) else { return nil }
        let digits = bytes[field.indices].prefix(while: ASCII.isDigit)
        guard (1...9).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}
