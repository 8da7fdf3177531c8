// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Foundation
import Gateway
import Logging
import SIPTransport
import TollgateConfiguration

/// A gateway in this process, configured as for the other benchmarks, with a telephone and a trunk around it.
struct Rig {
    /// The gateway.
    let server: GatewayServer
    /// The port it listens at.
    let gateway: UInt16
    /// The caller.
    let telephone: Telephone
    /// The callee.
    let farEnd: FarEnd
    private let folder: String

    /// Starts all of it; `folder` is the one that holds `gateway.yaml` and `provisioning.yaml`.
    static func start(_ folder: String) async throws -> Rig {
        let farEnd = try FarEnd()
        let temporary = NSTemporaryDirectory() + "tollgate-allocations-\(getpid())"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let provisioning = try String(contentsOfFile: folder + "/provisioning.yaml", encoding: .utf8)
        try provisioning.replacingOccurrences(of: "port: 5070", with: "port: \(farEnd.port)")
            .write(toFile: temporary + "/provisioning.yaml", atomically: true, encoding: .utf8)
        var configuration = try GatewayConfiguration.load(path: folder + "/gateway.yaml")
        configuration.sip.listeners = [ListenerSettings(transport: .udp, address: "127.0.0.1", port: 0)]
        configuration.store.path = temporary + "/benchmark.db"
        configuration.provisioning = temporary + "/provisioning.yaml"
        var logger = Logger(label: "tollgate") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let server = try await GatewayServer.start(configuration: configuration, logger: logger)
        guard let gateway = server.listening.first?.address.port else {
            throw BenchmarkError("the gateway listens nowhere")
        }
        let telephone = try Telephone(gateway: gateway, fixtures: folder + "/Fixtures")
        return Rig(server: server, gateway: gateway, telephone: telephone, farEnd: farEnd, folder: temporary)
    }

    /// Stops the gateway and removes its store.
    func stop() async throws {
        await server.shutdown()
        try FileManager.default.removeItem(atPath: folder)
    }
}
