// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import GRDB
import MonotonicTime

/// Applies batches, each in one transaction; lives on the writer's thread.
final class BatchApplier {
    private struct LiveEntry {
        var sequence: Int64
        var customer: ResourceIdentifier
        var status: CallStatus
        var attempt = OpenAttempt.unknown
    }

    /// Which attempt of a call has not ended.
    private enum OpenAttempt {
        /// Another process began the call.
        case unknown
        case none
        case at(Int)
    }

    private let pool: DatabasePool
    private var statements: WriterStatements?
    /// Calls that have not ended, so that an update finds its row without a search.
    private var live: [ResourceIdentifier: LiveEntry] = [:]
    /// What the running transaction will do to `live`; nil for an entry that goes.
    private var staged: [(id: ResourceIdentifier, entry: LiveEntry?)] = []

    private let webhooks: WebhookFeed
    /// The customers whose calls' events are kept, as of this batch.
    private var subscribers: Set<ResourceIdentifier> = []
    private var hasEvents = false

    init(_ store: CallStore) {
        pool = store.pool
        webhooks = store.webhooks
    }

    /// Runs every step and commits once; gives the steps that were rejected on their own.
    ///
    /// - Throws: when the transaction as a whole failed, after which nothing of it is written.
    func apply(_ steps: [BatchPlan.Step]) throws(CallStoreError) -> [Int: CallStoreError] {
        staged.removeAll(keepingCapacity: true)
        subscribers = webhooks.subscribers
        hasEvents = false
        do {
            let rejected = try pool.writeWithoutTransaction { database in
                try self.transaction(steps, database)
            }
            for change in staged { live[change.id] = change.entry }
            if hasEvents { webhooks.signal() }
            return rejected
        } catch {
            throw .wrapping(error, path: pool.path)
        }
    }

    private func transaction(_ steps: [BatchPlan.Step], _ database: Database) throws -> [Int: CallStoreError] {
        let statements = try self.statements ?? WriterStatements(database)
        self.statements = statements
        try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
        do {
            let rejected = try run(steps, statements)
            try database.cachedStatement(sql: "COMMIT").execute()
            return rejected
        } catch {
            // SQLite has rolled back by itself after some errors, and a rollback that fails leaves nothing to undo.
            if database.isInsideTransaction { try? database.rollback() }
            throw error
        }
    }

    private func run(
        _ steps: [BatchPlan.Step],
        _ statements: WriterStatements
    ) throws(CallStoreError) -> [Int: CallStoreError] {
        var rejected: [Int: CallStoreError] = [:]
        for (index, step) in steps.enumerated() {
            do throws(CallStoreError) {
                try run(step, statements)
            } catch {
                guard case .rejected = error else { throw error }
                rejected[index] = error
            }
        }
        return rejected
    }

    private func run(_ step: BatchPlan.Step, _ statements: WriterStatements) throws(CallStoreError) {
        switch step.job {
        case .createCall(let record): try create(record, step.dialogState, statements)
        case .updateCall(let update): try self.update(update, statements)
        case .replaceBindings(let endpoint, let bindings): try replace(bindings, of: endpoint, statements)
        case .removeExpiredBindings(let time):
            statements.deleteExpiredBindings.bind(1, time.milliseconds)
            try statements.deleteExpiredBindings.run()
        }
    }

    private func create(
        _ record: CallRecord,
        _ dialogState: DialogStateChange,
        _ statements: WriterStatements
    ) throws(CallStoreError) {
        let sequence = try insert(record, statements)
        try note(record.externalIdentifier, of: sequence, statements)
        if !record.findings.isEmpty {
            statements.insertDecision.bind(1, sequence)
            statements.insertDecision.bindText(2, record.findings)
            try statements.insertDecision.run()
        }
        if record.flow != nil || record.master != nil {
            statements.insertPlacedCall.bind(1, sequence)
            statements.insertPlacedCall.bind(2, record.flow)
            statements.insertPlacedCall.bind(3, record.master)
            try statements.insertPlacedCall.run()
        }
        var entry = LiveEntry(
            sequence: sequence,
            customer: record.customer,
            status: record.status,
            attempt: .none
        )
        try noteEvents(of: record, since: nil, entry, statements)
        for attempt in record.attempts { try insert(attempt, &entry, statements) }
        guard record.status != .hangup else { return }
        statements.insertLiveCall.bind(1, sequence)
        if case .replaced(let state) = dialogState {
            statements.insertLiveCall.bindBlob(2, state)
        } else {
            statements.insertLiveCall.bindNull(2)
        }
        try statements.insertLiveCall.run()
        staged.append((record.id, entry))
    }

    private func insert(_ record: CallRecord, _ statements: WriterStatements) throws(CallStoreError) -> Int64 {
        let insert = statements.insertCall
        CallRow.bind(record, to: insert)
        let first = CallSequence.first(of: record.id)
        for sequence in first..<first &+ CallSequence.probes {
            insert.bind(CallRow.columnCount + 1, sequence)
            try insert.run()
            if insert.changedRows == 1 { return sequence }
            if try find(record.id, statements) != nil { break }
        }
        throw .rejected(detail: "the call identity \(record.id) is in use")
    }

    private func find(
        _ id: ResourceIdentifier,
        _ statements: WriterStatements
    ) throws(CallStoreError) -> LiveEntry? {
        CallRow.bindLookup(statements.findCall, id)
        guard try statements.findCall.step() else { return nil }
        defer { statements.findCall.reset() }
        let code = UInt8(truncatingIfNeeded: statements.findCall.integer(1))
        return LiveEntry(
            sequence: statements.findCall.integer(0),
            customer: try statements.findCall.identifier(2),
            status: CallStatus(rawValue: code) ?? .hangup
        )
    }

