// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallLifecycle
import CallStore
import HTTPTypes
import Synchronization
import Testing

@testable import ControlAPI

@Suite("Calls ended by the API")
struct CallEndingTests {
    @Test("§3.6: a hang-up shows canceling before the answer and terminating after it")
    func hangUp() async throws {
        let calls = try await CallsHarness()
        for (index, step) in [(0, (CallStatus.ringing, CallHangUp.canceling)), (1, (.progressing, .terminating))] {
            let record = calls.record(index) { $0.status = step.0 }
            try calls.store(.createCall(record))
            calls.commands.hangUpAnswer.withLock { $0 = step.1 }
            let answer = try await calls.ask(.post, "/v1.0/calls/\(record.id)/hangup")
            #expect(answer["status"]?.text == (index == 0 ? "canceling" : "terminating"))
            #expect(calls.commands.hungUp.withLock { $0.last } == record.id)
        }
    }

    @Test("§3.6: a call that ends or has ended is answered as it is, without another command")
    func ended() async throws {
        let calls = try await CallsHarness()
        for (index, status) in [CallStatus.canceling, .terminating, .hangup].enumerated() {
            let record = calls.record(index) { $0.status = status }
            try calls.store(.createCall(record))
            let answer = try await calls.ask(.post, "/v1.0/calls/\(record.id)/hangup")
            #expect(answer.status == 200)
            #expect(answer["status"] == .string(status.name))
        }
        #expect(calls.commands.hungUp.withLock { $0.isEmpty })
    }

    @Test("another customer's call cannot be ended or deleted")
    func foreign() async throws {
        let calls = try await CallsHarness()
        let record = calls.record(0, of: CallsHarness.stranger)
        try calls.store(.createCall(record))
        #expect(try await calls.ask(.post, "/v1.0/calls/\(record.id)/hangup").status == 404)
        #expect(try await calls.ask(.delete, "/v1.0/calls/\(record.id)").status == 404)
        #expect(calls.commands.hungUp.withLock { $0.isEmpty })
        #expect(try await calls.count("deleted_calls") == 0)
    }

    @Test("§1.8: a deletion ends a live call and answers the call with its time; the second is 404")
    func delete() async throws {
        let calls = try await CallsHarness()
        let record = calls.record()
        try calls.store(.createCall(record))
        calls.commands.hangUpAnswer.withLock { $0 = .canceling }
        let answer = try await calls.ask(.delete, "/v1.0/calls/\(record.id)")
        #expect(answer["status"] == "canceling")
        #expect(answer["tm_delete"] == "2026-09-21T14:13:20Z")
        #expect(calls.commands.hungUp.withLock { $0 } == [record.id])
        #expect(try await calls.ask(.delete, "/v1.0/calls/\(record.id)").status == 404)
    }

    @Test(
        "what needs media is 400 MEDIA_NOT_AVAILABLE, and 404 for a call that is not there",
        arguments: [
            (HTTPRequest.Method.post, "hold"), (.delete, "hold"), (.post, "mute"), (.delete, "mute"), (.post, "moh"),
            (.delete, "moh"), (.post, "silence"), (.delete, "silence"), (.post, "talk"), (.post, "recording_start"),
            (.post, "recording_stop"), (.get, "media_stream"),
        ]
    )
    func media(_ method: HTTPRequest.Method, _ path: String) async throws {
        let calls = try await CallsHarness()
        let record = calls.record()
        try calls.store(.createCall(record))
        let answer = try await calls.ask(method, "/v1.0/calls/\(record.id)/\(path)")
        #expect(answer.status == 400)
        #expect(answer["error"] == "MEDIA_NOT_AVAILABLE")
        let missing = try await calls.ask(method, "/v1.0/calls/00000000-0000-0000-0000-000000000000/\(path)")
        #expect(missing.status == 404)
    }

    @Test("group calls: none to show, none to be placed, and the answer says why")
    func groupcalls() async throws {
        let calls = try await CallsHarness()
        #expect(try await calls.ask(.get, "/v1.0/groupcalls")["result"] == [])
        let answer = try await calls.ask(.post, "/v1.0/groupcalls")
        #expect(answer.status == 400)
        #expect(answer["error"] == "GROUPCALL_NOT_AVAILABLE")
        let id = "00000000-0000-0000-0000-000000000001"
        for (method, path) in [(HTTPRequest.Method.get, ""), (.delete, ""), (.post, "/hangup")] {
            #expect(try await calls.ask(method, "/v1.0/groupcalls/\(id)\(path)")["error"] == "GROUPCALL_NOT_FOUND")
        }
    }
}
