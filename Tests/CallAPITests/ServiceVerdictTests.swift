// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallPolicy
import MonotonicTime
import Testing

@Suite("What an answer of the service means")
struct ServiceVerdictTests {
    private func verdict(
        _ status: Int,
        _ body: String = "",
        retryAfter: String? = nil,
        of question: ServiceVerdict.Question = .creation,
        passesMessage: Bool = false
    ) -> ServiceVerdict {
        ServiceVerdict(
            .answered(status: status, retryAfter: retryAfter, body: Array(body.utf8)),
            of: question,
            hiding: Secret("s3cret"),
            passesMessage: passesMessage
        )
    }

    @Test(
        "each HTTP status has its SIP status, and its words name the call API",
        arguments: [
            (400, 403), (401, 403), (402, 402), (403, 403), (404, 404), (405, 503), (409, 403), (413, 503), (418, 503),
            (422, 403), (429, 503), (500, 503), (501, 503), (502, 503), (503, 503), (504, 503), (301, 503), (200, 503),
        ]
    )
    func statuses(http: Int, sip: Int) throws {
        let refusal = try #require(verdict(http).refusal)
        #expect(refusal.status == sip)
        #expect(refusal.text.contains("the call API"))
        #expect(refusal.text.contains("HTTP \(http)"))
        #expect((refusal.retryAfter != nil) == (sip == 503))
    }

    @Test("what counts as a failure of the service, and what may be repeated")
    func failures() {
        for status in [200, 302, 500, 501, 502, 503, 504] { #expect(verdict(status).isFailure) }
        for status in [400, 401, 402, 403, 404, 429] { #expect(!verdict(status).isFailure) }
        for status in [200, 302, 400, 402, 429, 500, 501] { #expect(!verdict(status).mayRepeat) }
        for status in [502, 503, 504] { #expect(verdict(status).mayRepeat) }
        let busy = verdict(429, retryAfter: "1")
        #expect(busy.mayRepeat)
        #expect(busy.pause == .seconds(1))
    }

    @Test(
        "Retry-After is held between a second and an hour; what is not a number of seconds counts as absent",
        arguments: [
            ("7", 7), ("0", 1), ("99999", 3600), ("", 5), ("-1", 5), ("soon", 5), ("9999999999999999999999", 5),
            ("Fri, 31 Dec 1999 23:59:59 GMT", 5),
        ]
    )
    func retryAfter(text: String, seconds: Int) {
        #expect(verdict(429, retryAfter: text).refusal?.retryAfter == seconds)
    }

    @Test(
        "a created call is found in each shape of the answer",
        arguments: [
            #"[{"id":"a-1"},{"id":"a-2"}]"#, #"{"calls":[{"id":"a-1"}],"groupcalls":[]}"#,
            #"{"id":"a-1","status":"dialing"}"#, #"{"calls":[],"groupcalls":[{"id":"a-1"}]}"#,
            #"{"calls":null,"id":"a-1"}"#,
        ]
    )
    func created(body: String) throws {
        let identifier = try #require(CallAPIIdentifier("a-1"))
        #expect(verdict(200, body).outcome == .created(identifier))
        #expect(verdict(201, body).outcome == .created(identifier))
        #expect(!verdict(200, body).isFailure)
    }

    @Test("a number is a name too")
    func number() throws {
        let identifier = try #require(CallAPIIdentifier("42"))
        #expect(verdict(200, #"{"id":42}"#).outcome == .created(identifier))
    }

    @Test(
        "an answer that names no call, or one unfit for a header field or a path, refuses the call",
        arguments: [
            "", "null", "[]", "{}", "{\"id\":\"\"}", #"{"id":null}"#, #"{"id":{}}"#, "<html>", "[1,2]",
            #"{"calls":[]}"#,
            "{\"id\":\"a\\r\\nX-Evil: 1\"}", #"{"id":"a b"}"#, #"{"id":".."}"#, #"{"id":"a/../b"}"#, #"{"id":"a?b"}"#,
            #"{"id":"\#(String(repeating: "x", count: 129))"}"#, #"{"id":"ä"}"#, "{\"id\":\"a", "\u{0}",
            String(repeating: "[", count: 60_000), String(repeating: "{\"error\":", count: 6000),
        ]
    )
    func garbage(body: String) {
        let verdict = verdict(200, body)
        #expect(verdict.refusal?.status == 503)
        #expect(verdict.isFailure)
        #expect(!verdict.mayRepeat)
        #expect(self.verdict(500, body).detail == nil)
    }

    @Test("the end of a call that the service does not know any more is heard", arguments: [200, 204, 404, 409, 410])
    func ending(status: Int) {
        #expect(verdict(status, of: .ending).outcome == .heard)
        #expect(verdict(500, of: .ending).refusal != nil)
    }

    @Test("the service's words go to the log, cleaned and cut, and into Warning only when that is configured")
    func message() {
        let body = #"{"error":{"message":"no \"credit\"\r\nX: s3cret ü \#(String(repeating: "y", count: 300))"}}"#
        let quiet = verdict(402, body)
        #expect(quiet.detail?.hasPrefix("no 'credit' X: <redacted> ? yyy") == true)
        #expect(quiet.detail?.count == 120)
        #expect(quiet.refusal?.text == "the call API reports an insufficient balance (HTTP 402)")
        let loud = verdict(402, #"{"error":"X","message":"top up"}"#, passesMessage: true)
        #expect(loud.refusal?.text == "the call API reports an insufficient balance (HTTP 402): top up")
    }

    @Test("a fault on the way fails closed; only a broken connection may be repeated")
    func faults() {
        for fault in [ServiceFault.connection, .timeout, .tooLong, .request] {
            let verdict = ServiceVerdict(.failed(fault, "why"), hiding: nil, passesMessage: true)
            #expect(verdict.refusal?.status == 503)
            #expect(verdict.refusal?.text.contains("why") == false)
            #expect(verdict.mayRepeat == (fault == .connection))
            #expect(verdict.isFailure == (fault != .request))
        }
    }

    @Test("repetitions are few, grow apart, and end with the time that one hand-off has")
    func plan() {
        let plan = RetryPlan(retries: 2)
        let failed = verdict(503)
        #expect(plan.pause(after: 1, failed, remaining: .seconds(2)) == .milliseconds(50))
        #expect(plan.pause(after: 2, failed, remaining: .seconds(2)) == .milliseconds(100))
        #expect(plan.pause(after: 3, failed, remaining: .seconds(2)) == nil)
        #expect(plan.pause(after: 1, failed, remaining: .milliseconds(69)) == nil)
        #expect(plan.pause(after: 1, failed, remaining: .milliseconds(70)) == .milliseconds(50))
        #expect(plan.pause(after: 1, verdict(400), remaining: .seconds(2)) == nil)
        #expect(plan.pause(after: 1, verdict(429, retryAfter: "1"), remaining: .seconds(2)) == .seconds(1))
        #expect(plan.pause(after: 1, verdict(429, retryAfter: "2"), remaining: .seconds(2)) == nil)
        #expect(RetryPlan(retries: 0).pause(after: 1, failed, remaining: .seconds(2)) == nil)
    }
}
