// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import Foundation
import GRDB
import Testing

@Suite("Store schema")
struct StoreSchemaTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test("every table is strict, and a second opening changes nothing")
    func tables() throws {
        try CallStore(path: directory.path()).close()
        let store = try CallStore(path: directory.path())
        try store.close()
        let queue = try DatabaseQueue(path: directory.path())
        let loose = try queue.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%STRICT%'
                        AND name NOT LIKE 'grdb%' AND name NOT LIKE 'sqlite%'
                    """
            )
        }
        #expect(loose == [])
        #expect(try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        #expect(try queue.read { try $0.tableExists("calls") })
    }

    @Test("the database holds hashes and trunk passwords, so nobody but its owner may read it or its log")
    func permissions() throws {
        let store = try CallStore(path: directory.path())
        for file in [directory.path(), directory.path() + "-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        try store.close()
    }

    @Test("after closing, the database file alone holds everything")
    func checkpoint() throws {
        try CallStore(path: directory.path()).close()
        let copy = directory.path("copy.sqlite")
        try FileManager.default.copyItem(atPath: directory.path(), toPath: copy)
        let queue = try DatabaseQueue(path: copy)
        #expect(try queue.read { try $0.tableExists("calls") })
    }

    @Test("the writing connection waits for the disk at every commit")
    func synchronous() throws {
        let store = try CallStore(path: directory.path())
        #expect(try store.synchronousLevel == 2)
    }

    @Test("a database that is in use is refused by name, and free again once closed")
    func locked() throws {
        let path = directory.path()
        do {
            let store = try CallStore(path: path)
            #expect(throws: CallStoreError.lockedByAnotherProcess(path: path)) { try CallStore(path: path) }
            try store.close()
        }
        _ = try CallStore(path: path)
    }

    @Test("a store may be closed twice; it is free for another process after the first time")
    func closedTwice() throws {
        let path = directory.path()
        let store = try CallStore(path: path)
        try store.close()
        let other = try CallStore(path: path)
        try store.close()
        #expect(throws: CallStoreError.lockedByAnotherProcess(path: path)) { try CallStore(path: path) }
        try other.close()
    }

    @Test("a schema of a newer program is refused")
    func newer() throws {
        let path = directory.path()
        try CallStore(path: path).close()
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 the future')") }
        try queue.close()
        #expect(throws: CallStoreError.schemaTooNew(path: path)) { try CallStore(path: path) }
    }

    @Test("a file that is no database is called damaged")
    func corrupt() throws {
        let path = directory.path()
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
        #expect {
            try CallStore(path: path)
        } throws: { error in
            if case CallStoreError.corrupt = error { true } else { false }
        }
    }

    @Test("a path that cannot be opened is told with the system's words and a remedy")
    func unopenable() throws {
        let path = directory.path("missing/store.sqlite")
        #expect {
            try CallStore(path: path)
        } throws: { error in
            guard case CallStoreError.cannotOpen(path, let reason, let remedy) = error else { return false }
            return reason == "No such file or directory" && !remedy.isEmpty
        }
    }
}
