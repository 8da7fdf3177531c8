// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Testing

@Suite("The INVITE as it would go out")
struct OutboundTests {
    private let bench: Workbench

    init() throws { bench = try Workbench() }

    private func call(fields: String = "", to number: String = "+12025550123") throws -> Report.Entry {
        var trace = Trace()
        trace.call("a", to: number, fields: fields)
        return try #require(try bench.report(trace).calls.first)
    }

    @Test("Each trunk on the route has its attempt, at its address")
    func attempts() throws {
        let call = try call()
        #expect(call.texts("trunks") == ["carrier", "backup"])
        #expect(call.list("outbound").map { $0["address"] } == ["udp:203.0.113.1:5060", "udp:203.0.113.2:5060"])
        #expect(call.outbound(1).first == "changed INVITE sip:+12025550123@203.0.113.2;user=phone SIP/2.0")
    }

    @Test("RFC 3323, RFC 3325: a hidden caller is asserted to the trusted trunk and not to the other")
    func anonymous() throws {
        let call = try call(fields: "Privacy: id\nSubject: secret\n")
        #expect(call["identity.anonymous"] == "1")
        #expect(call["identity.asserted"] == "<tel:+15551234567>")
        #expect(call.outbound(0).contains("added P-Asserted-Identity: <tel:+15551234567>"))
        #expect(call.outbound(0).contains("same Privacy: id"))
        #expect(call.outbound(0).contains("dropped Subject: secret"))
        #expect(!call.outbound(1).contains { $0.contains("P-Asserted-Identity") })
    }

    @Test("Credentials are dropped, and never shown")
    func credentials() throws {
        let secret = "6629fae49393a05397450978507c4ef1"
        let value = "Digest username=\"alice\", realm=\"x\", nonce=\"n\", uri=\"sip:x\", response=\"\(secret)\""
        var trace = Trace()
        trace.call("a", fields: "Proxy-Authorization: \(value)\n")
        let call = try #require(try bench.report(trace).calls.first)
        #expect(call.outbound(0).contains("dropped Proxy-Authorization: (credentials, not shown)"))
        for format in ["json", "html"] {
            let output = try bench.run(trace, by: Sample.provisioning, "--format", format).output
            #expect(!output.contains(secret))
        }
    }

    @Test("Toward an extension the codec list is applied, and the lines that went are marked")
    func codecs() throws {
        let call = try call(to: "1002")
        #expect(call["destination.text"] == "bob")
        #expect(call.list("codecs").first?.texts("before") == ["PCMU", "PCMA"])
        #expect(call.list("codecs").first?.texts("after") == ["PCMU"])
        #expect(call.outbound(0).contains("dropped a=rtpmap:8 PCMA/8000"))
        #expect(call.outbound(0).contains("added m=audio 40000 RTP/AVP 0"))
        #expect(call.texts("notes").contains { $0.contains("no registration of bob") })
    }

    @Test("Two runs yield the same bytes in every form", arguments: ["text", "json", "html"])
    func determinism(_ format: String) throws {
        var trace = Trace()
        for place in 0..<20 { trace.call("c\(place)", at: place * 700, fields: place % 2 == 0 ? "Privacy: id\n" : "") }
        let first = try bench.run(trace, by: Sample.provisioning, "--format", format, "--verbose").output
        let second = try bench.run(trace, by: Sample.provisioning, "--format", format, "--verbose").output
        #expect(first == second)
        #expect(first.utf8.count > 1_000)
    }
}
