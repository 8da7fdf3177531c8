// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import Testing

@Suite("Call status")
struct CallStatusTests {
    private static let allowed: [CallStatus: Set<CallStatus>] = [
        .dialing: [.ringing, .progressing, .terminating, .canceling, .hangup],
        .ringing: [.progressing, .terminating, .canceling, .hangup],
        .progressing: [.terminating, .hangup],
        .terminating: [.hangup],
        .canceling: [.hangup],
        .hangup: [],
    ]

    @Test("a status only moves forward, and to no state that the table does not name", arguments: CallStatus.allCases)
    func moves(from status: CallStatus) {
        for next in CallStatus.allCases {
            #expect(status.mayBecome(next) == Self.allowed[status]?.contains(next))
        }
    }

    @Test("every status reads back from its name")
    func names() {
        for status in CallStatus.allCases { #expect(CallStatus(name: status.name) == status) }
        #expect(CallStatus(name: "answered") == nil)
    }
}
