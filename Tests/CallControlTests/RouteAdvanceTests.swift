// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPTransaction
import SessionDescription
import Testing

/// Which failure ends a telephone call and which goes on to the next trunk.
struct RouteAdvanceTests {
    static var trunks: Deployment {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1), Deployment.trunk(2)]
        return deployment
    }

    @Test(
        "A final status that says something of the callee ends the call",
        arguments: [401, 403, 407, 480, 483, 486, 600, 603]
    )
    func ends(status: Int) throws {
        let harness = try Harness(Self.trunks)
        harness.begin()
        try harness.answer(try harness.outside(.invite), status, ["Retry-After: 7"])
        #expect(harness.final() == (status == 401 || status == 407 ? 403 : status))
        #expect(harness.toOutside.count == 1)
        let cause = ReleaseCause.of(sipStatus: status)
        let answer = try harness.response()
        #expect(answer.header(.reason) == "Q.850;cause=\(cause.value)")
        #expect(answer.headers(.wwwAuthenticate).isEmpty && answer.headers(.contact).isEmpty)
        #expect(harness.ends == [.ended(finalStatus: harness.final(), cause: cause)])
        harness.expectSound()
    }

    @Test(
        "A final status that says something of the trunk advances to the next one",
        arguments: [
            300, 302, 400, 404, 405, 408, 409, 410, 415, 420, 481, 482, 484, 485, 487, 488, 491, 493, 500, 501,
            502,
            503, 504, 505, 513, 580, 604, 606, 699,
        ]
    )
    func advances(status: Int) throws {
        let harness = try Harness(Self.trunks)
        harness.begin()
        let first = try harness.outside(.invite)
        try harness.answer(first, 180, tag: "first")
        try harness.answer(first, status)
        #expect(harness.final() == 0)
        let second = try harness.outside(.invite)
        #expect(second.hop?.host == "192.0.2.2")
        #expect(second.header(.callID) != first.header(.callID))
        #expect(second.header(.from) != first.header(.from))
        #expect(second.header(.cseq) == "1 INVITE")
        try harness.answer(second, status)
        #expect(harness.final() == (status < 400 ? 480 : status))
        #expect(harness.ends == [.ended(finalStatus: harness.final(), cause: .of(sipStatus: status))])
        harness.expectSound()
    }

    @Test("§8.1.3.1 Silence counts as 408 and an unreachable hop as 503; both advance")
    func transactionFailures() throws {
        let harness = try Harness(Self.trunks)
        harness.begin()
        harness.advance(seconds: 32)
        let second = try harness.outside(.invite)
        #expect(second.hop?.host == "192.0.2.2")
        harness.fail(second.transaction, .transport)
        #expect(harness.final() == 503)
        #expect(try harness.response().has("the next hop cannot be reached"))
        harness.expectSound()
    }

    @Test("The dial timeout cancels the attempt and advances; at the end the caller gets 408")
    func dialTimeout() throws {
        let harness = try Harness(Self.trunks)
        harness.begin()
        let first = try harness.outside(.invite)
        try harness.answer(first, 180)
        harness.advance(milliseconds: 59_999)
        #expect(!harness.toOutside.contains { $0.method == .cancel })
        harness.advance(milliseconds: 1)
        #expect(try harness.outside(.cancel).header(.callID) == first.header(.callID))
        let second = try harness.outside(.invite)
        #expect(second.hop?.host == "192.0.2.2")
        try harness.answer(first, 487)
        try harness.answer(second, 180)
        harness.advance(seconds: 60)
        #expect(harness.final() == 408)
        try harness.answer(second, 487)
        harness.expectSound()
        #expect(harness.ends == [.ended(finalStatus: 408, cause: .dialTimeout)])
    }

    @Test("A late 2xx of an attempt that was given up is taken back while the next one goes on")
    func lateSuccessOfGivenUp() throws {
        let harness = try Harness(Self.trunks)
        harness.begin()
        let first = try harness.outside(.invite)
        try harness.answer(first, 180, tag: "first")
        harness.advance(seconds: 60)
        let second = try harness.outside(.invite)
        try harness.answer(first, 200, tag: "first")
        #expect(try harness.outside(.bye).header(.callID) == first.header(.callID))
        #expect(harness.final() == 0)
        try harness.answer(second, 200)
        #expect(harness.final() == 200)
        try harness.callerAcknowledges()
        try harness.callerSends("BYE")
        try harness.settle()
        harness.expectSound()
    }

    @Test("§16.6 Timer C ends an attempt when it is shorter than the dial timeout, and each 1xx but 100 restarts it")
    func timerC() throws {
        var settings = CallSettings(gatewayHost: "gw.example")
        settings.dialTimeout = .seconds(600)
        let harness = try Harness(settings: settings)
        harness.begin()
        let invite = try harness.outside(.invite)
        try harness.answer(invite, 100)
        harness.advance(seconds: 180)
        try harness.answer(invite, 180)
        harness.advance(seconds: 180)
        #expect(harness.final() == 0)
        harness.advance(seconds: 1)
        #expect(harness.final() == 408)
        #expect(try harness.outside(.cancel).header(.cseq) == "1 CANCEL")
        try harness.answer(invite, 487)
        harness.expectSound()
        #expect(harness.ends == [.ended(finalStatus: 408, cause: .noUserResponding)])
    }

    @Test("Trunks are tried by priority")
    func priorities() throws {
        var deployment = Deployment()
        deployment.trunks = [3, 1, 2].map { Deployment.trunk($0) }
        let harness = try Harness(deployment)
        harness.begin()
        for _ in 1...3 { try harness.answer(try harness.outside(.invite), 503) }
        #expect(harness.toOutside.map { $0.hop?.host } == ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
        #expect(harness.final() == 503)
        harness.expectSound()
    }

    @Test("A trunk whose codec list leaves nothing is passed over, and no trunk is tried twice")
    func codecsOfTrunk() throws {
        var deployment = Self.trunks
        let list = try CodecList("G729")
        deployment.trunks = [Deployment.trunk(1) { $0.codecs = list }, Deployment.trunk(2)]
        let harness = try Harness(deployment)
        harness.begin()
        #expect(harness.toOutside.map { $0.hop?.host } == ["192.0.2.2"])
        try harness.answer(try harness.outside(.invite), 503)
        #expect(harness.toOutside.count == 1)
        #expect(harness.final() == 503)
        harness.expectSound()
        deployment.trunks = [Deployment.trunk(1) { $0.codecs = list }]
        let refused = try Harness(deployment)
        refused.begin()
        #expect(refused.final() == 488)
        #expect(try refused.response().has("Warning: 305 192.0.2.253"))
        refused.expectSound()
    }

    @Test("§16.6 Max-Forwards goes down by one")
    func maxForwards() throws {
        let harness = try Harness()
        harness.begin()
        #expect(try harness.outside(.invite).header(.maxForwards) == "69")
    }

    @Test("The body of a refusal crosses with its type")
    func refusalBody() throws {
        let harness = try Harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), 488, body: Caller.offer)
        #expect(try harness.response().body == Caller.offer)
        #expect(try harness.response().header(.contentType) == "application/sdp")
        harness.expectSound()
    }

    @Test("RFC 5079 §4 A 433 reaches the caller at once: nothing is tried again, least of all with the number shown")
    func anonymityDisallowed() throws {
        let harness = try Harness(Self.trunks, headers: ["Privacy: id"])
        harness.begin()
        try harness.answer(try harness.outside(.invite), 433, ["Warning: 399 carrier \"show your number\""])
        #expect(harness.final() == 433)
        let response = try harness.response()
        #expect(response.text.hasPrefix("SIP/2.0 433 Anonymity Disallowed\r\n"))
        #expect(response.headers(.warning) == ["399 carrier \"show your number\""])
        #expect(harness.toOutside.count == 1)
        harness.expectSound()
    }

    @Test(
        "RFC 8224 §6.2.2 What a trunk says of Identity reaches the caller in the registered words",
        arguments: [
            (428, "Use Identity Header"), (429, "Provide Referrer Identity"), (436, "Bad Identity Info"),
            (437, "Unsupported Credential"), (438, "Invalid Identity Header"),
        ]
    )
    func identity(status: Int, phrase: String) throws {
        let harness = try Harness()
        harness.begin()
        try harness.answer(try harness.outside(.invite), status)
        #expect(try harness.response().text.hasPrefix("SIP/2.0 \(status) \(phrase)\r\n"))
        harness.expectSound()
    }
}
