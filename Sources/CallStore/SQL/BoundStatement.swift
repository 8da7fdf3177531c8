// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import GRDB
import GRDBSQLite

/// A prepared statement bound and stepped through SQLite's own functions.
///
/// GRDB's argument arrays box every value; a call writes about a hundred. The statement belongs to one connection
/// and may only be used where GRDB gives access to that connection.
final class BoundStatement {
    private let owner: Statement
    private let handle: OpaquePointer
    private var bindFailure: Int32 = SQLITE_OK

    /// Compiles the text on a connection.
    init(_ database: Database, _ sql: String) throws {
        owner = try database.makeStatement(sql: sql)
        handle = owner.sqliteStatement
    }

    private static var transient: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    private func note(_ code: Int32) {
        if code != SQLITE_OK { bindFailure = code }
    }

    /// Binds NULL.
    func bindNull(_ index: Int32) {
        note(sqlite3_bind_null(handle, index))
    }

    /// Binds an integer, or NULL for nil.
    func bind(_ index: Int32, _ value: Int64?) {
        guard let value else { return bindNull(index) }
        note(sqlite3_bind_int64(handle, index, value))
    }

    /// Binds 1 or 0.
    func bind(_ index: Int32, _ value: Bool) {
        note(sqlite3_bind_int64(handle, index, value ? 1 : 0))
    }

    /// Binds a text, or NULL for nil.
    func bind(_ index: Int32, _ value: String?) {
        guard var value else { return bindNull(index) }
        value.withUTF8 { bindText(index, $0) }
    }

    /// Binds bytes as a text.
    func bindText(_ index: Int32, _ value: [UInt8]) {
        value.withUnsafeBufferPointer { bindText(index, $0) }
    }

    private func bindText(_ index: Int32, _ bytes: UnsafeBufferPointer<UInt8>) {
        let length = Int32(truncatingIfNeeded: bytes.count)
        guard let base = bytes.baseAddress, length > 0 else {
            return note(sqlite3_bind_text(handle, index, "", 0, Self.transient))
        }
        base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            note(sqlite3_bind_text(handle, index, $0, length, Self.transient))
        }
    }

    /// Binds bytes as a blob, or NULL for nil.
    func bindBlob(_ index: Int32, _ value: [UInt8]?) {
        guard let value else { return bindNull(index) }
        guard !value.isEmpty else { return note(sqlite3_bind_zeroblob(handle, index, 0)) }
        value.withUnsafeBytes {
            note(sqlite3_bind_blob(handle, index, $0.baseAddress, Int32(truncatingIfNeeded: $0.count), Self.transient))
        }
    }

    /// Binds an identity as its 16 octets, or NULL for nil.
    func bind(_ index: Int32, _ value: ResourceIdentifier?) {
        guard let value else { return bindNull(index) }
        bind(index, high: value.high, low: value.low)
    }

    /// Binds 16 octets.
    func bind(_ index: Int32, high: UInt64, low: UInt64) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
            note(sqlite3_bind_blob(handle, index, $0.baseAddress, 16, Self.transient))
        }
    }

    /// Runs a statement that yields no rows, and makes it ready for the next use.
    func run() throws(CallStoreError) {
        _ = try step()
        sqlite3_reset(handle)
    }

    /// Steps once; true when there is a row to read. At the end, or after an error, the statement is reset.
    func step() throws(CallStoreError) -> Bool {
        let code = bindFailure == SQLITE_OK ? sqlite3_step(handle) : bindFailure
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE {
            sqlite3_reset(handle)
            return false
        }
        throw failure(code)
    }

    private func failure(_ code: Int32) -> CallStoreError {
        let connection = sqlite3_db_handle(handle)
        let extended = bindFailure == SQLITE_OK ? sqlite3_extended_errcode(connection) : code
        let detail = String(cString: bindFailure == SQLITE_OK ? sqlite3_errmsg(connection) : sqlite3_errstr(code))
        bindFailure = SQLITE_OK
        sqlite3_reset(handle)
        return .of(code: extended, detail: detail)
    }

    /// Makes the statement ready for the next use before its rows are all read.
    func reset() {
        sqlite3_reset(handle)
    }

    /// How many rows the connection's latest statement changed.
    var changedRows: Int32 {
        sqlite3_changes(sqlite3_db_handle(handle))
    }
}

extension BoundStatement {
    /// Whether the column is NULL in the current row.
    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// The column as an integer; 0 for NULL.
    func integer(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    /// The column as an integer; nil for NULL.
    func optionalInteger(_ column: Int32) -> Int64? {
        isNull(column) ? nil : integer(column)
    }

    /// The column as a truth value.
    func flag(_ column: Int32) -> Bool {
        integer(column) != 0
    }

    /// The column as a text; empty for NULL.
    func text(_ column: Int32) -> String {
        guard let base = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
    }

    /// The column as a text; nil for NULL.
    func optionalText(_ column: Int32) -> String? {
        isNull(column) ? nil : text(column)
    }

    /// The column's octets, be it text or blob; empty for NULL.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let base = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return [UInt8](UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The column's 16 octets as two halves; nil for anything of another length.
    func halves(_ column: Int32) -> (high: UInt64, low: UInt64)? {
        guard let base = sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column) == 16 else {
            return nil
        }
        return (
            UInt64(bigEndian: base.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: base.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    /// The column as an identity; nil for NULL.
    func optionalIdentifier(_ column: Int32) -> ResourceIdentifier? {
        halves(column).map { ResourceIdentifier(high: $0.high, low: $0.low) }
    }

    /// The column as an identity.
    ///
    /// - Throws: `corrupt` when the column is not 16 octets long.
    func identifier(_ column: Int32) throws(CallStoreError) -> ResourceIdentifier {
        guard let id = optionalIdentifier(column) else { throw .corrupt(detail: "an identity is not 16 octets long") }
        return id
    }

    /// The column as a value with a text form.
    ///
    /// - Throws: `corrupt` when the text is not one of the type's.
    func value<Value>(_ column: Int32, _ read: (String) -> Value?) throws(CallStoreError) -> Value {
        let word = text(column)
        guard let value = read(word) else { throw .corrupt(detail: "`\(word)` is not a \(Value.self)") }
        return value
    }

    /// The column as a value with a text form; nil for NULL.
    ///
    /// - Throws: `corrupt` when the text is not one of the type's.
    func optionalValue<Value>(_ column: Int32, _ read: (String) -> Value?) throws(CallStoreError) -> Value? {
        isNull(column) ? nil : try value(column, read)
    }
}
