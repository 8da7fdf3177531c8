// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy

/// A batch's jobs with those of one call, or of one endpoint's bindings, folded into one.
struct BatchPlan {
    /// One statement group to run.
    struct Step {
        /// The folded job.
        var job: StoreJob
        /// What happens to the dialog state of a call created in this batch.
        var dialogState = DialogStateChange.unchanged
    }

    /// The work in the order of its first job.
    private(set) var steps: [Step] = []
    /// For each job the index of its step.
    private(set) var stepOfJob: [Int] = []
    private var stepOfCall: [ResourceIdentifier: Int] = [:]
    private var stepOfEndpoint: [ResourceIdentifier: Int] = [:]

    /// Folds jobs that were submitted in this order.
    init(_ jobs: [QueuedJob]) {
        steps.reserveCapacity(jobs.count)
        stepOfJob.reserveCapacity(jobs.count)
        for queued in jobs { stepOfJob.append(place(queued.job)) }
    }

    private mutating func place(_ job: StoreJob) -> Int {
        switch job {
        case .createCall(let record):
            // A second creation is not folded: the store itself rejects it.
            if stepOfCall[record.id] == nil { stepOfCall[record.id] = steps.count }
        case .updateCall(let update):
            if let step = stepOfCall[update.id] {
                fold(update, into: step)
                return step
            }
            stepOfCall[update.id] = steps.count
        case .replaceBindings(let endpoint, _):
            if let step = stepOfEndpoint[endpoint] {
                steps[step].job = job
                return step
            }
            stepOfEndpoint[endpoint] = steps.count
        case .removeExpiredBindings: break
        }
        steps.append(Step(job: job))
        return steps.count - 1
    }

    private mutating func fold(_ update: CallUpdate, into step: Int) {
        switch steps[step].job {
        case .createCall(var record):
            let hadEnded = record.status == .hangup
            record.apply(update)
            steps[step].job = .createCall(record)
            if update.dialogState != .unchanged, !hadEnded { steps[step].dialogState = update.dialogState }
        case .updateCall(var earlier):
            earlier.merge(update)
            steps[step].job = .updateCall(earlier)
        case .replaceBindings, .removeExpiredBindings: break
        }
    }
}
