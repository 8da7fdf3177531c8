// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import Testing

@Suite("Placed calls")
struct PlacedCallTests {
    private let directory: TemporaryDirectory
    private let store: CallStore
    private static let flow = ResourceIdentifier(high: 0xF10, low: 1)

    init() throws {
        directory = try TemporaryDirectory()
        store = try CallStore(path: directory.path())
        var placed = Sample.call(1)
        placed.flow = Self.flow
        var jobs: [StoreJob] = [.createCall(placed)]
        for number in 2...3 {
            var chained = Sample.call(number)
            chained.master = placed.id
            jobs.append(.createCall(chained))
        }
        jobs.append(.createCall(Sample.call(4)))
        let writer = try StoreWriter(store: store, sinks: [], options: Sample.eager)
        for job in jobs { #expect(writer.submit(job, shard: 0, token: 0) == .accepted) }
        writer.close()
    }

    @Test(
        "A placed call is read back with its flow, the calls it was connected to with their master, others with neither"
    )
    func readBack() throws {
        let placed = try #require(try store.call(Sample.callID(1)))
        #expect(placed.flow == Self.flow && placed.master == nil && !placed.findings.isEmpty)
        let listed = try store.calls()
        #expect(listed.map(\.flow) == [nil, nil, nil, Self.flow])
        #expect(listed.map(\.master) == [nil, placed.id, placed.id, nil])
        #expect(try store.loadLiveCalls().map(\.record.master) == [nil, placed.id, placed.id, nil])
    }

    @Test("The calls that one was connected to are listed oldest first")
    func chained() throws {
        #expect(try store.chainedCalls(of: Sample.callID(1)).map(\.id) == [Sample.callID(2), Sample.callID(3)])
        #expect(try store.chainedCalls(of: Sample.callID(4)).isEmpty)
    }
}
