// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallStore
import Testing

@Suite("Events of a call")
struct WebhookEventTests {
    private func record(_ change: (inout CallRecord) -> Void) -> CallRecord {
        var record = Sample.call(0)
        change(&record)
        return record
    }

    @Test("a call that is created and goes on within one write has all its events, in order, with their own times")
    func folded() {
        let call = record {
            $0.status = .hangup
            $0.ringing = Sample.time(10)
            $0.progressing = Sample.time(20)
            $0.hangup = Sample.time(30)
            $0.hangupBy = .local
        }
        let found = WebhookEvent.between(nil, call)
        #expect(
            found.map(\.event) == [.callCreated, .callRinging, .callProgressing, .callTerminating, .callHangup]
        )
        #expect(found.map(\.time) == [0, 10, 20, 30, 30].map(Sample.time))
    }

    @Test("a step names what is new since the last write only")
    func steps() {
        let answered = record {
            $0.status = .progressing
            $0.ringing = Sample.time(10)
            $0.progressing = Sample.time(20)
        }
        #expect(WebhookEvent.between(.dialing, answered).map(\.event) == [.callRinging, .callProgressing])
        #expect(WebhookEvent.between(.ringing, answered).map(\.event) == [.callProgressing])
        let cancelled = record { $0.status = .canceling }
        #expect(WebhookEvent.between(.dialing, cancelled).map(\.event) == [.callCanceling])
        let over = record {
            $0.status = .hangup
            $0.hangupBy = .local
        }
        #expect(WebhookEvent.between(.canceling, over).map(\.event) == [.callHangup])
        #expect(WebhookEvent.between(.hangup, over).isEmpty)
    }

    @Test("a call that the far end gave up has no event of ours ending it")
    func remote() {
        let call = record {
            $0.status = .hangup
            $0.hangupBy = .remote
            $0.hangup = Sample.time(5)
        }
        #expect(WebhookEvent.between(.dialing, call).map(\.event) == [.callHangup])
    }

    @Test("a call that policy refused has no events: it never was")
    func refused() {
        let call = record {
            $0.isApproved = false
            $0.status = .hangup
        }
        #expect(WebhookEvent.between(nil, call).isEmpty)
    }

    @Test("an earlier state is read off the finished call")
    func earlier() {
        let call = record {
            $0.status = .hangup
            $0.ringing = Sample.time(10)
            $0.progressing = Sample.time(20)
            $0.hangup = Sample.time(30)
            $0.hangupBy = .remote
            $0.hangupReason = .normal
        }
        let created = call.asOf(.init(.callCreated, Sample.time(0)))
        #expect(created.status == .dialing && created.ringing == nil && created.progressing == nil)
        let ringing = call.asOf(.init(.callRinging, Sample.time(10)))
        #expect(ringing.status == .ringing && ringing.ringing == Sample.time(10) && ringing.progressing == nil)
        #expect(ringing.hangupBy == .none && ringing.hangupReason == .none && ringing.hangup == nil)
        let progressing = call.asOf(.init(.callProgressing, Sample.time(20)))
        #expect(progressing.status == .progressing && progressing.updated == Sample.time(20))
        let hangup = call.asOf(.init(.callHangup, Sample.time(30)))
        #expect(hangup.status == .hangup && hangup.hangupReason == .normal)
    }
}
