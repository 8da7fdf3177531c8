// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A job with whom to tell of its outcome.
struct QueuedJob: Sendable {
    let job: StoreJob
    let shard: Int
    let token: UInt64
}

/// The jobs that wait for the writer's thread, behind one mutex.
// SAFETY: every stored `var` is only touched with `mutex` locked; mutex and condition live at fixed addresses.
final class StoreQueue: @unchecked Sendable {
    private enum Sleep {
        /// The thread is at work, or already called.
        case awake
        /// Any job ends the sleep.
        case untilWork
        /// Only an urgent job ends the sleep early.
        case untilUrgent
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let options: StoreWriterOptions
    private var jobs: [QueuedJob] = []
    /// Updates without a token: written when they have waited long enough, or when order demands it.
    private var patient: [QueuedJob] = []
    private var sleep = Sleep.awake
    private var isClosed = false
    /// When the first job with a token came, on the monotonic clock in microseconds; nil when none waits.
    private var urgentSince: Int64?
    /// Until when the jobs without a token may wait, on the same clock; nil when none waits.
    private var patientUntil: Int64?
    private var statistics = StoreWriterStatistics()

    init(options: StoreWriterOptions) {
        self.options = options
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Adds a job; wakes the thread only when it sleeps and this job is one it waits for.
    func submit(_ job: QueuedJob) -> StoreSubmission {
        locked {
            if isClosed { return .closed }
            let isUpdate = job.job.belongsToAdmittedCall
            let limit = isUpdate ? options.queueLimit &* 2 : options.queueLimit
            if jobs.count &+ patient.count >= limit { return .queueFull }
            let isUrgent = job.token != 0
            if isUrgent {
                if isUpdate { overtake() }
                if urgentSince == nil { urgentSince = Self.now }
            } else if patientUntil == nil {
                patientUntil = Self.now &+ Int64(options.idleMicroseconds)
            }
            if isUpdate && !isUrgent { patient.append(job) } else { jobs.append(job) }
            if sleep == .untilWork || (sleep == .untilUrgent && isUrgent) { wake() }
            return .accepted
        }
    }

    // An update with a token must not be written before an older one of the same call.
    private func overtake() {
        guard !patient.isEmpty else { return }
        jobs.append(contentsOf: patient)
        patient.removeAll(keepingCapacity: true)
    }

    private func wake() {
        sleep = .awake
        pthread_cond_signal(condition)
    }

    /// Refuses further jobs and lets the thread finish the waiting ones.
    func close() {
        locked {
            isClosed = true
            wake()
        }
    }

    /// Puts updates that could not be written before all others; dropped when the queue is closed.
    func retry(_ updates: [QueuedJob]) {
        locked {
            guard !isClosed, !updates.isEmpty else { return }
            patient.insert(contentsOf: updates, at: 0)
            patientUntil = Self.now &+ Int64(options.retryMicroseconds)
        }
    }

    /// Counts a finished batch.
    func count(jobs: Int, committed: Bool) {
        locked {
            if committed {
                statistics.commits &+= 1
                statistics.jobs &+= UInt64(jobs)
            } else {
                statistics.failures &+= 1
            }
        }
    }

    /// What was counted so far.
    var counted: StoreWriterStatistics {
        locked {
            var statistics = statistics
            statistics.waiting = jobs.count &+ patient.count
            return statistics
        }
    }

    /// Waits for work and gives out what is due; false when the queue is closed and empty.
    ///
    /// `batch` must be empty; its storage becomes the queue's.
    func next(into batch: inout [QueuedJob]) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while urgentSince == nil, !isClosed {
            guard let patientUntil else {
                wait(.untilWork, until: nil)
                continue
            }
            guard Self.now < patientUntil else { break }
            wait(.untilUrgent, until: patientUntil)
        }
        if let urgentSince, !isClosed { gather(until: urgentSince &+ Int64(options.gatherMicroseconds)) }
        if isClosed || patientUntil.map({ $0 <= Self.now }) ?? false {
            overtake()
            patientUntil = nil
        }
        swap(&jobs, &batch)
        urgentSince = nil
        if patient.isEmpty { patientUntil = nil }
        return !batch.isEmpty
    }

    // Nobody signals a thread that gathers, so that a batch costs its submitters one wake-up at most.
    private func gather(until deadline: Int64) {
        let rest = deadline &- Self.now
        guard rest > 0 else { return }
        pthread_mutex_unlock(mutex)
        usleep(UInt32(truncatingIfNeeded: rest))
        pthread_mutex_lock(mutex)
    }

    private func wait(_ kind: Sleep, until deadline: Int64?) {
        sleep = kind
        if let deadline {
            var time = timespec(tv_sec: Int(deadline / 1_000_000), tv_nsec: Int(deadline % 1_000_000) * 1000)
            pthread_cond_timedwait(condition, mutex, &time)
        } else {
            pthread_cond_wait(condition, mutex)
        }
        sleep = .awake
    }
}
