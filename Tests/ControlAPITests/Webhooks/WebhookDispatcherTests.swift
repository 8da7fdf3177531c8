// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import HTTPTypes
import MonotonicTime
import NIOPosix
import Testing

@testable import ControlAPI

@Suite("Webhooks delivered")
struct WebhookDispatcherTests {
    private static func schedule(_ change: (inout WebhookSchedule) -> Void = { _ in }) -> WebhookSchedule {
        var schedule = WebhookSchedule()
        schedule.delays = [.milliseconds(0)]
        schedule.timeout = .seconds(10)
        change(&schedule)
        return schedule
    }

    private func harness(allowsPrivate: Bool = true) async throws -> CallsHarness {
        let calls = try await CallsHarness { $0.allowsPrivateWebhooks = allowsPrivate }
        try calls.services.store.openWebhooks()
        return calls
    }

    private func subscribe(_ calls: CallsHarness, _ uri: String, method: String = "", secret: String = "") async throws
    {
        try await calls.execute(
            "UPDATE customers SET webhook_uri = ?, webhook_method = ?, webhook_secret = ? WHERE id = ?",
            [uri, method, secret, CallsHarness.customer.octets]
        )
        try calls.services.store.refreshWebhooks()
    }

    /// Waits until nothing is left to deliver.
    private func drain(_ calls: CallsHarness) async throws {
        var rows = -1
        for _ in 0..<1000 {
            rows = try await calls.count("webhook_deliveries")
            if rows == 0 { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(rows == 0)
    }

    private func run(
        _ calls: CallsHarness,
        _ schedule: WebhookSchedule = schedule(),
        resolve: @escaping @Sendable (String) async -> [ResolvedAddress] = HostResolver.addresses,
        _ body: () async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let dispatcher = WebhookDispatcher(calls.services, on: group, schedule: schedule, resolve: resolve)
        await dispatcher.start()
        do {
            try await body()
        } catch {
            await dispatcher.shutdown()
            throw error
        }
        await dispatcher.shutdown()
    }

    @Test("§8: events arrive in order, as the call stood then, signed over the very body")
    func delivered() async throws {
        let calls = try await harness()
        let server = try await HookServer.start()
        try await subscribe(calls, server.uri, secret: "s3cret")
        try await run(calls) {
            let record = calls.record()
            var answered = CallUpdate(id: record.id, time: calls.services.now(), status: .progressing)
            answered.progressing = answered.time
            var end = CallUpdate(id: record.id, time: calls.services.now(), status: .hangup)
            end.hangup = end.time
            end.hangupBy = .remote
            end.hangupReason = .normal
            try calls.store(.createCall(record))
            try calls.store(.updateCall(answered), .updateCall(end))
            try await drain(calls)
        }
        let received = server.received
        #expect(received.map(\.type) == ["call_created", "call_progressing", "call_hangup"])
        #expect(received.map { $0.data["status"] } == ["dialing", "progressing", "hangup"])
        #expect(received.map { $0.data["hangup_reason"] } == ["", "", "normal"])
        for event in received {
            let signature = try WebhookMessage.signature(of: event.body, secret: "s3cret")
            #expect(event.signature == signature)
            #expect(event.ownSignature == event.signature)
            #expect(event.contentType == "application/json")
            #expect(event.method == "POST")
            #expect(SchemaCheck.problems(.object(event.data), CallObject.schema).isEmpty)
        }
        await server.stop()
    }

    @Test(
        "§8: a 5xx is tried again before any later event; a method of the customer's own is used; no key, no signature"
    )
    func retried() async throws {
        let calls = try await harness()
        let server = try await HookServer.start(statuses: [500, 200])
        try await subscribe(calls, server.uri, method: "PUT")
        try calls.store(.createCall(calls.record(0)), .createCall(calls.record(1)))
        try await run(calls) { try await drain(calls) }
        let ids = server.received.map { $0.data["id"]?.text ?? "" }
        let (first, second) = (calls.record(0).id.description, calls.record(1).id.description)
        #expect(ids == [first, first, second])
        #expect(server.received.allSatisfy { $0.method == "PUT" && $0.signature == nil })
        await server.stop()
    }

    @Test("§8: an event is given up after three attempts; 4xx and redirections after one")
    func givenUp() async throws {
        for (statuses, count) in [([500, 500, 500], 3), ([404], 1), ([302], 1)] {
            let calls = try await harness()
            let server = try await HookServer.start(statuses: statuses)
            try await subscribe(calls, server.uri)
            try calls.store(.createCall(calls.record()))
            try await run(calls) { try await drain(calls) }
            #expect(server.received.count == count)
            await server.stop()
        }
    }

    @Test("after one event was given up the next has one attempt, until the server is back")
    func unreachable() async throws {
        let calls = try await harness()
        let server = try await HookServer.start(statuses: [500, 500, 500, 500, 200, 500, 200])
        try await subscribe(calls, server.uri)
        for index in 0..<4 { try calls.store(.createCall(calls.record(index))) }
        try await run(calls) { try await drain(calls) }
        let ids = server.received.map { $0.data["id"]?.text ?? "" }
        let wanted = [0, 0, 0, 1, 2, 3, 3].map { calls.record($0).id.description }
        #expect(ids == wanted)
        await server.stop()
    }

    @Test("what was not delivered when the gateway stopped is delivered when it runs again")
    func restart() async throws {
        let calls = try await harness()
        // Nothing listens on the discard port of the loopback interface here.
        try await subscribe(calls, "http://127.0.0.1:9/hook")
        try calls.store(.createCall(calls.record()))
        try await run(calls, Self.schedule { $0.delays = [.seconds(3600)] }) {
            for _ in 0..<1000 where try await calls.services.store.webhookHeads().first?.due == .init(milliseconds: 0) {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        #expect(try await calls.count("webhook_deliveries") == 1)
        let server = try await HookServer.start()
        try await subscribe(calls, server.uri)
        calls.api.time.advance(.seconds(7200))
        try await run(calls) { try await drain(calls) }
        #expect(server.received.map(\.type) == ["call_created"])
        await server.stop()
    }

    @Test("the server of the API begins and ends delivery with itself")
    func wiring() async throws {
        let calls = try await CallsHarness {
            $0.allowsPrivateWebhooks = true
            $0.port = 0
        }
        let hooks = try await HookServer.start()
        try await subscribe(calls, hooks.uri)
        try calls.store(.createCall(calls.record(0)))
        #expect(try await calls.count("webhook_deliveries") == 0)
        let server = try await ControlAPIServer.start(calls.services, on: MultiThreadedEventLoopGroup.singleton)
        try calls.store(.createCall(calls.record(1)))
        try await drain(calls)
        await server.shutdown()
        #expect(hooks.received.map { $0.data["id"] } == [.string(calls.record(1).id.description)])
        try calls.store(.createCall(calls.record(2)))
        #expect(try await calls.count("webhook_deliveries") == 1)
        await hooks.stop()
    }

    @Test("private addresses are refused unless allowed, by whatever name; the event is not kept")
    func privateAddress() async throws {
        let calls = try await harness(allowsPrivate: false)
        let server = try await HookServer.start()
        for uri in [server.uri, server.uri.replacing("127.0.0.1", with: "localhost"), "file:///etc/passwd", "http://"] {
            try await subscribe(calls, uri)
            try calls.store(.createCall(calls.record(Int.random(in: 0..<1_000_000))))
            try await run(calls) { try await drain(calls) }
        }
        #expect(server.received.isEmpty)
        await server.stop()
    }

    @Test("the address that was looked at is the one connected to, under the name of the URI")
    func resolvedOnce() async throws {
        let calls = try await harness()
        let server = try await HookServer.start()
        try await subscribe(calls, "http://hooks.invalid:\(server.port)/hook")
        try calls.store(.createCall(calls.record()))
        let loopback = try #require(await HostResolver.addresses(of: "127.0.0.1").first)
        let resolve: @Sendable (String) async -> [ResolvedAddress] = { $0 == "hooks.invalid" ? [loopback] : [] }
        try await run(calls, resolve: resolve) { try await drain(calls) }
        #expect(server.received.map(\.host) == ["hooks.invalid:\(server.port)"])
        await server.stop()
    }

    @Test("a deleted call is told; events of a customer who gave up its webhook are dropped")
    func deletion() async throws {
        let calls = try await harness()
        let server = try await HookServer.start()
        try await subscribe(calls, server.uri)
        let record = calls.record { $0.status = .hangup }
        try calls.store(.createCall(record))
        _ = try await calls.ask(.delete, "/v1.0/calls/\(record.id)")
        try await run(calls) { try await drain(calls) }
        #expect(server.received.last?.type == "call_deleted")
        #expect(server.received.last?.data["tm_delete"] != .null)
        let count = server.received.count
        try calls.store(.createCall(calls.record(1)))
        try await subscribe(calls, "")
        try await run(calls) { try await drain(calls) }
        #expect(server.received.count == count)
        await server.stop()
    }
}
