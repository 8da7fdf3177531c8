// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CommandLineTool
import Testing

@Suite("Every rule's verdict on a captured call")
struct RuleTests {
    /// A call that one rule rejects.
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: RuleIdentifier
        var status: Int
        var provisioning = Sample.provisioning
        var number = "+12025550123"
        var fields = ""
        var formats = "0 8"
        /// Calls that begin a little before.
        var earlier = 0
        var config: String?

        var testDescription: String { "\(rule.rawValue), \(status), \(number)" }
    }

    static let cases = [
        Case(rule: .destinationClassify, status: 404, number: "nobody"),
        Case(rule: .destinationClassify, status: 484, number: "+1"),
        Case(rule: .customerActive, status: 403, provisioning: Sample.provisioning(customer: "status: frozen")),
        Case(rule: .customerIdentityVerified, status: 403, config: "policy: {require_verified_identity: true}"),
        Case(
            rule: .customerBalance,
            status: 402,
            provisioning: Sample.provisioning(customer: "billing: {credit_usd: 0}")
        ),
        Case(
            rule: .customerLimits,
            status: 403,
            provisioning: Sample.provisioning(customer: "limits: {concurrent_calls: 1}"),
            earlier: 1
        ),
        Case(rule: .destinationWhitelist, status: 403, number: "+33142685300"),
        Case(rule: .destinationClass, status: 403, number: "+19005550123"),
        Case(
            rule: .destinationLimits,
            status: 403,
            provisioning: Sample.provisioning(customer: "limits: {calls_per_minute_to_number: 2}"),
            earlier: 2
        ),
        Case(
            rule: .sourceValidate,
            status: 403,
            provisioning: Sample.provisioning(outbound: "when_no_valid_source: reject"),
            fields: "P-Preferred-Identity: <tel:+15550009999>\n"
        ),
        Case(rule: .privacyResolve, status: 500, fields: "Privacy: session;critical\n"),
        Case(rule: .codecsFilter, status: 488, number: "1002", formats: "8"),
        Case(rule: .routeSelect, status: 404, provisioning: Sample.provisioning(trunks: "")),
    ]

    @Test("The live engine's rules reject, with their status and reason", arguments: cases)
    func rejects(_ test: Case) throws {
        let bench = try Workbench()
        var trace = Trace()
        for place in 0..<test.earlier { trace.call("before\(place)", at: place * 100, to: test.number) }
        let body = test.formats == "0 8" ? nil : Message.session("a", formats: test.formats)
        trace.call("a", at: 1_000, to: test.number, fields: test.fields, body: body)
        var arguments: [String] = []
        if let config = test.config {
            let text = "sip: {domains: [edge.example.com], realm: edge.example.com}\n\(config)\n"
            arguments = ["--config", try bench.write(text, to: "gateway.yaml")]
        }
        let capture = try bench.write(trace.text, to: "calls.txt")
        let policy = try bench.write(test.provisioning, to: "customers.yaml")
        let result = try Tool.run([capture, "--provisioning", policy, "--format", "json"] + arguments)
        let report = try Report(result.output)
        let call = try #require(report.calls.last, "\(result.diagnostics)")
        #expect(report.calls.count == test.earlier + 1)
        #expect(call["verdict"] == "rejected")
        #expect(call["rejection.rule"] == test.rule.rawValue)
        #expect(call["rejection.status"] == "\(test.status)")
        #expect(call.list("findings").last?["outcome"] == "rejected")
        #expect(call.list("outbound").isEmpty)
        for call in report.calls.dropLast() { #expect(call["verdict"] == "approved") }
    }

    @Test("An emergency call passes the rules of account by")
    func emergency() throws {
        let bench = try Workbench()
        var trace = Trace()
        trace.call("a", to: "112")
        let policy = Sample.provisioning(customer: "status: frozen")
        let call = try #require(try bench.report(trace, by: policy).calls.first)
        #expect(call["verdict"] == "approved")
        #expect(call["destination.kind"] == "emergency")
    }

    @Test("A switched-off endpoint is refused before the policy is asked")
    func switchedOff() throws {
        let bench = try Workbench()
        var trace = Trace()
        trace.call("a")
        let call = try #require(try bench.report(trace, by: Sample.provisioning(alice: "enabled: false")).calls.first)
        #expect(call["rejection.rule"] == "authentication")
        #expect(call["rejection.status"] == "403")
    }

    @Test("Limits count on the capture's clock: a call that ended makes room for the next")
    func clock() throws {
        let bench = try Workbench()
        let policy = Sample.provisioning(customer: "limits: {concurrent_calls: 1}")
        var trace = Trace()
        trace.call("a", at: 0, lasting: 10_000)
        trace.call("b", at: 5_000, lasting: 10_000)
        trace.call("c", at: 14_000, lasting: 10_000)
        let calls = try bench.report(trace, by: policy).calls
        #expect(calls.map { $0["verdict"] } == ["approved", "rejected", "approved"])
    }

    @Test("A soft limit is a warning")
    func softLimit() throws {
        let bench = try Workbench()
        let policy = Sample.provisioning(customer: "limits: {concurrent_calls: {soft: 1, hard: 5}}")
        var trace = Trace()
        trace.call("a", at: 0)
        trace.call("b", at: 1_000)
        let calls = try bench.report(trace, by: policy).calls
        #expect(calls.last?["verdict"] == "approved")
        #expect(calls.last?.texts("limit_warnings") == ["concurrent_calls of the customer: 1 of 1"])
    }
}
