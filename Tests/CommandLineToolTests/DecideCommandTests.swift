// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Foundation
import Testing

@Suite("tollgate decide")
struct DecideCommandTests {
    private let bench: Workbench
    private let file: String

    init() throws {
        bench = try Workbench()
        file = try bench.provisioning()
    }

    private func decide(_ arguments: String...) throws -> CommandResult {
        try Tool.run(DecideCommand.self, ["--provisioning", file] + arguments)
    }

    private func report(_ arguments: String...) throws -> [String: Any] {
        try report(arguments)
    }

    private func report(_ arguments: [String]) throws -> [String: Any] {
        try Tool.object(Tool.run(DecideCommand.self, ["--provisioning", file, "--json"] + arguments).output)
    }

    private func legs(_ report: [String: Any]) throws -> [[String: Any]] {
        try #require(report["legs"] as? [[String: Any]])
    }

    @Test("an approved call is shown with what each trunk is told, and ends with 0")
    func approved() throws {
        let result = try decide("--endpoint", "alice", "--to", "+442079460000")
        #expect(result.status == .success)
        #expect(result.output.hasPrefix("approved: alice calls +442079460000 (tel, gb, fixed)\n"))
        #expect(result.output.contains("1. trunk main  udp:192.0.2.10:5060  trusted\n"))
        #expect(result.output.contains("2. trunk spare  tcp:[2001:db8::1]:5060  not trusted\n"))
        #expect(result.output.contains("From: \"Alice\" <sip:+15551234568@edge.example.com;user=phone>\n"))
        #expect(result.output.contains("  route.select                passed"))
    }

    @Test("a rejected call is shown with its answer and the rule that rejected it, and ends with 1")
    func rejected() throws {
        let result = try decide("--endpoint", "alice", "--to", "+33142685300")
        #expect(result.status == .rejected)
        #expect(result.output.hasPrefix("rejected: alice is answered 403 Forbidden, Q.850 cause 52: "))
        #expect(result.output.contains("  destination.whitelist       rejected"))
        #expect(!result.output.contains("route.select"))
    }

    @Test("RFC 3325 §9.3: a hidden caller is asserted to the trusted trunk alone")
    func privacy() throws {
        let legs = try legs(report("--endpoint", "alice", "--to", "+442079460000", "--privacy", "id"))
        #expect(legs.map { $0["trunk"] as? String } == ["main", "spare"])
        #expect(legs.allSatisfy { $0["from"] as? String == "\"Anonymous\" <sip:anonymous@anonymous.invalid>" })
        #expect(legs.map { $0["p_asserted_identity"] as? String } == ["<tel:+15551234568>", nil])
        #expect(legs.map { $0["privacy"] as? String } == ["id", "id"])
        #expect(legs.map { $0["is_trusted"] as? Bool } == [true, false])
    }

    @Test("RFC 3323 §5: critical privacy that cannot be given rejects the call")
    func criticalPrivacy() throws {
        let report = try report("--endpoint", "alice", "--to", "+442079460000", "--privacy", "session;critical")
        let rejection = try #require(report["rejection"] as? [String: Any])
        #expect(report["verdict"] as? String == "rejected")
        #expect(rejection["status"] as? Int == 500)
        #expect(rejection["rule"] as? String == "privacy.resolve")
        #expect(rejection["q850_cause"] as? Int == 79)
        #expect(report["legs"] as? [String] == [])
        #expect(report["source"] == nil)
    }

    @Test("the number asked for, by P-Preferred-Identity or From, is shown in the source")
    func source() throws {
        let call = ["--endpoint", "alice", "--to", "+442079460000"]
        func source(_ more: String...) throws -> [String: Any] {
            try #require(try report(call + more)["source"] as? [String: Any])
        }
        let preferred = try source("--preferred-identity", "sip:+15551234567@phone.example", "--from", "+15551234568")
        #expect(preferred["resolved"] as? String == "+15551234567")
        #expect(preferred["asked_by"] as? String == "p_preferred_identity")
        let foreign = try source("--from", "+442079460999")
        #expect(foreign["asked"] as? String == "+442079460999")
        #expect(foreign["defect"] as? String == "not_owned")
        #expect(foreign["resolved"] as? String == "+15551234567")
        #expect(foreign["resolved_by"] as? String == "default_number")
    }

    @Test("the offer's codecs are shown before and after, by the trunk's list or the customer's")
    func codecs() throws {
        let offer = try bench.write(Sample.offer, to: "offer.sdp")
        let trunks = try legs(report("--endpoint", "alice", "--to", "+442079460000", "--sdp", offer))
        func names(_ leg: [String: Any]?, _ key: String) -> [String]? {
            (leg?["codecs"] as? [[String: Any]])?.first?[key] as? [String]
        }
        #expect(names(trunks.first, "before") == ["opus", "PCMU", "PCMA"])
        #expect(names(trunks.first, "after") == ["PCMA"])
        #expect(names(trunks.last, "after") == ["opus", "PCMU", "PCMA"])
        let peers = try legs(report("--endpoint", "alice", "--to", "1002", "--sdp", offer))
        #expect(peers.map { $0["peer"] as? String } == ["bob"])
        #expect(names(peers.first, "after") == ["PCMU", "PCMA"])
        let text = try decide("--endpoint", "alice", "--to", "1002", "--sdp", offer).output
        #expect(text.contains("codecs, audio: opus, PCMU, PCMA → PCMU, PCMA\n"))
    }

