// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What the writer's thread does.
final class WriterWorker {
    private let queue: StoreQueue
    private let applier: BatchApplier
    private let sinks: [any StoreCompletionSink]

    init(queue: StoreQueue, applier: BatchApplier, sinks: [any StoreCompletionSink]) {
        self.queue = queue
        self.applier = applier
        self.sinks = sinks
    }

    /// Works until the queue is closed and empty.
    func run() {
        var batch: [QueuedJob] = []
        while queue.next(into: &batch) {
            write(batch)
            batch.removeAll(keepingCapacity: batch.count < 4096)
        }
    }

    private func write(_ batch: [QueuedJob]) {
        let plan = BatchPlan(batch)
        do throws(CallStoreError) {
            let rejected = try applier.apply(plan.steps)
            queue.count(jobs: batch.count, committed: true)
            if rejected.isEmpty {
                report(batch, .committed)
            } else {
                report(batch, plan, rejected)
            }
        } catch {
            queue.count(jobs: batch.count, committed: false)
            queue.retry(batch.filter { $0.token == 0 && $0.job.belongsToAdmittedCall })
            report(batch, .failed(error))
        }
    }

    private func report(_ batch: [QueuedJob], _ outcome: StoreOutcome) {
        var tokens = [[UInt64]](repeating: [], count: sinks.count)
        for job in batch where job.token != 0 && tokens.indices.contains(job.shard) {
            tokens[job.shard].append(job.token)
        }
        for (shard, tokens) in tokens.enumerated() where !tokens.isEmpty {
            sinks[shard].storeCompleted(tokens: tokens, outcome: outcome)
        }
    }

    private func report(_ batch: [QueuedJob], _ plan: BatchPlan, _ rejected: [Int: CallStoreError]) {
        var committed: [QueuedJob] = []
        for (index, job) in batch.enumerated() {
            if let error = rejected[plan.stepOfJob[index]] {
                report([job], .failed(error))
            } else {
                committed.append(job)
            }
        }
        report(committed, .committed)
    }
}
