// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import CommandLineTool
import Foundation
import MonotonicTime
import NumberingPlan
import Testing

@Suite("tollgate calls")
struct CallsCommandTests {
    private let bench: Workbench
    private let path: String

    private static let start: Int64 = 1_700_000_000_123

    init() throws {
        bench = try Workbench()
        path = bench.path("store.db")
        _ = try Tool.run(ProvisionCommand.self, try bench.provisioning(), "--store", path)
    }

    private struct Deaf: StoreCompletionSink {
        func storeCompleted(tokens: [UInt64], outcome: StoreOutcome) {}
    }

    private static func identity(_ index: Int) -> ResourceIdentifier {
        ResourceIdentifier(unixMilliseconds: start + Int64(index), random: (7, UInt64(index)))
    }

    /// A call of alice's; every third one was rejected, every other one was answered and is over.
    private func record(_ index: Int, _ alice: Endpoint) -> CallRecord {
        let created = WallTime(milliseconds: Self.start + Int64(index))
        var record = CallRecord(
            id: Self.identity(index),
            customer: alice.customer,
            endpoint: alice.id,
            destination: "+442079460000",
            destinationKind: .tel,
            created: created
        )
        record.callerUsername = "alice"
        record.sourceAsked = "alice"
        record.country = Country("gb")
        record.findings = Array("source.validate\tadjusted\tthe default stands in\n".utf8)
        record.status = .hangup
        record.hangup = WallTime(milliseconds: created.milliseconds + 15_000)
        if index % 3 == 0 {
            record.isApproved = false
            record.rejectingRule = "destination.whitelist"
            record.finalStatus = 403
        } else {
            record.source = "+15551234567"
            record.isAnonymous = true
            record.hangupReason = .normal
            record.finalStatus = 200
            record.cause = .normalClearing
            record.progressing = WallTime(milliseconds: created.milliseconds + 2_500)
            record.trunk = UsedTrunk(id: ResourceIdentifier(high: 3, low: 3), name: "main")
        }
        return record
    }

    private func fill(_ count: Int, change: (inout CallRecord) -> Void = { _ in }) throws {
        let store = try CallStore(path: path)
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        let alice = try #require(snapshot.endpointsByUsername["alice"])
        let writer = try StoreWriter(store: store, sinks: [Deaf()])
        for index in 1...count {
            var record = record(index, alice)
            change(&record)
            #expect(writer.submit(.createCall(record), shard: 0, token: UInt64(index)) == .accepted)
        }
        writer.close()
        try store.close()
    }

    @Test("an empty store has no calls to show")
    func none() throws {
        #expect(try Tool.calls("--store", path) == CommandResult(output: "no calls\n"))
        #expect(try Tool.calls("--store", path, "--json").output.filter { !$0.isWhitespace } == "[]")
        #expect(try Tool.calls("--store", path, "--json-lines").output.isEmpty)
    }

    @Test("the table has the newest call first, with identity, outcome and time of talk")
    func table() throws {
        try fill(3)
        let lines = try Tool.calls("--store", path).output.split(separator: "\n").map(String.init)
        #expect(lines.count == 4)
        #expect(lines.first?.hasPrefix("TIME (UTC)") == true)
        #expect(lines.dropFirst().first?.contains("rejected: destination.whitelist") == true)
        #expect(lines.dropFirst().first?.contains("  403  ") == true)
        let last = try #require(lines.last)
        #expect(last.hasPrefix("2023-11-14 22:13:20  alice   +15551234567 (hidden)  +442079460000  gb"))
        #expect(last.contains("  12.5 s  "))
        #expect(last.hasSuffix(Self.identity(1).description))
    }

    @Test("what an outside call API knows a call by is shown, and left out where there is none")
    func externalIdentifier() throws {
        try fill(1) { $0.externalIdentifier = "ext-1" }
        let id = Self.identity(1).description
        let text = try Tool.calls("show", id, "--store", path).output
        #expect(text.split(separator: "\n").contains { $0.hasPrefix("call API id") && $0.hasSuffix("ext-1") })
        #expect(try Tool.calls("show", id, "--store", path, "--json").output.contains(#""call_api_id" : "ext-1""#))
    }

    @Test("limit, state, verdict, endpoint and destination narrow the list")
    func filters() throws {
        try fill(30)
        func count(_ arguments: String...) throws -> Int {
            let result = try Tool.run(CallsCommand.self, ["--store", path, "--json-lines"] + arguments)
            return result.output.split(separator: "\n").count
        }
        #expect(try count() == 20)
        #expect(try count("--limit", "7") == 7)
        #expect(try count("--limit", "5000") == 30)
        #expect(try count("--limit", "99", "--rejected") == 10)
        #expect(try count("--status", "ringing") == 0)
        #expect(try count("--status", "hangup") == 20)
        #expect(try count("--endpoint", "alice") == 20)
        #expect(try count("--endpoint", "bob") == 0)
        #expect(try count("--destination", "+15557654321") == 0)
    }

    @Test("a list longer than one page of the store is whole and in order")
    func pages() throws {
        try fill(2_345)
        let output = try Tool.calls("list", "--store", path, "--limit", "2300", "--json-lines").output
        let identities = try output.split(separator: "\n").map { try Tool.object(String($0))["id"] as? String }
        #expect(identities == (46...2_345).reversed().map { Self.identity($0).description })
    }

