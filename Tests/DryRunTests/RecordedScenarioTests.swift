// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Foundation
import Testing
import TraceCapture

@Suite("A dry run comes to what the recorded gateway did")
struct RecordedScenarioTests {
    private static let gateway = "127.0.0.1:5060"
    private static let scenarios = TraceSet.captures.filter { $0.hasPrefix("scenarios/") }

    /// The INVITEs that the gateway sent on, line by line.
    private func sentOn(_ capture: String) throws -> [[String]] {
        var reader = try CaptureReader(path: TraceSet.root.appending(path: capture).path)
        var invites: [[String]] = []
        while let event = try reader.next() {
            guard case .message(let message) = event, message.source?.description == Self.gateway else { continue }
            let text = String(decoding: message.bytes, as: UTF8.self)
            if text.hasPrefix("INVITE ") { invites.append(text.split(separator: "\r\n").map(String.init)) }
        }
        return invites
    }

    private func judged(_ capture: String) throws -> Report.Entry {
        let file = TraceSet.root.appending(path: capture).path
        let arguments = [file, "--provisioning", TraceSet.provisioning(of: capture), "--format", "json"]
        let calls = try Report(try Tool.run(arguments).output).calls
        #expect(calls.count == 1)
        return try #require(calls.first)
    }

    @Test("Refused calls were answered with that status, and the others sent on", arguments: scenarios)
    func verdict(_ capture: String) throws {
        let call = try judged(capture)
        let invites = try sentOn(capture)
        if let status = call["rejection.status"] {
            #expect(call["captured.status"] == status)
            #expect(invites.isEmpty)
        } else if call["caller.digest"] == "verified" {
            #expect(!invites.isEmpty)
        } else {
            #expect(call["captured.status"] == "407")
            #expect(invites.isEmpty)
        }
    }

    @Test("The INVITEs that would go out are those that went out", arguments: scenarios)
    func outbound(_ capture: String) throws {
        let call = try judged(capture)
        // Where one trunk takes the call, the capture has no attempt at the next.
        for (attempt, invite) in try sentOn(capture).enumerated() {
            let lines = call.outbound(attempt).filter { !$0.hasPrefix("dropped ") }.map { line in
                String(line.drop { $0 != " " }.dropFirst())
            }
            let names = ["INVITE", "To:", "P-Asserted-Identity", "Privacy", "Max-Forwards", "User-Agent", "m=", "a="]
            for name in names {
                #expect(lines.filter { $0.hasPrefix(name) } == invite.filter { $0.hasPrefix(name) }, "\(name)")
            }
            let from = { (lines: [String]) in lines.first { $0.hasPrefix("From:") }?.prefix { $0 != ">" } }
            #expect(from(lines) == from(invite))
        }
    }
}
