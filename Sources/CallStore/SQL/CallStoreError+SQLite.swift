// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite

extension CallStoreError {
    /// Translates what GRDB throws; an error that is already the store's own stays as it is.
    static func wrapping(_ error: any Error, path: String = "") -> CallStoreError {
        if let own = error as? CallStoreError { return own }
        guard let database = error as? DatabaseError else { return .failed(code: -1, detail: "\(error)") }
        return of(
            code: database.extendedResultCode.rawValue,
            detail: database.message ?? "no message",
            path: path
        )
    }

    /// Translates an SQLite result code, extended or not.
    static func of(code: Int32, detail: String, path: String = "") -> CallStoreError {
        switch code & 0xFF {
        case SQLITE_FULL: .diskFull
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt(detail: detail)
        case SQLITE_CONSTRAINT: .rejected(detail: detail)
        case SQLITE_READONLY, SQLITE_IOERR: .notWritable(detail: detail)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .cannotOpen(path: path, reason: detail, remedy: Self.remedy)
        case SQLITE_BUSY, SQLITE_LOCKED: .lockedByAnotherProcess(path: path)
        default: .failed(code: Int(code), detail: detail)
        }
    }

    /// The advice for a file that cannot be opened.
    static let remedy = "check that its directory exists and that this user may write there"
}
