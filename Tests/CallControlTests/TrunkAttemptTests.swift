// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import SIPMessage
import SIPTransaction
import Testing

/// What a call tells of the trunks it tries, and what it does at one that takes no further call.
struct TrunkAttemptTests {
    private static let first = ResourceIdentifier(high: 3, low: 1)
    private static let second = ResourceIdentifier(high: 3, low: 2)

    @Test("a trunk that is full by now is passed over without an attempt, and the call keeps its identity and privacy")
    func passedOver() throws {
        let harness = try Harness(RouteAdvanceTests.trunks, headers: ["Privacy: id"])
        harness.fullTrunks = [Self.first]
        harness.begin()
        let invite = try harness.outside(.invite)
        #expect(invite.hop?.host == "192.0.2.2")
        #expect(invite.header(.from)?.hasPrefix("\"Anonymous\" <sip:anonymous@anonymous.invalid>") == true)
        #expect(harness.toOutside.count == 1)
        let attempts = harness.records.compactMap { record -> String? in
            if case .attempt(let attempt) = record { attempt.trunkName } else { nil }
        }
        #expect(attempts == ["trunk2"])
        try harness.answer(invite, 486)
        #expect(harness.final() == 486)
        harness.expectSound()
    }

    @Test("when no trunk takes the call, it ends with 503 and Retry-After")
    func allFull() throws {
        let harness = try Harness(RouteAdvanceTests.trunks)
        harness.fullTrunks = [Self.first, Self.second]
        harness.begin()
        #expect(harness.final() == 503 && harness.toOutside.isEmpty)
        #expect(try harness.response().header(.retryAfter) == "5")
        harness.expectSound()
    }

    @Test("a full trunk after one that failed is passed over as well")
    func fullAfterFailure() throws {
        let harness = try Harness(RouteAdvanceTests.trunks)
        harness.fullTrunks = [Self.second]
        harness.begin()
        try harness.answer(try harness.outside(.invite), 500)
        #expect(harness.final() == 503 && harness.toOutside.filter { $0.hop?.host == "192.0.2.2" }.isEmpty)
        harness.expectSound()
    }

    @Test("RFC 3261 §21.5.4 a 503 is told as the trunk's failure, with its Retry-After; other answers are not")
    func failures() throws {
        let harness = try Harness(RouteAdvanceTests.trunks)
        harness.begin()
        try harness.answer(try harness.outside(.invite), 503, ["Retry-After: 18 (busy);duration=60"])
        #expect(harness.failedTrunks.map(\.trunk) == [Self.first])
        #expect(harness.failedTrunks.map(\.seconds) == [18])
        try harness.answer(try harness.outside(.invite), 500)
        #expect(harness.failedTrunks.count == 1)
        harness.expectSound()
    }

    @Test("a trunk with several servers has failed when the last of them has")
    func servers() throws {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.host = "carrier.example" }]
        let harness = try Harness(deployment)
        harness.zone["carrier.example"] = .success(
            (1...2).map { NextHop(transport: .udp, host: "192.0.2.1\($0)", port: 5060, name: "carrier.example") }
        )
        harness.begin()
        try harness.answer(try harness.outside(.invite), 503)
        #expect(harness.failedTrunks.isEmpty)
        try harness.answer(try harness.outside(.invite), 503)
        #expect(harness.failedTrunks.map(\.trunk) == [Self.first])
        harness.expectSound()
    }

    @Test("a trunk whose name leads nowhere has failed")
    func unlocated() throws {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.host = "carrier.example" }]
        let harness = try Harness(deployment)
        harness.zone["carrier.example"] = .failure(LocationRefusal("no such name"))
        harness.begin()
        #expect(harness.failedTrunks.map(\.trunk) == [Self.first])
        harness.expectSound()
    }
}
