// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Foundation
import MonotonicTime
import Testing

@Suite("Store writer")
struct StoreWriterTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test("many jobs are one transaction, and each shard hears of its tokens once")
    func groupCommit() async throws {
        let store = try CallStore(path: directory.path())
        let sinks = [RecordingSink(), RecordingSink()]
        let options = StoreWriterOptions(gatherMicroseconds: 500_000, idleMicroseconds: 500_000)
        let writer = try StoreWriter(store: store, sinks: sinks, options: options)
        for index in 1...200 {
            #expect(writer.submit(.createCall(Sample.call(index)), shard: index % 2, token: UInt64(index)) == .accepted)
        }
        writer.close()
        #expect(writer.statistics.commits == 1)
        #expect(writer.statistics.jobs == 200)
        for (shard, sink) in sinks.enumerated() {
            let reports = await sink.all()
            #expect(reports.count == 1)
            #expect(reports.first?.outcome == .committed)
            #expect(reports.first?.tokens == (1...200).filter { $0 % 2 == shard }.map(UInt64.init))
        }
        #expect(try store.calls(limit: 1000).count == 200)
    }

    @Test("a call's whole life is stored, whether its records meet in one batch or not", arguments: [true, false])
    func life(inOneBatch: Bool) async throws {
        let store = try CallStore(path: directory.path())
        let sink = RecordingSink()
        let gathering = StoreWriterOptions(gatherMicroseconds: 500_000, idleMicroseconds: 500_000)
        let writer = try StoreWriter(store: store, sinks: [sink], options: inOneBatch ? gathering : Sample.eager)
        var expected = Sample.call(1)
        var jobs = [StoreJob.createCall(expected)]
        for update in lifeUpdates() {
            jobs.append(.updateCall(update))
            expected.apply(update)
        }
        for (index, job) in jobs.enumerated() {
            #expect(writer.submit(job, shard: 0, token: UInt64(index + 1)) == .accepted)
            if !inOneBatch { #expect(await sink.next()?.outcome == .committed) }
        }
        writer.close()
        #expect(writer.statistics.commits == (inOneBatch ? 1 : 5))
        #expect(try store.call(expected.id) == expected)
        #expect(expected.status == .hangup)
        #expect(expected.ringing == Sample.time(10))
        #expect(try store.loadLiveCalls().isEmpty)
    }

    private func lifeUpdates() -> [CallUpdate] {
        var ringing = CallUpdate(id: Sample.callID(1), time: Sample.time(10), status: .ringing)
        ringing.ringing = Sample.time(10)
        var answered = CallUpdate(id: Sample.callID(1), time: Sample.time(20), status: .progressing)
        answered.progressing = Sample.time(20)
        answered.dialogState = .replaced([1, 2, 3])
        var late = CallUpdate(id: Sample.callID(1), time: Sample.time(25), status: .ringing)
        late.ringing = Sample.time(25)
        var ended = CallUpdate(id: Sample.callID(1), time: Sample.time(30), status: .hangup)
        ended.hangup = Sample.time(30)
        ended.hangupBy = .remote
        ended.hangupReason = .normal
        ended.finalStatus = 200
        ended.cause = .normalClearing
        return [ringing, answered, late, ended]
    }

    @Test("what comes after the hang-up is ignored")
    func afterHangup() async throws {
        let store = try CallStore(path: directory.path())
        let writer = try StoreWriter(store: store, sinks: [], options: Sample.eager)
        var late = CallUpdate(id: Sample.callID(1), time: Sample.time(90), status: .progressing)
        late.hangupReason = .busy
        _ = writer.submit(.createCall(Sample.call(1)), shard: 0, token: 0)
        for update in lifeUpdates() + [late] {
            _ = writer.submit(.updateCall(update), shard: 0, token: 0)
        }
        writer.close()
        let call = try #require(try store.call(Sample.callID(1)))
        #expect(call.status == .hangup)
        #expect(call.hangupReason == .normal)
        #expect(call.updated == Sample.time(30))
    }

    @Test("a call in progress is found again with its dialog state, and without it while unanswered")
    func liveCalls() async throws {
        let store = try CallStore(path: directory.path())
        let writer = try StoreWriter(store: store, sinks: [], options: Sample.eager)
        for index in 1...2 { _ = writer.submit(.createCall(Sample.call(index)), shard: 0, token: 0) }
        var answered = CallUpdate(id: Sample.callID(2), time: Sample.time(20), status: .progressing)
        answered.dialogState = .replaced([9, 0, 9])
        _ = writer.submit(.updateCall(answered), shard: 0, token: 0)
        writer.close()
        let live = try store.loadLiveCalls()
        #expect(live.map(\.record.id) == [Sample.callID(1), Sample.callID(2)])
        #expect(live.map(\.dialogState) == [nil, [9, 0, 9]])
    }

    @Test("committed records survive a crash: a copy of the files as they stand opens with all of them")
    func crash() async throws {
        let store = try CallStore(path: directory.path())
        let sink = RecordingSink()
        let writer = try StoreWriter(store: store, sinks: [sink], options: Sample.eager)
        _ = writer.submit(.createCall(Sample.call(1)), shard: 0, token: 1)
        #expect(await sink.next()?.outcome == .committed)
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: directory.path() + suffix,
                toPath: directory.path("copy.sqlite") + suffix
            )
        }
        let copy = try CallStore(path: directory.path("copy.sqlite"))
        #expect(try copy.call(Sample.callID(1)) == Sample.call(1))
        // A writer of the next process knows nothing of the call and finds it by its identity.
        let next = try StoreWriter(store: copy, sinks: [], options: Sample.eager)
        let update = CallUpdate(id: Sample.callID(1), time: Sample.time(5), status: .hangup)
        _ = next.submit(.updateCall(update), shard: 0, token: 0)
        next.close()
        #expect(try copy.call(Sample.callID(1))?.status == .hangup)
        #expect(try copy.loadLiveCalls().isEmpty)
    }

    @Test("an identity used twice and an unknown call or endpoint fail alone")
    func rejections() async throws {
        let store = try CallStore(path: directory.path())
        let sink = RecordingSink()
        let options = StoreWriterOptions(gatherMicroseconds: 300_000, idleMicroseconds: 300_000)
        let writer = try StoreWriter(store: store, sinks: [sink], options: options)
        let binding = StoredBinding(
            contact: "sip:a@b",
            callID: "x",
            cseq: 1,
            expires: Sample.time(1),
            registered: Sample.time(0)
        )
        _ = writer.submit(.createCall(Sample.call(1)), shard: 0, token: 1)
        _ = writer.submit(.createCall(Sample.call(1)), shard: 0, token: 2)
        let unknown = CallUpdate(id: Sample.callID(9), time: Sample.time(9))
        _ = writer.submit(.updateCall(unknown), shard: 0, token: 3)
        let nobody = ResourceIdentifier(high: 9, low: 9)
        _ = writer.submit(.replaceBindings(endpoint: nobody, [binding]), shard: 0, token: 4)
        _ = writer.submit(.createCall(Sample.call(2)), shard: 0, token: 5)
        writer.close()
        var committed: [UInt64] = []
        var rejected: [UInt64] = []
        for report in await sink.all() {
            switch report.outcome {
            case .committed: committed += report.tokens
            case .failed(.rejected): rejected += report.tokens
            case .failed(let error): Issue.record("\(error)")
            }
        }
        #expect(committed == [1, 5])
        #expect(rejected == [2, 3, 4])
    }

    @Test("two calls whose row numbers meet are both stored")
    func collision() throws {
        let store = try CallStore(path: directory.path())
        let writer = try StoreWriter(store: store, sinks: [], options: Sample.eager)
        var records: [CallRecord] = []
        for low in [UInt64(1), 2, 3] {
            var record = Sample.call(1)
            record.id = ResourceIdentifier(unixMilliseconds: Sample.start, random: (7, low))
            records.append(record)
            _ = writer.submit(.createCall(record), shard: 0, token: 0)
        }
        writer.close()
        for record in records { #expect(try store.call(record.id) == record) }
    }

    @Test("a full disk fails the batch whole, keeps updates of calls, and is got over")
    func diskFull() async throws {
        let store = try CallStore(path: directory.path())
        let sink = RecordingSink()
        let options = StoreWriterOptions(gatherMicroseconds: 0, idleMicroseconds: 0, retryMicroseconds: 1000)
        let writer = try StoreWriter(store: store, sinks: [sink], options: options)
        _ = writer.submit(.createCall(Sample.call(1)), shard: 0, token: 1)
        #expect(await sink.next()?.outcome == .committed)
        try store.limitPages(to: 1)
        var big = Sample.call(2)
        big.findings = [UInt8](repeating: 65, count: 200_000)
        _ = writer.submit(.createCall(big), shard: 0, token: 2)
        let report = await sink.next()
        #expect(report?.outcome == .failed(.diskFull))
        #expect(report?.tokens == [2])
        #expect(try store.call(big.id) == nil)
        var answered = CallUpdate(id: Sample.callID(1), time: Sample.time(9), status: .progressing)
        answered.dialogState = .replaced(big.findings)
        _ = writer.submit(.updateCall(answered), shard: 0, token: 0)
        _ = writer.submit(.createCall(big), shard: 0, token: 3)
        #expect(await sink.next()?.outcome == .failed(.diskFull))
        try store.limitPages(to: 1_000_000)
        _ = writer.submit(.createCall(big), shard: 0, token: 4)
        #expect(await sink.next()?.outcome == .committed)
        writer.close()
        #expect(writer.statistics.failures >= 2)
        #expect(try store.call(big.id) == big)
        #expect(try store.loadLiveCalls().first?.dialogState == big.findings)
    }

    @Test("the queue refuses new calls at its limit, and updates of calls only at twice as many")
    func limit() throws {
        let store = try CallStore(path: directory.path())
        let options = StoreWriterOptions(
            gatherMicroseconds: 1_000_000,
            idleMicroseconds: 1_000_000,
            queueLimit: 2
        )
        let writer = try StoreWriter(store: store, sinks: [], options: options)
        let update = StoreJob.updateCall(CallUpdate(id: Sample.callID(1), time: Sample.time(1)))
        #expect(writer.submit(.createCall(Sample.call(1)), shard: 0, token: 0) == .accepted)
        #expect(writer.submit(.createCall(Sample.call(2)), shard: 0, token: 0) == .accepted)
        #expect(writer.submit(.createCall(Sample.call(3)), shard: 0, token: 0) == .queueFull)
        #expect(writer.submit(update, shard: 0, token: 0) == .accepted)
        #expect(writer.submit(update, shard: 0, token: 0) == .accepted)
        #expect(writer.submit(update, shard: 0, token: 0) == .queueFull)
        writer.close()
        #expect(writer.submit(update, shard: 0, token: 0) == .closed)
        #expect(try store.calls().count == 2)
    }
}
