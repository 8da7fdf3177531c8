// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Foundation
import GRDB
import Testing

@Suite("The queue of webhook events")
struct WebhookQueueTests {
    private let directory: TemporaryDirectory
    private let store: CallStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try CallStore(path: directory.path())
    }

    private func addCustomer(_ id: ResourceIdentifier = Sample.customer, uri: String) async throws {
        try await store.write { database in
            try database.execute(
                sql: """
                    INSERT INTO customers (id, name, status, identity_verification, may_call_sip_uris, webhook_uri)
                    VALUES (?, ?, 'active', 'verified', 1, ?)
                    """,
                arguments: [
                    withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { Data($0) },
                    id.description, uri,
                ]
            )
        }
    }

    private func write(_ jobs: StoreJob...) throws {
        let writer = try StoreWriter(store: store, sinks: [])
        for job in jobs { _ = writer.submit(job, shard: 0, token: 0) }
        writer.close()
    }

    private var events: [WebhookEvent] {
        get async throws {
            try await store.webhookDeliveries(of: Sample.customer, limit: 100).map(\.occurrence.event)
        }
    }

    @Test("a subscriber's calls leave their events in order, in batches of any size")
    func order() async throws {
        try await addCustomer(uri: "http://127.0.0.1/hook")
        try store.openWebhooks()
        var ringing = CallUpdate(id: Sample.callID(0), time: Sample.time(10), status: .ringing)
        ringing.ringing = Sample.time(10)
        var end = CallUpdate(id: Sample.callID(0), time: Sample.time(20), status: .hangup)
        end.hangup = Sample.time(20)
        end.hangupBy = .remote
        try write(.createCall(Sample.call(0)))
        try write(.updateCall(ringing), .updateCall(end))
        #expect(try await events == [.callCreated, .callRinging, .callHangup])
    }

    @Test("calls of customers without a webhook leave nothing, nor does anything while the feed is closed")
    func others() async throws {
        try await addCustomer(uri: "http://127.0.0.1/hook")
        try store.refreshWebhooks()
        try write(.createCall(Sample.call(0)))
        try store.openWebhooks()
        try write(.createCall(Sample.call(1, customer: ResourceIdentifier(high: 8, low: 8))))
        #expect(try await store.webhookHeads().isEmpty)
        try write(.createCall(Sample.call(2)))
        #expect(try await store.webhookHeads().map(\.customer) == [Sample.customer])
    }

    @Test("loading the policy takes over who has a webhook")
    func reload() async throws {
        try store.openWebhooks()
        #expect(store.webhooks.subscribers.isEmpty)
        try await addCustomer(uri: "http://127.0.0.1/hook")
        _ = try store.loadSnapshot(rules: DeploymentRules())
        #expect(store.webhooks.subscribers == [Sample.customer])
    }

    @Test("the first event of every customer is found, however many wait")
    func heads() async throws {
        let others = (1...3).map { ResourceIdentifier(high: 8, low: $0) }
        for customer in others { try await addCustomer(customer, uri: "http://127.0.0.1/hook") }
        try store.openWebhooks()
        for (index, customer) in (others + others).enumerated() {
            try write(.createCall(Sample.call(index, customer: customer)))
        }
        #expect(try await store.webhookHeads().map(\.customer) == others)
        let first = try #require(try await store.webhookDeliveries(of: others[0], limit: 1).first)
        try await store.postponeWebhookDelivery(first.id, until: Sample.time(99))
        #expect(try await store.webhookHeads().first?.due == Sample.time(99))
        let again = try await store.webhookDeliveries(of: others[0], limit: 100)
        #expect(again.map(\.attempts) == [1, 0])
        try await store.removeWebhookDeliveries(of: others[0], through: first.id)
        #expect(try await store.webhookDeliveries(of: others[0], limit: 100).map(\.id) == again.dropFirst().map(\.id))
        #expect(try await store.webhookHeads().map(\.customer) == others)
    }

    @Test("a queue that is too long loses its oldest events")
    func trim() async throws {
        try await addCustomer(uri: "http://127.0.0.1/hook")
        try store.openWebhooks()
        for index in 0..<5 { try write(.createCall(Sample.call(index))) }
        #expect(try await store.trimWebhookDeliveries(of: Sample.customer, to: 2) == 3)
        let rest = try await store.webhookDeliveries(of: Sample.customer, limit: 100)
        #expect(rest.map { $0.call?.record.id } == [Sample.callID(3), Sample.callID(4)])
        #expect(try await store.trimWebhookDeliveries(of: Sample.customer, to: 0) == 2)
    }
}
