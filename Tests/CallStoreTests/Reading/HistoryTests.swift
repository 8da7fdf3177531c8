// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan
import Testing

@Suite("The history of telephone calls")
struct HistoryTests {
    private let directory: TemporaryDirectory
    private let store: CallStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try CallStore(path: directory.path())
    }

    private func write(_ records: [CallRecord], _ updates: [CallUpdate] = []) throws {
        let writer = try StoreWriter(store: store, sinks: [], options: Sample.eager)
        for record in records { #expect(writer.submit(.createCall(record), shard: 0, token: 0) == .accepted) }
        for update in updates { #expect(writer.submit(.updateCall(update), shard: 0, token: 0) == .accepted) }
        writer.close()
    }

    private func calls(since offset: Int64 = 0) throws -> [PastCall] {
        var found: [PastCall] = []
        try store.forEachTelephoneCall(since: Sample.time(offset)) { found.append($0) }
        return found
    }

    private func rejected(_ index: Int, by rule: String) -> CallRecord {
        var record = Sample.call(index)
        record.isApproved = false
        record.rejectingRule = rule
        return record
    }

    @Test("a call is told with its customer, endpoint, number, country and times")
    func fields() throws {
        var answered = CallUpdate(id: Sample.callID(1), time: Sample.time(20), status: .progressing)
        answered.progressing = Sample.time(20)
        var ended = CallUpdate(id: Sample.callID(1), time: Sample.time(30), status: .hangup)
        ended.hangup = Sample.time(30)
        var fromAPI = Sample.call(2, customer: ResourceIdentifier(high: 8, low: 8))
        fromAPI.endpoint = nil
        fromAPI.destination = "+870773111632"
        fromAPI.country = nil
        try write([Sample.call(1), fromAPI], [answered, ended])
        let found = try calls()
        #expect(found.map(\.customer) == [Sample.customer, ResourceIdentifier(high: 8, low: 8)])
        #expect(found.map(\.endpoint) == [ResourceIdentifier(high: 2, low: 2), nil])
        #expect(found.map { "\($0.number)" } == ["+442079460000", "+870773111632"])
        #expect(found.map(\.country) == [Country("gb"), nil])
        #expect(found.map(\.created) == [Sample.time(1), Sample.time(2)])
        #expect(found.map(\.answered) == [Sample.time(20), nil])
        #expect(found.map(\.ended) == [Sample.time(30), nil])
    }

    @Test("calls from the time given on, oldest first")
    func order() throws {
        try write([3, 1, 2].map { Sample.call($0) })
        #expect(try calls().map(\.created) == [1, 2, 3].map { Sample.time($0) })
        #expect(try calls(since: 2).map(\.created) == [2, 3].map { Sample.time($0) })
        #expect(try calls(since: 4).isEmpty)
        #expect(try calls(since: -Sample.start - 1).count == 3)
    }

    @Test(
        "a rejected call was counted when the limits of its destination had let it pass",
        arguments: [
            ("source.validate", true), ("privacy.resolve", true), ("codecs.filter", true), ("route.select", true),
            ("destination.limits", false), ("destination.whitelist", false), ("customer.limits", false),
            ("destination.classify", false),
        ]
    )
    func rejections(_ rule: String, _ isCounted: Bool) throws {
        try write([rejected(1, by: rule)])
        #expect(try calls().count == (isCounted ? 1 : 0))
    }

    @Test("other destinations, and ones that do not read, are left out", arguments: ["extension", "emergency", "text"])
    func others(_ kind: String) throws {
        var record = Sample.call(1)
        switch kind {
        case "extension": record.destinationKind = .extension
        case "emergency": record.destinationKind = .emergency
        default: record.destination = "02079460000"
        }
        try write([record, Sample.call(2)])
        #expect(try calls().map(\.created) == [Sample.time(2)])
    }

    @Test("an error of the receiver ends the walk and arrives as it is")
    func failure() throws {
        struct Enough: Error {}
        try write([Sample.call(1), Sample.call(2)])
        var count = 0
        #expect(throws: Enough.self) {
            try store.forEachTelephoneCall(since: Sample.time(0)) { _ in
                count += 1
                throw Enough()
            }
        }
        #expect(count == 1)
        try store.close()
        #expect(throws: CallStoreError.self) { try store.forEachTelephoneCall(since: Sample.time(0)) { _ in } }
    }

    @Test("a call to a country whose code is only reserved is listed with it")
    func reservedCountry() throws {
        var record = Sample.call(1)
        record.destination = "+2908999"
        let number = try #require(E164Number(record.destination))
        record.country = NumberingPlan.classify(number).country
        #expect(record.country?.description == "ta")
        try write([record])
        #expect(try store.calls().first?.country == record.country)
    }
}
