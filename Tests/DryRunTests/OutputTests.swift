// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandLineTool
import Testing

@Suite("What is printed")
struct OutputTests {
    private let bench: Workbench

    init() throws { bench = try Workbench() }

    private var hostile: Trace {
        var trace = Trace()
        let evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`--></style>"
        trace.call("a", fields: "Subject: \(evil)\nX-Evil: \(evil)\n")
        let message = Message(name: "<b>b</b>", user: "\"><svg/onload=alert(3)>")
        trace.add(at: 100, message.source, Trace.gateway, message.invite())
        trace.add(at: 200, message.source, Trace.gateway, "INVITE sip:<script>x@y SIP/2.0\nCall-ID: <i>c\n\n")
        return trace
    }

    @Test("What a capture holds is inert in HTML: no tag, attribute or script comes of it")
    func hostileHTML() throws {
        let html = try bench.run(hostile, by: Sample.provisioning, "--format", "html").output
        #expect(html.ranges(of: "<script").count == 1)
        #expect(html.ranges(of: "</script").count == 1)
        #expect(html.ranges(of: "</style").count == 1)
        for tag in ["<img", "<b>", "<i>", "<svg/", "-->"] { #expect(!html.contains(tag), "\(tag)") }
        #expect(html.contains("&lt;img src=x onerror=alert(2)&gt;"))
        #expect(html.contains("default-src 'none'"))
        #expect(html.contains("script-src 'sha256-"))
    }

    @Test("The report needs nothing from elsewhere, and reads without its script")
    func selfContained() throws {
        var trace = Trace()
        trace.call("a")
        let html = try bench.run(trace, by: Sample.provisioning, "--format", "html").output
        for reference in ["src=", "href=", "@import", "url(", "http:", "https:"] {
            #expect(!html.contains(reference), "\(reference)")
        }
        #expect(html.contains("<details class=\"call\" id=\"call-1\" data-verdict=\"approved\" data-country=\"us\""))
        #expect(html.contains("<form class=\"filters\" hidden>"))
        #expect(html.contains("<svg "))
        #expect(html.hasSuffix("</html>\n"))
    }

    @Test("Many captures are folded, a date stands where it changes, and a telephone has a ladder of its own")
    func layout() throws {
        var trace = Trace()
        trace.call("a")
        trace.call("b", at: 1_000)
        let capture = try bench.write(trace.text, to: "calls.txt")
        let policy = try bench.write(Sample.provisioning, to: "customers.yaml")
        let arguments = ["--provisioning", policy, "--format", "html"]
        let one = try Tool.run([capture] + arguments).output
        #expect(!one.contains("<header><h1>Policy dry run</h1><details>"))
        #expect(one.ranges(of: "\"time dim\">2026-11-20 09:00:0").count == 1)
        #expect(one.ranges(of: "<div class=\"narrow\">").count == 2)
        #expect(one.contains("<p class=\"dim\">A 192.0.2.10:5060<br>B 10.0.0.1:5060</p>"))
        let many = try Tool.run(Array(repeating: capture, count: 5) + arguments).output
        #expect(many.contains("<header><h1>Policy dry run</h1><details><summary>5 captures</summary>"))
    }

    @Test("Control characters of a capture do not reach a terminal")
    func hostileText() throws {
        var trace = Trace()
        trace.call("a", fields: "Subject: \u{1B}]0;x\u{7}\u{202E}\n")
        let text = try bench.run(trace, by: Sample.provisioning, "--call", "1").output
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
    }

    @Test("The table has a line for each call, and the summary counts them")
    func table() throws {
        var trace = Trace()
        trace.call("a")
        trace.call("b", at: 1_000, to: "+33142685300")
        trace.call("c", at: 2_000, from: "mallory")
        let result = try bench.run(trace)
        #expect(result.status == .success)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 9)
        #expect(lines[1].contains("alice") && lines[1].contains("approved") && lines[1].contains("carrier, backup"))
        #expect(lines[2].contains("403 destination.whitelist"))
        #expect(lines[4] == "3 calls: 1 approved, 1 rejected, 1 unjudged")
        #expect(result.output.contains("countries: 1 fr, 1 us"))
    }

    @Test("--call tells all about one call, and one that is not there is an error")
    func oneCall() throws {
        var trace = Trace()
        trace.call("a")
        trace.call("b", at: 1_000)
        let text = try bench.run(trace, by: Sample.provisioning, "--call", "2").output
        #expect(text.hasPrefix("call 2  "))
        #expect(text.contains("destination.whitelist"))
        #expect(text.contains("    ~ INVITE sip:+12025550123@203.0.113.1;user=phone SIP/2.0"))
        #expect(try bench.run(trace, by: Sample.provisioning, "--call", "3").status == .unanswerable)
    }

    @Test("Every key of the JSON is in the help")
    func documentedKeys() throws {
        var trace = hostile
        trace.call("full", at: 5_000, fields: "Privacy: id\n")
        let report = try bench.report(trace)
        let help = DryRunCommand.helpMessage(columns: 200)
        for entry in report.calls + [report.summary] {
            for key in entry.object.keys { #expect(help.contains(key), "\(key)") }
            for nested in ["caller", "rejection", "identity", "captured", "place", "destination"] {
                for key in (entry.object[nested] as? [String: Any] ?? [:]).keys {
                    #expect(help.contains(key), "\(key)")
                }
            }
        }
    }

    @Test("A capture that is not there, or none, is said with its name; the others are still read")
    func unreadable() throws {
        var trace = Trace()
        trace.call("a")
        let capture = try bench.write(trace.text, to: "good.txt")
        let policy = try bench.write(Sample.provisioning, to: "p.yaml")
        let empty = try bench.write("no messages here\n", to: "bad.txt")
        let result = try Tool.run([bench.path("none.pcap"), empty, capture, "--provisioning", policy])
        #expect(result.status == .noInput)
        #expect(result.diagnostics.contains("none.pcap"))
        #expect(result.diagnostics.contains("bad.txt is no capture"))
        #expect(result.output.contains("1 call: 1 approved"))
    }
}
