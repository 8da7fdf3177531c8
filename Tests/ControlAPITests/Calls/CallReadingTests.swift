// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import HTTPTypes
import MonotonicTime
import Testing

@testable import ControlAPI

@Suite("Calls shown")
struct CallReadingTests {
    @Test("§3.3: a call has every key of the documented object in its order, empty ones too")
    func object() async throws {
        let calls = try await CallsHarness()
        let record = calls.record()
        try calls.store(.createCall(record))
        let answer = try await calls.ask(.get, "/v1.0/calls/\(record.id)")
        let zero = "00000000-0000-0000-0000-000000000000"
        let address = #""target_name":"","name":"","detail":"""#
        #expect(
            answer.text == #"{"id":"\#(record.id)","customer_id":"\#(CallsHarness.customer)","flow_id":"\#(zero)","#
                + #""activeflow_id":"\#(zero)","type":"flow","master_call_id":"\#(zero)","chained_call_ids":[],"#
                + #""recording_id":"\#(zero)","recording_ids":[],"groupcall_id":"\#(zero)","#
                + #""source":{"type":"tel","target":"+15551234567",\#(address)},"#
                + #""destination":{"type":"tel","target":"+442079460000",\#(address)},"status":"dialing","#
                + #""direction":"outgoing","mute_direction":"","hangup_by":"","hangup_reason":"","#
                + #""tm_progressing":null,"tm_ringing":null,"tm_hangup":null,"tm_create":"2026-09-21T14:13:20Z","#
                + #""tm_update":null,"tm_delete":null}"#
        )
    }

    @Test("§3.5: the end of a call shows in the documented words")
    func ended() async throws {
        let calls = try await CallsHarness()
        let record = calls.record()
        var end = CallUpdate(id: record.id, time: calls.services.now(), status: .hangup)
        end.hangup = end.time
        end.hangupBy = .remote
        end.hangupReason = .noAnswer
        try calls.store(.createCall(record), .updateCall(end))
        let answer = try await calls.ask(.get, "/v1.0/calls/\(record.id)")
        #expect(answer["status"] == "hangup")
        #expect(answer["hangup_by"] == "remote")
        #expect(answer["hangup_reason"] == "noanswer")
        #expect(answer["tm_hangup"] == "2026-09-21T14:13:20Z")
    }

    @Test("§3.7: a placed call shows its flow, its master and the calls chained to it")
    func chained() async throws {
        let calls = try await CallsHarness()
        let (master, leg) = (calls.record(0), calls.record(1))
        try calls.store(.createCall(master), .createCall(leg))
        let flow = ResourceIdentifier(high: 5, low: 5)
        for (record, column, value) in [(master, "flow", flow), (leg, "master_call", master.id)] {
            try await calls.execute(
                "INSERT INTO placed_calls (sequence, \(column)) SELECT sequence, ? FROM calls WHERE id = ?",
                [value.octets, record.id.octets]
            )
        }
        let first = try await calls.ask(.get, "/v1.0/calls/\(master.id)")
        #expect(first["flow_id"] == .string(flow.description))
        #expect(first["chained_call_ids"] == [.string(leg.id.description)])
        let second = try await calls.ask(.get, "/v1.0/calls/\(leg.id)")
        #expect(second["master_call_id"] == .string(master.id.description))
    }

    @Test("§7.5: a hidden caller's real number stays on the call; a phone's own name is an extension")
    func sources() async throws {
        let calls = try await CallsHarness()
        let hidden = calls.record(0) { $0.isAnonymous = true }
        let phone = calls.record(1) {
            $0.endpoint = ResourceIdentifier(high: 3, low: 3)
            $0.callerUsername = "alice"
            $0.sourceAsked = "alice"
            $0.source = ""
        }
        try calls.store(.createCall(hidden), .createCall(phone))
        let first = try await calls.ask(.get, "/v1.0/calls/\(hidden.id)")
        #expect(first["source"]?.members?["target"] == "+15551234567")
        let second = try await calls.ask(.get, "/v1.0/calls/\(phone.id)")
        #expect(second["source"]?.members?["type"] == "extension")
        #expect(second["source"]?.members?["target_name"] == "alice")
        #expect(second["type"] == "sip-service")
    }

    @Test("§1.3: pages go on where the last ended, without loss or repetition, and the last has no token")
    func pages() async throws {
        let calls = try await CallsHarness()
        let records = (0..<5).map { index in
            calls.record(index / 2) { record in
                record.id = ResourceIdentifier(
                    unixMilliseconds: record.created.milliseconds,
                    random: (UInt64(index), UInt64(index))
                )
            }
        }
        for record in records { try calls.store(.createCall(record)) }
        try calls.store(.createCall(calls.record(9, of: CallsHarness.stranger)))
        var seen: [String] = []
        var token = ""
        repeat {
            let page = try await calls.ask(.get, "/v1.0/calls?page_size=2&page_token=\(token)")
            seen += (page["result"]?.elements ?? []).compactMap { $0.members?["id"]?.text }
            token = page["next_page_token"]?.text ?? ""
        } while !token.isEmpty && seen.count < 20
        #expect(seen == records.reversed().map(\.id.description))
    }

    @Test("a list is narrowed by state and verdict; unknown words are 400")
    func filters() async throws {
        let calls = try await CallsHarness()
        let refused = calls.record(1) {
            $0.isApproved = false
            $0.status = .hangup
        }
        try calls.store(.createCall(calls.record(0)), .createCall(refused))
        for query in ["status=hangup", "verdict=rejected"] {
            let page = try await calls.ask(.get, "/v1.0/calls?\(query)")
            #expect(page["result"]?.elements?.map { $0.members?["id"] } == [.string(refused.id.description)])
        }
        for query in ["status=gone", "verdict=perhaps", "page_size=many", "page_token=never"] {
            let answer = try await calls.ask(.get, "/v1.0/calls?\(query)")
            #expect(answer.status == 400)
            #expect(answer["error"] == "INVALID_REQUEST_PARAMETER")
        }
    }

    @Test("§1.4: a foreign, an unknown and a deleted call are all 404 CALL_NOT_FOUND; a malformed id is 400")
    func missing() async throws {
        let calls = try await CallsHarness()
        let (foreign, own) = (calls.record(0, of: CallsHarness.stranger), calls.record(1))
        try calls.store(.createCall(foreign), .createCall(own))
        #expect(try await calls.ask(.delete, "/v1.0/calls/\(own.id)").status == 200)
        for id in [foreign.id, own.id, .zero] {
            for path in ["", "/decision"] {
                let answer = try await calls.ask(.get, "/v1.0/calls/\(id)\(path)")
                #expect(answer.status == 404)
                #expect(answer["error"] == "CALL_NOT_FOUND")
            }
        }
        let page = try await calls.ask(.get, "/v1.0/calls")
        #expect(page["result"] == [])
        #expect(try await calls.ask(.get, "/v1.0/calls/1")["error"] == "INVALID_ID")
    }

    @Test("an operator sees every customer's calls, or one's")
    func operators() async throws {
        let calls = try await CallsHarness()
        try calls.store(.createCall(calls.record(0)), .createCall(calls.record(1, of: CallsHarness.stranger)))
        let identity = CallsHarness.identity(of: nil, .projectSuperAdmin)
        let all = try await calls.ask(.get, "/v1.0/calls", as: identity)
        #expect(all["result"]?.elements?.count == 2)
        let one = try await calls.ask(.get, "/v1.0/calls?customer_id=\(CallsHarness.stranger)", as: identity)
        #expect(one["result"]?.elements?.count == 1)
    }

    @Test("a decision shows findings as written, identities and attempts")
    func decision() async throws {
        let calls = try await CallsHarness()
        var attempt = AttemptRecord(
            position: 0,
            trunk: UsedTrunk(id: ResourceIdentifier(high: 4, low: 4), name: "carrier"),
            started: calls.services.now(),
            shown: "anonymous",
            asserted: "+15551234567",
            privacy: "id"
        )
        attempt.status = 486
        let record = calls.record {
            $0.isAnonymous = true
            $0.findings = Array("customer.active\tpassed\tis active\ncodecs.filter\tskipped\tno list\n".utf8)
            $0.attempts = [attempt]
        }
        try calls.store(.createCall(record))
        let answer = try await calls.ask(.get, "/v1.0/calls/\(record.id)/decision")
        #expect(answer["verdict"] == "approved")
        #expect(answer["country"] == "gb")
        #expect(answer["codecs"] == "no list")
        #expect(
            answer["findings"]?.elements?.first
                == ["rule": "customer.active", "outcome": "passed", "reason": "is active"]
        )
        #expect(answer["identity"]?.members?["resolved"] == "+15551234567")
        #expect(answer["identity"]?.members?["shown"] == "anonymous")
        #expect(answer["identity"]?.members?["asserted"] == "+15551234567")
        let tried = answer["attempts"]?.elements?.first?.members
        #expect(tried?["provider"] == "carrier")
        #expect(tried?["sip_status"] == 486)
        #expect(tried?["tm_end"] == .null)
    }
}
