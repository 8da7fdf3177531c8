// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import SIPMessage
import SIPTransaction
import SIPTransport
import ServerLocation

extension Shard {
    /// Does what a call asks, in order.
    func perform(_ actions: [CallAction], of active: ActiveCall) {
        var toLocate: [(target: Int, hop: NextHop)] = []
        for action in actions {
            if takesInside(action, of: active) { continue }
            switch action {
            case .respond(let identifier, let status, let bytes):
                if let server = serversByIdentifier[identifier] { respond(server, status: status, bytes) }
            case .send(let branch, let request, let hop):
                if request.method == .invite { active.invites.append(branch) }
                openClient(ClientTransactionKey(branch: branch, isCancel: false), request, hop, call: active)
            case .cancel(let branch, let request, let hop):
                cancel(branch, request, hop, active)
            case .acknowledge(let bytes, let hop):
                acknowledge(bytes, hop, active)
            case .locate(let target, let hop):
                toLocate.append((target, hop))
            case .avoid(let hop, let seconds):
                avoid(hop, seconds: seconds)
            case .trunkFailed(let trunk, let seconds):
                context.trunks.callFailed(on: trunk, leavingAlone: seconds, at: now)
            case .arm(let timer, let interval):
                if let old = active.timers[timer] { wheel.cancel(old) }
                active.timers[timer] = wheel.arm(
                    at: now + interval,
                    TimerToken(owner: active.slot, purpose: timer.purpose)
                )
            case .disarm(let timer):
                if let old = active.timers.removeValue(forKey: timer) { wheel.cancel(old) }
            case .claimTag(let tag):
                active.tags.append(tag)
                callsByTag[tag] = active
            case .record(let progress):
                note(progress, active)
            case .dialogChanged:
                guard let state = active.call?.dialogState() else { continue }
                context.callAPI.update(CallUpdate(active.id, dialogState: state, .current))
            case .findCounterpart(let transaction, let dialog):
                findCounterpart(dialog, for: transaction, of: active)
            case .finished:
                finish(active)
            }
        }
        // What is known is told at once, which must not come between two actions of one event.
        for (target, hop) in toLocate { locate(target: target, hop, for: active) }
    }

    /// A CANCEL takes the way its INVITE took, by whatever transport that was in the end.
    private func cancel(_ branch: UInt64, _ request: OutgoingRequest, _ hop: NextHop, _ active: ActiveCall) {
        let invite = presentInvite(branch, of: active)
        var request = request
        if let invite, invite.hop.transport != hop.transport {
            request.setViaTransport(ViaTransport(invite.hop.transport))
        }
        if let invite { request.setViaBranch(invite.key.branch) }
        openClient(
            ClientTransactionKey(branch: invite?.key.branch ?? branch, isCancel: true),
            request,
            invite?.hop ?? hop,
            peer: invite?.peer,
            call: active
        )
    }

    private func acknowledge(_ bytes: [UInt8], _ hop: NextHop, _ active: ActiveCall) {
        if let peer = literalPeer(hop) { return transmit(bytes, hop, peer) }
        if let server = active.servers[hop] { return transmit(bytes, hop, server) }
        locate(LocationRequest(hop)) { shard, outcome in
            guard case .success(let found) = outcome, let server = found.servers.first else { return }
            shard.transmit(bytes, hop, server)
        }
    }

    private func transmit(_ bytes: [UInt8], _ hop: NextHop, _ server: LocatedServer) {
        guard let transport = server.sipTransport else { return }
        var hop = hop
        hop.listener = listener(for: transport, server.peer, preferring: hop.listener)
        let isSame = hop.transport == transport
        hop.transport = transport
        transmit(isSame ? bytes : bytes.withViaTransport(transport), hop, server.peer)
    }

    private func transmit(_ bytes: [UInt8], _ hop: NextHop, _ peer: PeerAddress) {
        guard isSecureEnough(bytes, hop) else { return }
        send(
            bytes,
            kind: TransportKind(hop.transport),
            to: peer,
            listener: hop.listener,
            destination: destination(of: hop),
            connection: ConnectionIdentifier(rawValue: hop.connection),
            token: 0
        )
    }

    private func note(_ progress: CallProgress, _ active: ActiveCall) {
        if case .lastsLong = progress { return logLength(active) }
        if case .attempt(let attempt) = progress { move(active, to: attempt.trunk) }
        if case .answered = progress {
            active.answered = now
            active.ledger?.callAnswered(active.account, at: now)
        }
        var update = CallUpdate(active.id, progress, lastStatus: active.lastStatus, .current)
        if case .answered = progress, let state = active.call?.dialogState() { update.dialogState = .replaced(state) }
        if let status = update.status { active.lastStatus = status }
        context.callAPI.update(update)
        guard case .ended(_, let cause) = progress else { return }
        logEnd(update, active)
        noteInside(end: cause, of: active)
    }

    /// The call has gone on to another trunk, where it was counted when it was let in.
    private func move(_ active: ActiveCall, to trunk: ResourceIdentifier?) {
        guard active.trunk != trunk else { return }
        if let former = active.trunk { context.trunks.callEnded(on: former) }
        active.trunk = trunk
    }

    private func finish(_ active: ActiveCall) {
        move(active, to: nil)
        for tag in active.tags { callsByTag[tag] = nil }
        for (_, handle) in active.timers { wheel.cancel(handle) }
        active.timers.removeAll()
        active.call = nil
        for branch in active.invites { abandon(ClientTransactionKey(branch: branch, isCancel: false)) }
        owners.remove(active.slot)
        if let seat = active.seat { seat.placed.legs[seat.leg] = nil }
        active.ledger?.callEnded(active.account, answered: active.answered, at: now)
        activeCalls -= 1
    }

    /// A timer of a call fired.
    func fire(_ timer: CallTimer?, of active: ActiveCall) {
        guard let timer else { return }
        active.timers[timer] = nil
        handle(active) { $0.call?.timerFired(timer, &$1) }
    }
}