    @Test(
        "a URI with the gateway's name is local, another one is a SIP call",
        arguments: [
            ("sip:1002@edge.example.com", "extension"), ("sip:+442079460000@127.0.0.1", "tel"),
            ("tel:+442079460000", "tel"), ("bob@elsewhere.example", "sip"), ("urn:service:sos.fire", "emergency"),
            ("112", "emergency"),
        ]
    )
    func destinations(to: String, kind: String) throws {
        let destination = try report("--endpoint", "alice", "--to", to)["destination"] as? [String: Any]
        #expect(destination?["kind"] as? String == kind)
    }

    @Test("what the customer does at the moment, and trunks that are down, count")
    func circumstances() throws {
        let busy = try report("--endpoint", "alice", "--to", "+442079460000", "--calls-in-progress", "2")
        #expect((busy["rejection"] as? [String: Any])?["rule"] as? String == "customer.limits")
        let down = try legs(report("--endpoint", "alice", "--to", "+442079460000", "--down", "main"))
        #expect(down.map { $0["trunk"] as? String } == ["spare"])
    }

    @Test("a customer calls through the control API, and may be hidden or shown by force")
    func controlAPI() throws {
        let call = ["--customer", "acme", "--from", "+15551234567", "--to", "+442079460000"]
        func anonymous(_ setting: String, _ privacy: String) throws -> Bool? {
            try report(call + ["--anonymous", setting, "--privacy", privacy])["is_anonymous"] as? Bool
        }
        #expect(try anonymous("yes", "none") == true)
        #expect(try anonymous("no", "id") == false)
        #expect(try anonymous("auto", "id") == true)
    }

    @Test("JSON holds the documented keys")
    func keys() throws {
        let approved = try report("--endpoint", "alice", "--to", "+442079460000")
        let expected = [
            "customer", "destination", "endpoint", "findings", "is_anonymous", "legs", "source", "verdict",
        ]
        #expect(approved.keys.sorted() == expected)
        #expect(approved["customer"] as? String == "acme")
        let findings = try #require(approved["findings"] as? [[String: Any]])
        #expect(findings.count == 13)
        #expect(findings.first?["rule"] as? String == "destination.classify")
        #expect((findings.first?["values"] as? [String: String])?["country"] == "gb")
        #expect((approved["destination"] as? [String: Any])?["class"] as? String == "fixed")
    }

    @Test("a question that cannot be answered ends with 2 and says what there is")
    func unanswerable() throws {
        let caller = try decide("--endpoint", "carol", "--to", "1002")
        #expect(caller.status == .unanswerable)
        #expect(caller.diagnostics == "tollgate: there is no endpoint `carol`; there are: alice, bob\n")
        #expect(try decide("--customer", "initech", "--to", "1002").status == .unanswerable)
        #expect(try decide("--endpoint", "alice", "--to", "sip:@x").status == .unanswerable)
        #expect(try decide("--endpoint", "alice", "--to", "1002", "--down", "other").status == .unanswerable)
        #expect(try decide("--endpoint", "alice", "--to", "1002", "--sdp", bench.path("none")).status == .noInput)
    }

    @Test("contradictions on the command line end with 64")
    func usage() {
        #expect(Tool.refusal(DecideCommand.self, "--provisioning", file, "--to", "1002") == 64)
        #expect(Tool.refusal(DecideCommand.self, "--endpoint", "alice", "--to", "1002") == 64)
        let call = ["--provisioning", file, "--endpoint", "alice", "--to", "1002"]
        #expect(Tool.refusal(DecideCommand.self, call + ["--customer", "acme"]) == 64)
        #expect(Tool.refusal(DecideCommand.self, call + ["--anonymous", "yes"]) == 64)
        #expect(Tool.refusal(DecideCommand.self, call + ["--calls-in-progress", "-1"]) == 64)
    }

    @Test("the store and the provisioning file it was filled from give the same decision")
    func store() throws {
        let config = try bench.configuration()
        _ = try Tool.run(ProvisionCommand.self, file, "--config", config)
        let call = ["--endpoint", "alice", "--to", "+442079460000", "--json"]
        func output(_ arguments: [String]) throws -> String {
            try Tool.run(DecideCommand.self, arguments + call).output
        }
        #expect(try output(["--config", config]) == output(["--provisioning", file]))
    }

    @Test("before the first start, the provisioning file that the configuration names stands in for the store")
    func beforeFirstStart() throws {
        let named = try bench.configuration("provisioning: customers.yaml")
        let result = try Tool.run(DecideCommand.self, "--config", named, "--endpoint", "alice", "--to", "1002")
        #expect(result.status == .success)
        #expect(result.diagnostics.contains("judged by \(file)"))
        let unnamed = try bench.configuration()
        let none = try Tool.run(DecideCommand.self, "--config", unnamed, "--endpoint", "alice", "--to", "1002")
        #expect(none.status == .noInput)
        #expect(!FileManager.default.fileExists(atPath: bench.path("store.db")))
    }
}
