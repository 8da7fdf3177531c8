// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The gateway under test: its configuration and, while it runs, its process.
final class Gateway {
    /// What a test may want otherwise.
    struct Options {
        /// Whether the trunk is the gateway's own demo trunk.
        var demoTrunk = true
        /// Endpoints `user0`, `user1` … besides alice and bob.
        var extraEndpoints = 0
        /// How long calls may go on after SIGTERM.
        var drainSeconds = 5
        /// Whether the control API runs, with the agent demo (password demo-customer).
        var controlAPI = false
    }

    let scene: Scene
    let port: Int
    /// The port of the TLS listener.
    let securePort: Int
    /// The listener's certificate, signed by itself.
    let certificate: String
    let trunkPort: Int
    /// The port of the control API.
    let apiPort: Int
    let configuration: String
    private(set) var process: ChildProcess?
    private var starts = 0

    /// Writes the configuration and the provisioning file.
    init(_ scene: Scene, _ options: Options = Options()) throws {
        self.scene = scene
        port = try Loopback.freePort()
        trunkPort = try Loopback.freePort()
        securePort = try Loopback.freePort()
        apiPort = try Loopback.freePort()
        let rate = "{per_second: 0, burst: 0}"
        let api = "{address: 127.0.0.1, port: \(apiPort), rate_limits: {requests_per_customer: \(rate)}}"
        certificate = scene.file("edge.pem").path
        try Self.makeCertificate(certificate, key: scene.file("edge.key").path)
        try scene.write(Self.provisioning(trunkPort, options), to: "provisioning.yaml")
        configuration = try scene.write(
            """
            sip:
              listen:
                - {transport: udp, address: 127.0.0.1, port: \(port)}
                - {transport: tcp, address: 127.0.0.1, port: \(port)}
                - {transport: tls, address: 127.0.0.1, port: \(securePort), certificate: edge.pem, key: edge.key}
              domains: [edge.example.com]
              realm: edge.example.com
            digest: {algorithms: [MD5]}
            demo_trunk: {enabled: \(options.demoTrunk), address: 127.0.0.1, port: \(trunkPort)}
            store: {path: calls.db}
            logging: {level: info, caller_numbers: full}
            drain_seconds: \(options.drainSeconds)
            \(options.controlAPI ? "control_api: \(api)" : "")
            provisioning: provisioning.yaml

            """,
            to: "gateway.yaml"
        )
    }

    private static func makeCertificate(_ path: String, key: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-keyout", key, "-out", path, "-subj", "/CN=127.0.0.1", "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:127.0.0.1,DNS:edge.example.com",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    /// Starts the gateway and waits until it answers OPTIONS.
    func start() async throws {
        starts += 1
        let arguments = ["serve", "--config", configuration]
        let process = try scene.start(Places.tollgate(), arguments, name: "gateway-\(starts)")
        self.process = process
        let probe = try DatagramPeer()
        try await waiting("the gateway to answer OPTIONS", within: 15) {
            try #require(process.isRunning, "the gateway ended: \(process.errors)")
            probe.send(Self.options(from: probe.port), to: port)
            return probe.receive()?.hasPrefix("SIP/2.0 ") == true
        }
    }

    /// The calls on record, the oldest first.
    func calls() async throws -> [StoredCall] {
        let arguments = ["calls", "--config", configuration, "--json", "--limit", "100000"]
        let child = try scene.start(Places.tollgate(), arguments, name: "calls-\(scene.children.count)")
        try #require(try await child.exitStatus(within: 20) == 0)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode([StoredCall].self, from: Data(child.output.utf8)).reversed()
    }

    /// The calls on record as soon as all have ended; as they are after some seconds when some have not.
    func endedCalls() async throws -> [StoredCall] {
        var found = try await calls()
        for _ in 0..<20 where !found.allSatisfy({ $0.status == "hangup" }) {
            try await Task.sleep(for: .milliseconds(100))
            found = try await calls()
        }
        return found
    }

    private static func options(from port: Int) -> String {
        [
            "OPTIONS sip:127.0.0.1 SIP/2.0",
            "Via: SIP/2.0/UDP 127.0.0.1:\(port);branch=z9hG4bK\(UInt64.random(in: 0 ... .max));rport",
            "Max-Forwards: 70", "From: <sip:probe@127.0.0.1>;tag=1", "To: <sip:127.0.0.1>",
            "Call-ID: \(UUID().uuidString)", "CSeq: 1 OPTIONS", "Content-Length: 0", "", "",
        ].joined(separator: "\r\n")
    }

    private static func provisioning(_ trunkPort: Int, _ options: Options) -> String {
        let extra = (0..<options.extraEndpoints).map {
            "  - {username: user\($0), password: secret, customer: demo}\n"
        }
        let agent = "{username: demo, password: demo-customer, permission: admin, customer: demo}"
        return """
            customers:
              - name: demo
                outbound:
                  destination_whitelist: [us, gb]
                  codecs: [PCMU, PCMA]
                  default_outgoing_source_number: "+15551234567"
            numbers:
              - {number: "+15551234567", customer: demo}
              - {number: "+15551234568", customer: demo}
            trunks:
              - name: demo
                host: 127.0.0.1
                port: \(trunkPort)
                trust: {basis: private_network, note: the trunk runs on the same machine}
            endpoints:
              - {username: alice, password: secret, customer: demo, extensions: ["1001"], number: "+15551234567"}
              - {username: bob, password: secret, customer: demo, extensions: ["1002"], number: "+15551234568"}
            \(extra.joined())
            \(options.controlAPI ? "agents: [\(agent)]" : "")
            """
    }
}

/// A call on record, as `tollgate calls --json` prints it.
struct StoredCall: Decodable {
    let caller: String
    let source: String
    let isAnonymous: Bool
    let destination: String
    let status: String
    let hangupBy: String
    let hangupReason: String
    let finalStatus: Int?
    let isApproved: Bool
    let endpointCallId: String
    let outboundCallId: String
}
