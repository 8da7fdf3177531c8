// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import Testing

@Suite("Hang-up mapping")
struct HangupReasonTests {
    /// SIP status, Q.850 cause, reason of an unanswered outgoing call, whether another route is tried.
    private static let table: [(Int, Int, HangupReason, Bool)] = [
        (401, 21, .noAnswer, false), (403, 21, .noAnswer, false), (407, 21, .noAnswer, false),
        (603, 21, .noAnswer, false), (404, 1, .failed, true), (485, 1, .failed, true), (604, 1, .failed, true),
        (405, 127, .failed, true), (411, 127, .failed, true), (413, 127, .failed, true), (414, 127, .failed, true),
        (415, 127, .failed, true), (481, 127, .failed, true), (482, 127, .failed, true), (487, 127, .failed, true),
        (491, 127, .failed, true), (493, 127, .failed, true), (505, 127, .failed, true), (499, 127, .failed, true),
        (699, 127, .failed, true), (408, 18, .failed, true), (409, 41, .failed, true), (410, 22, .failed, true),
        (420, 3, .failed, true), (480, 19, .noAnswer, false), (483, 19, .noAnswer, false),
        (484, 28, .failed, true), (486, 17, .busy, false), (600, 17, .busy, false), (488, 58, .failed, true),
        (606, 58, .failed, true), (500, 38, .failed, true), (501, 29, .failed, true), (502, 27, .failed, true),
        (503, 34, .failed, true), (599, 34, .failed, true), (504, 102, .failed, true), (200, 16, .normal, false),
    ]

    @Test("a final response maps to its cause, its reason and whether another route is tried", arguments: table)
    func finalResponse(status: Int, cause: Int, reason: HangupReason, advances: Bool) {
        let found = ReleaseCause.of(sipStatus: status)
        #expect(found == ReleaseCause(cause))
        for last in [CallStatus.dialing, .ringing] {
            #expect(HangupReason.of(lastStatus: last, cause: found) == reason)
            #expect(last.advancesRoute(after: found) == advances)
        }
        for last in [CallStatus.progressing, .terminating, .canceling, .hangup] {
            #expect(!last.advancesRoute(after: found))
        }
    }

    @Test("the gateway's own dial timer ends as dialout and tries another route")
    func dialTimeout() {
        #expect(HangupReason.of(lastStatus: .ringing, cause: .dialTimeout) == .dialOut)
        #expect(CallStatus.ringing.advancesRoute(after: .dialTimeout))
    }

    @Test("an answered call ends normally, by its duration limit, or by an answering machine")
    func answered() {
        #expect(HangupReason.of(lastStatus: .progressing, cause: .userBusy) == .normal)
        #expect(HangupReason.of(lastStatus: .progressing, cause: .durationLimit) == .timeout)
        #expect(HangupReason.of(lastStatus: .terminating, cause: .answeringMachine) == .answeringMachine)
        #expect(HangupReason.of(lastStatus: .terminating, cause: .durationLimit) == .normal)
    }

    @Test("the 487 that answers our own CANCEL is a cancel, not a failure")
    func canceled() {
        let cause = ReleaseCause.of(sipStatus: 487)
        #expect(HangupReason.of(lastStatus: .canceling, cause: cause) == .cancel)
        #expect(HangupBy.of(lastStatus: .canceling) == .local)
        #expect(HangupBy.of(lastStatus: .terminating) == .local)
        for last in [CallStatus.dialing, .ringing, .progressing] { #expect(HangupBy.of(lastStatus: last) == .remote) }
    }

    @Test("each reason names the cause a leg is released with")
    func causes() {
        let expected: [HangupReason: Int] = [
            .none: 16, .normal: 16, .failed: 18, .busy: 17, .cancel: 16, .timeout: 16, .noAnswer: 19, .dialOut: 19,
            .answeringMachine: 201,
        ]
        for reason in HangupReason.allCases { #expect(reason.cause.value == expected[reason]) }
    }
}
