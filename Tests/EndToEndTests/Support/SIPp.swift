// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A run of SIPp.
struct SIPp {
    let process: ChildProcess
    /// Every message it sent and received.
    let messageLog: URL

    /// Starts a scenario: with a `target`, the port that its requests go to; without one it answers. Where no `port`
    /// is given it takes any, at the address `host`; `more` are more of SIPp's options.
    init(
        _ scenario: URL,
        to target: Int? = nil,
        port: Int? = nil,
        host: String = "127.0.0.1",
        _ more: [String] = [],
        in scene: Scene
    ) throws {
        let name = scenario.deletingPathExtension().lastPathComponent + "-\(scene.children.count)"
        messageLog = scene.file(name + ".messages")
        var arguments = target.map { ["127.0.0.1:\($0)"] } ?? []
        arguments += ["-sf", scenario.path, "-i", host, "-nostdin", "-trace_msg", "-message_file", messageLog.path]
        arguments += ["-p", "\(try port ?? Loopback.freePort())", "-mp", "\(try Loopback.freePort() & ~1)"]
        process = try scene.start(Places.tool("sipp"), arguments + more, name: name)
    }

    /// Waits for its end.
    func finished(within seconds: Double) async throws -> Result {
        let status = try await process.exitStatus(within: seconds)
        return Result(status: status, output: process.output)
    }

    /// The messages of the log: a line that tells the direction, then the message.
    var messages: [String] {
        let text = String(decoding: (try? Data(contentsOf: messageLog)) ?? Data(), as: UTF8.self)
        return text.components(separatedBy: "-----------------------------------------------")
    }

    /// The messages that it received.
    var received: [String] { messages.filter { $0.contains(" message received ") } }

    /// How a run went.
    struct Result {
        /// 0 when every call went as the scenario wants.
        let status: Int32
        /// Calls that did.
        let successful: Int
        /// Calls that did not.
        let failed: Int

        init(status: Int32, output: String) {
            self.status = status
            successful = Self.last("Successful call", in: output)
            failed = Self.last("Failed call", in: output)
        }

        private static func last(_ title: String, in output: String) -> Int {
            let line = output.split(separator: "\n").last { $0.contains(title) }
            let number = line?.split(separator: "|").last?.trimmingCharacters(in: .whitespaces)
            return number.flatMap { Int($0) } ?? -1
        }
    }
}
