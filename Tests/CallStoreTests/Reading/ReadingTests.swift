// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import Testing

@Suite("Reading")
struct ReadingTests {
    private let directory: TemporaryDirectory
    private let store: CallStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try CallStore(path: directory.path())
    }

    private func write(_ jobs: [StoreJob]) throws {
        let writer = try StoreWriter(store: store, sinks: [], options: Sample.eager)
        for job in jobs { #expect(writer.submit(job, shard: 0, token: 0) == .accepted) }
        writer.close()
    }

    @Test("calls are listed newest first, page by page, without their findings")
    func pages() throws {
        try write((1...5).map { .createCall(Sample.call($0)) })
        let first = try store.calls(limit: 2)
        #expect(first.map(\.id) == [Sample.callID(5), Sample.callID(4)])
        #expect(first.allSatisfy { $0.findings.isEmpty })
        let second = try store.calls(limit: 2, before: first.last?.id)
        #expect(second.map(\.id) == [Sample.callID(3), Sample.callID(2)])
        #expect(try store.calls(limit: 2, before: Sample.callID(1)).isEmpty)
    }

    @Test("every filter narrows the list")
    func filters() throws {
        let other = ResourceIdentifier(high: 8, low: 8)
        var rejected = Sample.call(3, customer: other)
        rejected.isApproved = false
        rejected.rejectingRule = "destination.whitelist"
        rejected.status = .hangup
        rejected.endpoint = nil
        rejected.destination = "+33123456789"
        try write([.createCall(Sample.call(1)), .createCall(Sample.call(2)), .createCall(rejected)])
        func ids(_ change: (inout CallFilter) -> Void) throws -> [ResourceIdentifier] {
            var filter = CallFilter()
            change(&filter)
            return try store.calls(filter: filter).map(\.id)
        }
        #expect(try ids { $0.customer = other } == [rejected.id])
        #expect(try ids { $0.endpoint = ResourceIdentifier(high: 2, low: 2) }.count == 2)
        #expect(try ids { $0.status = .hangup } == [rejected.id])
        #expect(try ids { $0.isApproved = true }.count == 2)
        #expect(try ids { $0.destination = "+33123456789" } == [rejected.id])
        #expect(try ids { $0.createdBefore = Sample.time(2) } == [Sample.callID(1)])
        #expect(
            try ids {
                $0.status = .hangup
                $0.isApproved = true
            }.isEmpty
        )
        #expect(try store.call(rejected.id)?.rejectingRule == "destination.whitelist")
        #expect(try store.call(Sample.callID(99)) == nil)
        #expect(try store.loadLiveCalls().count == 2)
    }

    @Test("bindings read back as stored, until they end or are replaced")
    func bindings() throws {
        let plan = ProvisioningPlan(customers: [
            ProvisionedCustomer(name: "demo", endpoints: [ProvisionedEndpoint(username: "alice")])
        ])
        _ = try store.apply(plan, at: Sample.time(0))
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        let endpoint = try #require(snapshot.endpointsByUsername["alice"]?.id)
        var first = binding("sip:one@192.0.2.1", expires: 100)
        first.path = ["<sip:p1;lr>", "<sip:p2;lr>"]
        first.instance = "<urn:uuid:1>"
        first.registrationID = 1
        first.flow = "udp:192.0.2.1:5060"
        first.quality = 500
        let second = binding("sip:two@192.0.2.1", expires: 200)
        try write([.replaceBindings(endpoint: endpoint, [first, second])])
        #expect(try store.loadBindings(at: Sample.time(0)).first?.endpoint == endpoint)
        #expect(try store.loadBindings(at: Sample.time(0)).map(\.bindings) == [[first, second]])
        #expect(try store.loadBindings(at: Sample.time(100)).map(\.bindings) == [[second]])
        try write([.removeExpiredBindings(before: Sample.time(100))])
        #expect(try store.loadBindings(at: Sample.time(0)).map(\.bindings) == [[second]])
        try write([.replaceBindings(endpoint: endpoint, [first])])
        #expect(try store.loadBindings(at: Sample.time(0)).map(\.bindings) == [[first]])
        try write([.replaceBindings(endpoint: endpoint, [])])
        #expect(try store.loadBindings(at: Sample.time(0)).isEmpty)
    }

    private func binding(_ contact: String, expires: Int64) -> StoredBinding {
        StoredBinding(
            contact: contact,
            callID: "call",
            cseq: 7,
            expires: Sample.time(expires),
            registered: Sample.time(0)
        )
    }
}
