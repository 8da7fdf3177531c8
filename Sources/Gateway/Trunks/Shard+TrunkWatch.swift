// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import Logging
import MonotonicTime
import SIPMessage
import SIPTransaction
import ServerLocation
import TrunkSupervision

/// The first shard watches over the trunks for all: it asks them with OPTIONS and registers at them.
extension Shard {
    /// Takes up the trunks of the policy; what goes on at those that stay as they are goes on.
    func superviseTrunks() {
        guard index == 0 else { return }
        touch()
        let wanted = policy.snapshot.trunks.filter { $0.operation.health != nil || $0.operation.registration != nil }
        let former = trunkWatches
        trunkWatches = [:]
        for trunk in wanted {
            let known = former[trunk.id]
            if let known, known.mayStay(for: trunk) {
                known.trunk = trunk
                trunkWatches[trunk.id] = known
            } else {
                trunkWatches[trunk.id] = watch(trunk, replacing: known)
            }
            // Its successor goes on with the same contact, which is not to be taken back.
            if let known, trunkWatches[trunk.id] !== known, known.registersTheSame(as: trunk) {
                known.registration = nil
            }
        }
        for watch in former.values where trunkWatches[watch.trunk.id] !== watch { end(watch) }
        watchTrunks()
        flush()
    }

    private func watch(_ trunk: Trunk, replacing former: TrunkWatch?) -> TrunkWatch {
        let operation = trunk.operation
        let predecessor = former?.registersTheSame(as: trunk) == true ? former : nil
        let watch = TrunkWatch(
            trunk,
            health: operation.health.map { TrunkHealth($0, at: now, chance: random.next()) },
            registration: operation.registration.map {
                TrunkRegistration(expires: $0.expires, following: predecessor?.registration, at: now)
            },
            callID: predecessor?.callID ?? mint.next(),
            tag: mint.next()
        )
        // A new machine takes the trunk to be up, whatever the former one had found.
        if former?.health?.isUp == false { context.trunks.noteHealth(of: trunk.id, isUp: true, at: now) }
        return watch
    }

    /// Nothing is to be found out there any more, and the contact is taken back.
    private func end(_ watch: TrunkWatch) {
        if let key = watch.asking.take() { drop(key) }
        watch.health = nil
        endRegistration(watch)
    }

    /// Does what is due at the trunks, and sleeps until the next thing is.
    func watchTrunks() {
        for watch in trunkWatches.values {
            advanceHealth(watch)
            advanceRegistration(watch)
        }
        armTrunkWatch()
    }

    /// Has the wheel wake the shard when the next thing is due.
    func armTrunkWatch() {
        wheel.cancel(trunkTimer)
        trunkTimer = .none
        guard let due = trunkWatches.values.compactMap({ $0.due(after: now) }).min() else { return }
        let slot = trunkSlot ?? owners.insert(.trunks)
        trunkSlot = slot
        trunkTimer = wheel.arm(at: max(due, now + .milliseconds(1)), TimerToken(owner: slot, purpose: 0))
    }

    private func advanceHealth(_ watch: TrunkWatch) {
        switch watch.health?.advance(to: now, chance: random.next()) {
        case .ask: ask(watch)
        case .giveUp:
            if let key = watch.asking.take() { drop(key) }
            noteHealth(watch)
        case .wait, nil: break
        }
    }

    private func noteHealth(_ watch: TrunkWatch) {
        guard let health = watch.health else { return }
        context.trunks.noteHealth(of: watch.trunk.id, isUp: health.isUp, at: now)
    }

    private func ask(_ watch: TrunkWatch) {
        let key = ClientTransactionKey(branch: mint.next(), isCancel: false)
        watch.asking = key
        serve(watch.trunk) { shard, server in
            guard watch.asking == key else { return }
            guard let server else { return shard.healthAnswered(watch, key, nil) }
            let request = TrunkRequest(watch.trunk, at: server, userAgent: shard.context.settings.userAgent)
            let names = TrunkRequest.Names(
                callID: shard.mint.next(),
                tag: shard.mint.next(),
                branch: key.branch,
                sequenceNumber: 1
            )
            shard.openClient(key, request.options(names), server.hop, call: nil) { shard, response in
                if response == nil { shard.avoid(server.hop, seconds: nil) }
                shard.healthAnswered(watch, key, response)
            }
        }
    }

    private func healthAnswered(_ watch: TrunkWatch, _ key: ClientTransactionKey, _ response: SIPMessage?) {
        guard watch.asking == key else { return }
        watch.asking = nil
        if let response {
            watch.health?.answered(status: response.status, at: now, chance: random.next())
        } else {
            watch.health?.failed(at: now, chance: random.next())
        }
        noteHealth(watch)
        armTrunkWatch()
    }

    /// Finds the server of a trunk to send to; nil when none is found.
    func serve(_ trunk: Trunk, _ completion: @escaping (Shard, LocatedHop?) -> Void) {
        let (listener, local) = reach(trunk)
        let hop = TrunkRequest.hop(to: trunk, listener: listener, local: local)
        guard hop.isNamed else { return completion(self, LocatedHop(hop: hop, local: local)) }
        locate(LocationRequest(hop)) { shard, outcome in
            guard case .success(let found) = outcome else { return completion(shard, nil) }
            shard.noteTrunk(hop.host, found.servers)
            completion(shard, found.servers.lazy.compactMap { shard.hop(to: $0, insteadOf: hop) }.first)
        }
    }

    /// Lets go of a client transaction whose answer nobody waits for; its server has failed.
    private func drop(_ key: ClientTransactionKey) {
        guard let client = clients[key] else { return }
        client.completion = nil
        wheel.cancel(client.retransmission)
        wheel.cancel(client.lifetime)
        owners.remove(client.slot)
        clients[key] = nil
        avoid(client.hop, seconds: nil)
    }

    /// Tells whoever waits for a request outside any call what came of it: its final response, or nil.
    func conclude(_ client: ClientTransaction, _ actions: TransactionActions, _ response: SIPMessage?) {
        guard let completion = client.completion else { return }
        let hasFailed = actions.contains(.timeout) || actions.contains(.transportError)
        let isFinal = actions.contains(.deliver) && (response?.status ?? 0) >= 200
        guard hasFailed || isFinal else { return }
        client.completion = nil
        if let response, isFinal { noteAnswer(response.status, from: client) }
        completion(self, isFinal ? response : nil)
    }
}
