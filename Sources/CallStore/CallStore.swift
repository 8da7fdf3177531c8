// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Dispatch
import GRDB
import Synchronization

/// How a store is opened.
package struct CallStoreOptions: Hashable, Sendable {
    /// Pages in the write-ahead log before it is copied back into the database file.
    package var checkpointPages: Int
    /// Connections for reading at the same time.
    package var readers: Int
    /// Whether this process alone may serve calls from the store; tools that read or provision beside a running
    /// gateway leave it off.
    package var isExclusive: Bool

    /// Makes options.
    package init(checkpointPages: Int = 4000, readers: Int = 4, isExclusive: Bool = true) {
        self.checkpointPages = checkpointPages
        self.readers = readers
        self.isExclusive = isExclusive
    }
}

/// The gateway's memory on disk: who may call, where endpoints are registered, and every call with its decision.
///
/// Times are stored in milliseconds since 1970-01-01T00:00:00Z, identities as 16 octets. Reading may be done on any
/// thread and waits for the disk, so never on a shard's; the records of calls and bindings are written through a
/// `StoreWriter`.
package final class CallStore: Sendable {
    /// The database file.
    package let path: String
    /// Whose calls' events are kept for delivery.
    package let webhooks = WebhookFeed()
    let pool: DatabasePool
    private let lock: ProcessLock?
    private let isClosed = Mutex(false)

    /// Opens the database, makes it when there is none, and brings it to this program's form.
    package init(path: String, options: CallStoreOptions = CallStoreOptions()) throws(CallStoreError) {
        self.path = path
        lock = options.isExclusive ? try ProcessLock(databasePath: path) : nil
        StoreFile.makePrivate(path)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(options))
            guard try !pool.read(StoreSchema.migrator.hasBeenSuperseded) else {
                throw CallStoreError.schemaTooNew(path: path)
            }
            try StoreSchema.migrator.migrate(pool)
            // GRDB leaves WAL databases at NORMAL, which loses the last commits when the power fails.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch {
            throw CallStoreError.opening(error, path: path)
        }
    }

    private static func configuration(_ options: CallStoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.label = "tollgate.store"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = max(options.readers, 1)
        configuration.qos = .userInitiated
        let pages = max(options.checkpointPages, 100)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(pages); PRAGMA cache_size = -16000")
        }
        return configuration
    }

    /// Closes every connection and gives the database free for another process; later use throws. To close again does
    /// nothing: a checkpoint on a closed pool would trap.
    package func close() throws(CallStoreError) {
        let isFirst = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        guard isFirst else { return }
        defer { lock?.release() }
        // What stands in the log alone would be lost to whoever copies the database file; a passive checkpoint waits
        // for nobody.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
        do { try pool.close() } catch { throw .wrapping(error, path: path) }
    }

    /// Reads in one consistent view of the database.
    func reading<Result>(_ body: (Database) throws -> Result) throws(CallStoreError) -> Result {
        do { return try pool.read(body) } catch { throw .wrapping(error, path: path) }
    }

    /// Writes in one transaction.
    func writing<Result>(_ body: (Database) throws -> Result) throws(CallStoreError) -> Result {
        do { return try pool.write(body) } catch { throw .wrapping(error, path: path) }
    }
}

extension CallStoreError {
    /// An error met while opening: what cannot be written then cannot be opened.
    static func opening(_ error: any Error, path: String) -> CallStoreError {
        let error = wrapping(error, path: path)
        guard case .notWritable(let detail) = error else { return error }
        return .cannotOpen(path: path, reason: detail, remedy: remedy)
    }
}

extension CallStore {
    /// Bounds the database file, in pages of 4 KiB; a commit that needs more fails with `diskFull`.
    package func limitPages(to count: Int) throws(CallStoreError) {
        do {
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(max(count, 1))") }
        } catch {
            throw .wrapping(error, path: path)
        }
    }

    /// The durability level of the writing connection: 2 when every commit waits for the disk.
    package var synchronousLevel: Int {
        get throws(CallStoreError) {
            do {
                return try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? 0 }
            } catch {
                throw .wrapping(error, path: path)
            }
        }
    }
}
