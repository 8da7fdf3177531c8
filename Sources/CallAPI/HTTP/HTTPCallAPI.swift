// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
package import CallPolicy
package import CallStore
package import Logging
import MonotonicTime
import Synchronization

/// The call API of an outside service: a call goes out when its record is on disk here and the service has created it.
///
/// The record is committed first and the service asked after that, not both at once: a call that the service knows must
/// never be one that the gateway has forgotten, or nobody would end it there. The name that the service gives the call
/// joins the record without holding the call up; the gateway's own name, which the service is told and which is the
/// idempotency key, finds the call on either side.
///
/// An emergency call waits for its record only, as ever, and the service is told afterwards.
package final class HTTPCallAPI: CallAPI {
    struct HandOff {
        let record: CallRecord
        let shard: Int
        let token: UInt64

        var isEmergency: Bool { record.destinationKind == .emergency }
    }

    struct State {
        var committing: [UInt64: HandOff] = [:]
        var lastToken: UInt64 = 0
        var calls = HandedCalls()
        var handOffs = 0
        var reports = 0
        var isClosed = false
    }

    let options: HTTPCallAPIOptions
    let service: HandOffService
    let state = Mutex(State())
    let logger: Logger
    private let writer: StoreWriter
    private let sinks: [any CallAdmissionSink]
    private let ownShard: Int

    /// Makes the API; `shutdown` must be called before it is let go.
    ///
    /// - Parameters:
    ///   - options: The service, and the bounds.
    ///   - writer: The writer of the gateway's own store.
    ///   - commits: Among the sinks that the writer was made with, in the place after those of the shards.
    ///   - sinks: `sinks[shard]` hears of that shard's calls.
    ///   - logger: Takes refusals and failures, never a secret.
    package init(
        _ options: HTTPCallAPIOptions,
        writer: StoreWriter,
        commits: HandOffCommits,
        sinks: [any CallAdmissionSink],
        logger: Logger
    ) {
        self.options = options
        self.writer = writer
        self.sinks = sinks
        self.logger = logger
        ownShard = sinks.count
        service = HandOffService(options, logger: logger)
        commits.connect(self)
    }

    /// Queues the record; the service is asked once it is on disk.
    package func create(_ record: CallRecord, shard: Int, token: UInt64) -> Bool {
        let handOff = HandOff(record: record, shard: shard, token: token)
        let own: UInt64? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.lastToken += 1
            state.committing[state.lastToken] = handOff
            state.calls.offer(record.id)
            return state.lastToken
        }
        if let own, writer.submit(.createCall(record), shard: ownShard, token: own) == .accepted { return true }
        state.withLock { state in
            if let own { state.committing[own] = nil }
            if !handOff.isEmergency { _ = state.calls.end(record.id) }
        }
        // It goes out all the same, so the service may know.
        if handOff.isEmergency, own != nil { report(handOff) }
        return false
    }

    /// Keeps the record in the gateway's own store alone.
    package func noteRejected(_ record: CallRecord) {
        _ = writer.submit(.createCall(record), shard: 0, token: 0)
    }

    /// Queues the change in the gateway's own store; the end of a call that the service knows is reported to it.
    package func update(_ change: CallUpdate) {
        if change.status == .hangup {
            let ending = state.withLock { $0.calls.end(change.id) }
            if case .created(let identifier) = ending, concernsService(change) {
                hangUp(change.id, identifier)
            }
        }
        _ = writer.submit(.updateCall(change), shard: 0, token: 0)
    }

    /// Whether the service would not hear of an end by itself.
    private func concernsService(_ change: CallUpdate) -> Bool {
        options.reportsEveryEnd || change.hangupBy == .local || change.cause == .durationLimit
    }

    /// Takes a call of the last run in, so that its end is reported.
    package func resume(_ id: ResourceIdentifier, as identifier: CallAPIIdentifier) {
        state.withLock { $0.calls.resume(id, as: identifier) }
    }

    /// Keeps the service's name of a call; nobody waits for it.
    func keep(_ identifier: CallAPIIdentifier, of id: ResourceIdentifier) {
        var update = CallUpdate(id: id, time: .present)
        update.externalIdentifier = identifier.description
        _ = writer.submit(.updateCall(update), shard: 0, token: 0)
    }

    /// Tells a shard.
    func answer(_ handOff: HandOff, _ admission: CallAdmission) {
        guard sinks.indices.contains(handOff.shard) else { return }
        sinks[handOff.shard].admissionCompleted(tokens: [handOff.token], admission: admission)
    }

    /// Waits for what is under way as long as one hand-off may take, then breaks it off.
    package func shutdown() async {
        state.withLock { $0.isClosed = true }
        let limit = Instant.present + options.deadline
        while isBusy, Instant.present < limit { try? await Task.sleep(for: .milliseconds(20)) }
        await service.shutdown()
        while isBusy { try? await Task.sleep(for: .milliseconds(5)) }
    }

    private var isBusy: Bool { state.withLock { $0.handOffs + $0.reports > 0 } }
}
