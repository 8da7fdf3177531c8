// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why the store could not do what it was asked.
package enum CallStoreError: Error, Hashable, Sendable {
    /// The database file cannot be opened or written; `reason` is the system's own words.
    case cannotOpen(path: String, reason: String, remedy: String)
    /// Another process of this program has the database open.
    case lockedByAnotherProcess(path: String)
    /// The file system has no room for what was to be written.
    case diskFull
    /// The file is damaged or is not a database.
    case corrupt(detail: String)
    /// A newer version of the program has changed the database's form.
    case schemaTooNew(path: String)
    /// The database cannot be written at the moment.
    case notWritable(detail: String)
    /// One job breaks a rule of the schema (an unknown endpoint, an identity used twice); others are not affected.
    case rejected(detail: String)
    /// The queue of the writer is at its limit.
    case queueFull
    /// The writer was closed.
    case closed
    /// A plan contradicts itself or what is stored.
    case invalidPlan(detail: String)
    /// Anything else that SQLite reports, with its result code.
    case failed(code: Int, detail: String)
}

extension CallStoreError: CustomStringConvertible {
    /// The error in words, with what to do about it.
    package var description: String {
        switch self {
        case .cannotOpen(let path, let reason, let remedy):
            "cannot open the database `\(path)`: \(reason); \(remedy)"
        case .lockedByAnotherProcess(let path):
            "the database `\(path)` is in use by another tollgate process; stop it, or name another file"
        case .diskFull: "no room left to write the database; free some space, new calls are refused until then"
        case .corrupt(let detail):
            "the database is damaged or is not one (\(detail)); restore a copy, or move the file away to start anew"
        case .schemaTooNew(let path):
            "the database `\(path)` was written by a newer tollgate; run that version, or name another file"
        case .notWritable(let detail): "the database cannot be written: \(detail)"
        case .rejected(let detail): "the store refused one record: \(detail)"
        case .queueFull: "more work is waiting for the store than it may hold"
        case .closed: "the store is closed"
        case .invalidPlan(let detail): "the provisioning plan is not valid: \(detail)"
        case .failed(let code, let detail): "SQLite error \(code): \(detail)"
        }
    }
}
