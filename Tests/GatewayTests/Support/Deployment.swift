// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Foundation
import Gateway
import Logging
import MonotonicTime
import SIPTransport
import TollgateConfiguration

/// The folder of the traces.
let traces = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "sip-traces")

/// A gateway for one test: free ports, a store and a provisioning file of its own.
struct Deployment: Sendable {
    let folder: URL
    var configuration: GatewayConfiguration

    /// Lays out the files; nothing runs yet. `trunks` and `endpoints` are YAML list items to add, `customer` further
    /// keys of the customer and `alice` further ones of its endpoint.
    init(
        trunks: String = "",
        endpoints: String = "",
        customer: String = "",
        alice: String = "",
        host: String = "127.0.0.1"
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tollgate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let world = try String(contentsOf: traces.appending(path: "provisioning.yaml"), encoding: .utf8)
        let changed = world.replacing("  - name: acme\n", with: "  - name: acme\n\(customer)")
            .replacing("username: alice,", with: "username: alice,\(alice)")
        let all = changed + endpoints + (trunks.isEmpty ? "" : "\ntrunks:\n\(trunks)\n")
        let file = folder.appending(path: "provisioning.yaml")
        try all.write(to: file, atomically: true, encoding: .utf8)
        configuration = GatewayConfiguration()
        configuration.sip.listeners = [
            ListenerSettings(transport: .udp, address: host, port: 0),
            ListenerSettings(transport: .tcp, address: host, port: 0),
        ]
        configuration.sip.domains = ["edge.example.com"]
        configuration.sip.realm = "edge.example.com"
        configuration.shards = .exactly(1)
        configuration.store.path = folder.appending(path: "calls.db").path
        configuration.provisioning = file.path
        configuration.drain = .seconds(0)
        // Long, so that a slow machine brings no retransmission into a test that is not about them.
        configuration.timers.t1 = .seconds(10)
        configuration.timers.t2 = .seconds(10)
    }

    func start() async throws -> Running {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return Running(server: try await GatewayServer.start(configuration: configuration, logger: logger))
    }

    /// The stored calls, the oldest first; only while no gateway runs on the store.
    func calls() throws -> [CallRecord] {
        let store = try CallStore(path: configuration.store.path)
        defer { try? store.close() }
        return try store.calls(limit: 1000).reversed().map { try store.call($0.id) ?? $0 }
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a gateway for a test, stops it, and hands back what it stored.
    @discardableResult
    func run(_ body: (Running) async throws -> Void) async throws -> [CallRecord] {
        defer { remove() }
        let running = try await start()
        do {
            try await body(running)
        } catch {
            await running.server.shutdown()
            throw error
        }
        await running.server.shutdown()
        return try calls()
    }
}

/// A gateway that runs, and its ports.
struct Running: Sendable {
    let server: GatewayServer

    var udp: Int { port { $0 != .tcp } }
    var tcp: Int { port { $0 == .tcp } }

    var tls: Int { port { $0 == .tls } }

    private func port(_ isWanted: (TransportKind) -> Bool) -> Int {
        Int(server.listening.first { isWanted($0.kind) }?.address.port ?? 0)
    }
}

/// A trunk as a provisioning file names it.
func trunk(_ name: String, _ port: Int, transport: String = "udp", _ more: String = "") -> String {
    "  - {name: \(name), host: 127.0.0.1, port: \(port), transport: \(transport)\(more.isEmpty ? "" : ", " + more)}\n"
}
