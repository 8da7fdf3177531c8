// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import GRDB
import Testing

@Suite("What an outside call API knows calls by")
struct CallAPIIdentifierTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static func named(_ name: String) -> StoreJob {
        var update = CallUpdate(id: Sample.callID(1), time: Sample.time(1))
        update.externalIdentifier = name
        return .updateCall(update)
    }

    private static var end: StoreJob {
        var update = CallUpdate(id: Sample.callID(1), time: Sample.time(2), status: .hangup)
        update.finalStatus = 487
        return .updateCall(update)
    }

    /// Writes jobs in order, in one batch or each in its own.
    private func write(_ jobs: [StoreJob], inOneBatch: Bool) async throws -> CallStore {
        let store = try CallStore(path: directory.path())
        let sink = RecordingSink()
        let gathering = StoreWriterOptions(gatherMicroseconds: 500_000, idleMicroseconds: 500_000)
        let writer = try StoreWriter(store: store, sinks: [sink], options: inOneBatch ? gathering : Sample.eager)
        for (index, job) in jobs.enumerated() {
            #expect(writer.submit(job, shard: 0, token: UInt64(index + 1)) == .accepted)
            if !inOneBatch { #expect(await sink.next()?.outcome == .committed) }
        }
        writer.close()
        return store
    }

    @Test("the name is kept with the call, in one batch with it or later", arguments: [true, false])
    func kept(inOneBatch: Bool) async throws {
        let store = try await write([.createCall(Sample.call(1)), Self.named("ext-1")], inOneBatch: inOneBatch)
        #expect(try store.call(Sample.callID(1))?.externalIdentifier == "ext-1")
        #expect(try store.loadLiveCalls().map(\.record.externalIdentifier) == ["ext-1"])
        #expect(try store.calls().map(\.externalIdentifier) == [""])
    }

    @Test("a call that has ended is named still; it stays as it ended", arguments: [true, false])
    func late(inOneBatch: Bool) async throws {
        let jobs = [.createCall(Sample.call(1)), Self.end, Self.named("ext-1")]
        let store = try await write(jobs, inOneBatch: inOneBatch)
        let record = try store.call(Sample.callID(1))
        #expect(record?.externalIdentifier == "ext-1")
        #expect(record?.status == .hangup)
        #expect(record?.finalStatus == 487)
        #expect(try store.loadLiveCalls().isEmpty)
    }

    @Test("the first name stays", arguments: [true, false])
    func twice(inOneBatch: Bool) async throws {
        let jobs = [.createCall(Sample.call(1)), Self.named("ext-1"), Self.named("ext-2")]
        let store = try await write(jobs, inOneBatch: inOneBatch)
        #expect(try store.call(Sample.callID(1))?.externalIdentifier == "ext-1")
    }

    @Test("calls of before the table have no name")
    func migration() throws {
        let queue = try DatabaseQueue(path: directory.path())
        try StoreSchema.migrator.migrate(queue, upTo: "4 transfers and redirections")
        #expect(try queue.read { try $0.tableExists("call_api_calls") } == false)
        try queue.close()
        let store = try CallStore(path: directory.path())
        let writer = try StoreWriter(store: store, sinks: [])
        _ = writer.submit(.createCall(Sample.call(1)), shard: 0, token: 0)
        writer.close()
        #expect(try store.call(Sample.callID(1))?.externalIdentifier == "")
    }
}
