// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Testing

@testable import CommandLineTool

@Suite("tollgate replay: its command line")
struct ReplayCommandTests {
    private func run(_ arguments: String...) async throws -> CommandResult {
        let command = try #require(try ReplayCommand.parseAsRoot(arguments) as? ReplayCommand)
        return await command.result()
    }

    private func capture(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).txt").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("What could not be compared exits with 2 and says what to do")
    func failures() async throws {
        let remote = try await run("calls.pcap", "--to", "192.0.2.1")
        #expect(remote.status == .unanswerable && remote.diagnostics.contains("--allow-remote"))
        let missing = try await run("/nowhere/calls.pcap", "--to", "127.0.0.1")
        #expect(missing.status == .unanswerable && missing.diagnostics.contains("/nowhere/calls.pcap"))
        let secrets = try await run("calls.pcap", "--to", "127.0.0.1", "--password-file", "/nowhere/passwords")
        #expect(secrets.status == .unanswerable && secrets.diagnostics.contains("/nowhere/passwords"))
    }

    @Test("A gateway that is not there is an error, not a difference")
    func silence() async throws {
        let path = try capture(
            "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n"
                + "To: <sip:127.0.0.1>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
        )
        defer { try? FileManager.default.removeItem(atPath: path) }
        // The discard port of this machine: nobody listens there.
        let result = try await run(path, "--to", "127.0.0.1:9", "--timeout", "5")
        #expect(result.status == .unanswerable)
        #expect(result.output.contains("nobody listens there") && result.diagnostics.contains("is the gateway running"))
    }

    @Test(
        "A wrong command line is refused",
        arguments: [
            ["--speed", "-1"], ["--limit", "0"], ["--concurrency", "0"], ["--timeout", "0"], ["--from", "here"],
            ["--server", "1.2.3"], ["--password", "alice"], ["--transport", "sctp"],
        ]
    )
    func usage(_ arguments: [String]) {
        #expect(throws: (any Error).self) {
            try ReplayCommand.parseAsRoot(["calls.pcap", "--to", "127.0.0.1"] + arguments)
        }
    }
}
