// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite("An anonymous call on the wire", .serialized)
    struct AnonymityTests {
        @Test("Nothing of the caller but P-Asserted-Identity and the SDP address reaches the trunk")
        func capture() async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene, .init(demoTrunk: false))
                try await gateway.start()
                let trunk = try SIPp(
                    Places.scenarios.appendingPathComponent("uas.xml"),
                    port: gateway.trunkPort,
                    in: scene
                )
                let capture = try await Capture(port: gateway.trunkPort, in: scene)
                for scenario in ["register.xml", "call.xml"] {
                    let run = try SIPp(
                        Places.benchmarkScenarios.appendingPathComponent(scenario),
                        to: gateway.port,
                        host: "127.0.0.2",
                        ["-m", "1", "-timeout", "10"],
                        in: scene
                    )
                    try #require(try await run.finished(within: 12).status == 0)
                }
                let seen = try await capture?.datagrams() ?? trunk.received.map(Self.withoutDirection)
                let sent = seen.filter { !$0.hasPrefix("SIP/2.0 ") }
                try #require(sent.contains { $0.hasPrefix("INVITE sip:+15559876543@") })
                try #require(sent.contains { $0.hasPrefix("ACK ") } && sent.contains { $0.hasPrefix("BYE ") })
                for message in sent { try Self.check(message) }
            }
        }

        /// The caller's telephone is at 127.0.0.2, its media at 192.0.2.10.
        private static let telltales = [
            "alice", "smith", "5551234567", "127.0.0.2", "192.0.2.10", "yealink", "66.85", "000a95a0e128", "sipptag00",
        ]

        private static func check(_ message: String) throws {
            let lines = message.components(separatedBy: "\r\n")
            let from = lines.filter { $0.lowercased().hasPrefix("from") || $0.hasPrefix("f:") }
            try #require(from.count == 1)
            try #require(from[0].hasPrefix("From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="))
            if message.hasPrefix("INVITE ") {
                try #require(lines.filter { $0 == "P-Asserted-Identity: <tel:+15551234567>" }.count == 1)
                try #require(lines.contains("Privacy: id"))
                try #require(lines.contains("c=IN IP4 192.0.2.10"))
            }
            for line in lines where !isAllowed(line) {
                let folded = line.lowercased()
                for telltale in telltales {
                    try #require(!folded.contains(telltale), "`\(line)` tells of the caller")
                }
            }
        }

        private static func isAllowed(_ line: String) -> Bool {
            line.hasPrefix("P-Asserted-Identity: ") || line == "c=IN IP4 192.0.2.10"
                || (line.hasPrefix("o=- ") && line.hasSuffix(" IN IP4 127.0.0.1"))
        }

        private static func withoutDirection(_ entry: String) -> String {
            entry.range(of: "\n\n").map { String(entry[$0.upperBound...]) } ?? entry
        }
    }
}

/// What passes to and from one UDP port of the loopback device.
private struct Capture {
    private let process: ChildProcess
    private let file: String
    private let scene: Scene

    /// Starts to capture; nil where the kernel does not let us.
    init?(port: Int, in scene: Scene) async throws {
        self.scene = scene
        file = scene.file("trunk.pcapng").path
        let arguments = ["-i", "lo", "-f", "udp port \(port)", "-w", file]
        process = try scene.start(Places.tool("dumpcap"), arguments, name: "dumpcap")
        let process = process
        try await waiting("dumpcap to capture", within: 10) {
            !process.isRunning || process.errors.contains("File: ")
        }
        guard process.isRunning else { return nil }
    }

    /// Stops and reads the datagrams' bytes.
    func datagrams() async throws -> [String] {
        // dumpcap hands packets over in batches.
        try await Task.sleep(for: .milliseconds(500))
        process.send(SIGTERM)
        _ = try await process.exitStatus(within: 5)
        let arguments = ["-r", file, "-T", "fields", "-e", "udp.payload"]
        let reader = try scene.start(Places.tool("tshark"), arguments, name: "tshark")
        try #require(try await reader.exitStatus(within: 15) == 0)
        return reader.output.split(separator: "\n").map { line in
            let digits = Array(line.filter { $0 != ":" }.utf8)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
