// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Foundation
import Testing

/// The curated captures of `sip-traces`, with what stands beside them.
enum TraceSet {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "sip-traces")

    /// Every capture of the folders `captures` and `scenarios`, by its path below `sip-traces`.
    static let captures: [String] = ["captures", "scenarios"].flatMap { folder in
        let files = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
        return (files?.compactMap { $0 as? String } ?? []).filter(isCapture).map { "\(folder)/\($0)" }
    }.sorted()

    private static func isCapture(_ path: String) -> Bool {
        [".pcap", ".pcapng", ".libpcap"].contains { path.hasSuffix($0) }
    }

    /// The lines of `messages.tsv`: a capture, the frames that tshark takes for SIP, the messages there are, and why
    /// the numbers differ.
    static func counts() throws -> [String: (frames: Int, messages: Int, reason: String)] {
        let text = try String(contentsOf: root.appending(path: "messages.tsv"), encoding: .utf8)
        var counts: [String: (frames: Int, messages: Int, reason: String)] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == 4, "\(line)")
            counts[fields[0]] = (try #require(Int(fields[1])), try #require(Int(fields[2])), fields[3])
        }
        return counts
    }

    /// The policy that a capture is judged by: that of its folder.
    static func provisioning(of capture: String) -> String {
        let folder = String(capture.prefix { $0 != "/" })
        return root.appending(path: "\(folder)/provisioning.yaml").path
    }
}

@Suite("The curated captures come to what stands beside them")
struct TraceSetTests {
    @Test("The dry run agrees with the expectation file, which every capture has", arguments: TraceSet.captures)
    func expectation(_ capture: String) throws {
        let file = TraceSet.root.appending(path: capture).path
        let expected = file + ".expected.json"
        try #require(FileManager.default.fileExists(atPath: expected), "Scripts/record-expectations writes it")
        let policy = TraceSet.provisioning(of: capture)
        let result = try Tool.run([file, "--provisioning", policy, "--expect", expected])
        #expect(result.status == .success, "\(result.output)\(result.diagnostics)")
    }

    @Test("As many messages are found as are on file, and where tshark finds others it is said why")
    func messages() throws {
        let counts = try TraceSet.counts()
        #expect(counts.keys.sorted() == TraceSet.captures)
        for (capture, count) in counts {
            let file = TraceSet.root.appending(path: capture).path
            let policy = TraceSet.provisioning(of: capture)
            let report = try Report(try Tool.run([file, "--provisioning", policy, "--format", "json"]).output)
            #expect(report.summary["messages"] == "\(count.messages)", "\(capture)")
            #expect((count.frames == count.messages) == count.reason.isEmpty, "\(capture)")
        }
    }

    @Test("The set holds every sort of verdict")
    func verdicts() throws {
        var seen: Set<String> = []
        for capture in TraceSet.captures {
            let file = TraceSet.root.appending(path: capture).path
            let policy = TraceSet.provisioning(of: capture)
            for call in try Report(try Tool.run([file, "--provisioning", policy, "--format", "json"]).output).calls {
                seen.insert(call["rejection.rule"] ?? call["verdict"] ?? "?")
                if call["identity.anonymous"] == "1" { seen.insert("anonymous") }
                for finding in call.list("findings") where finding["outcome"] == "adjusted" {
                    seen.insert("\(finding["rule"] ?? "?") adjusted")
                }
            }
        }
        let wanted: Set<String> = [
            "approved", "unjudged", "anonymous", "message", "destination.classify", "destination.whitelist",
            "source.validate adjusted", "codecs.filter adjusted",
        ]
        #expect(wanted.isSubset(of: seen), "missing: \(wanted.subtracting(seen).sorted())")
    }

    @Test("INDEX.md names every file of the set")
    func index() throws {
        let text = try String(contentsOf: TraceSet.root.appending(path: "INDEX.md"), encoding: .utf8)
        for capture in TraceSet.captures {
            let name = capture.split(separator: "/").dropFirst().joined(separator: "/")
            #expect(text.contains("`\(name)`"), "\(capture)")
        }
    }
}
