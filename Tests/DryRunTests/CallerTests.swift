// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("The caller of a captured call is found")
struct CallerTests {
    private let bench: Workbench

    init() throws { bench = try Workbench() }

    private func caller(_ trace: Trace, by provisioning: String = Sample.provisioning) throws -> Report.Entry {
        try #require(try bench.report(trace, by: provisioning).calls.last)
    }

    @Test("By the user part of From")
    func from() throws {
        var trace = Trace()
        trace.call("a")
        #expect(try caller(trace)["caller.endpoint"] == "alice")
        #expect(try caller(trace)["caller.found_by"] == "from")
    }

    @Test("By the endpoint's own number in From")
    func number() throws {
        var trace = Trace()
        trace.call("a", from: "+15551234568")
        #expect(try caller(trace)["caller.endpoint"] == "bob")
    }

    @Test("By an address range, before From")
    func address() throws {
        var trace = Trace()
        trace.call("a", from: "bob", source: "192.0.2.20:5060")
        let policy = Sample.provisioning(
            alice: "require_registration: false\n    source_addresses: [192.0.2.16/28]"
        )
        let call = try caller(trace, by: policy)
        #expect(call["caller.endpoint"] == "alice")
        #expect(call["caller.found_by"] == "source_address")
    }

    @Test("By a registration in the capture, and its registrar's name means the gateway")
    func registration() throws {
        var trace = Trace()
        trace.add(
            at: 0,
            "192.0.2.10:5060",
            Trace.gateway,
            """
            REGISTER sip:old.example.net SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKr
            Max-Forwards: 70
            From: <sip:bob@old.example.net>;tag=r
            To: <sip:bob@old.example.net>
            Call-ID: r
            CSeq: 1 REGISTER
            Contact: <sip:bob@192.0.2.10:5060>
            Content-Length: 0

            """
        )
        let message = Message(name: "a", user: "anonymous", host: "old.example.net")
        trace.add(at: 1000, message.source, Trace.gateway, message.invite())
        let call = try caller(trace)
        #expect(call["caller.endpoint"] == "bob")
        #expect(call["caller.found_by"] == "registration")
        #expect(call["verdict"] == "approved")
        #expect(call.texts("notes").contains { $0.contains("old.example.net is taken for the gateway") })
    }

    @Test("A host that is not the gateway's is one with --domain")
    func domain() throws {
        var trace = Trace()
        let message = Message(name: "a", host: "old.example.net")
        trace.add(at: 0, message.source, Trace.gateway, message.invite())
        #expect(try caller(trace)["rejection.rule"] == "destination.classify")
        #expect(try caller(trace).texts("notes").contains { $0.hasSuffix("--domain old.example.net") })
        let report = try bench.report(trace, by: Sample.provisioning, "--domain", "old.example.net")
        #expect(report.calls.first?["verdict"] == "approved")
    }

    @Test("Nobody, or several, cannot be judged, and the words say what to do")
    func nobody() throws {
        var trace = Trace()
        trace.call("a", from: "mallory")
        let call = try caller(trace)
        #expect(call["verdict"] == "unjudged")
        #expect(call["unjudged"]?.contains("`mallory`") == true)
        #expect(call["unjudged"]?.contains("--as") == true)
        let report = try bench.report(trace, by: Sample.provisioning, "--as", "bob")
        #expect(report.calls.first?["caller.endpoint"] == "bob")
        let wrong = try bench.report(trace, by: Sample.provisioning, "--as", "carol")
        #expect(wrong.calls.first?["unjudged"]?.contains("`carol`") == true)
    }
}
