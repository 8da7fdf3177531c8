// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import Testing

@Suite("Attempts on record")
struct AttemptTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static func attempt(_ position: Int) -> AttemptRecord {
        AttemptRecord(
            position: position,
            trunk: UsedTrunk(id: ResourceIdentifier(high: 3, low: UInt64(position)), name: "trunk\(position)"),
            started: Sample.time(Int64(position) * 10),
            shown: "anonymous",
            asserted: position == 0 ? "" : "+15551234567",
            privacy: "id"
        )
    }

    private static func update(_ offset: Int64, _ changes: [AttemptChange], ends: Bool = false) -> CallUpdate {
        var update = CallUpdate(id: Sample.callID(1), time: Sample.time(offset), status: ends ? .hangup : nil)
        update.attempts = changes
        guard ends else { return update }
        update.hangup = Sample.time(offset)
        update.finalStatus = 200
        update.cause = .normalClearing
        return update
    }

    private static let life: [CallUpdate] = [
        update(1, [.started(attempt(0))]),
        update(5, [.ended(AttemptEnd(time: Sample.time(5), status: 503, cause: .networkOutOfOrder))]),
        update(10, [.started(attempt(1))]),
        update(90, [], ends: true),
    ]

    private static var expected: [AttemptRecord] {
        var first = attempt(0)
        first.ended = Sample.time(5)
        first.status = 503
        first.cause = .networkOutOfOrder
        var second = attempt(1)
        second.ended = Sample.time(90)
        second.status = 200
        second.cause = .normalClearing
        return [first, second]
    }

    @Test("every attempt is kept with what its trunk saw, in one batch or several", arguments: [true, false])
    func life(inOneBatch: Bool) async throws {
        let store = try CallStore(path: directory.path())
        let sink = RecordingSink()
        let gathering = StoreWriterOptions(gatherMicroseconds: 500_000, idleMicroseconds: 500_000)
        let writer = try StoreWriter(store: store, sinks: [sink], options: inOneBatch ? gathering : Sample.eager)
        let jobs = [StoreJob.createCall(Sample.call(1))] + Self.life.map { StoreJob.updateCall($0) }
        for (index, job) in jobs.enumerated() {
            #expect(writer.submit(job, shard: 0, token: UInt64(index + 1)) == .accepted)
            if !inOneBatch { #expect(await sink.next()?.outcome == .committed) }
        }
        writer.close()
        #expect(writer.statistics.commits == (inOneBatch ? 1 : jobs.count))
        #expect(try store.call(Sample.callID(1))?.attempts == Self.expected)
        #expect(try store.calls().map(\.attempts) == [[]])
    }

    @Test("updates that wait for company keep the order of their attempts")
    func merged() async throws {
        let store = try CallStore(path: directory.path())
        let sink = RecordingSink()
        let gathering = StoreWriterOptions(gatherMicroseconds: 500_000, idleMicroseconds: 500_000)
        let first = try StoreWriter(store: store, sinks: [sink], options: Sample.eager)
        _ = first.submit(.createCall(Sample.call(1)), shard: 0, token: 1)
        first.close()
        let second = try StoreWriter(store: store, sinks: [sink], options: gathering)
        for update in Self.life { _ = second.submit(.updateCall(update), shard: 0, token: 0) }
        second.close()
        #expect(second.statistics.commits == 1)
        #expect(try store.call(Sample.callID(1))?.attempts == Self.expected)
    }

    @Test("an attempt whose program died is closed with its call, and one that is over stays as it ended")
    func afterCrash() async throws {
        let store = try CallStore(path: directory.path())
        for batch in [Array(Self.life.prefix(3)), [Self.life[3]]] {
            let writer = try StoreWriter(store: store, sinks: [RecordingSink()], options: Sample.eager)
            if batch.count > 1 { _ = writer.submit(.createCall(Sample.call(1)), shard: 0, token: 1) }
            for update in batch { _ = writer.submit(.updateCall(update), shard: 0, token: 0) }
            writer.close()
        }
        #expect(try store.call(Sample.callID(1))?.attempts == Self.expected)
    }

    @Test("what comes after the end of a call changes no attempt")
    func late() {
        var record = Sample.call(1)
        for update in Self.life { record.apply(update) }
        record.apply(Self.update(99, [.started(Self.attempt(2))]))
        #expect(record.attempts == Self.expected)
    }
}