    private func update(_ update: CallUpdate, _ statements: WriterStatements) throws(CallStoreError) {
        var known = live[update.id]
        if known == nil { known = try find(update.id, statements) }
        guard var entry = known else { throw .rejected(detail: "no call has the identity \(update.id)") }
        // A call may have ended by the time that the outside service names it.
        try note(update.externalIdentifier ?? "", of: entry.sequence, statements)
        guard entry.status != .hangup else { return }
        let earlier = entry.status
        if let next = update.status, earlier.mayBecome(next) { entry.status = next }
        Self.bind(update, entry.status, entry.sequence, to: statements.updateCall)
        try statements.updateCall.run()
        if entry.status != earlier { try noteEvents(of: nil, since: earlier, entry, statements) }
        try applyAttempts(of: update, &entry, statements)
        if entry.status == .hangup {
            statements.deleteLiveCall.bind(1, entry.sequence)
            try statements.deleteLiveCall.run()
            staged.append((update.id, nil))
            return
        }
        if case .replaced(let state) = update.dialogState {
            statements.updateDialogState.bind(1, entry.sequence)
            statements.updateDialogState.bindBlob(2, state)
            try statements.updateDialogState.run()
        }
        staged.append((update.id, entry))
    }

    private func note(
        _ externalIdentifier: String,
        of sequence: Int64,
        _ statements: WriterStatements
    ) throws(CallStoreError) {
        guard !externalIdentifier.isEmpty else { return }
        statements.insertExternalIdentifier.bind(1, sequence)
        statements.insertExternalIdentifier.bind(2, externalIdentifier)
        try statements.insertExternalIdentifier.run()
    }

    /// Keeps what subscribers are to be told of the step from `earlier`, nil for a new call, to the call as it stands:
    /// in `record`, or in the row when that is nil.
    private func noteEvents(
        of record: CallRecord?,
        since earlier: CallStatus?,
        _ entry: LiveEntry,
        _ statements: WriterStatements
    ) throws(CallStoreError) {
        guard !subscribers.isEmpty, subscribers.contains(entry.customer) else { return }
        let call = if let record { record } else { try WebhookRow.read(entry.sequence, statements.readCall) }
        for event in WebhookEvent.between(earlier, call) {
            WebhookRow.bind(event, entry.customer, entry.sequence, to: statements.insertWebhookDelivery)
            try statements.insertWebhookDelivery.run()
            hasEvents = true
        }
    }

    private func applyAttempts(
        of update: CallUpdate,
        _ entry: inout LiveEntry,
        _ statements: WriterStatements
    ) throws(CallStoreError) {
        for change in update.attempts {
            switch change {
            case .started(let attempt): try insert(attempt, &entry, statements)
            case .ended(let end): try self.end(end, &entry, statements)
            }
        }
        if let last = update.lastAttemptEnd { try end(last, &entry, statements) }
    }

    private func insert(
        _ attempt: AttemptRecord,
        _ entry: inout LiveEntry,
        _ statements: WriterStatements
    ) throws(CallStoreError) {
        AttemptRow.bind(attempt, of: entry.sequence, to: statements.insertAttempt)
        try statements.insertAttempt.run()
        entry.attempt = attempt.ended == nil ? .at(attempt.position) : .none
    }

    private func end(
        _ end: AttemptEnd,
        _ entry: inout LiveEntry,
        _ statements: WriterStatements
    ) throws(CallStoreError) {
        switch entry.attempt {
        case .none: return
        case .unknown:
            AttemptRow.bind(end, of: entry.sequence, to: statements.endOpenAttempt)
            try statements.endOpenAttempt.run()
        case .at(let position):
            AttemptRow.bind(end, of: entry.sequence, to: statements.endAttempt)
            statements.endAttempt.bind(5, Int64(position))
            try statements.endAttempt.run()
        }
        entry.attempt = .none
    }

    private static func bind(_ update: CallUpdate, _ status: CallStatus, _ sequence: Int64, to row: BoundStatement) {
        row.bind(1, sequence)
        row.bind(2, Int64(status.rawValue))
        row.bind(3, update.time.milliseconds)
        row.bind(4, (update.hangupBy?.rawValue).map(Int64.init))
        row.bind(5, (update.hangupReason?.rawValue).map(Int64.init))
        row.bind(6, update.finalStatus.map(Int64.init))
        row.bind(7, (update.cause?.value).map(Int64.init))
        row.bind(8, update.trunk?.id)
        row.bind(9, update.trunk?.name)
        row.bind(10, update.outboundCallID)
        row.bind(11, update.ringing?.milliseconds)
        row.bind(12, update.progressing?.milliseconds)
        row.bind(13, update.hangup?.milliseconds)
    }

    private func replace(
        _ bindings: [StoredBinding],
        of endpoint: ResourceIdentifier,
        _ statements: WriterStatements
    ) throws(CallStoreError) {
        for (position, binding) in bindings.enumerated() {
            let row = statements.replaceBinding
            row.bind(1, endpoint)
            row.bind(2, Int64(position))
            row.bind(3, binding.contact)
            row.bind(4, binding.callID)
            row.bind(5, binding.cseq)
            row.bind(6, binding.expires.milliseconds)
            row.bind(7, binding.registered.milliseconds)
            row.bind(8, Int64(binding.quality))
            row.bind(9, binding.path.joined(separator: "\n"))
            row.bind(10, binding.instance)
            row.bind(11, binding.registrationID.map(Int64.init))
            row.bind(12, binding.flow)
            row.bind(13, binding.userAgent)
            try row.run()
        }
        statements.deleteBindings.bind(1, endpoint)
        statements.deleteBindings.bind(2, Int64(bindings.count))
        try statements.deleteBindings.run()
    }
}
