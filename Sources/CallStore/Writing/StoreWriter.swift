// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The one thread that writes calls and bindings: it gathers work, commits it at once, and tells each shard.
///
/// A job with a token is committed with all others of its kind that come within `gatherMicroseconds`. Updates of calls
/// without a token wait `idleMicroseconds`, which folds several of one call into one, and writes each page once. They
/// are kept and tried again when a commit fails, so that calls in progress end up right when the disk has room again.
package final class StoreWriter: Sendable {
    private let queue: StoreQueue
    private let thread: WriterThread

    /// Starts the thread. `sinks[shard]` hears of that shard's jobs.
    package init(
        store: CallStore,
        sinks: [any StoreCompletionSink],
        options: StoreWriterOptions = StoreWriterOptions()
    ) throws(CallStoreError) {
        let queue = StoreQueue(options: options)
        self.queue = queue
        thread = try WriterThread {
            let worker = WriterWorker(queue: queue, applier: BatchApplier(store), sinks: sinks)
            worker.run()
        }
    }

    deinit {
        close()
    }

    /// Hands a job over without waiting; token 0 wants no report.
    package func submit(_ job: StoreJob, shard: Int, token: UInt64) -> StoreSubmission {
        queue.submit(QueuedJob(job: job, shard: shard, token: token))
    }

    /// What the writer has done so far.
    package var statistics: StoreWriterStatistics {
        queue.counted
    }

    /// Takes no more jobs, writes the waiting ones, reports them, and waits for the thread to end.
    package func close() {
        queue.close()
        thread.join()
    }
}

/// A thread of the operating system that runs one closure.
// SAFETY: `handle` is written once in the initialiser; joining is guarded by the mutex.
final class WriterThread: @unchecked Sendable {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let handle: pthread_t
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var isJoined = false

    init(_ run: @escaping @Sendable () -> Void) throws(CallStoreError) {
        pthread_mutex_init(mutex, nil)
        let body = Unmanaged.passRetained(Body(run))
        var handle = pthread_t()
        let code = pthread_create(
            &handle,
            nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            body.toOpaque()
        )
        guard code == 0 else {
            body.release()
            throw .failed(code: Int(code), detail: "no thread for the writer: \(String(cString: strerror(code)))")
        }
        self.handle = handle
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Waits for the thread to end; may be called more than once.
    func join() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isJoined else { return }
        isJoined = true
        pthread_join(handle, nil)
    }
}
