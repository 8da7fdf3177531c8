// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandLineTool
import Foundation
import Testing

/// A directory that goes with the value that made it.
final class Workbench {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// The path of a file in the directory, whether it is there or not.
    func path(_ name: String) -> String {
        directory.appendingPathComponent(name).path
    }

    /// Writes a file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    /// A configuration whose store is in the directory.
    func configuration(_ extra: String = "") throws -> String {
        try write(
            """
            sip:
              domains: [edge.example.com]
              realm: edge.example.com
            store:
              path: "\(path("store.db"))"
            \(extra)
            """,
            to: "gateway.yaml"
        )
    }

    /// A provisioning file with two endpoints and two trunks.
    func provisioning(_ text: String = Sample.provisioning) throws -> String {
        try write(text, to: "customers.yaml")
    }
}

/// Runs commands as the command line would, with their output captured.
enum Tool {
    /// What a command, or the subcommand that its arguments choose, has to say.
    static func run<Command: ParsableCommand>(_ type: Command.Type, _ arguments: [String]) throws -> CommandResult {
        try #require(try Command.parseAsRoot(arguments) as? any ReportingCommand).reportedResult()
    }

    /// What a command, or the subcommand that its arguments choose, has to say.
    static func run<Command: ParsableCommand>(_ type: Command.Type, _ arguments: String...) throws -> CommandResult {
        try run(type, arguments)
    }

    /// What `tollgate calls` has to say.
    static func calls(_ arguments: String...) throws -> CommandResult {
        try run(CallsCommand.self, arguments)
    }

    /// The status that a wrong command line ends with; 0 when it is not wrong.
    static func refusal<Command: ParsableCommand>(_ type: Command.Type, _ arguments: String...) -> Int32 {
        refusal(type, arguments)
    }

    /// The status that a wrong command line ends with; 0 when it is not wrong.
    static func refusal<Command: ParsableCommand>(_ type: Command.Type, _ arguments: [String]) -> Int32 {
        do {
            _ = try run(type, arguments)
            return 0
        } catch {
            return Command.exitCode(for: error).rawValue
        }
    }

    /// The object that a JSON text holds.
    static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}

/// Texts that the tests share.
enum Sample {
    static let provisioning = """
        realm: edge.example.com
        customers:
          - name: acme
            may_call_sip_uris: true
            limits: {concurrent_calls: 2}
            outbound:
              destination_whitelist: [us, gb]
              codecs: [PCMU, PCMA]
              default_outgoing_source_number: "+15551234567"
        numbers:
          - {number: "+15551234567", customer: acme}
          - {number: "+15551234568", customer: acme}
        endpoints:
          - {username: alice, password: secret-of-alice, customer: acme, number: "+15551234568", display_name: Alice}
          - {username: bob, password: secret-of-bob, customer: acme, extensions: ["1002"]}
        trunks:
          - name: main
            host: 192.0.2.10
            trust: {basis: private_network, note: own cable}
            codecs: [PCMA]
          - {name: spare, host: "2001:db8::1", transport: tcp, priority: 10}
        """

    static let offer = """
        v=0\r
        o=- 1 1 IN IP4 192.0.2.1\r
        s=-\r
        c=IN IP4 192.0.2.1\r
        t=0 0\r
        m=audio 49170 RTP/AVP 111 0 8\r
        a=rtpmap:111 opus/48000/2\r

        """
}