    @Test("JSON is an array of objects with the documented keys")
    func json() throws {
        try fill(1)
        let text = try Tool.calls("--store", path, "--json").output
        let array = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        let call = try #require(array.first)
        #expect(call["id"] as? String == Self.identity(1).description)
        #expect(call["created"] as? String == "2023-11-14T22:13:20.124Z")
        #expect(call["hangup"] as? String == "2023-11-14T22:13:35.124Z")
        #expect(call["final_status"] as? Int == 200)
        #expect(call["cause"] as? Int == 16)
        #expect(call["is_anonymous"] as? Bool == true)
        #expect(call["destination_kind"] as? String == "tel")
        #expect(call["hangup_reason"] as? String == "normal")
        #expect(call["endpoint_call_id"] as? String == "")
        #expect(call["customer_id"] != nil && call["endpoint_id"] != nil)
        #expect(call["ringing"] == nil && call["findings"] == nil && call["rejecting_rule"] == nil)
    }

    @Test("show prints everything about one call with its findings")
    func show() throws {
        try fill(3)
        let output = try Tool.calls("show", Self.identity(3).description, "--store", path).output
        let lines = output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.first == "call \(Self.identity(3))")
        #expect(lines.contains("verdict rejected by destination.whitelist"))
        #expect(lines.contains("destination +442079460000 (tel, gb)"))
        #expect(lines.contains("ended 2023-11-14T22:13:35.126Z"))
        #expect(lines.last == "source.validate adjusted the default stands in")
        #expect(!output.contains("trunk"))
        let object = try Tool.object(Tool.calls("show", Self.identity(1).description, "--store", path, "--json").output)
        let finding = try #require((object["findings"] as? [[String: String]])?.first)
        #expect(finding == ["rule": "source.validate", "outcome": "adjusted", "reason": "the default stands in"])
    }

    @Test("show prints what each trunk saw, was told, and answered")
    func attempts() throws {
        try fill(1) { record in
            let trunk = UsedTrunk(id: ResourceIdentifier(high: 3, low: 3), name: "main")
            var first = AttemptRecord(position: 0, trunk: trunk, started: record.created, shown: "anonymous")
            first.ended = record.created
            first.status = 503
            first.cause = .networkOutOfOrder
            let second = AttemptRecord(
                position: 1,
                trunk: UsedTrunk(id: ResourceIdentifier(high: 3, low: 4), name: "spare"),
                started: record.created,
                shown: "anonymous",
                asserted: "+15551234567",
                privacy: "id"
            )
            record.attempts = [first, second]
        }
        let output = try Tool.calls("show", Self.identity(1).description, "--store", path).output
        let lines = output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        let time = "2023-11-14T22:13:20.124Z"
        #expect(lines.contains("TRUNK STARTED ENDED SHOWN ASSERTED PRIVACY SIP CAUSE"))
        #expect(lines.contains("main \(time) \(time) anonymous 503 38"))
        #expect(lines.contains("spare \(time) anonymous +15551234567 id"))
        let object = try Tool.object(Tool.calls("show", Self.identity(1).description, "--store", path, "--json").output)
        let attempts = try #require(object["attempts"] as? [[String: Any]])
        #expect(attempts.map { $0["trunk"] as? String } == ["main", "spare"])
        #expect(attempts.map { $0["asserted"] as? String } == [nil, "+15551234567"])
        #expect(attempts.map { $0["status"] as? Int } == [503, nil])
        let listed = try Tool.calls("--store", path, "--json-lines").output
        #expect(!listed.contains("attempts"))
    }

    @Test("what came from the network cannot steer the terminal")
    func hostileText() throws {
        try fill(1) { record in
            record.callerUsername = "a\u{1B}[2Jb\u{202E}"
            record.findings = Array("rule\tpassed\t\u{1B}]0;x\u{07}\nrule\u{1B}\n".utf8)
        }
        let shown = try Tool.calls("show", Self.identity(1).description, "--store", path).output
        let text = try Tool.calls("--store", path).output + shown
        #expect(text.contains("a?[2Jb?"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x202E) })
    }

    @Test("a call or an endpoint that is not there ends with 2, a store that is not there with 66")
    func failures() throws {
        let unknown = try Tool.calls("show", Self.identity(9).description, "--store", path)
        #expect(unknown.status == .unanswerable)
        #expect(try Tool.calls("--store", path, "--endpoint", "carol").status == .unanswerable)
        let missing = try Tool.calls("--store", bench.path("none.db"))
        #expect(missing.status == .noInput)
        #expect(!FileManager.default.fileExists(atPath: bench.path("none.db")))
        let broken = try Tool.calls("--store", try bench.write(String(repeating: "x", count: 9000), to: "broken.db"))
        #expect(broken.status == .inputOutput || broken.status == .cannotOpenStore)
    }

    @Test("a wrong command line ends with 64")
    func usage() {
        #expect(Tool.refusal(CallsCommand.self) == 64)
        #expect(Tool.refusal(CallsCommand.self, "--store", path, "--limit", "0") == 64)
        #expect(Tool.refusal(CallsCommand.self, "--store", path, "--status", "asleep") == 64)
        #expect(Tool.refusal(CallsCommand.self, "--store", path, "--json", "--json-lines") == 64)
        #expect(Tool.refusal(CallsCommand.self, "show", "7", "--store", path) == 64)
    }
}
