// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Logging
import MonotonicTime
import Synchronization

extension HTTPCallAPI {
    /// Records are on disk, or are not: on the writer's thread, which must not wait.
    func storeCompleted(tokens: [UInt64], outcome: StoreOutcome) {
        for token in tokens {
            guard let handOff = state.withLock({ $0.committing.removeValue(forKey: token) }) else { continue }
            switch outcome {
            case .committed: recorded(handOff)
            case .failed(let error): notRecorded(handOff, "\(error)")
            }
        }
    }

    private func recorded(_ handOff: HandOff) {
        if handOff.isEmergency {
            answer(handOff, .admitted(nil))
            return report(handOff)
        }
        enum Step {
            case ask
            case crowded
            case gone
            case closed
        }
        let step: Step = state.withLock { state in
            if !state.calls.isWanted(handOff.record.id) { return .gone }
            if state.isClosed { return .closed }
            guard state.handOffs < options.inFlight else { return .crowded }
            state.handOffs += 1
            return .ask
        }
        switch step {
        case .ask: Task { await self.offer(handOff) }
        case .crowded: refused(handOff, .crowded)
        // The caller has given up: its shard has forgotten the call, and only the token is still to be settled.
        case .gone: answer(handOff, .admitted(nil))
        case .closed: notRecorded(handOff, "the gateway is shutting down")
        }
    }

    private func notRecorded(_ handOff: HandOff, _ reason: String) {
        answer(handOff, .unavailable(reason))
        if handOff.isEmergency { return report(handOff) }
        state.withLock { _ = $0.calls.end(handOff.record.id) }
    }

    private func offer(_ handOff: HandOff) async {
        let verdict = await ask(handOff)
        switch verdict.outcome {
        case .created(let identifier):
            let isWanted = created(handOff.record.id, as: identifier)
            answer(handOff, .admitted(isWanted ? identifier : nil))
        case .refused, .heard:
            refused(handOff, verdict)
        }
        state.withLock { $0.handOffs -= 1 }
    }

    private func ask(_ handOff: HandOff) async -> ServiceVerdict {
        let id = handOff.record.id
        guard let body = try? CallCreationBody(handOff.record).encoded() else {
            return ServiceVerdict(.failed(.request, "no body"), hiding: nil, passesMessage: false)
        }
        return await service.ask(for: .creation, "/calls", body, key: "\(id)") { [self] in
            state.withLock { $0.calls.isWanted(id) }
        }
    }

    /// Notes a call that the service has created; one that ended meanwhile is ended there at once.
    private func created(_ id: ResourceIdentifier, as identifier: CallAPIIdentifier) -> Bool {
        keep(identifier, of: id)
        let isWanted = state.withLock { $0.calls.created(id, as: identifier) }
        if !isWanted { hangUp(id, identifier) }
        return isWanted
    }

    private func refused(_ handOff: HandOff, _ verdict: ServiceVerdict) {
        guard let refusal = verdict.refusal else { return }
        state.withLock { _ = $0.calls.end(handOff.record.id) }
        var metadata: Logger.Metadata = [
            "call": "\(handOff.record.id)",
            "endpoint": "\(handOff.record.callerUsername)",
            "destination": "\(handOff.record.destination)",
            "status": "\(refusal.status)",
            "reason": "\(refusal.text)",
        ]
        if let detail = verdict.detail { metadata["detail"] = "\(detail)" }
        logger.info("call refused by the call API", metadata: metadata)
        answer(handOff, .refused(refusal))
    }

    /// Tells the service of an emergency call that is already on its way; nobody waits for it.
    func report(_ handOff: HandOff) {
        inBackground(of: handOff.record.id, "an emergency call") { [self] in
            let verdict = await ask(handOff)
            if case .created(let identifier) = verdict.outcome {
                _ = created(handOff.record.id, as: identifier)
            }
            return verdict
        }
    }

    /// Ends a call at the service; nobody waits for it.
    func hangUp(_ id: ResourceIdentifier, _ identifier: CallAPIIdentifier) {
        inBackground(of: id, "the end of a call") { [self] in
            await service.ask(for: .ending, "/calls/\(identifier)/hangup", [], key: "\(id)-hangup") { true }
        }
    }

    private func inBackground(
        of id: ResourceIdentifier,
        _ what: String,
        _ work: @escaping @Sendable () async -> ServiceVerdict
    ) {
        let mayBegin = state.withLock { state in
            guard state.reports < options.inFlight else { return false }
            state.reports += 1
            return true
        }
        guard mayBegin else {
            return logger.warning("the call API is not told of \(what)", metadata: ["call": "\(id)"])
        }
        Task {
            let verdict = await work()
            if let refusal = verdict.refusal {
                logger.warning(
                    "the call API could not be told of \(what)",
                    metadata: ["call": "\(id)", "reason": "\(refusal.text)"]
                )
            }
            state.withLock { $0.reports -= 1 }
        }
    }
}
