// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
package import CallPolicy
import DigestAuthentication
import Logging
import MonotonicTime
import NIOCore
import Registrar
import SIPMessage
import SIPTransaction
import SIPTransport
import Synchronization

/// One thread's share of the gateway: its sockets, transactions, calls, timers and view of the policy.
///
/// Everything here is touched on one event loop only, so there is no lock and no actor on a call's path.
final class Shard {
    let index: Int
    let eventLoop: any EventLoop
    let context: ShardContext
    let random: RandomDraw
    let mint: IdentifierMint
    let verifier: DigestVerifier
    let responder: DigestResponder
    var transport: ShardTransport?
    var listeners: [ShardListener] = []
    var peers: [ShardHandle] = []
    var policy: PolicyView {
        didSet {
            lookUpTrunks()
            guard index == 0 else { return }
            context.trunks.update(policy.snapshot.trunks)
            superviseTrunks()
        }
    }
    /// Addresses of the trunks that are given by name, each with the time until which it counts as one.
    var trunkAddresses: [String: [String: Instant]] = [:]

    var wheel: TimerWheel
    var owners = Slab<TimerOwner>()
    var servers: [TransactionKey: ServerTransaction] = [:]
    var serversByIdentifier: [UInt64: ServerTransaction] = [:]
    /// The INVITEs of the server transactions, by what their copies share (RFC 3261 §8.2.2.2).
    var invites: Set<[UInt8]> = []
    var clients: [ClientTransactionKey: ClientTransaction] = [:]
    var callsByTag: [UInt64: ActiveCall] = [:]
    var activeCalls = 0 {
        didSet { context.concurrentCalls.wrappingAdd(activeCalls - oldValue, ordering: .relaxed) }
    }
    var pending: [UInt64: PendingCommit] = [:]
    var bindings: [ResourceIdentifier: [Binding]] = [:]
    /// Bindings whose commit is under way: the next REGISTER builds on them.
    var bindingsUnderWay: [ResourceIdentifier: (bindings: [Binding], commits: Int)] = [:]
    var localAddresses: [PeerAddress: LocalAddress] = [:]
    /// Hosts that are addresses, as they were read.
    var literals: [String: PeerAddress] = [:]
    /// Responses that go by another connection than their request's.
    var lateResponses: [UInt64: LateResponse] = [:]
    var refusesTCP: [PeerAddress: Instant] = [:]
    /// The certificates and rules of TLS.
    var security = SecurityContexts()
    var securityNotices = SecurityNotices()
    var counters = ShardCounters()
    /// The counters as the log has them.
    var loggedCounters = ShardCounters()
    var limitNotices = LimitNotices()
    var sweepSlot: UInt32?
    /// What the first shard finds out about trunks for all.
    var trunkWatches: [ResourceIdentifier: TrunkWatch] = [:]
    var trunkTimer = TimerHandle.none
    var trunkSlot: UInt32?
    var isDraining = false
    /// What legs of placed calls have for the machines that are their callers.
    var insideNews: [PlacedLegs.News] = []
    var isSettlingInside = false
    /// Legs of placed calls of the last run that are to be ended.
    var orphans: [ActiveCall] = []
    private var spareActions: [[CallAction]] = []
    /// The time of the event being handled.
    var now: Instant

    init(
        index: Int,
        eventLoop: any EventLoop,
        context: ShardContext,
        policy: PolicyView,
        nonceLifetime: Interval,
        nonceKey: SecretKey
    ) throws {
        self.index = index
        self.eventLoop = eventLoop
        self.context = context
        self.policy = policy
        let random = try RandomDraw()
        self.random = random
        mint = IdentifierMint(shard: UInt8(truncatingIfNeeded: index)) { random.next() }
        let nonces = try NonceAuthority(
            key: nonceKey,
            shard: UInt8(truncatingIfNeeded: index),
            limits: NonceAuthority.Limits(lifetime: nonceLifetime)
        )
        verifier = try DigestVerifier(context.digest, nonces: nonces)
        responder = try DigestResponder()
        let now = Instant.current
        self.now = now
        wheel = TimerWheel(startingAt: now)
    }

    /// Brings the shard's notion of time up to date; called at the start of every event.
    func touch() {
        now = .current
    }

    /// Hands an event to a call and does what it asks; the lists of actions are used again and again.
    func handle(_ active: ActiveCall, _ event: (ActiveCall, inout CallContext) -> Void) {
        var context = callContext()
        event(active, &context)
        perform(context.actions, of: active)
        recycle(&context)
        if !insideNews.isEmpty { settleInside() }
    }

    /// A context for a call's event; give it back with `recycle`.
    func callContext() -> CallContext {
        var context = CallContext(mint: mint, credentials: credentials, admits: admits)
        if let spare = spareActions.popLast() { context.actions = spare }
        return context
    }

    /// Keeps a context's list for the next event.
    func recycle(_ context: inout CallContext) {
        guard spareActions.count < 8 else { return }
        context.actions.removeAll(keepingCapacity: true)
        spareActions.append(context.actions)
    }

    private lazy var credentials: (Trunk, Method, [UInt8], SIPMessage) -> TrunkCredentials? = {
        [unowned self] trunk, method, uri, response in
        answerChallenge(of: trunk, method, uri, response)
    }

    private lazy var admits: (Trunk, Bool) -> Bool = { [unowned self] trunk, isEmergency in
        context.trunks.admit(trunk.id, isEmergency: isEmergency, at: now)
    }
}

/// A shard's source of unpredictable numbers, shared by its mint and its other users.
final class RandomDraw {
    private var source: RandomTokenSource

    init() throws {
        source = try RandomTokenSource()
    }

    func next() -> UInt64 {
        source.nextUInt64()
    }
}

/// What waits for the store.
enum PendingCommit {
    case call(ActiveCall)
    case registration(ServerTransaction, ResourceIdentifier, [Binding], answer: [UInt8])
}

/// What a shard has counted since it started.
package struct ShardCounters: Hashable, Sendable {
    /// Messages refused, by kind.
    package var refused: [String: Int] = [:]
    /// Calls that policy approved.
    package var approved = 0
    /// Calls that policy rejected.
    package var rejected = 0
    /// Soft limits that calls ran into, by what the limit counts.
    package var limitWarnings: [LimitKind: Int] = [:]
    /// Calls that a limit refused, by what the limit counts.
    package var limitRefusals: [LimitKind: Int] = [:]
    /// Calls to emergency services.
    package var emergencies = 0
    /// Messages that belonged to nothing.
    package var strays = 0

    /// Makes counters at zero.
    package init() {}
}
