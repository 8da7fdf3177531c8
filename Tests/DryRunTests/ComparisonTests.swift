// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Testing

@Suite("Policies are compared on a capture")
struct ComparisonTests {
    private let bench: Workbench
    private let capture: String
    private let now: String
    private let draft: String

    init() throws {
        bench = try Workbench()
        var trace = Trace()
        trace.call("a")
        trace.call("b", at: 1_000, to: "+442079460000")
        trace.call("c", at: 2_000, to: "1002")
        capture = try bench.write(trace.text, to: "calls.txt")
        now = try bench.write(Sample.provisioning, to: "now.yaml")
        draft = try bench.write(Sample.provisioning.replacing("[us, gb]", with: "[us]"), to: "draft.yaml")
    }

    @Test("No difference is 0")
    func same() throws {
        let result = try Tool.run([capture, "--provisioning", now, "--against-provisioning", now])
        #expect(result.status == .success)
        #expect(result.output == "3 calls: no difference\n")
    }

    @Test("Differences are 1, and only the calls that differ are told, before and after")
    func different() throws {
        let result = try Tool.run([capture, "--provisioning", now, "--against-provisioning", draft])
        #expect(result.status.rawValue == 1)
        #expect(result.output.hasPrefix("call 2  "))
        #expect(result.output.contains("  verdict: approved → rejected\n"))
        #expect(result.output.contains("  rule: nothing → destination.whitelist (403)\n"))
        #expect(result.output.contains("3 calls: 1 differ "))
        #expect(!result.output.contains("call 1  "))
    }

    @Test(
        "A changed identity, codec list or route is a difference",
        arguments: [
            ("number: \"+15551234567\"\n", "number: \"+15551234568\"\n", "shown"),
            ("codecs: [PCMU]", "codecs: [PCMA]", "codecs"),
            ("name: backup", "name: spare", "trunks"),
            ("{name: backup,", "{name: backup, codecs: [PCMA],", "codecs"),
        ]
    )
    func facts(_ change: (old: String, new: String, fact: String)) throws {
        let other = try bench.write(Sample.provisioning.replacing(change.old, with: change.new), to: "other.yaml")
        let result = try Tool.run([capture, "--provisioning", now, "--against-provisioning", other])
        #expect(result.status.rawValue == 1, "\(result.diagnostics)")
        #expect(result.output.contains("  \(change.fact): "))
    }

    @Test("What cannot be compared is 2")
    func failure() throws {
        let none = try Tool.run([capture, "--provisioning", now, "--against-provisioning", bench.path("none.yaml")])
        #expect(none.status.rawValue == 2)
        let missing = try Tool.run([bench.path("none.pcap"), "--provisioning", now, "--against-provisioning", now])
        #expect(missing.status.rawValue == 2)
    }

    @Test("What --record wrote is what --expect finds, and a changed policy is not")
    func expectations() throws {
        let file = bench.path("expected.jsonl")
        #expect(try Tool.run([capture, "--provisioning", now, "--record", file]).status == .success)
        let same = try Tool.run([capture, "--provisioning", now, "--expect", file])
        #expect(same.status == .success)
        #expect(same.output == "3 calls: all as expected\n")
        let changed = try Tool.run([capture, "--provisioning", draft, "--expect", file])
        #expect(changed.status.rawValue == 1)
        #expect(changed.output.contains("  rule: nothing → destination.whitelist\n"))
        #expect(changed.output.hasSuffix("3 calls: 1 not as expected\n"))
        let wrong = try bench.write("{}\n", to: "wrong.jsonl")
        let refused = try Tool.run([capture, "--provisioning", now, "--expect", wrong])
        #expect(refused.status.rawValue == 2)
        #expect(refused.diagnostics.contains("line 1"))
    }

    @Test("A call that is expected and not there, or there and not expected, is a difference")
    func missingCalls() throws {
        let file = bench.path("expected.jsonl")
        _ = try Tool.run([capture, "--provisioning", now, "--record", file])
        var trace = Trace()
        trace.call("a")
        trace.call("new", at: 1_000)
        let other = try bench.write(trace.text, to: "other.txt")
        let result = try Tool.run([other, "--provisioning", now, "--expect", file])
        #expect(result.status.rawValue == 1)
        #expect(result.output.contains("not among the expectations"))
        #expect(result.output.contains("expected, and not in the capture"))
    }
}
