// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Foundation
import Testing

/// The repository.
private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
private let traces = root.appending(path: "sip-traces")
private let others = root.deletingLastPathComponent().appending(path: "shared/traces")

@Suite("Captures of others and our own are judged")
struct CapturesTests {
    private let bench: Workbench

    init() throws { bench = try Workbench() }

    private func policy(_ trunks: String) throws -> String {
        let text = try String(contentsOf: traces.appending(path: "provisioning.yaml"), encoding: .utf8)
        return try bench.write(trunks.isEmpty ? text : "\(text)\ntrunks:\n\(trunks)\n", to: "customers.yaml")
    }

    private static let carrier = """
          - {name: carrier, host: 203.0.113.1, trust: {basis: private_network, note: our own}}
        """

    @Test(
        "Our own packet captures hold one call each; its other leg is known again",
        arguments: [("anonymous-call", true), ("tcp-call", false)]
    )
    func packets(_ capture: (name: String, isAnonymous: Bool)) throws {
        let file = traces.appending(path: capture.name + ".pcap").path
        let result = try Tool.run([file, "--provisioning", try policy(Self.carrier), "--format", "json"])
        let report = try Report(result.output)
        let call = try #require(report.calls.first, "\(result.diagnostics)")
        #expect(report.calls.count == 1)
        #expect(report.summary["other_legs"] == "1")
        #expect(call["verdict"] == "approved")
        #expect(call["caller.digest"] == "verified")
        #expect(call["identity.anonymous"] == (capture.isAnonymous ? "1" : "0"))
        #expect(call["captured.status"] == "200")
    }

    static let scenarios = [
        "anonymous-call", "busy", "cancel", "codec-filter", "default-number", "failover", "plain-call", "tcp-call",
        "whitelist-refusal",
    ]

    @Test("A dry run comes to what the scenario's gateway sent", arguments: scenarios)
    func scenario(_ name: String) throws {
        let scenario = try Scenario(traces.appending(path: name + ".txt"))
        var trace = Trace()
        for (place, message) in scenario.sent.enumerated() {
            trace.add(at: place * 10, "192.0.2.10:5060", Trace.gateway, message)
        }
        let capture = try bench.write(trace.text, to: "calls.txt")
        let arguments = [capture, "--provisioning", try policy(scenario.trunks), "--format", "json"]
        let report = try Report(try Tool.run(arguments).output)
        let call = try #require(report.calls.first)
        guard let expected = scenario.outbound else {
            #expect(call["verdict"] == "rejected")
            #expect(call["rejection.status"] == scenario.refusal)
            return
        }
        #expect(call["verdict"] == "approved")
        let lines = call.outbound(0).filter { !$0.hasPrefix("dropped ") }.map {
            String($0.drop { $0 != " " }.dropFirst())
        }
        for field in ["P-Asserted-Identity", "Privacy", "Max-Forwards", "Subject", "User-Agent", "m=audio"] {
            #expect(lines.filter { $0.hasPrefix(field) } == expected.filter { $0.hasPrefix(field) })
        }
        let from = { (lines: [String]) in lines.first { $0.hasPrefix("From:") }?.prefix { $0 != ";" && $0 != ">" } }
        #expect(from(lines) == from(expected))
    }

    @Test(
        "Every capture there is beside the repository is read",
        .enabled(if: FileManager.default.fileExists(atPath: others.path))
    )
    func captures() throws {
        let policy = try policy(Self.carrier)
        let files = FileManager.default.enumerator(at: others, includingPropertiesForKeys: [.isRegularFileKey])
        var read = 0
        while let file = files?.nextObject() as? URL {
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            guard !["md", "tsv", "sdp"].contains(file.pathExtension) else { continue }
            let arguments = [file.path, "--provisioning", policy, "--as", "alice"]
            let result = try Tool.run(arguments + ["--format", "json"])
            guard result.status == .success else {
                #expect(result.diagnostics.contains("is no capture"), "\(file.path)")
                continue
            }
            let report = try Report(result.output)
            #expect(report.summary["errors"] == nil)
            if file.path.contains("/captures/") {
                #expect(try Tool.run(arguments + ["--format", "html"]).output.ranges(of: "<script").count == 1)
            }
            read += 1
        }
        #expect(read > 500)
    }
}

/// What a scenario of the folder sends and expects, with something standing in each place.
private struct Scenario {
    /// The messages that the first telephone sends.
    var sent: [String] = []
    /// The lines of the first INVITE that a trunk or another telephone receives; nil when none does.
    var outbound: [String]?
    /// The final status that the caller gets first.
    var refusal = ""
    /// The YAML of its trunks.
    var trunks = ""

    init(_ file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        var caller: String?
        for section in text.components(separatedBy: "\n=== ").dropFirst() {
            let (title, rest) = section.split(at: "\n")
            let body = Self.filled(rest)
            if title == "provisioning" {
                trunks = body.replacing("127.0.0.1", with: "203.0.113.1")
            } else if title.hasSuffix(" sends"), body.hasPrefix("INVITE") || title == caller {
                if caller == nil { caller = title }
                guard title == caller else { continue }
                sent.append(body.replacing("Content-Length: {length}", with: "Content-Length: \(Self.length(body))"))
            } else if title.hasSuffix(" receives"), body.hasPrefix("INVITE"), outbound == nil {
                outbound = body.split(separator: "\n").map(String.init)
            } else if title.hasSuffix(" receives"), refusal.isEmpty,
                let status = body.split(separator: " ").dropFirst().first,
                status.first == "4"
            {
                refusal = String(status)
            }
        }
    }

    /// The text with a value for every place but the length, which depends on the others.
    private static func filled(_ text: String) -> String {
        var text = text
        while let place = text.firstMatch(of: /\{([a-z-]+:[a-z0-9-]+|response|\*)\}/) {
            let name = place.1.filter { $0.isLetter || $0.isNumber }
            let value = name.hasPrefix("port") ? "5060" : name.hasPrefix("branch") ? "z9hG4bK\(name)" : String(name)
            text.replaceSubrange(place.range, with: name == "response" ? String(repeating: "0", count: 64) : value)
        }
        return text
    }

    /// How many octets the body has when each of its lines ends in CRLF.
    private static func length(_ message: String) -> Int {
        let (_, body) = message.split(at: "\n\n")
        return body.split(separator: "\n").map { $0.utf8.count + 2 }.reduce(0, +)
    }
}

extension String {
    /// What stands before and behind a separator.
    fileprivate func split(at separator: String) -> (String, String) {
        guard let range = self.range(of: separator) else { return (self, "") }
        return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
    }
}
